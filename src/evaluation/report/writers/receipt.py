"""The receipt as a page: per file what was read, refused and why, marked, left out. Rules, never values."""

from collections.abc import Mapping, Sequence

from evaluation.quarters import label
from evaluation.reference import flag_rules, identifier_kinds, quarantine_rules
from evaluation.report.wording import words as report_words
from evaluation.report.wording.numbers import number
from evaluation.report.writers.html import PLAIN, render
from evaluation.report.writers.site import site_words
from evaluation.study import Style

# What the layouts that intake recognises are called by everybody; the others are plain tables.
_LAYOUTS = {
    "woocommerce": "WooCommerce",
    "woocommerce-orders": "WooCommerce",
    "shopify": "Shopify",
    "magento": "Magento",
    "limesurvey": "LimeSurvey",
    "surveymonkey": "SurveyMonkey",
    "google-forms": "Google Forms",
    "qualtrics": "Qualtrics",
}


def write_receipt(
    receipts: list[dict],
    quarter: str,
    language: str,
    synthetic: bool,
    style: Style = PLAIN,
    protection: Mapping | None = None,
    restatements: Sequence[Mapping] = (),
) -> bytes:
    """The page of one release (reports/<quarter>/receipt.html); receipts: as intake wrote them; protection:
    what was done so that enough parents are alike, as the privacy station reports it; restatements: what an
    earlier report said otherwise."""
    words = site_words(language)
    files, kinds = [], identifier_kinds()
    for receipt in receipts:
        notes = [
            f"{column}: {number(count, language)} × {kinds[kind][language]}"
            for column, found in receipt["notes"].items()
            for kind, count in found.items()
        ]
        names = receipt.get("names") or {}
        notes += [
            f"{column}: {number(count, language)} × {kinds['name'][language]}"
            for column, count in names.get("cells", {}).items()
        ]
        lines = (
            (words["receipt_rules"], _ruled(receipt["quarantined"], quarantine_rules(), language)),
            (words["receipt_flagged"], _ruled(receipt.get("flags", {}), flag_rules(), language)),
            (words["receipt_notes"], notes),
            (words["receipt_dropped"], [", ".join(receipt["columns_dropped"])]),
        )
        looked = ""
        if names:
            looked = words["receipt_names_by" if names["by"] else "receipt_names_by_nobody"].format(**names)
        files.append(
            receipt
            | {
                "lines": [(heading, found) for heading, found in lines if any(found)],
                "looked": looked,
                "layout": _LAYOUTS.get(receipt["format"], words["receipt_layout_table"]),
                "counts": [number(count, language) for count in _counts(receipt)],
            }
        )
    title = f"{words['receipt_title']} {label(quarter, language)}"
    return render(
        "receipt.html.j2",
        style,
        language,
        words=words,
        title=title,
        files=files,
        together=[number(sum(column), language) for column in zip(*map(_counts, receipts), strict=True)],
        synthetic=synthetic,
        alike=_alike(protection or {}, words, language),
        restated=[_restated(item, words, language) for item in restatements],
    )


def _counts(receipt: Mapping) -> tuple[int, int, int]:
    """Rows read, accepted and refused."""
    return receipt["read"], receipt["accepted"], sum(receipt["quarantined"].values())


def _restated(item: Mapping, words: Mapping[str, str], language: str) -> str:
    name = "answers" if item["counted"] == "answers" else item["indicator"]
    if item["new"] is None:
        return words["receipt_restated_hidden"].format(
            quarter=label(item["quarter"], language),
            old=number(item["old"], language),
            what=report_words(language)(f"restated.{name}"),
        )
    old, new = (number(item[one], language) for one in ("old", "new"))
    return words["receipt_restated_" + name].format(
        quarter=label(item["quarter"], language), old=old, new=new
    )


def _alike(protection: Mapping, words: Mapping[str, str], language: str) -> list[str]:
    """How many parents were alike before and after, and how many cells took which step. Counts only."""
    if not protection:
        return []
    before, after = protection["before"], protection["after"]
    under, of = (number(before[one], language) for one in ("under_k", "rows"))
    lines = [
        words["receipt_alike_before"].format(k=protection["k"], rows=under, of=of),
        words["receipt_alike_after"].format(k=after.get("k", 0)),
    ]
    lines += [
        words["receipt_step_" + step["step"]].format(
            column=words["receipt_column_" + step["column"]], rows=number(step["rows"], language)
        )
        for step in protection["steps"]
    ]
    return lines + (
        [words["receipt_alike_left"].format(rows=number(protection["left"], language))]
        if protection["left"]
        else []
    )


def _ruled(counts: dict[str, int], rules: dict[str, dict[str, str]], language: str) -> list[str]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [
        f"{number(count, language)} × {rules[rule][language]} {rules[rule]['remedy_' + language]}"
        for rule, count in ordered
    ]
