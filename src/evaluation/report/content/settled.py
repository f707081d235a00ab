"""The last step of a report: the names of its printed numbers out of the texts, into its list `numbers`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from functools import wraps
from typing import Any

from evaluation.report.model import Cell, Figure, Number, Report
from evaluation.report.printed import drawn_texts
from evaluation.report.wording import marks

# A number with its sign, currency or percent sign, at the end of a text.
_NUMBER = re.compile(r"(?:< |€\s?)?[+\N{MINUS SIGN}]?(?:€\s?)?\d(?:[\d.,]*\d)?%?$")


def settled(make: Callable[..., Report]) -> Callable[..., Report]:
    """Decorator of a function that makes a report: its registered numbers end up in `Report.numbers`."""

    @wraps(make)
    def made(*args: Any, **kwargs: Any) -> Report:
        with marks.noting() as names:
            report = make(*args, **kwargs)
        found: list[Number] = []
        return replace(_settle(report, "", names, found), numbers=tuple(found))

    return made


def _settle(value: Any, place: str, names: list[str], found: list[Number]) -> Any:
    """`value` (a report or a part of it) without marks; what they said is added to `found`."""
    if isinstance(value, str):
        clean, ends = marks.taken(value, names)
        found += _numbers(clean, ends, place)
        return clean
    if isinstance(value, tuple):
        return tuple(_settle(item, f"{place}/{at}", names, found) for at, item in enumerate(value))
    if isinstance(value, dict):
        return {key: _settle(item, f"{place}/{key}", names, found) for key, item in value.items()}
    if isinstance(value, Cell) and value.registered:
        return replace(value, text=marks.taken(value.text, names)[0])
    if is_dataclass(value):
        changed = {item.name: getattr(value, item.name) for item in fields(value)}
        svg = changed.pop("svg", None) if isinstance(value, Figure) else None
        here = {
            name: _settle(item, f"{place}/{name}".strip("/"), names, found) for name, item in changed.items()
        }
        if svg is not None:
            clean, ends = marks.taken(" ".join(drawn_texts(svg)), names)
            found += _numbers(clean, ends, f"{place}/svg")
            here["svg"] = marks.taken(svg, names)[0]
        return replace(value, **here)
    return value


def _numbers(clean: str, ends: list[tuple[int, str]], place: str) -> Iterator[Number]:
    for end, name in ends:
        match = _NUMBER.search(clean[:end])
        text = match[0] if match else clean[:end]
        yield Number(place, end - len(text), text, name)
