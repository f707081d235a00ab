"""The last gate: an attacker who knows everything that was ever published, and what adds up.

Written apart from the suppression that it judges: it takes releases as they lie published (`Published`), and
knows nothing of what is protected or why. He knows every shown count exactly (a printed percentage is taken
for the count behind it, whatever its rounding), every sum, that counts are not negative, that what is counted
to date never falls, and all of that of every earlier release, also of one that was replaced.
"""

import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor, inf, isfinite, isnan, nan

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from evaluation.disclosure.cells import AMOUNT, BASE, OF_ORGANISATIONS, Cells
from evaluation.errors import DisclosureError
from evaluation.study.schema import Thresholds

FORMAT = "outreach-cells/1"
Key = tuple[str, ...]
Interval = tuple[float, float]

# Counted to the end of a quarter, so that two quarters give what came in between.
TO_DATE = frozenset(
    {"ordered", "shipped", "posters_shipped", "ordered_outside", "paid_outside", "handed_out"}
)
# Copies of too few organisations: how far, as a share of them, both ends must be away.
AMOUNT_ROOM = 0.15
SLACK = 1e-6


@dataclass(frozen=True)
class Published:
    """A release as the world knows it. cells: key -> count, NaN where it is hidden. free: keys of cells that
    can be negative. sums: (((key, coefficient), ...), total). limits: those it was made with."""

    quarter: str
    cells: Mapping[Key, float]
    free: frozenset[Key]
    sums: tuple[tuple[tuple[tuple[Key, float], ...], float], ...]
    limits: Thresholds = field(default_factory=Thresholds)


def published(quarter: str, cells: Cells, hidden_rows: Iterable[int], limits: Thresholds) -> Published:
    """What a release gives away when the rows `hidden_rows` of its tidy table are not shown."""
    hidden_rows = set(hidden_rows)
    known = set(cells.public)
    for row, given in enumerate(cells.reveals):
        if row not in hidden_rows:
            known |= set(given)
    values = {key: float(cells.values[i]) if i in known else nan for i, key in enumerate(cells.keys)}
    free = frozenset(key for i, key in enumerate(cells.keys) if not isfinite(cells.floor[i]))
    sums = tuple((tuple((cells.keys[c], w) for c, w in s.cells), s.total) for s in cells.sums)
    return Published(quarter, values, free, sums, limits)


def to_json(releases: Sequence[Published]) -> bytes:
    """The first release and, as `replaced`, the earlier versions of it; nothing hidden is in it."""
    newest, *replaced = [_plain(release) for release in releases]
    return (json.dumps(newest | {"replaced": replaced}, ensure_ascii=False, sort_keys=True) + "\n").encode()


def from_json(text: bytes) -> list[Published]:
    """The versions of a release, the newest first. Raises ValueError for another format."""
    document = json.loads(text)
    if document.get("format") != FORMAT:
        raise ValueError("not the cells of a release")
    return [_read(one) for one in (document, *document["replaced"])]


def _plain(release: Published) -> dict:
    place = {key: i for i, key in enumerate(release.cells)}
    return {
        "format": FORMAT,
        "quarter": release.quarter,
        "limits": release.limits.model_dump(mode="json"),
        "cells": [
            [list(key), None if isnan(v) else int(v) if v == int(v) else v]
            for key, v in release.cells.items()
        ],
        "free": sorted(place[key] for key in release.free),
        "sums": [[[[place[key], w] for key, w in cells], total] for cells, total in release.sums],
    }


def _read(document: dict) -> Published:
    keys = [tuple(key) for key, _ in document["cells"]]
    values = {
        key: nan if value is None else float(value)
        for key, (_, value) in zip(keys, document["cells"], strict=True)
    }
    sums = tuple(
        (tuple((keys[i], float(w)) for i, w in cells), float(total)) for cells, total in document["sums"]
    )
    free = frozenset(keys[i] for i in document["free"])
    return Published(document["quarter"], values, free, sums, Thresholds(**document["limits"]))


def intervals(releases: Sequence[Published], wanted: Iterable[Key] | None = None) -> dict[Key, Interval]:
    """What the attacker knows of each hidden cell after reading all releases: its least and greatest count.

    wanted: only these cells (None: all that some release hides and none shows). A sum that restated releases
    contradict is left out for the part it touches: there each release is read by itself.
    """
    known, variables, equations, floors = _join(releases)
    targets = [key for key in (variables if wanted is None else wanted) if key in variables]
    found: dict[Key, Interval] = {key: (known[key], known[key]) for key in wanted or () if key in known}
    for cells, rows in _parts(variables, equations):
        asked = [key for key in targets if key in cells]
        if not asked:
            continue
        try:
            found |= _bounds(cells, rows, floors, asked)
        except _ContradictionError:
            if len(releases) == 1:
                raise
            for release in releases:
                alone = intervals([release], [key for key in asked if key in release.cells])
                for key, (low, high) in alone.items():
                    before = found.get(key, (-inf, inf))
                    found[key] = (max(low, before[0]), min(high, before[1]))
    return found


class _ContradictionError(Exception):
    """No counts fit what was published: a release restated another one."""


def _join(releases: Sequence[Published]):
    shown: dict[Key, set[float]] = {}
    hidden: dict[Key, None] = {}
    free: set[Key] = set()
    for release in releases:
        free |= release.free
        for key, value in release.cells.items():
            if isnan(value):
                hidden[key] = None
            else:
                shown.setdefault(key, set()).add(value)
    known = {key: next(iter(values)) for key, values in shown.items() if len(values) == 1}
    variables = [key for key in hidden if key not in known]
    equations: dict[tuple, tuple[dict[Key, float], float]] = {}
    for release in releases:
        for cells, total in release.sums:
            left, right = {}, total
            for key, weight in cells:
                own = release.cells[key]
                value = own if not isnan(own) else known.get(key, nan)
                if isnan(value):
                    left[key] = left.get(key, 0.0) + weight
                else:
                    right -= weight * value
            if left:
                equations[tuple(sorted(left.items())), round(right, 6)] = (left, right)
    floors = {key: -inf if key in free else 0.0 for key in variables}
    rows = [(left, right) for left, right in equations.values()]
    extra = _to_date([*dict.fromkeys([*known, *variables])], known)
    for step, earlier, later in extra:
        left, right = {step: 1.0}, 0.0
        for key, weight in ((later, -1.0), (earlier, 1.0)):
            if key in known:
                right -= weight * known[key]
            else:
                left[key] = weight
        if len(left) > 1:
            variables.append(step)
            floors[step] = 0.0
            rows.append((left, right))
    return known, list(dict.fromkeys(variables)), rows, floors


def _to_date(keys: Sequence[Key], known: Mapping[Key, float]) -> list[tuple[Key, Key, Key]]:
    """(increment, earlier, later) of what is counted to date, for quarters that follow one another."""
    series: dict[Key, list[tuple[str, Key]]] = {}
    for key in keys:
        if key[-1] == AMOUNT and key[0] in TO_DATE:
            indicator, region, wave, *rest = key
            series.setdefault((indicator, region, *rest), []).append((wave, key))
    found = []
    for steps in series.values():
        steps.sort()
        for (wave, earlier), (next_wave, later) in itertools.pairwise(steps):
            if earlier in known and later in known and known[later] < known[earlier]:
                continue  # corrected since
            found.append(((earlier[0], earlier[1], f"{wave}>{next_wave}", *earlier[3:]), earlier, later))
    return found


def _parts(variables: list[Key], equations):
    place = {key: i for i, key in enumerate(variables)}
    pairs = [
        (place[first], place[other])
        for left, _ in equations
        for first, *others in [list(left)]
        for other in others
    ]
    graph = coo_array(
        (np.ones(len(pairs)), tuple(np.array(pairs, dtype=int).reshape(-1, 2).T)), shape=(len(place),) * 2
    )
    count, labels = connected_components(graph, directed=False) if variables else (0, [])
    rows: list[list] = [[] for _ in range(count)]
    members: list[dict[Key, int]] = [{} for _ in range(count)]
    for key, label in zip(variables, labels, strict=True):
        members[label][key] = len(members[label])
    for left, right in equations:
        rows[labels[place[next(iter(left))]]].append((left, right))
    return zip(members, rows, strict=True)


def _bounds(cells: dict[Key, int], rows, floors: Mapping[Key, float], asked: Sequence[Key]):
    if not rows:
        return {key: (floors[key], inf) for key in asked}
    entries = [(r, cells[key], w) for r, (left, _) in enumerate(rows) for key, w in left.items()]
    r, c, w = (np.array(values) for values in zip(*entries, strict=True))
    matrix, right = csr_array((w, (r, c)), shape=(len(rows), len(cells))), np.array([row[1] for row in rows])
    limits = [(floors[key] if isfinite(floors[key]) else None, None) for key in cells]
    found = {}
    for key in asked:
        ends = []
        for sign in (1.0, -1.0):
            aim = np.zeros(len(cells))
            aim[cells[key]] = sign
            result = linprog(aim, A_eq=matrix, b_eq=right, bounds=limits, method="highs")
            if result.status == 2:
                raise _ContradictionError
            ends.append(sign * result.fun if result.status == 0 else -sign * inf)
        found[key] = _whole(key, *ends)
    return found


def _whole(key: Key, low: float, high: float) -> Interval:
    """Counts are whole; amounts in euro and equivalents of means need not be."""
    low = ceil(low - SLACK) if isfinite(low) else low
    high = floor(high + SLACK) if isfinite(high) else high
    return float(low), float(max(low, high))


def narrow(
    current: Published, earlier: Sequence[Published], needs: Mapping[Key, Interval]
) -> list[tuple[Key, Interval]]:
    """The protected cells of which the attacker knows more than their rule allows, with what he knows.

    needs: cell -> (low, high) that his interval must reach. Where the sums alone, with nothing published,
    leave less room than that, all of that room.
    """
    found = intervals([current, *earlier], needs)
    wrong = [(key, interval) for key, interval in found.items() if not _covers(interval, needs[key])]
    if not wrong:
        return []
    nothing = Published(
        current.quarter,
        {
            key: value if key[0] == "adoption" and key[-1] == BASE else nan
            for key, value in current.cells.items()
        },
        current.free,
        current.sums,
    )
    possible = intervals([nothing], [key for key, _ in wrong])
    return [
        (key, interval)
        for key, interval in wrong
        if key not in possible or not _covers(interval, _both(needs[key], possible[key]))
    ]


def _covers(interval: Interval, need: Interval) -> bool:
    return interval[0] <= need[0] and interval[1] >= need[1]


def _both(one: Interval, other: Interval) -> Interval:
    return max(one[0], other[0]), min(one[1], other[1])


def narrowed(releases: Sequence[Published]) -> list[tuple[Key, Interval]]:
    """Hidden cells that the releases give away, each alone or all together, judged from what is published.

    A hidden cell must not be provably small, and where one release leaves it open between 1 and its
    threshold, the others must not close it.
    """
    found = []
    together = intervals(releases)
    for release in releases:
        own = [key for key, value in release.cells.items() if isnan(value)]
        for key, alone in intervals([release], own).items():
            least = threshold(key, release.limits)
            after = together.get(key)
            if after is None:  # another release shows it
                value = next(r.cells[key] for r in releases if not isnan(r.cells.get(key, nan)))
                after = (value, value)
            is_count = key[-1] != AMOUNT and key not in release.free
            if (is_count and alone[1] < least) or (_is_open(key, alone, least) > _is_open(key, after, least)):
                found.append((key, after))
    return found


def _is_open(key: Key, interval: Interval, least: float) -> bool:
    low, high = interval
    if key[-1] == AMOUNT:
        # What came since an earlier quarter is judged when it is made; from the outside, that it stays open.
        return high - low >= 1
    return low <= 1 and high >= least


def threshold(key: Key, limits: Thresholds) -> float:
    """The count from which a cell of this kind may be shown."""
    if key[-1] == BASE:
        return float(limits.minimum_base)
    if key[0] in OF_ORGANISATIONS:
        return 0.0  # the register is public and may be smaller than any threshold
    return float(limits.minimum_complement)


def refuse(found: Sequence[tuple[Key, Interval]], quarter: str) -> None:
    """Raises DisclosureError when there is a cell in `found`; it names the cell, never a count."""
    if found:
        indicator, region, wave, _, group, *_ = found[0][0]
        raise DisclosureError(
            "disclosure.narrow",
            count=len(found),
            quarter=quarter,
            cell=", ".join(filter(None, (indicator, region, wave, group))),
        )
