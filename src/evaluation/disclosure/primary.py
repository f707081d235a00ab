"""Primary suppression of a release: for every row of the tidy table, why its number is too small to show.

The rules themselves are in `rules`; here is to which of them a row is held, by what it counts.
"""

from math import isnan

from evaluation.disclosure import rules
from evaluation.disclosure.cells import OF_ORGANISATIONS
from evaluation.disclosure.linked import ADDITIVE
from evaluation.indicators.tidy import fact
from evaluation.study.schema import Thresholds

# What the campaign itself spent or printed: about nobody else.
OWN_BOOKS = frozenset({"cost_total", "printed"})
# What everybody can know: the population by language, in how many municipalities somebody ordered.
PUBLIC = frozenset({"language_need", "coverage"})
# Numbers about organisations that order; every other number is about people.
ORGANISATIONS = frozenset(
    {
        "ordered",
        "shipped",
        "shipped_in_quarter",
        "posters_shipped",
        "ordered_outside",
        "paid_outside",
        "supply",
        "language_supply",
    }
)
# Counts of people that organisations report.
REPORTED = frozenset({"handed_out"})
# How complete the answers are: a skipped question says nothing about who skipped it.
COMPLETENESS = frozenset({"answered", "background", "straight_lining", "response"})
# Measures of which the row itself holds a count of answers; every other is a comparison of such measures.
COUNTED = ADDITIVE
# Comparisons of which the count is of those who gave the answer.
ANSWERS = frozenset({"missing_comparison", "trimming"})
# The reason of a group that is none; it protects nobody and says nothing of others.
NO_GROUP = "no_group"
# Recognition less false recognition.
NET = "reach"


def about_people(row: dict) -> bool:
    return row["indicator"] not in OWN_BOOKS | PUBLIC | ORGANISATIONS | REPORTED | OF_ORGANISATIONS


def primary_reason(row: dict, limits: Thresholds) -> str:
    indicator = row["indicator"]
    if indicator in OWN_BOOKS | PUBLIC:
        return ""
    if about_people(row) and row["group_by"] and row["group"] == rules.UNKNOWN:
        return NO_GROUP
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


def hide_left_out(rows: list[dict], reasons: list[str], limits: Thresholds) -> None:
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


def is_flagged(row: dict, limits: Thresholds) -> bool:
    return rules.is_flagged(row["n"], limits) or rules.is_flagged(row["n_before"], limits)
