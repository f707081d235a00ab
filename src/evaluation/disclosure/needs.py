"""How uncertain an attacker must stay about what is hidden, and what it loses to hide something else."""

from collections.abc import Iterable, Mapping, Sequence
from math import ceil, floor, isnan, log2

import numpy as np

from evaluation.disclosure import audit, rules
from evaluation.disclosure.audit import Published
from evaluation.disclosure.cells import AMOUNT, BASE, NO, OF_ORGANISATIONS, YES, Cells, is_total
from evaluation.disclosure.linked import IN_QUARTER
from evaluation.disclosure.primary import COMPLETENESS, COUNTED, ORGANISATIONS, REPORTED
from evaluation.study.schema import Thresholds

# A total, and a number that earlier quarters showed too, are missed more than others.
TOTAL, EARLIER = 4.0, 2.0
# What had been counted to the end of an earlier quarter only stands beside that quarter's own number.
BESIDE = 0.1
# A group's number of one quarter is missed less than what it got to date.
WITHIN = 0.5


def needs_of(
    rows: list[dict],
    reasons: list[str],
    cells: Cells,
    limits: Thresholds,
    lower: Mapping[int, float],
    known: Iterable[int],
    beside: frozenset[int] = frozenset(),
) -> dict[int, tuple[float, float]]:
    """Cell -> the interval in which the attacker must at least keep looking, whole numbers.

    beside: rows that are not small themselves, and are hidden because others are, or were in an earlier
    report: of their copies he must not know the number, and may know it closely.
    """
    needs: dict[int, tuple[float, float]] = {}

    def need(cell: int, low: float, high: float) -> None:
        old = needs.get(cell, (low, high))
        needs[cell] = (float(min(low, old[0])), float(max(high, old[1])))

    for i, reason in enumerate(reasons):
        if not reason or rows[i]["measure"] not in COUNTED:
            continue
        complete = rows[i]["indicator"] in COMPLETENESS
        given = cells.reveals[i]
        small = {
            cells.keys[c][1:5]
            for c in given
            if cells.keys[c][-1] == BASE and cells.values[c] < rules.least_base(rows[i]["group"], limits)
        }
        few = reason in ("too_few_sites", "coarse_only") and rows[i]["measure"] != "change"
        for c in given:
            value, part = cells.values[c], cells.keys[c][-1]
            free = not np.isfinite(cells.floor[c])
            if part == AMOUNT:
                since = lower.get(c, 0.0)
                room = 1.0 if i in beside else max(1.0, audit.AMOUNT_ROOM * (value - since))
                small_count = rows[i]["indicator"] in REPORTED and value < limits.minimum_count
                need(
                    c,
                    *(
                        (1, limits.minimum_count)
                        if small_count
                        else (floor(value - room), ceil(value + room))
                    ),
                )
                if value - since < 1:
                    needs.pop(c, None)
            elif rows[i]["indicator"] in OF_ORGANISATIONS:
                if part == YES and 0 < value < limits.minimum_sites:
                    need(c, 1, limits.minimum_sites)
            elif part == BASE and cells.keys[c][1:5] in small:
                need(c, min(1, value), rules.least_base(rows[i]["group"], limits))
            elif complete:
                continue
            elif part in (YES, NO) and not free and value < limits.minimum_complement:
                need(c, min(1, floor(value)), limits.minimum_complement)
            elif part == YES and (few or cells.keys[c][1:5] in small):
                need(c, floor(value - 1), ceil(value + 1))
    known = set(known)
    return {c: interval for c, interval in needs.items() if c not in known}


def losses(rows: list[dict], earlier: Sequence[Published]) -> np.ndarray:
    """What hiding a row loses: little for a small one, more for a total, more for what readers saw before."""
    seen = {
        (*key[:2], *key[3:5])
        for past in earlier
        for key, value in past.cells.items()
        if not isnan(value) and key[2] == past.quarter
    }
    costs = []
    newest = {
        name: max(row["wave"] for row in rows if row["indicator"] == name) for name in _by_quarter(rows)
    }
    for row in rows:
        cost = 1.0 + log2(1.0 + max(_size(row), 0.0))
        cost *= TOTAL if is_total(row) else 1.0
        cost *= BESIDE if row["wave"] < newest.get(row["indicator"], "") and row["group_by"] else 1.0
        cost *= WITHIN if row["indicator"] in IN_QUARTER and row["group_by"] else 1.0
        name = "shipped" if row["indicator"] == "supply" else row["indicator"]
        costs.append(
            cost * (EARLIER if (name, row["region"], row["group_by"], row["group"]) in seen else 1.0)
        )
    return np.array(costs)


def _by_quarter(rows: list[dict]) -> set[str]:
    """What is counted to date and stands in the table for several quarters."""
    found = {row["indicator"] for row in rows}
    return {IN_QUARTER[name] for name in found & IN_QUARTER.keys()} & found


def _size(row: dict) -> float:
    """How much is lost when a row has to be given up: people in the smaller wave, or copies."""
    if row["indicator"] in ORGANISATIONS:
        return row["count"]
    bases = [row[name] for name in ("n", "n_before") if not isnan(row[name])]
    return min(bases) if bases else (0.0 if isnan(row["count"]) else row["count"])
