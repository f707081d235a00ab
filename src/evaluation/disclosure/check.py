"""Every number that leaves goes through here: primary rules, complementary suppression, then the audit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from evaluation.disclosure import audit, rules
from evaluation.disclosure.attacker import Problem
from evaluation.disclosure.benders import Pattern
from evaluation.disclosure.cells import Cells, cells_of, is_total
from evaluation.disclosure.corrected import FACT
from evaluation.disclosure.held import Held, hold
from evaluation.disclosure.linked import IN_QUARTER, relations
from evaluation.disclosure.needs import losses
from evaluation.disclosure.plans import Plan, by_quarter, plans
from evaluation.disclosure.primary import COUNTED, NO_GROUP, about_people, is_flagged
from evaluation.disclosure.protect import protect
from evaluation.disclosure.published import Published, is_whole_area
from evaluation.disclosure.relation import Relation
from evaluation.indicators.tidy import COLUMNS, NUMBERS, fact, facts
from evaluation.study.schema import Thresholds

STATUSES = ("shown", "flagged", "suppressed")

# How often a pattern is widened when, with earlier releases, it still tells too much.
ATTEMPTS = 6


@dataclass(frozen=True, eq=False)
class Release:
    """checked: the tidy table with `status` and `reason`, nothing suppressed left in it. published: what it
    gives away, for the ledger. optimal: whether no smaller set of further hidden numbers was safe."""

    checked: pd.DataFrame
    published: Published
    optimal: bool


def check(
    estimates: pd.DataFrame, thresholds: Thresholds = rules.DEFAULTS, earlier: Sequence[Published] = ()
) -> pd.DataFrame:
    """The tidy table with `status` (shown, flagged, suppressed) and `reason` behind its columns.

    As `release`, of which this is the table.
    """
    return release(estimates, thresholds, earlier).checked


def release(
    estimates: pd.DataFrame,
    thresholds: Thresholds = rules.DEFAULTS,
    earlier: Sequence[Published] = (),
    complementary: bool = True,
) -> Release:
    """What may be shown of a release, protected together with the earlier ones.

    estimates: the whole release at once, since a number hidden in one row could be computed from others.
    earlier: releases that are out already, earlier versions of this one among them: what they showed is
    known, and what they hid stays hidden. A suppressed row keeps its keys and unit and loses every number and
    its method and note. Further hidden cells carry the reason of a cell they protect. A flagged row has a
    base (of either wave) below `flag_base`. A comparison that is worked out from a hidden row goes with it,
    and hides nothing itself. What differs from an earlier release of the same quarter is held to the rules
    too (`corrected`). Of the quarters by group less is said when orders of an earlier quarter were corrected,
    and when nothing else protects a cell beside earlier releases (`plans`). complementary False leaves out
    the further hidden cells and the audit: only to show in a test what they are for. Raises DisclosureError
    when the audit finds a hidden cell that can be narrowed below its rule, and when answers of too few people
    changed since an earlier release.
    """
    rows = estimates.to_dict("records")
    for plan in plans(rows, earlier):
        found, wrong = _planned(estimates, plan, thresholds, earlier, complementary)
        if not wrong:
            break
    audit.refuse(wrong, found.published.quarter)
    return found


def _planned(
    estimates: pd.DataFrame,
    plan: Plan,
    thresholds: Thresholds,
    earlier: Sequence[Published],
    complementary: bool,
) -> tuple[Release, list]:
    """The release by one plan of its quarters, and what it tells too closely."""
    others = np.setdiff1d(np.arange(len(estimates)), sorted(plan.left_out))
    whole, estimates = estimates, estimates.iloc[others].reset_index(drop=True)
    plan = plan.among(others)
    rows = estimates.to_dict("records")
    related = relations(estimates)
    held = hold(rows, cells_of(estimates, related), plan, thresholds, earlier)
    reasons, wrong, optimal = held.reasons, [], True
    if complementary:
        pattern, forced, wrong = _pattern(rows, held, plan, thresholds, earlier)
        optimal = pattern.optimal
        _explain(reasons, pattern, forced)
        _follow(rows, reasons, related)
    hidden = [i for i, reason in enumerate(reasons) if reason]
    out = audit.published(held.quarter, held.cells, hidden, thresholds, held.changed)
    checked = _with_left_out(_table(estimates, rows, reasons, thresholds), whole, others)
    return Release(checked, out, optimal), wrong


def _pattern(
    rows: list[dict], held: Held, plan: Plan, thresholds: Thresholds, earlier: Sequence[Published]
) -> tuple[Pattern, frozenset[int], list]:
    """What to hide further, widened as long as it tells too much beside earlier releases; the rows that were
    hidden before; and what it still tells too closely."""
    costs = losses(rows, earlier)
    forced = frozenset(i for i, reason in enumerate(held.reasons) if reason)
    cells, needs, known = held.cells, held.needs, held.known
    if plan.loose:  # also for who knows whose total was corrected, and so by how much together
        totals = frozenset(c for c, key in enumerate(cells.keys) if by_quarter(key) and is_whole_area(key))
        of_groups = {c: need for c, need in needs.items() if c not in totals}
        forced |= protect(_problem(cells, forced, costs, of_groups, known | totals, held.lower)).hidden
    for attempt in range(ATTEMPTS):
        pattern = protect(_problem(_apart(cells, plan.loose), forced, costs, needs, known, held.lower))
        out = audit.published(held.quarter, cells, pattern.hidden, thresholds, held.changed)
        wrong = audit.narrow(out, earlier, {cells.keys[c]: need for c, need in needs.items()})
        wrong += audit.narrowed([out, *earlier]) if earlier else []
        wider = _widened(rows, cells, pattern.hidden, wrong)
        pattern = replace(pattern, optimal=pattern.optimal and not attempt)
        if not wrong or not wider:
            break
        forced |= wider | pattern.hidden
    return pattern, forced, wrong


def _apart(cells: Cells, loose: set[int]) -> Cells:
    """The cells without what rows add up to of which nobody knows how much they were corrected."""
    gone = {c for i in loose for c in cells.reveals[i]}
    kept = [
        one
        for one in cells.sums
        if not (gone & {c for c, _ in one.cells} and any(not cells.keys[c][3] for c, _ in one.cells))
    ]
    return replace(cells, sums=tuple(kept))


def _with_left_out(checked: pd.DataFrame, estimates: pd.DataFrame, others: np.ndarray) -> pd.DataFrame:
    """The table with the rows that a plan leaves out, which stand as suppressed in it."""
    left_out = np.setdiff1d(np.arange(len(estimates)), others)
    if not len(left_out):
        return checked
    gone = estimates.iloc[left_out][list(COLUMNS)].copy()
    gone[list(NUMBERS)] = np.nan
    gone[["method", "note"]] = ""
    gone = gone.assign(status="suppressed", reason="too_few_sites")
    both = pd.concat([checked, gone.astype(checked.dtypes)], ignore_index=True)
    return both.iloc[np.argsort(np.concatenate([others, left_out]))].reset_index(drop=True)


def _table(estimates: pd.DataFrame, rows: list[dict], reasons: list[str], limits: Thresholds) -> pd.DataFrame:
    hidden = np.array([bool(reason) for reason in reasons], dtype=bool)
    flagged = np.array([about_people(row) and is_flagged(row, limits) for row in rows], dtype=bool)
    checked = estimates[list(COLUMNS)].reset_index(drop=True)
    checked.loc[hidden, list(NUMBERS)] = np.nan
    checked["note"] = [_printable(row["note"]) for row in rows]
    checked.loc[hidden, ["method", "note"]] = ""
    checked["status"] = np.where(hidden, "suppressed", np.where(flagged, "flagged", "shown"))
    checked["reason"] = pd.Series(reasons, dtype="str")
    return checked.astype({"status": "str", "note": "str"})


def _printable(note: str) -> str:
    """The note without what only these rules may see: how much of a cell one organisation has."""
    if fact(note, "since") is None and fact(note, FACT) is None:
        return note
    region = fact(note, "region")
    return facts(region=region) if region else ""


def summary(checked: pd.DataFrame) -> pd.DataFrame:
    """How many rows of each indicator and level are shown, flagged and suppressed, in order of appearance."""
    counts = checked[["indicator", "level"]].copy()
    for status in STATUSES:
        counts[status] = (checked["status"] == status).astype(int)
    return counts.groupby(["indicator", "level"], sort=False, as_index=False).sum()


def _problem(cells: Cells, forced, costs, needs, known, lower) -> Problem:
    least = cells.floor.copy()
    for c, value in lower.items():
        least[c] = value
    return Problem(cells.values, least, cells.sums, cells.reveals, costs, forced, needs, known)


def _widened(rows: list[dict], cells: Cells, hidden: set[int], wrong) -> frozenset[int]:
    """Further rows to hide when earlier releases still tell too much: all parts beside the narrow cells."""
    beside = {(IN_QUARTER.get(key[0], key[0]), key[3], key[-1]) for key, _ in wrong}

    def near(key: tuple[str, ...]) -> bool:
        return (IN_QUARTER.get(key[0], key[0]), key[3], key[-1]) in beside

    return frozenset(
        i
        for i, given in enumerate(cells.reveals)
        if i not in hidden and not is_total(rows[i]) and any(near(cells.keys[c]) for c in given)
    )


def _explain(reasons: list[str], pattern: Pattern, forced: frozenset[int]) -> None:
    """A further hidden cell gets the reason of one that it protects, so that the marks do not say which."""
    for i in sorted(pattern.hidden):
        if not reasons[i]:
            found = reasons[pattern.protects.get(i, min(forced))]
            reasons[i] = "too_few_respondents" if found in ("", NO_GROUP) else found


def _follow(rows: list[dict], reasons: list[str], related: Sequence[Relation]) -> None:
    """Hides comparisons of what is hidden, and comparisons of those."""
    changed = True
    while changed:
        changed = False
        for relation in related:
            spend = [i for i in relation.spend if rows[i]["measure"] not in COUNTED and not reasons[i]]
            told = [i for i, _ in relation.cells if i not in relation.spend and reasons[i]]
            if (relation.whole or relation.follows) and spend and told:
                changed = True
                for i in spend:
                    reasons[i] = reasons[told[0]]
