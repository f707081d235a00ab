"""What earlier releases showed and hid, and what that means for a new one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import inf, isnan

import numpy as np

from evaluation.disclosure import rules
from evaluation.disclosure.audit import TO_DATE, Interval, Key, Published
from evaluation.disclosure.cells import Cells
from evaluation.disclosure.corrected import around, shown_of
from evaluation.disclosure.primary import ORGANISATIONS, REPORTED, about_people
from evaluation.disclosure.published import is_whole_area
from evaluation.disclosure.series import since
from evaluation.study.schema import Thresholds


def already_known(cells: Cells, earlier: Sequence[Published]) -> frozenset[int]:
    """Cells that are out already: public ones, those that an earlier release showed with this count, and what
    these leave of a sum."""
    found = set(cells.public)
    for i, key in enumerate(cells.keys):
        shown = [past.cells[key] for past in earlier if not isnan(past.cells.get(key, np.nan))]
        if any(abs(value - cells.values[i]) < 1e-6 for value in shown):
            found.add(i)
    return frozenset(found | _left_over(cells, found))


def _left_over(cells: Cells, known: set[int]) -> set[int]:
    """The cells that are the only unknown one of a sum, and those that they make so."""
    sums_of: dict[int, list[int]] = defaultdict(list)
    unknown = []
    for at, one in enumerate(cells.sums):
        unknown.append({c for c, _ in one.cells} - known)
        for c in unknown[at]:
            sums_of[c].append(at)
    found: set[int] = set()
    waiting = [at for at, rest in enumerate(unknown) if len(rest) == 1]
    while waiting:
        rest = unknown[waiting.pop()]
        for c in tuple(rest):
            found.add(c)
            for at in sums_of[c]:
                unknown[at].discard(c)
                if len(unknown[at]) == 1:
                    waiting.append(at)
    return found


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
    """Hides what, less what was published of an earlier quarter, tells the orders of too few organisations,
    or mostly of one.

    Returns the greatest earlier count of each cell that is counted to date: it can be no less.
    """
    lower: dict[int, float] = {}
    out = _to_date(earlier)
    for i, row in enumerate(rows):
        if row["indicator"] not in ORGANISATIONS | REPORTED or not cells.reveals[i]:
            continue
        (cell,) = cells.reveals[i]
        key, value = cells.keys[cell], cells.values[cell]
        for wave, before in out[(*key[:2], *key[3:])]:
            if wave >= row["wave"] or before > value:
                continue
            lower[cell] = max(lower.get(cell, 0.0), before)
            if value == before or reasons[i]:
                continue
            sites, largest = since(row, wave)
            if sites < limits.minimum_sites:
                reasons[i] = "too_few_sites"
            elif row["indicator"] in ORGANISATIONS:
                reasons[i] = rules.dominance_reason(largest, limits)
    return lower


def _to_date(earlier: Sequence[Published]) -> dict[Key, set[tuple[str, float]]]:
    """What is counted to date, without its quarter -> the (quarter, count) of it that are out."""
    found: dict[Key, set[tuple[str, float]]] = defaultdict(set)
    for past in earlier:
        for key, value in past.cells.items():
            if key[0] in TO_DATE and not isnan(value):
                found[(*key[:2], *key[3:])].add((key[2], value))
    return found


def hide_restated(
    rows: list[dict], reasons: list[str], cells: Cells, earlier: Sequence[Published]
) -> dict[int, Interval | None]:
    """Hides what a corrected quarter would tell of the organisation whose orders were corrected.

    An earlier version of the same quarter is out, so that every number that differs is the correction itself.
    Whether the total of the whole area is shown is for `corrected`; its places and groups are not, also those
    that stayed as they were, since the rest would tell where the correction was. Returns the cells that are
    hidden so, each with the interval in which a reader must at least keep looking: what it was and is, and
    room around them, so that he cannot tell whether it changed. None: it never was out, and needs what it
    ever did.
    """
    counted: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
    for i, row in enumerate(rows):
        if row["indicator"] in ORGANISATIONS | REPORTED and cells.reveals[i]:
            (cell,) = cells.reveals[i]
            counted[cells.keys[cell][0], row["wave"]][cell] = cells.values[cell]
    restated: dict[int, Interval | None] = {}
    for (_, quarter), values in counted.items():
        versions = [past for past in earlier if past.quarter == quarter]
        changes = [
            [abs(value - before) > 1e-6 for value, before in _both_shown(cells, values, past)]
            for past in versions
            if any(not is_whole_area(cells.keys[c]) for c in _shown(cells, values, past))
        ]
        if changes and all(map(any, changes)):
            parts = [c for c in values if not is_whole_area(cells.keys[c]) and _has_others(cells, c, values)]
            # Where the whole area's total is shown, none of its parts can be more.
            whole = [value for c, value in values.items() if is_whole_area(cells.keys[c])]
            most = max(whole, default=inf)
            for c in parts:
                low, high = around(values[c], cells.keys[c], earlier)
                restated[c] = (low, min(high, most)) if shown_of(cells.keys[c], versions) else None
    for i, given in enumerate(cells.reveals):
        if (
            rows[i]["indicator"] in ORGANISATIONS | REPORTED
            and restated.keys() & set(given)
            and not reasons[i]
        ):
            reasons[i] = "too_few_sites"
    return restated


def _shown(cells: Cells, values: Mapping[int, float], past: Published) -> list[int]:
    return [c for c in values if not isnan(past.cells.get(cells.keys[c], np.nan))]


def _both_shown(cells: Cells, values: Mapping[int, float], past: Published) -> list[tuple[float, float]]:
    return [(values[c], past.cells[cells.keys[c]]) for c in _shown(cells, values, past)]


def _has_others(cells: Cells, cell: int, values: Mapping[int, float]) -> bool:
    """Whether there is another place or group of the same kind; one alone is the total itself."""
    group_by = cells.keys[cell][3]
    return any(
        c != cell and cells.keys[c][3] == group_by and not is_whole_area(cells.keys[c]) for c in values
    )
