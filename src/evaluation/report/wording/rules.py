"""Which words an estimate may carry. Every rule is a pure function of the numbers that are printed.

All changes, limits and smallest changes are on the 0-100 scale (percentage points or points).

Certainty of a change, the first rule that holds:

    hidden            the estimate was suppressed, or there is none (no finite interval)
    risen             lower limit of the 95 % interval > 0
    fallen            upper limit of the 95 % interval < 0
    unchanged         the 90 % interval lies strictly inside (-smallest, +smallest): two one-sided tests
                      at 5 % (TOST; Schuirmann 1987, J Pharmacokinet Biopharm 15:657)
    probably_risen    lower limit of the 90 % interval > 0
    probably_fallen   upper limit of the 90 % interval < 0
    not_shown         none of these

The 90 % interval is the 95 % interval drawn in to its estimate by t(.95, df) / t(.975, df): for an
interval of the form estimate +- t x SE that is the 90 % interval itself, and it always lies within the
95 % interval, so no rule can contradict a stronger one. Limits that touch a bound do not count.
"""

from __future__ import annotations

from math import inf, isfinite, isnan

from scipy.stats import t as student

from evaluation.report.wording.verdict import SIGNIFICANT, Verdict

CERTAINTIES = (
    "risen",
    "probably_risen",
    "unchanged",
    "not_shown",
    "probably_fallen",
    "fallen",
    "hidden",
)
UP = ("risen", "probably_risen")
DOWN = ("fallen", "probably_fallen")
ADVERSE_ALERT = 10.0  # percent of readers; indicator EF7: alert when the lower limit lies above it
UNUSUAL_FACTOR = 2.0


def interval_90(estimate: float, lower: float, upper: float, df: float) -> tuple[float, float]:
    """The 90 % interval within a 95 % interval; df NaN or infinite means the normal distribution."""
    known = df if isfinite(df) and df > 0 else inf
    ratio = student.ppf(0.95, known) / student.ppf(0.975, known)
    return estimate - (estimate - lower) * ratio, estimate + (upper - estimate) * ratio


def certainty(estimate: float, lower: float, upper: float, df: float, smallest: float) -> str:
    """The certainty word (see above) of a change with its 95 % interval."""
    if not all(map(isfinite, (estimate, lower, upper))):
        return "hidden"
    if lower > 0:
        return "risen"
    if upper < 0:
        return "fallen"
    low, high = interval_90(estimate, lower, upper, df)
    if -smallest < low and high < smallest:
        return "unchanged"
    if low > 0:
        return "probably_risen"
    if high < 0:
        return "probably_fallen"
    return "not_shown"


def corrected(word: str, p_adjusted: float) -> str:
    """The certainty word of one of several regions: what does not hold after Holm's correction for their
    number is at most probable (Holm 1979, Scand. J. Statist. 6:65). p_adjusted NaN: not one of several."""
    if word in ("risen", "fallen") and p_adjusted >= SIGNIFICANT:
        return f"probably_{word}"
    return word


def attribution(judged: Verdict, lower: float, upper: float) -> str:
    """What the difference-in-differences interval (NaN when not shown) says about the campaign, as far as
    the design's verdict allows.

    "indication": above 0; "opposite": below 0; "no_difference": it holds 0. Where the verdict is less than a
    comparison: "none": no comparison area or no baseline, so a change proves nothing; "unknown": there is no
    interval; "doubtful": the areas differed where the campaign cannot have made them.
    """
    if judged.claim != "comparison":
        if "comparison_hidden" in judged.reasons:
            return "unknown"
        return "doubtful" if {"pre_trend", "placebo"} & set(judged.reasons) else "none"
    if isnan(lower) or isnan(upper):
        return "unknown"
    return "indication" if lower > 0 else "opposite" if upper < 0 else "no_difference"


def unusually_large(change: float, largest_published: float) -> bool:
    """Whether a change is larger, either way, than twice the largest published one."""
    return abs(change) > UNUSUAL_FACTOR * largest_published


def target_status(kind: str, value: float, estimate: float, lower: float, upper: float) -> str:
    """Whether a level reached "at_least" or "at_most" its target: "met", "missed" or "unsure".

    With an interval the whole of it must lie on one side; a count or a supply (no interval) is compared
    itself. "hidden" when there is no estimate.
    """
    if not isfinite(estimate):
        return "hidden"
    low, high = (estimate, estimate) if isnan(lower) or isnan(upper) else (lower, upper)
    if kind == "at_most":
        low, high, value = -high, -low, -value
    return "met" if low >= value else "missed" if high < value else "unsure"


def change_status(kind: str, estimate: float, lower: float, upper: float, df: float, smallest: float) -> str:
    """Whether a change met the goal "rise" (stijging) or "keep" (behoud: no fall by the smallest change)."""
    word = certainty(estimate, lower, upper, df, smallest)
    if word == "hidden":
        return "hidden"
    if kind == "keep":
        return "met" if lower > -smallest else "missed" if upper < -smallest else "unsure"
    if word == "risen":
        return "met"
    return {"probably_risen": "probably_met", "not_shown": "unsure"}.get(word, "missed")


def adverse(lower: float, upper: float, alert: float = ADVERSE_ALERT) -> str:
    """The adverse line: "alert" (surely above), "possible" (cannot be ruled out), "low", or "hidden"."""
    if isnan(lower) or isnan(upper):
        return "hidden"
    return "alert" if lower > alert else "possible" if upper > alert else "low"


def apart(lower_a: float, upper_a: float, lower_b: float, upper_b: float) -> bool:
    """Whether two 95 % intervals do not overlap: a cautious way to say that two groups differ."""
    return upper_a < lower_b or upper_b < lower_a
