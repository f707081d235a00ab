"""What the last published report said: its cards, and its numbers under names of their own.

A number that stood in an earlier release may be printed again, as it stood there and under the name
"earlier|2026Q2|..."; nothing is worked out from it.
"""

from __future__ import annotations

import re
from pathlib import Path

from evaluation.report.model import ModelError, Report, from_json
from evaluation.report.wording.marks import Registered, marked

_CARD = re.compile(r"key_figures/(\d+)/(value|range)$")
_NUMBER = re.compile(r"[+\N{MINUS SIGN}]?\d[\d.,]*")


def last_report(releases: Path | None, quarter: str, language: str) -> Report | None:
    """The province's report of the newest quarter before `quarter` in a folder of releases; None without a
    readable one in this language."""
    if releases is None:
        return None
    for path in sorted(releases.glob(f"[0-9]*Q[1-4]/model/province.{language}.json"), reverse=True):
        if path.parents[1].name >= quarter:
            continue
        try:
            return from_json(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, ModelError):
            return None
    return None


def earlier_name(quarter: str, name: str) -> str:
    return f"earlier|{quarter}|{name}"


def earlier_numbers(report: Report | None) -> dict[str, float]:
    """Name -> number of what stood on the cards of an earlier report."""
    if report is None:
        return {}
    return {
        earlier_name(report.quarter, item.name): _value(item.text, report.language)
        for item in report.numbers
        if _CARD.search(item.place)
    }


def _value(text: str, language: str) -> float:
    thousands, point = (".", ",") if language == "nl" else (",", ".")
    [number] = _NUMBER.findall(text)
    return float(number.replace(thousands, "").replace(point, ".").replace("\N{MINUS SIGN}", "-"))


def card_text(report: Report, place: int, field: str) -> str:
    """A card's "value" or "range" as it stood there, its numbers carrying their earlier names."""
    text = getattr(report.key_figures[place], field)
    spans = [item for item in report.numbers if item.place == f"key_figures/{place}/{field}"]
    for item in sorted(spans, key=lambda item: item.start, reverse=True):
        end = item.start + len(item.text)
        number = Registered(_value(item.text, report.language), earlier_name(report.quarter, item.name))
        text = text[: item.start] + marked(item.text, number) + text[end:]
    return text
