"""Quarters of a year, written `2026Q3`: the unit in which waves, releases and costs are counted."""

import re
from datetime import date, timedelta

_PATTERN = re.compile(r"(\d{4})Q([1-4])")
_ORDINAL = {"nl": ("1e", "2e", "3e", "4e"), "en": ("first", "second", "third", "fourth")}


def is_quarter(text: str) -> bool:
    """Whether `text` is a quarter such as `2026Q3`."""
    return _PATTERN.fullmatch(text) is not None


def _parts(quarter: str) -> tuple[int, int]:
    match = _PATTERN.fullmatch(quarter)
    if match is None:
        raise ValueError(f"not a quarter: {quarter!r}")
    return int(match[1]), int(match[2])


def quarter_of(day: date) -> str:
    """The quarter in which `day` falls."""
    return f"{day.year}Q{(day.month - 1) // 3 + 1}"


def first_day(quarter: str) -> date:
    """The first day of a quarter."""
    year, number = _parts(quarter)
    return date(year, 3 * number - 2, 1)


def last_day(quarter: str) -> date:
    """The last day of a quarter."""
    return first_day(following(quarter)) - timedelta(days=1)


def following(quarter: str) -> str:
    """The quarter after `quarter`."""
    year, number = _parts(quarter)
    return f"{year + 1}Q1" if number == 4 else f"{year}Q{number + 1}"


def span(first: str, last: str) -> tuple[str, ...]:
    """All quarters from `first` to `last`, both included; empty when `last` is earlier."""
    quarters = []
    while first <= last:
        quarters.append(first)
        first = following(first)
    return tuple(quarters)


def label(quarter: str, lang: str) -> str:
    """The quarter in words: "3e kwartaal 2026" or "third quarter of 2026"."""
    year, number = _parts(quarter)
    ordinal = _ORDINAL[lang][number - 1]
    return f"{ordinal} kwartaal {year}" if lang == "nl" else f"{ordinal} quarter of {year}"
