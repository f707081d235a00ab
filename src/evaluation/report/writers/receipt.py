"""The receipt as a page: per file what was read, refused and why, marked, left out. Rules, never values."""

from evaluation.quarters import label
from evaluation.reference import flag_rules, quarantine_rules
from evaluation.report.writers.html import PLAIN, render
from evaluation.report.writers.site import site_words
from evaluation.study import Style


def write_receipt(
    receipts: list[dict], quarter: str, language: str, synthetic: bool, style: Style = PLAIN
) -> bytes:
    """The page of one release (reports/<quarter>/receipt.html); receipts: as intake wrote them."""
    words = site_words(language)
    files = []
    for receipt in receipts:
        notes = [
            f"{column}: {count} × {kind}"
            for column, found in receipt["notes"].items()
            for kind, count in found.items()
        ]
        lines = (
            (words["receipt_refused"], _ruled(receipt["quarantined"], quarantine_rules(), language)),
            (words["receipt_flagged"], _ruled(receipt.get("flags", {}), flag_rules(), language)),
            (words["receipt_notes"], notes),
            (words["receipt_dropped"], list(receipt["columns_dropped"])),
        )
        files.append(receipt | {"lines": lines})
    title = f"{words['receipt_title']} {label(quarter, language)}"
    return render(
        "receipt.html.j2",
        style,
        language,
        words=words,
        title=title,
        files=files,
        synthetic=synthetic,
    )


def _ruled(counts: dict[str, int], rules: dict[str, dict[str, str]], language: str) -> list[str]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [
        f"{count} × {rules[rule][language]} {rules[rule]['remedy_' + language]}" for rule, count in ordered
    ]
