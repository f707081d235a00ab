"""Cells and columns of the report's tables: a text and its value always come from one rounded number."""

from __future__ import annotations

from math import isfinite

from evaluation.report.content.facts import Context, Estimate
from evaluation.report.model import Cell, Column
from evaluation.report.wording import numbers
from evaluation.report.wording.marks import Registered


def text_column(context: Context, name: str, label: str | None = None) -> Column:
    return Column(name, label or context.words(f"column.{name}"))


def number_column(
    context: Context, name: str, unit: str = "", decimals: int = 1, label: str | None = None
) -> Column:
    return Column(name, label or context.words(f"column.{name}"), unit, "number", decimals)


def text(value: str) -> Cell:
    return Cell(value)


def number(
    context: Context,
    value: Registered,
    decimals: int = 1,
    signed: bool = False,
    flag: str = "",
    own: bool = False,
) -> Cell:
    """A number cell; without a number it carries the mark of a missing one. own: in a column whose rows
    differ in unit, so that these decimals are the cell's own."""
    if not isfinite(value):
        return missing(context)
    write = numbers.signed if signed else numbers.number
    text = write(value, context.language, decimals) + flag
    own_decimals = decimals if own else None
    return Cell(text, numbers.rounded(value, decimals), registered=value.name, decimals=own_decimals)


def missing(context: Context) -> Cell:
    mark = context.words("mark.missing")
    return Cell(mark, None, mark)


def of(
    context: Context,
    found: Estimate,
    field: str = "value",
    decimals: int = 1,
    signed: bool = False,
    own: bool = False,
) -> Cell:
    """The cell of one number of an estimate: suppressed and missing ones carry their mark instead."""
    if found.status == "suppressed":
        mark = context.words("mark.suppressed")
        return Cell(mark, None, mark)
    flag = context.words("mark.flagged") if found.status == "flagged" and field == "value" else ""
    return number(context, getattr(found, field), decimals, signed, flag, own)


def legend(context: Context, *found: Estimate) -> tuple[str, ...]:
    """The notes that explain the marks which occur among these estimates."""
    statuses = {item.status for item in found}
    notes = {"suppressed": "change.note_hidden", "flagged": "change.note_flagged"}
    return tuple(context.words(key) for status, key in notes.items() if status in statuses)
