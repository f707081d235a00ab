"""Counts by quarter: which quarters of a place or group to hide, so that no time tells of one organisation.

A quarter of too few organisations is hidden. What was counted to its end less what was counted to the end of
the quarter before is the same number, and one hidden quarter is what the others leave of the sum: therefore
quarters are hidden in runs, and what all of a run comes to obeys the rules as any number. One organisation
that orders alone in two quarters is so no better known by their sum.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from math import ceil, floor

import numpy as np

from evaluation.disclosure import audit, rules, versions
from evaluation.disclosure.cells import Cells, Sum
from evaluation.disclosure.linked import IN_QUARTER, in_time
from evaluation.disclosure.published import Published
from evaluation.indicators.tidy import fact
from evaluation.study.schema import Thresholds

Need = tuple[float, float]
# Counts are whole, or euro with cents.
ROUNDING = 1e-6


@dataclass(frozen=True)
class Series:
    """to_date, within: quarter -> the row of what was counted to its end, and in it."""

    to_date: Mapping[str, int]
    within: Mapping[str, int]

    @property
    def any(self) -> int:
        """A row to the end of some quarter."""
        return next(iter(self.to_date.values()))

    def before(self, wave: str) -> str:
        """The quarter before one; "" where there is none."""
        return max((other for other in self.to_date if other < wave), default="")

    def spans(self, fixed: Iterable[str]) -> Iterator[list[str]]:
        """The quarters between each two of which what was counted to date is out, and up to the first one."""
        for start, end in pairwise(["", *sorted(fixed)]):
            yield [wave for wave in self.within if start < wave <= end]


def every(rows: list[dict]) -> Iterator[Series]:
    for same in in_time(rows):
        yield Series(
            {wave: i for wave, (i, _) in same.items() if i is not None},
            {wave: i for wave, (_, i) in same.items() if i is not None},
        )


@dataclass(frozen=True)
class Pool:
    """Small quarters of a place or group that together are still too small: rows to the end of the last and
    before the first (None: nothing was before), the rows of those between that are no part of it, the rows of
    those that are."""

    end: int
    start: int | None
    between: tuple[int, ...]
    own: tuple[int, ...]


def hide_runs(
    rows: list[dict],
    reasons: list[str],
    primary: Sequence[str],
    cells: Cells,
    known: frozenset[int],
    limits: Thresholds,
) -> tuple[set[int], list[Pool]]:
    """Hides in each span between known totals the run of quarters from the first to the last small one, made
    longer by the quarter beside it with the fewest copies until the run comes from enough organisations.

    primary: the reasons that the rows have by themselves. Returns the rows that were not hidden before, and
    what must stay unknown though no row gives it.
    """
    before, pools = list(reasons), []

    def hide(i: int, reason: str) -> None:
        if not set(cells.reveals[i]) <= known:
            reasons[i] = reasons[i] or reason

    for series in every(rows):
        last = max(series.to_date)
        fixed = {wave for wave, i in series.to_date.items() if set(cells.reveals[i]) <= known}
        for inside in series.spans(fixed | {last}):
            small = [at for at, wave in enumerate(inside) if reasons[series.within[wave]]]
            if not small:
                continue
            pools += _pools(rows, series, [w for w in inside if primary[series.within[w]]], limits)
            reason = reasons[series.within[inside[small[0]]]]
            low, high = small[0], small[-1]
            while _of_few(rows[series.to_date[inside[high]]], series.before(inside[low]), limits):
                beside = [at for at in (low - 1, high + 1) if 0 <= at < len(inside)]
                if not beside:
                    break
                at = min(beside, key=lambda at: rows[series.within[inside[at]]]["count"])
                low, high = min(low, at), max(high, at)
            for at in range(low, high + 1):
                hide(series.within[inside[at]], reason)
                if at < high and inside[at] != last:
                    hide(series.to_date[inside[at]], reason)
    return {i for i, reason in enumerate(reasons) if reason and not before[i]}, pools


def _pools(rows: list[dict], series: Series, small: list[str], limits: Thresholds) -> Iterator[Pool]:
    """Two and more of the small quarters that follow one another, unless they come from enough organisations.

    From how many organisations they come is known where no other quarter lies between them; else they count
    as too few."""
    for first, last in combinations(range(len(small)), 2):
        own = small[first : last + 1]
        others = [wave for wave in series.within if own[0] < wave < own[-1] and wave not in own]
        between = tuple(i for i in map(series.within.get, others) if rows[i]["count"])
        start, end = series.before(own[0]), series.to_date[own[-1]]
        if between or _of_few(rows[end], start, limits):
            yield Pool(end, series.to_date.get(start), between, tuple(series.within[wave] for wave in own))


def with_pools(cells: Cells, rows: list[dict], pools: Sequence[Pool]) -> tuple[Cells, dict[int, Need]]:
    """The cells with those of the pools behind them, which no row gives away, and how far a reader must keep
    looking for each."""
    keys, values, sums, needs = list(cells.keys), list(cells.values), list(cells.sums), {}
    for pool in pools:
        key, count = cells.keys[cells.reveals[pool.own[0]][0]], sum(rows[i]["count"] for i in pool.own)
        room = max(1.0, audit.AMOUNT_ROOM * count)
        needs[len(keys)] = (max(floor(count - room), 0.0), float(ceil(count + room)))
        told = [(pool.end, -1.0), *((i, 1.0) for i in pool.between)]
        told += [(pool.start, 1.0)] if pool.start is not None else []
        sums.append(Sum(((len(keys), 1.0), *((cells.reveals[i][0], weight) for i, weight in told))))
        keys.append((key[0], key[1], "+".join(rows[i]["wave"] for i in pool.own), *key[3:]))
        values.append(count)
    floors = np.concatenate([cells.floor, np.zeros(len(pools))])
    more = replace(cells, keys=tuple(keys), values=np.array(values), floor=floors, sums=tuple(sums))
    return more, needs


def _of_few(row: dict, before: str, limits: Thresholds) -> bool:
    """Whether what was counted after the quarter `before` to the row's own comes from too few organisations,
    or mostly from one."""
    sites, largest = since(row, before)
    return bool(
        rules.organisations_reason(sites, limits) or (sites and rules.dominance_reason(largest, limits))
    )


def since(row: dict, before: str) -> tuple[float, float]:
    """From how many organisations what was counted after a quarter came, and the share of the largest of
    them; 0 when it is not known."""
    found = []
    for name in ("since", "most"):
        steps = [step.split(":") for step in (fact(row["note"], name) or "").split()]
        later = {start: float(value) for start, value in steps if start > before}
        found.append(later[min(later)] if later else 0.0)
    return found[0], found[1]


def no_wider(
    needs: Mapping[int, Need],
    pools: Mapping[int, Pool],
    rows: list[dict],
    reasons: list[str],
    cells: Cells,
    known: frozenset[int],
) -> dict[int, Need]:
    """The intervals in which a reader must keep looking, no wider than what is shown beside a series leaves.

    pools: cell -> pool. A number that is hidden in a series lies between what was counted to date before and
    after it, and those are shown for what they are. Where both are out from earlier reports there is nothing
    left to protect.
    """
    found = dict(needs)
    for series in every(rows):
        out = [wave for wave, i in series.to_date.items() if not reasons[i] or set(cells.reveals[i]) <= known]
        value = {wave: rows[series.to_date[wave]]["count"] for wave in out}
        for inside in series.spans(out):
            hidden = [series.within[wave] for wave in inside if reasons[series.within[wave]]]
            together = sum(rows[i]["count"] for i in hidden)
            for i in hidden:
                if len(hidden) == 1 and _given(inside, series, cells, known):
                    found = {c: need for c, need in found.items() if c not in cells.reveals[i]}
                _clip(found, cells.reveals[i], 0.0, together)
            _clip(found, [c for c, pool in pools.items() if set(pool.own) <= set(hidden)], 0.0, together)
        for wave, i in series.to_date.items():
            if wave not in value:
                before = [value[other] for other in out if other < wave]
                after = [value[other] for other in out if other > wave]
                _clip(found, cells.reveals[i], max(before, default=0.0), min(after, default=float("inf")))
    return found


def not_told_before(
    needs: Mapping[int, Need],
    cells: Cells,
    quarter: str,
    earlier: Sequence[Published],
    limits: Thresholds,
    changed: frozenset[tuple[str, str]],
) -> dict[int, Need]:
    """The needs of earlier quarters' cells, no wider than what earlier reports leave open of them: those were
    made without these quarters in view, and a new report can take nothing back. changed: (indicator, quarter)
    of what was corrected since, of which earlier reports leave everything open."""
    past = {
        c: need
        for c, need in needs.items()
        if (name := IN_QUARTER.get(cells.keys[c][0], cells.keys[c][0])) in IN_QUARTER.values()
        and cells.keys[c][2] != quarter
        and (name, cells.keys[c][2]) not in changed
    }
    if not (earlier and past):
        return dict(needs)
    nothing = audit.published(quarter, cells, range(len(cells.reveals)), limits, changed)
    left = audit.intervals(versions.apart([nothing, *earlier]), [cells.keys[c] for c in past])
    clipped = dict(needs)
    for c in past:
        _clip(clipped, [c], *left.get(cells.keys[c], (0.0, float("inf"))))
    return clipped


def _given(inside: list[str], series: Series, cells: Cells, known: frozenset[int]) -> bool:
    """Whether earlier reports tell the sum of these quarters."""
    before = series.before(inside[0])
    ends = [series.to_date[inside[-1]], *([series.to_date[before]] if before else [])]
    return all(set(cells.reveals[i]) <= known for i in ends)


def _clip(needs: dict[int, Need], given: Iterable[int], low: float, high: float) -> None:
    for c in given:
        if c in needs:
            needs[c] = (max(needs[c][0], low), min(needs[c][1], high))
