"""Every number that leaves goes through here: primary rules, complementary suppression, then the audit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, isnan, log2

import numpy as np
import pandas as pd

from evaluation.disclosure import audit, rules
from evaluation.disclosure.audit import Published
from evaluation.disclosure.cells import AMOUNT, BASE, NO, OF_ORGANISATIONS, YES, Cells, cells_of, is_total
from evaluation.disclosure.linked import ADDITIVE, relations
from evaluation.disclosure.protect import Pattern, Problem, protect
from evaluation.disclosure.relation import Relation
from evaluation.indicators.tidy import COLUMNS, NUMBERS, fact, facts
from evaluation.study.schema import Thresholds

STATUSES = ("shown", "flagged", "suppressed")

# What the campaign itself spent or printed: about nobody else.
OWN_BOOKS = frozenset({"cost_total", "printed"})
# What everybody can know: the population by language, in how many municipalities somebody ordered.
PUBLIC = frozenset({"language_need", "coverage"})
# Numbers about organisations that order; every other number is about people.
ORGANISATIONS = frozenset(
    {"ordered", "shipped", "posters_shipped", "ordered_outside", "paid_outside", "supply", "language_supply"}
)
# Counts of people that organisations report.
REPORTED = frozenset({"handed_out"})
# How complete the answers are: a skipped question says nothing about who skipped it.
COMPLETENESS = frozenset({"answered", "background", "straight_lining", "response"})
# Measures of which the row itself holds a count of answers; every other is a comparison of such measures.
COUNTED = ADDITIVE
# Comparisons of which the count is of those who gave the answer.
ANSWERS = frozenset({"missing_comparison", "trimming"})
# Recognition less false recognition.
NET = "reach"
# A total, and a number that earlier quarters showed too, are missed more than others.
TOTAL, EARLIER = 4.0, 2.0
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
    and hides nothing itself. complementary False leaves out these steps and the audit: only to show in a test
    what they are for. Raises DisclosureError when the audit finds a hidden cell that can be narrowed below
    its rule.
    """
    rows = estimates.to_dict("records")
    related = relations(estimates)
    cells = cells_of(estimates, related)
    reasons = [_reason(row, thresholds) for row in rows]
    _left_out(rows, reasons, thresholds)
    known = _known(cells, earlier)
    _keep_hidden(rows, reasons, cells, earlier, known)
    lower = _increments(rows, reasons, cells, earlier, thresholds)
    needs = _needs(rows, reasons, cells, thresholds, lower, known)
    quarter = max((row["wave"] for row in rows), default="")
    optimal = True
    if complementary:
        costs = _costs(rows, earlier)
        forced = frozenset(i for i, reason in enumerate(reasons) if reason)
        for attempt in range(ATTEMPTS):
            pattern = protect(_problem(cells, forced, costs, needs, known, lower))
            optimal &= pattern.optimal and not attempt
            out = audit.published(quarter, cells, pattern.hidden, thresholds)
            wrong = audit.narrow(out, earlier, {cells.keys[c]: need for c, need in needs.items()})
            wrong += audit.narrowed([out, *earlier]) if earlier else []
            wider = _widened(rows, cells, pattern.hidden, wrong)
            if not wrong or not wider:
                break
            forced |= wider | pattern.hidden
        audit.refuse(wrong, quarter)
        _explain(reasons, pattern, forced)
        _follow(rows, reasons, related)
    hidden = [i for i, reason in enumerate(reasons) if reason]
    out = audit.published(quarter, cells, hidden, thresholds)
    return Release(_table(estimates, rows, reasons, thresholds), out, optimal)


def _table(estimates: pd.DataFrame, rows: list[dict], reasons: list[str], limits: Thresholds) -> pd.DataFrame:
    hidden = np.array([bool(reason) for reason in reasons], dtype=bool)
    flagged = np.array([_about_people(row) and _is_flagged(row, limits) for row in rows], dtype=bool)
    checked = estimates[list(COLUMNS)].reset_index(drop=True)
    checked.loc[hidden, list(NUMBERS)] = np.nan
    checked["note"] = [_printable(row["note"]) for row in rows]
    checked.loc[hidden, ["method", "note"]] = ""
    checked["status"] = np.where(hidden, "suppressed", np.where(flagged, "flagged", "shown"))
    checked["reason"] = pd.Series(reasons, dtype="str")
    return checked.astype({"status": "str", "note": "str"})


def _printable(note: str) -> str:
    """The note without what only these rules may see: how much of a cell one organisation has."""
    if fact(note, "since") is None:
        return note
    region = fact(note, "region")
    return facts(region=region) if region else ""


def summary(checked: pd.DataFrame) -> pd.DataFrame:
    """How many rows of each indicator and level are shown, flagged and suppressed, in order of appearance."""
    counts = checked[["indicator", "level"]].copy()
    for status in STATUSES:
        counts[status] = (checked["status"] == status).astype(int)
    return counts.groupby(["indicator", "level"], sort=False, as_index=False).sum()


def _about_people(row: dict) -> bool:
    return row["indicator"] not in OWN_BOOKS | PUBLIC | ORGANISATIONS | REPORTED | OF_ORGANISATIONS


def _reason(row: dict, limits: Thresholds) -> str:
    indicator = row["indicator"]
    if indicator in OWN_BOOKS | PUBLIC:
        return ""
    if coarse := rules.coarse_reason(row["group_by"], row["level"]):
        return coarse
    if indicator in ORGANISATIONS:
        return rules.organisations_reason(row["clusters"], limits) or _dominated(row, limits)
    if indicator in OF_ORGANISATIONS:
        # The register says who could order, so only who did is anybody's secret.
        return rules.sites_reason(row["n"], limits) or rules.organisations_reason(row["count"], limits)
    if indicator in REPORTED:
        return rules.count_reason(row["count"], limits) or rules.sites_reason(row["clusters"], limits)
    if row["measure"] in ("did", "joint_test") or indicator in COMPLETENESS:
        return rules.base_reason(row["n"], limits)
    if row["measure"] not in COUNTED:
        return _comparison_reason(row, limits)
    count = _numerator(row)
    if indicator == NET and not row["group_by"]:
        # A difference of two shares that is near zero before the start; those two are judged beside it.
        count = max(count, limits.minimum_complement)
    after = rules.share_reason(row["n"], count, limits)
    if row["measure"] == "change" and not after:
        after = rules.share_reason(row["n_before"], row["count_before"], limits)
    return after or rules.sites_reason(row["clusters"], limits)


def _comparison_reason(row: dict, limits: Thresholds) -> str:
    """A comparison of levels or changes: its bases, its clinics, and for another choice of sample how few
    it leaves out (`count`, `count_before`), who are the difference between two shown numbers."""
    reason = rules.base_reason(row["n"], limits)
    if not isnan(row["n_before"]):
        reason = reason or rules.base_reason(row["n_before"], limits)
    if row["measure"] == "specification" and not reason:
        left = [count for count in (row["count"], row["count_before"]) if count > 0]
        reason = "small_complement" if left and min(left) < limits.minimum_complement else ""
    if row["measure"] in ANSWERS:
        reason = reason or rules.numerator_reason(row["count"], row["n"], limits)
        reason = reason or rules.numerator_reason(row["count_before"], row["n_before"], limits)
    return reason or rules.sites_reason(row["clusters"], limits)


def _left_out(rows: list[dict], reasons: list[str], limits: Thresholds) -> None:
    """Hides a treatment of gaps that leaves out a handful of those that another one, or the change itself,
    has at the same place and time: they are the difference of the two."""
    wider = [i for i, row in enumerate(rows) if row["measure"] in ("change", "missing_comparison")]
    for i, row in enumerate(rows):
        if row["measure"] != "missing_comparison" or reasons[i]:
            continue
        for other in (rows[j] for j in wider if _span(rows[j]) == _span(row)):
            if other["group_by"] not in ("", row["group_by"]):
                continue
            left = [other[name] - row[name] for name in ("n", "n_before")]
            if any(0 < count < limits.minimum_complement for count in left):
                reasons[i] = "small_complement"


def _span(row: dict) -> tuple[str, ...]:
    return row["indicator"], row["region"], row["wave"], row["wave_before"]


def _dominated(row: dict, limits: Thresholds) -> str:
    largest = fact(row["note"], "largest")
    return rules.dominance_reason(float(largest), limits) if largest else ""


def _numerator(row: dict) -> float:
    """Respondents behind a level: counted where one answer decides, else the equivalent in whole ones."""
    if not isnan(row["count"]) or row["measure"] != "level" or row["unit"] not in ("share", "points"):
        return row["count"]
    return row["estimate"] * row["n"] / (100.0 if row["unit"] == "points" else 1.0)


def _is_flagged(row: dict, limits: Thresholds) -> bool:
    return rules.is_flagged(row["n"], limits) or rules.is_flagged(row["n_before"], limits)


def _known(cells: Cells, earlier: Sequence[Published]) -> frozenset[int]:
    """Cells that are out already: public ones, and those that an earlier release showed with this count."""
    found = set(cells.public)
    for i, key in enumerate(cells.keys):
        shown = [past.cells[key] for past in earlier if not isnan(past.cells.get(key, np.nan))]
        if any(abs(value - cells.values[i]) < 1e-6 for value in shown):
            found.add(i)
    return frozenset(found)


def _keep_hidden(
    rows: list[dict], reasons: list[str], cells: Cells, earlier: Sequence[Published], known: frozenset[int]
) -> None:
    """What an earlier release hid about the same quarter does not come out in a later one."""
    hidden = {key for past in earlier for key, value in past.cells.items() if isnan(value)}
    for i, given in enumerate(cells.reveals):
        if not reasons[i] and any(cells.keys[c] in hidden and c not in known for c in given):
            reasons[i] = "too_few_respondents" if _about_people(rows[i]) else "too_few_sites"


def _increments(
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


def _needs(
    rows: list[dict],
    reasons: list[str],
    cells: Cells,
    limits: Thresholds,
    lower: Mapping[int, float],
    known: Iterable[int],
) -> dict[int, tuple[float, float]]:
    """Cell -> the interval in which the attacker must at least keep looking, whole numbers."""
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
            if cells.keys[c][-1] == BASE and cells.values[c] < limits.minimum_base
        }
        few = reason in ("too_few_sites", "coarse_only") and rows[i]["measure"] != "change"
        for c in given:
            value, part = cells.values[c], cells.keys[c][-1]
            free = not np.isfinite(cells.floor[c])
            if part == AMOUNT:
                since = lower.get(c, 0.0)
                room = max(1.0, audit.AMOUNT_ROOM * (value - since))
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
                need(c, min(1, value), limits.minimum_base)
            elif complete:
                continue
            elif part in (YES, NO) and not free and value < limits.minimum_complement:
                need(c, min(1, floor(value)), limits.minimum_complement)
            elif part == YES and (few or cells.keys[c][1:5] in small):
                need(c, floor(value - 1), ceil(value + 1))
    known = set(known)
    return {c: interval for c, interval in needs.items() if c not in known}


def _problem(cells: Cells, forced, costs, needs, known, lower) -> Problem:
    least = cells.floor.copy()
    for c, value in lower.items():
        least[c] = value
    return Problem(cells.values, least, cells.sums, cells.reveals, costs, forced, needs, known)


def _costs(rows: list[dict], earlier: Sequence[Published]) -> np.ndarray:
    """What hiding a row loses: little for a small one, more for a total, more for what readers saw before."""
    seen = {
        (*key[:2], *key[3:5])
        for past in earlier
        for key, value in past.cells.items()
        if not isnan(value) and key[2] == past.quarter
    }
    costs = []
    for row in rows:
        cost = 1.0 + log2(1.0 + max(_size(row), 0.0))
        cost *= TOTAL if is_total(row) else 1.0
        name = "shipped" if row["indicator"] == "supply" else row["indicator"]
        costs.append(
            cost * (EARLIER if (name, row["region"], row["group_by"], row["group"]) in seen else 1.0)
        )
    return np.array(costs)


def _size(row: dict) -> float:
    """How much is lost when a row has to be given up: people in the smaller wave, or copies."""
    if row["indicator"] in ORGANISATIONS:
        return row["count"]
    bases = [row[name] for name in ("n", "n_before") if not isnan(row[name])]
    return min(bases) if bases else (0.0 if isnan(row["count"]) else row["count"])


def _widened(rows: list[dict], cells: Cells, hidden: set[int], wrong) -> frozenset[int]:
    """Further rows to hide when earlier releases still tell too much: all parts beside the narrow cells."""
    beside = {(key[0], key[3], key[-1]) for key, _ in wrong}
    return frozenset(
        i
        for i, given in enumerate(cells.reveals)
        if i not in hidden
        and not is_total(rows[i])
        and any((cells.keys[c][0], cells.keys[c][3], cells.keys[c][-1]) in beside for c in given)
    )


def _explain(reasons: list[str], pattern: Pattern, forced: frozenset[int]) -> None:
    """A further hidden cell gets the reason of one that it protects, so that the marks do not say which."""
    for i in sorted(pattern.hidden):
        if not reasons[i]:
            source = pattern.protects.get(i, min(forced))
            reasons[i] = reasons[source] or "too_few_respondents"


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
