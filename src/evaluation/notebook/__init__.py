"""What a notebook cell may call: open a campaign, look at checked estimates, show and publish a report."""

from evaluation.notebook.planning import Plan, curves, plan
from evaluation.notebook.session import Findings, findings, open_campaign
from evaluation.notebook.show import figure, preview, publish, report_table
from evaluation.notebook.views import (
    bases,
    coarser,
    completeness,
    estimates,
    generalised,
    hidden,
    quarantined,
    questions,
    receipts,
    restated,
    risk,
    trimming,
    unavailable,
    verdict,
)

__all__ = [
    "Findings",
    "Plan",
    "bases",
    "coarser",
    "completeness",
    "curves",
    "estimates",
    "figure",
    "findings",
    "generalised",
    "hidden",
    "open_campaign",
    "plan",
    "preview",
    "publish",
    "quarantined",
    "questions",
    "receipts",
    "report_table",
    "restated",
    "risk",
    "trimming",
    "unavailable",
    "verdict",
]
