"""Every number that leaves goes through here: primary rules, then complementary suppression."""

from math import isnan

import numpy as np
import pandas as pd

from evaluation.disclosure import rules
from evaluation.disclosure.linked import relations
from evaluation.disclosure.protect import protect
from evaluation.indicators.tidy import COLUMNS, NUMBERS
from evaluation.study.schema import Thresholds

STATUSES = ("shown", "flagged", "suppressed")

# What the campaign itself spent or printed: about nobody else.
OWN_BOOKS = frozenset({"cost_total", "printed"})
# Numbers about organisations that order; every other number is about people.
ORGANISATIONS = frozenset(
    {"ordered", "shipped", "posters_shipped", "ordered_outside", "paid_outside", "supply"}
)
# Counts of people that organisations report.
REPORTED = frozenset({"handed_out"})
# How complete the answers are: a skipped question says nothing about who skipped it.
COMPLETENESS = frozenset({"answered", "background"})
# Measures of which the row itself holds a count of answers; every other is a comparison of such measures.
COUNTED = frozenset({"level", "change", "count", "ratio"})
# Recognition less false recognition.
NET = "reach"


def check(estimates: pd.DataFrame, thresholds: Thresholds = rules.DEFAULTS) -> pd.DataFrame:
    """The tidy table with `status` (shown, flagged, suppressed) and `reason` behind its columns.

    estimates: the whole release at once, since a number hidden in one row could be computed from others.
    A suppressed row keeps its keys and unit and loses every number and its method and note. A row of a
    survey indicator without a base is suppressed. Further hidden cells carry the reason of the cell they
    protect. A flagged row has a base (of either wave) below `flag_base`.
    """
    rows = estimates.to_dict("records")
    primary = [_reason(row, thresholds) for row in rows]
    reasons = protect(primary, [_size(row) for row in rows], relations(estimates))
    hidden = np.array([bool(reason) for reason in reasons], dtype=bool)
    flagged = np.array([_about_people(row) and _is_flagged(row, thresholds) for row in rows], dtype=bool)
    checked = estimates[list(COLUMNS)].reset_index(drop=True)
    checked.loc[hidden, list(NUMBERS)] = np.nan
    checked.loc[hidden, ["method", "note"]] = ""
    checked["status"] = np.where(hidden, "suppressed", np.where(flagged, "flagged", "shown"))
    checked["reason"] = pd.Series(reasons, dtype="str")
    return checked.astype({"status": "str"})


def summary(checked: pd.DataFrame) -> pd.DataFrame:
    """How many rows of each indicator and level are shown, flagged and suppressed, in order of appearance."""
    counts = checked[["indicator", "level"]].copy()
    for status in STATUSES:
        counts[status] = (checked["status"] == status).astype(int)
    return counts.groupby(["indicator", "level"], sort=False, as_index=False).sum()


def _about_people(row: dict) -> bool:
    return row["indicator"] not in OWN_BOOKS | ORGANISATIONS | REPORTED | {"adoption"}


def _reason(row: dict, limits: Thresholds) -> str:
    indicator = row["indicator"]
    if indicator in OWN_BOOKS:
        return ""
    if coarse := rules.coarse_reason(row["group_by"], row["level"]):
        return coarse
    if indicator in ORGANISATIONS:
        return rules.organisations_reason(row["clusters"], limits)
    if indicator == "adoption":
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
    return reason or rules.sites_reason(row["clusters"], limits)


def _numerator(row: dict) -> float:
    """Respondents behind a level: counted where one answer decides, else the equivalent in whole ones."""
    if not isnan(row["count"]) or row["measure"] != "level" or row["unit"] not in ("share", "points"):
        return row["count"]
    return row["estimate"] * row["n"] / (100.0 if row["unit"] == "points" else 1.0)


def _is_flagged(row: dict, limits: Thresholds) -> bool:
    return rules.is_flagged(row["n"], limits) or rules.is_flagged(row["n_before"], limits)


def _size(row: dict) -> float:
    """How much is lost when a row has to be given up: people in the smaller wave, or copies."""
    if row["indicator"] in ORGANISATIONS:
        return row["count"]
    bases = [row[name] for name in ("n", "n_before") if not isnan(row[name])]
    return min(bases) if bases else (0.0 if isnan(row["count"]) else row["count"])
