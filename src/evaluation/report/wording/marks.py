"""Numbers that carry their registered name from the estimate to the printed page.

For who writes content there is little to do. The fields of an `Estimate`, the targets and other constants of
the study (`content.facts`) are `Registered` floats: format them with `wording.numbers` and put the text into
a sentence with `words(...)`, a cell or a chart. The name travels along as one invisible character behind the
printed number; `content.settled` takes these out again and writes in the report's `numbers` which number
stands where. What may be done to a registered number: pick one (min, max, sorted), `coarse` it; and `tally`
(in content: `facts.count`) counts what is listed. Arithmetic makes a plain float: a difference, ratio or sum
has no name and is refused at the gate (`report.printed`), so let indicators compute it as a row of its own.
Digits in names, questions and quarters are phrases of the register; a digit in a catalogue's sentence is one
too. A new kind of report is a function with the decorator `content.settled.settled`.

In a chart no invisible character may be drawn: charts work within `plain` (`figures.style.settings`), texts
that come from outside go through `unmarked`, and `remarked` puts the names into the finished drawing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sized
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

_FIRST = 0xF0000  # private use: no font, no text has these characters
_LAST = 0xFFFFD
AXIS = "axis|"  # begins the names of ticks
MARK = re.compile(f"[{chr(_FIRST)}-{chr(_LAST)}]")


class Registered(float):
    """A number that may be printed, with its `name` in the register (report.registered). Arithmetic on it
    gives a plain float."""

    name: str

    def __new__(cls, value: float, name: str) -> Registered:
        made = super().__new__(cls, value)
        made.name = name
        return made

    def __getnewargs__(self) -> tuple[float, str]:
        return float(self), self.name


def coarse(value: Registered, digits: int) -> Registered:
    """`value` rounded to 10**digits (2: hundreds), still under its name."""
    return Registered(round(float(value), -digits), f"{value.name}~{digits}")


def tally(listed: Sized) -> Registered:
    """How many things of the study (regions, municipalities, choices) are listed; never people."""
    return Registered(len(listed), "listed")


@dataclass
class _Notes:
    names: list[str] = field(default_factory=list)
    place: dict[str, int] = field(default_factory=dict)

    def character(self, name: str) -> str:
        at = self.place.setdefault(name, len(self.names))
        if at == len(self.names):
            self.names.append(name)
        return chr(_FIRST + at)


@dataclass
class _Drawn:
    """What a chart prints -> its mark: numbers, and ticks of its axes."""

    numbers: dict[str, str] = field(default_factory=dict)
    ticks: dict[str, str] = field(default_factory=dict)


_notes: ContextVar[_Notes | None] = ContextVar("notes", default=None)
_drawn: ContextVar[_Drawn | None] = ContextVar("drawn", default=None)


@contextmanager
def noting() -> Iterator[list[str]]:
    """While a report is made: printed registered numbers are marked. Gives the list of their names, by the
    number in their mark."""
    notes = _Notes()
    token = _notes.set(notes)
    try:
        yield notes.names
    finally:
        _notes.reset(token)


@contextmanager
def plain() -> Iterator[None]:
    """While a chart is drawn: texts stay without marks; `remarked` sets them afterwards."""
    token = _drawn.set(_Drawn())
    try:
        yield
    finally:
        _drawn.reset(token)


def marked(text: str, value: float) -> str:
    """`text`, the printed `value`, with the mark of its name; untouched when nobody notes or it has none."""
    notes, drawn = _notes.get(), _drawn.get()
    if notes is None or not isinstance(value, Registered):
        return text
    mark = notes.character(value.name)
    if drawn is None:
        return text + mark
    (drawn.ticks if value.name.startswith(AXIS) else drawn.numbers)[text] = mark
    return text


def unmarked(text: str) -> str:
    """A text with marks as it must be drawn in a chart; within `plain`, its numbers are remembered."""
    drawn = _drawn.get()
    if drawn is not None:
        for number, mark in re.findall(rf"(\S*\d\S*)({MARK.pattern})", text):
            drawn.numbers[MARK.sub("", number).lstrip("(")] = mark
    return MARK.sub("", text)


def remarked(text: str, ticks: bool = True) -> str:
    """`text` with marks behind the numbers printed since `plain` began; without `ticks` (of a text beside the
    drawing, in which a name like "Region 20" may stand) not behind those of its axes."""
    found = _drawn.get()
    drawn = found.numbers | (found.ticks if ticks else {}) if found else {}
    if not drawn:
        return text
    known = "|".join(re.escape(number) for number in sorted(drawn, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\d.,+\N{{MINUS SIGN}}])({known})(?!\d|[.,]\d|%|{MARK.pattern})")
    return pattern.sub(lambda found: found[0] + drawn[found[0]], text)


def taken(text: str, names: list[str]) -> tuple[str, list[tuple[int, str]]]:
    """`text` without marks, and for each mark (where in that text its number ends, name)."""
    found, clean, last = [], [], 0
    length = 0
    for mark in MARK.finditer(text):
        clean.append(text[last : mark.start()])
        length += mark.start() - last
        found.append((length, names[ord(mark[0]) - _FIRST]))
        last = mark.end()
    return "".join([*clean, text[last:]]), found
