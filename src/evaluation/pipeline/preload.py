"""What every worker process needs, imported and looked up once in the process that they are forked from."""

import gc
import sys
import tempfile
from importlib import import_module
from pathlib import Path

# papermill imports jupyter-events, that imports jsonschema's format checkers, and of those rfc3987-syntax
# builds its parsers at import: seconds for a check that nothing here uses.
sys.modules.setdefault("rfc3987_syntax", None)

for module in (
    "matplotlib.backends.backend_svg",
    "matplotlib.pyplot",
    "nbclient",
    "pandas",
    "papermill",
    "pyarrow.dataset",
    "pyarrow.parquet",
    "evaluation.pipeline.engine",
    "evaluation.pipeline.work",
    "evaluation.intake",
    "evaluation.notebook",
    "evaluation.report.writers.html",
    "evaluation.report.writers.pdf",
    "evaluation.report.writers.workbook",
):
    import_module(module)


def _warm() -> None:
    """Run a small notebook and draw a small chart, so that what every run looks up once and keeps is there:
    schemas, fonts, sentences, the way numbers are written. It starts no thread, which a fork would not
    survive, and leaves nothing of itself behind that a run could see."""
    import nbformat.v4

    from evaluation.pipeline.execute import execute
    from evaluation.report import model
    from evaluation.report.figures.curves import Curve, Panel, curve_chart
    from evaluation.report.wording import words

    model.schema()
    for language in ("nl", "en"):
        panel = Panel("x", (Curve("x", ((0.0, 0.5), (1.0, 1.5)), chosen=True),), (0.5, 1.0))
        curve_chart([panel], words(language), "x", "x", "x", "x", "x")
    with tempfile.TemporaryDirectory(prefix="run-") as folder:
        cell = nbformat.v4.new_code_cell("x = 1  # x", metadata={"tags": ["parameters"]})
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nb = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel})
        nbformat.write(nb, Path(folder) / "x.ipynb")
        execute(Path(folder) / "x.ipynb", {"x": 2}, Path(folder), "evaluation")


_warm()
# What is here stays; a child that looked through it for garbage would copy all of it, page by page.
gc.collect()
gc.freeze()
