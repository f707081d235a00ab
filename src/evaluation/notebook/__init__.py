"""What a notebook cell may call: open a campaign, look at checked estimates, show and publish a report."""

from evaluation.notebook.session import Findings, findings, open_campaign
from evaluation.notebook.show import figure, preview, publish, report_table
from evaluation.notebook.views import bases, estimates, hidden, quarantined, receipts, unavailable, verdict

__all__ = [
    "Findings",
    "bases",
    "estimates",
    "figure",
    "findings",
    "hidden",
    "open_campaign",
    "preview",
    "publish",
    "quarantined",
    "receipts",
    "report_table",
    "unavailable",
    "verdict",
]
