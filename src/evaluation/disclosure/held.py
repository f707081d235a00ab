"""What a release must hide before anything is hidden for its sake, and how unsure a reader must stay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluation.disclosure.cells import RESTATED, Cells
from evaluation.disclosure.corrected import (
    hide_changed_groups,
    hide_corrections,
    hide_fallen,
    refuse_few_answers,
)
from evaluation.disclosure.history import already_known, hide_increments, hide_restated, keep_hidden
from evaluation.disclosure.needs import needs_of
from evaluation.disclosure.plans import Plan, restated_quarters
from evaluation.disclosure.primary import hide_left_out, primary_reason
from evaluation.disclosure.published import Interval, Published
from evaluation.disclosure.series import hide_runs, no_wider, not_told_before, with_pools
from evaluation.study.schema import Thresholds


@dataclass(frozen=True)
class Held:
    """reasons: per row why it is hidden, "" when it is not (yet). cells: those of the rows, and what rows
    come to together. needs: cell -> the interval in which a reader must at least keep looking. known: cells
    that are out. lower: cell -> the least it can be, by earlier releases. changed: as
    `Published.restated`."""

    quarter: str
    reasons: list[str]
    cells: Cells
    needs: Mapping[int, Interval]
    known: frozenset[int]
    lower: Mapping[int, float]
    changed: frozenset[tuple[str, str]]


def hold(
    rows: list[dict], cells: Cells, plan: Plan, thresholds: Thresholds, earlier: Sequence[Published]
) -> Held:
    """Holds a release to the primary rules and to what is out already. Raises DisclosureError when answers of
    too few people changed since an earlier release."""
    reasons = [primary_reason(row, thresholds) for row in rows]
    hide_left_out(rows, reasons, thresholds)
    small = frozenset(c for i, given in enumerate(cells.reveals) if reasons[i] for c in given)
    taken = _given(cells, plan.taken)
    known = already_known(cells, earlier) | taken
    own = list(reasons)
    keep_hidden(rows, reasons, cells, earlier, known)
    beside = {i for i, reason in enumerate(reasons) if reason and not own[i]}
    refuse_few_answers(rows, cells, earlier, thresholds)
    groups, changed = hide_changed_groups(rows, reasons, cells, earlier)
    restated = hide_restated(rows, reasons, cells, earlier)
    restated |= hide_corrections(rows, reasons, cells, earlier, thresholds)
    restated |= hide_fallen(rows, reasons, cells, earlier)
    taken |= _told_by_the_total(rows, reasons, cells, plan)
    known |= taken
    restated = {c: need for c, need in restated.items() if c not in taken}
    other = restated.keys() | groups
    lower = hide_increments(rows, reasons, cells, earlier, thresholds)
    more, pools = hide_runs(rows, reasons, own, cells, known - other, thresholds)
    needs = needs_of(rows, reasons, cells, thresholds, lower, known - other, frozenset(beside | more))
    cells, together = with_pools(cells, rows, pools)
    known = (already_known(cells, earlier) | taken) - other
    needs |= {c: need for c, need in together.items() if c not in known}
    gone = _given(cells, plan.hidden)
    for i, given in enumerate(cells.reveals):
        if gone & set(given):
            reasons[i] = reasons[i] or "too_few_sites"
    needs = no_wider(needs, dict(zip(together, pools, strict=True)), rows, reasons, cells, known)
    quarter = max((row["wave"] for row in rows if row["measure"] != RESTATED), default="")
    changed |= restated_quarters(rows, earlier) | {
        (cells.keys[c][0], row["wave"])
        for row, given in zip(rows, cells.reveals, strict=True)
        if row["measure"] == RESTATED
        for c in given
    }
    needs = not_told_before(needs, cells, quarter, earlier, thresholds, changed)
    unbound = _given(cells, plan.unbound)
    needs = {c: need for c, need in needs.items() if c not in unbound}
    needs |= {c: need for c, need in restated.items() if need and c not in small}
    return Held(quarter, reasons, cells, needs, known, lower, changed)


def _given(cells: Cells, rows: set[int]) -> frozenset[int]:
    """The cells that rows give away."""
    return frozenset(c for i in rows for c in cells.reveals[i])


def _told_by_the_total(rows: list[dict], reasons: list[str], cells: Cells, plan: Plan) -> frozenset[int]:
    """The groups to the end of the quarter where a plan starts that alone were corrected, where the total may
    be shown: who knows which group it was has the correction of the whole, which comes from enough
    organisations."""
    told: set[int] = set()
    for i in plan.base:
        key = cells.keys[cells.reveals[i][0]] if cells.reveals[i] else None
        same = [j for j in plan.base if _beside(rows[i], rows[j])]
        moved = [j for j in same if j not in plan.taken]
        total = [
            j
            for j, row in enumerate(rows)
            if key and cells.reveals[j] and cells.keys[cells.reveals[j][0]] == (*key[:3], "", "", key[5])
        ]
        if moved == [i] and total and not any(reasons[j] for j in total):
            told |= set(cells.reveals[i])
    return frozenset(told)


def _beside(one: dict, other: dict) -> bool:
    """Whether two rows are groups of one kind, of the same number."""
    return all(one[name] == other[name] for name in ("indicator", "region", "wave", "group_by"))
