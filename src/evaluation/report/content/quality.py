"""Quality of the data: what was read, accepted and set aside, and why."""

from __future__ import annotations

from collections import Counter

from evaluation.reference import quarantine_rules
from evaluation.report.content import cells
from evaluation.report.content.facts import Context
from evaluation.report.content.parts import Part, appendix
from evaluation.report.model import Table, paragraph, table
from evaluation.report.registered import receipt_name, total_name
from evaluation.report.wording import numbers
from evaluation.report.wording.marks import Registered


def part(context: Context) -> Part:
    """How many rows were read and used, and why the others were not."""
    words = context.words
    title = words("section.quality")
    if not context.receipts:
        return Part(appendix("quality", title, [paragraph(words("quality.none"))]))
    totals = {
        name: numbers.number(
            Registered(sum(receipt[name] for receipt in context.receipts), total_name(name)), context.language
        )
        for name in ("read", "accepted")
    }
    said = paragraph(words("quality.read", **totals))
    reasons = _reasons(context)
    if reasons is None:
        return Part(appendix("quality", title, [said, paragraph(words("quality.none_quarantined"))]))
    return Part(appendix("quality", title, [said, table(reasons.id)]), (), (reasons,))


def _reasons(context: Context) -> Table | None:
    words = context.words
    counts: Counter[tuple[str, str]] = Counter()
    for receipt in context.receipts:
        for rule, count in sorted(receipt["quarantined"].items()):
            counts[receipt["kind"], rule] += count
    listed = [(kind, rule, count) for (kind, rule), count in counts.items() if count]
    if not listed:
        return None
    columns = (
        cells.text_column(context, "reason"),
        cells.text_column(context, "export"),
        cells.number_column(context, "quarantined", words("unit.rows"), 0),
    )
    rows = tuple(
        {
            "reason": cells.text(quarantine_rules()[rule][context.language]),
            "export": cells.text(words.label(f"export.{kind}", kind)),
            "quarantined": cells.number(context, Registered(count, receipt_name(kind, rule)), 0),
        }
        for kind, rule, count in listed
    )
    return Table(
        "reasons-table",
        0,
        words("quality.rules_headline"),
        words("quality.rules_subtitle"),
        context.source("receipts"),
        columns,
        "reason",
        rows,
        (words("quality.note_once"),),
    )
