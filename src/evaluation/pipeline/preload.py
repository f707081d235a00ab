"""What every worker process needs, imported once in the process that they are forked from."""

import sys
from importlib import import_module

# papermill imports jupyter-events, that imports jsonschema's format checkers, and of those rfc3987-syntax
# builds its parsers at import: seconds for a check that nothing here uses.
sys.modules.setdefault("rfc3987_syntax", None)

for module in (
    "matplotlib.pyplot",
    "nbclient",
    "pandas",
    "papermill",
    "evaluation.pipeline.engine",
    "evaluation.pipeline.work",
    "evaluation.intake",
    "evaluation.notebook",
    "evaluation.report.writers.html",
    "evaluation.report.writers.pdf",
    "evaluation.report.writers.workbook",
):
    import_module(module)
