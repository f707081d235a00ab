"""How much a release says of the quarters of groups, so that later ones can always hide what it hides.

The quarters of groups start over behind a quarter: the last one that was published before a correction and,
where that protects too little, the last one that is out. Of the quarters until then nothing is said of groups
any more. A group of which the number to its end is out goes on from there: what follows is a number of its
own. Of every other group the number to date stays hidden from then on, for it would tell of the quarters
hidden in it. What earlier releases leave open therefore stays open, also for one who knows which group was
corrected: all that could be otherwise in them still can be, whatever is said of later quarters.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import isnan, nan

from evaluation.disclosure.cells import AMOUNT, RESTATED, SAME
from evaluation.disclosure.linked import IN_QUARTER
from evaluation.disclosure.published import Key, Published
from evaluation.disclosure.series import ROUNDING, Series, every


@dataclass(frozen=True)
class Plan:
    """Rows of a tidy table. left_out: the release does without. hidden: hidden whatever else is. unbound:
    those of which nothing need stay uncertain for their own sake. taken: their number is taken for known.
    loose: their sum may have been corrected by nobody knows how much. base: groups to the end of the quarter
    behind which they start over, of which the number is out."""

    left_out: set[int] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    unbound: set[int] = field(default_factory=set)
    taken: set[int] = field(default_factory=set)
    loose: set[int] = field(default_factory=set)
    base: set[int] = field(default_factory=set)

    def among(self, others: Iterable[int]) -> "Plan":
        """The same of the table of `others`, the rows that are not left out."""
        place = {int(old): new for new, old in enumerate(others)}
        own = (self.hidden, self.unbound, self.taken, self.loose, self.base)
        return Plan(set(), *({place[i] for i in rows if i in place} for rows in own))


def plans(rows: list[dict], earlier: Sequence[Published]) -> Iterator[Plan]:
    """The plans of a release, the one that shows most first; the last one says nothing of groups."""
    of_groups = [series for series in every(rows) if rows[series.any]["group_by"]]
    wholes = [series for series in every(rows) if not rows[series.any]["group_by"]]
    if not of_groups:
        yield Plan()
        return
    now = max(row["wave"] for row in rows if row["measure"] != RESTATED)
    last = max((past.quarter for past in earlier if past.quarter < now), default="")
    corrected = corrected_until(rows, earlier)
    quarters = {i for series in of_groups for i in series.within.values()}
    for start in sorted({corrected, max(corrected, last)}):
        if start < now and (not start or all(_told(rows, whole, start, earlier) for whole in wholes)):
            plan = _from(start, [*of_groups, *wholes], rows, earlier) if start else Plan()
            yield plan
            old = {i for whole in wholes for i in _until(whole, start)}
            if old:
                plan = replace(plan, left_out=plan.left_out | old)
                yield plan
            yield replace(plan, hidden=plan.hidden | (quarters - plan.left_out))
    names = {rows[series.any]["indicator"] for series in of_groups}
    nothing = {i for i, row in enumerate(rows) if row["group_by"] and SAME.get(row["indicator"]) in names}
    nothing |= {i for series in of_groups for i in (*series.to_date.values(), *series.within.values())}
    yield Plan(nothing)
    yield Plan(nothing | {i for whole in wholes for i in _until(whole, now)})


def _until(series: Series, quarter: str) -> set[int]:
    """What is counted in the quarters until one, and to the end of those before it."""
    before = {i for wave, i in series.to_date.items() if wave < quarter}
    return before | {i for wave, i in series.within.items() if wave <= quarter}


def _from(start: str, each: list[Series], rows: list[dict], earlier: Sequence[Published]) -> Plan:
    plan, changes, open_ = Plan(), {}, {}
    for series in each:
        split = rows[series.any]["group_by"]
        base = {i for wave, i in series.to_date.items() if wave == start}
        told = _told(rows, series, start, earlier)
        changed = [rows[i]["count"] - value for value in told for i in base]
        changes[split] = changes.get(split, 0.0) + max(changed, default=0.0, key=abs)
        if not split:
            continue
        plan.left_out.update(_until(series, start))
        plan.hidden.update(base)
        if told:
            plan.base.update(base)
        if all(abs(change) <= ROUNDING for change in changed):
            plan.taken.update(base)
        if not told:
            open_.setdefault(split, set()).update(i for wave, i in series.to_date.items() if wave >= start)
    for split, own in open_.items():
        plan.hidden.update(own)
        plan.unbound.update(own)
        if abs(changes[split] - changes.get("", 0.0)) > ROUNDING:
            plan.loose.update(own)
    return plan


def _told(rows: list[dict], series: Series, quarter: str, earlier: Sequence[Published]) -> list[float]:
    """What earlier releases said was counted to the end of a quarter of a place or group; 0 when nothing was
    and none of them ever named it."""
    key = _key(rows[series.any] | {"wave": quarter})
    shown = [past.cells[key] for past in earlier if not isnan(past.cells.get(key, nan))]
    named = any((*other[:2], *other[3:]) == (*key[:2], *key[3:]) for past in earlier for other in past.cells)
    nothing = quarter in series.to_date and not rows[series.to_date[quarter]]["count"]
    return [0.0] if nothing and not named else shown


def corrected_until(rows: list[dict], earlier: Sequence[Published]) -> str:
    """The last published quarter that tells, of anything counted by quarter until the newest of the rows,
    another number than they do; "" when none does."""
    now = max(row["wave"] for row in rows if row["measure"] != RESTATED)
    names = {rows[series.any]["indicator"] for series in every(rows)}
    restated = [row for row in rows if row["measure"] == RESTATED and row["indicator"] in names]
    found = [past.quarter for past in earlier if _otherwise(rows, past)]
    return max([*found, *(row["wave"] for row in restated if row["wave"] <= now)], default="")


def restated_quarters(rows: list[dict], earlier: Sequence[Published]) -> frozenset[tuple[str, str]]:
    """(indicator, quarter) of what is counted by quarter and an earlier release told otherwise."""
    return frozenset(key for past in earlier for key in _otherwise(rows, past))


def _otherwise(rows: list[dict], past: Published) -> set[tuple[str, str]]:
    found = set()
    for series in every(rows):
        name = rows[series.any]["indicator"]
        for row in (rows[i] for i in (*series.within.values(), *series.to_date.values())):
            if abs(past.cells.get(_key(row), row["count"]) - row["count"]) > ROUNDING:
                found.add((name, row["wave"]))
    return found


def by_quarter(key: Key) -> bool:
    """Whether a cell is counted in a quarter, or to the end of one, where both are."""
    return IN_QUARTER.get(key[0], key[0]) in IN_QUARTER.values()


def _key(row: dict) -> Key:
    return row["indicator"], row["region"], row["wave"], row["group_by"], row["group"], AMOUNT
