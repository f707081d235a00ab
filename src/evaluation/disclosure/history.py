"""What earlier releases showed and hid, and what that means for a new one."""

from collections.abc import Sequence
from math import isnan

import numpy as np

from evaluation.disclosure.audit import Published
from evaluation.disclosure.cells import Cells
from evaluation.disclosure.primary import ORGANISATIONS, REPORTED, about_people
from evaluation.indicators.tidy import fact
from evaluation.study.schema import Thresholds


def already_known(cells: Cells, earlier: Sequence[Published]) -> frozenset[int]:
    """Cells that are out already: public ones, and those that an earlier release showed with this count."""
    found = set(cells.public)
    for i, key in enumerate(cells.keys):
        shown = [past.cells[key] for past in earlier if not isnan(past.cells.get(key, np.nan))]
        if any(abs(value - cells.values[i]) < 1e-6 for value in shown):
            found.add(i)
    return frozenset(found)


def keep_hidden(
    rows: list[dict], reasons: list[str], cells: Cells, earlier: Sequence[Published], known: frozenset[int]
) -> None:
    """What an earlier release hid about the same quarter does not come out in a later one."""
    hidden = {key for past in earlier for key, value in past.cells.items() if isnan(value)}
    for i, given in enumerate(cells.reveals):
        if not reasons[i] and any(cells.keys[c] in hidden and c not in known for c in given):
            reasons[i] = "too_few_respondents" if about_people(rows[i]) else "too_few_sites"


def hide_increments(
    rows: list[dict], reasons: list[str], cells: Cells, earlier: Sequence[Published], limits: Thresholds
) -> dict[int, float]:
    """Hides what, less what an earlier quarter showed, tells the orders of too few organisations.

    Returns the greatest earlier count of each cell that is counted to date: it can be no less.
    """
    lower: dict[int, float] = {}
    for i, row in enumerate(rows):
        if row["indicator"] not in ORGANISATIONS | REPORTED or not cells.reveals[i]:
            continue
        (cell,) = cells.reveals[i]
        key, value = cells.keys[cell], cells.values[cell]
        for past in earlier:
            before = past.cells.get((*key[:2], past.quarter, *key[3:]), np.nan)
            if isnan(before) or past.quarter > row["wave"] or before > value:
                continue
            lower[cell] = max(lower.get(cell, 0.0), before)
            if value != before and _sites_since(row, past.quarter) < limits.minimum_sites and not reasons[i]:
                reasons[i] = "too_few_sites"
    return lower


def _sites_since(row: dict, quarter: str) -> float:
    """From how many organisations the orders after a quarter came; 0 when it is not known."""
    steps = [step.split(":") for step in (fact(row["note"], "since") or "").split()]
    return max((float(count) for start, count in steps if start > quarter), default=0.0)
