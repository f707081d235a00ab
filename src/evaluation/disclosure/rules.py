"""Primary suppression: which numbers are too small to show, each rule a pure function.

A percentage is a count (an integer percentage with its base gives the exact count for every base up to
100), so percentages obey the rules for counts: a base, a numerator and a complement that are large enough.
All counts are unweighted numbers of people, clinics or organisations. The limits come from the study file;
`DEFAULTS` are those of a study file that says nothing.
"""

from math import isnan

from evaluation.study.schema import Thresholds

DEFAULTS = Thresholds()

# A background that is published only for areas as large as the whole area or the comparison area.
COARSE_ONLY = {"language": frozenset({"area", "comparison"})}

# Those who did not say to which group they belong are no group: nobody knows who they are. They are never
# shown; what a total less the groups tells of them is a count of people, held to the rules for counts and not
# to the base that makes a percentage precise enough to show.
UNKNOWN = "unknown"

# Counts are whole: what differs by less than this is the same.
CHANGED = 0.5

# A relative allowance for rounding in counts that went through floating point.
ROUNDING = 1e-9


def base_reason(n: float, limits: Thresholds = DEFAULTS) -> str:
    """Too few respondents under a percentage, a mean or a test; an unknown base counts as none."""
    return "" if n >= limits.minimum_base else "too_few_respondents"


def numerator_reason(count: float, n: float, limits: Thresholds = DEFAULTS) -> str:
    """0 % or 100 %, or too few respondents who gave (or did not give) the answer; NaN count: no rule."""
    if isnan(count):
        return ""
    slack = ROUNDING * max(n, 1.0)
    if count <= slack or n - count <= slack:
        return "all_or_none"
    if count < limits.minimum_complement - slack:
        return "small_count"
    return "small_complement" if n - count < limits.minimum_complement - slack else ""


def share_reason(n: float, count: float, limits: Thresholds = DEFAULTS) -> str:
    """The base, then the numerator and its complement, of one percentage."""
    return base_reason(n, limits) or numerator_reason(count, n, limits)


def least_base(group: str, limits: Thresholds = DEFAULTS) -> int:
    """The number of people from which the base of a group may be known."""
    return limits.minimum_count if group == UNKNOWN else limits.minimum_base


def count_reason(count: float, limits: Thresholds = DEFAULTS) -> str:
    """A number of people that is too small; an unknown one counts as too small."""
    return "" if count >= limits.minimum_count else "small_count"


def sites_reason(sites: float, limits: Thresholds = DEFAULTS) -> str:
    """Answers or hand-outs of too few clinics; NaN: clinics are not known and the rule cannot apply."""
    return "too_few_sites" if sites < limits.minimum_sites else ""


def organisations_reason(sites: float, limits: Thresholds = DEFAULTS) -> str:
    """A cell that one or two organisations make up says what each of them did.

    Nobody having ordered says nothing about a person, so zero may be shown; an unknown number may not.
    """
    return "" if sites == 0 or sites >= limits.minimum_sites else "too_few_sites"


def dominance_reason(largest: float, limits: Thresholds = DEFAULTS) -> str:
    """One organisation with most of a cell: the others could compute its share. largest: share 0-1; NaN: no
    organisation ordered, or it is not known. The (1, k) rule (Hundepool et al., Statistical Disclosure
    Control, 2012, section 4.2)."""
    return "dominated" if largest * 100.0 > limits.maximum_share else ""


def correction_reason(sites: float, largest: float, limits: Thresholds = DEFAULTS) -> str:
    """The difference between two published versions of one number of orders is a number of orders itself.

    sites: how many organisations (clinics) contribute to the difference; largest: the largest one's share of
    all that was moved, up or down, 0-1. Unlike for a number that stands alone, none (0) or NaN cannot be: a
    number differs, so somebody's orders do, and who is not known counts as too few.
    """
    if not sites >= limits.minimum_sites:
        return "too_few_sites"
    return "dominated" if not largest * 100.0 <= limits.maximum_share else ""


def moved(yes: float, no: float) -> float:
    """How many people's answers differ at least, when so many more gave an answer and so many did not."""
    return max(abs(yes), abs(no), abs(yes + no))


def changed_people_reason(yes: float, no: float, limits: Thresholds = DEFAULTS) -> str:
    """Answers that two published versions of one wave do not share: the people whose answers changed.

    yes, no: how many more (or fewer) gave and did not give the answer. Nobody may have changed, or as many as
    a count of people must have (`minimum_count`); when all of them answered alike, as many as a percentage
    must have (`minimum_base`).
    """
    changed = moved(yes, no)
    if changed < CHANGED:
        return ""
    alike = min(abs(yes), abs(no)) < CHANGED and changed < limits.minimum_base
    return count_reason(changed, limits) or ("all_or_none" if alike else "")


def coarse_reason(group_by: str, level: str) -> str:
    """A sensitive background below the level at which it may be published."""
    return "coarse_only" if level not in COARSE_ONLY.get(group_by, {level}) else ""


def is_flagged(n: float, limits: Thresholds = DEFAULTS) -> bool:
    """Whether a base is large enough to show but small enough to warn about."""
    return limits.minimum_base <= n < limits.flag_base
