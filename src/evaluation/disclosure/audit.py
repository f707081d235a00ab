"""The last gate: an attacker who knows everything that was ever published, and what adds up.

Written apart from the suppression that it judges: it takes releases as they lie published (`Published`), and
knows nothing of what is protected or why. He knows every shown count exactly (a printed percentage is taken
for the count behind it, whatever its rounding), every sum, that counts are not negative, that what is counted
to date never falls, and all of that of every earlier release, also of one that was replaced.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import ceil, floor, inf, isfinite, isnan, nan

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from evaluation.disclosure.cells import AMOUNT, BASE, OF_ORGANISATIONS
from evaluation.disclosure.published import (
    Interval,
    Key,
    Published,
    from_json,
    published,
    to_json,
)
from evaluation.disclosure.versions import RESTATED, TO_DATE, apart, plain, to_date
from evaluation.errors import DisclosureError
from evaluation.study.schema import Thresholds

__all__ = [
    "AMOUNT_ROOM",
    "TO_DATE",
    "Interval",
    "Key",
    "Published",
    "from_json",
    "intervals",
    "narrow",
    "narrowed",
    "published",
    "refuse",
    "to_json",
]

# Copies of too few organisations: how far, as a share of them, both ends must be away.
AMOUNT_ROOM = 0.15
SLACK = 1e-6
# People who did not say to which group they belong: a number of them is a count, never a percentage's base.
NO_GROUP = "unknown"


# Of a cell and two counts that it can have: whether the lower and the upper end are far enough.
Enough = Callable[[Key, float, float], tuple[bool, bool]]


def intervals(
    releases: Sequence[Published], wanted: Iterable[Key] | None = None, enough: Enough | None = None
) -> dict[Key, Interval]:
    """What the attacker knows of each hidden cell after reading all releases: its least and greatest count.

    wanted: only these cells (None: all that some release hides and none shows). enough: says of a cell and
    counts that it can certainly have whether its lower and its upper end need not be sought further; such an
    interval is then no wider than what he knows. A sum that restated releases contradict is left out for the
    part it touches: there each release is read by itself.
    """
    known, variables, equations, floors = _join(releases)
    targets = [key for key in (variables if wanted is None else wanted) if key in variables]
    found: dict[Key, Interval] = {key: (known[key], known[key]) for key in wanted or () if key in known}
    for cells, rows in _parts(variables, equations):
        asked = [key for key in targets if key in cells]
        if not asked:
            continue
        try:
            found |= _bounds(cells, rows, floors, asked, enough)
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
    for step, earlier, later in to_date(releases, known):
        left, right = {step: 1.0}, 0.0
        for node, weight in ((later, -1.0), (earlier, 1.0)):
            value = known.get(node, nan) if isinstance(node, tuple) else node
            if isnan(value):
                left[node] = weight
            else:
                right -= weight * value
        if len(left) > 1:
            variables.append(step)
            floors[step] = 0.0
            rows.append((left, right))
    return known, list(dict.fromkeys(variables)), rows, floors


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


def _bounds(
    cells: dict[Key, int],
    rows,
    floors: Mapping[Key, float],
    asked: Sequence[Key],
    enough: Enough | None = None,
):
    if not rows:
        return {key: (floors[key], inf) for key in asked}
    entries = [(r, cells[key], w) for r, (left, _) in enumerate(rows) for key, w in left.items()]
    r, c, w = (np.array(values) for values in zip(*entries, strict=True))
    matrix, right = csr_array((w, (r, c)), shape=(len(rows), len(cells))), np.array([row[1] for row in rows])
    limits = [(floors[key] if isfinite(floors[key]) else None, None) for key in cells]
    found = {}
    # Counts that fit all that was published, of every cell: the solutions of the programmes so far.
    least, most = np.full(len(cells), inf), np.full(len(cells), -inf)
    for key in asked:
        at, ends = cells[key], []
        for side, sign in enumerate((1.0, -1.0)):
            if enough and least[at] <= most[at] and enough(key, *_whole(key, least[at], most[at]))[side]:
                ends.append(least[at] if sign > 0 else most[at])
                continue
            aim = np.zeros(len(cells))
            aim[at] = sign
            result = linprog(aim, A_eq=matrix, b_eq=right, bounds=limits, method="highs")
            if result.status == 2:
                raise _ContradictionError
            ends.append(sign * result.fun if result.status == 0 else -sign * inf)
            if result.status == 0:
                least, most = np.minimum(least, result.x), np.maximum(most, result.x)
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

    def enough(key: Key, low: float, high: float) -> tuple[bool, bool]:
        return low <= needs[key][0], high >= needs[key][1]

    current, *earlier = apart([current, *earlier])
    needs = {key if key in current.cells else (key[0] + RESTATED, *key[1:]): v for key, v in needs.items()}
    found = intervals([current, *earlier], needs, enough)
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
        (plain(key), interval)
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

    def enough(key: Key, low: float, high: float) -> tuple[bool, bool]:
        if key[-1] == AMOUNT:
            return (high - low >= 1,) * 2
        return low <= 1, high >= max(threshold(key, release.limits) for release in releases)

    found = []
    releases = apart(releases)
    together = intervals(releases, enough=enough)
    for release in releases:
        own = [key for key, value in release.cells.items() if isnan(value)]
        for key, alone in intervals([release], own, enough).items():
            least = threshold(key, release.limits)
            after = together.get(key)
            if after is None:  # another release shows it
                value = next(r.cells[key] for r in releases if not isnan(r.cells.get(key, nan)))
                after = (value, value)
            is_count = key[-1] != AMOUNT and key not in release.free
            if (is_count and alone[1] < least) or (_is_open(key, alone, least) > _is_open(key, after, least)):
                found.append((plain(key), after))
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
        return float(limits.minimum_count if key[4] == NO_GROUP else limits.minimum_base)
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
