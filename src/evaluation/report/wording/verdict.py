"""Which claim about the campaign as a cause the design carries, before any number of the change is read.

    description        without a measurement at the start there is no change to speak of
    first_indication   a change without a sound comparison: it happened, perhaps for another reason
    comparison         an indication with a comparison: the area beside one without the campaign

No claim goes further: with one area that got the campaign and one that did not, whatever else happened in
one of them is part of the difference (Donald and Lang 2007, Rev. Econ. Stat. 89:221).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

CLAIMS = ("description", "first_indication", "comparison")
# Why the claim is not a stronger one, and what weakens the one that is left, in the order they are said.
REASONS = (
    "no_baseline",
    "no_comparison",
    "comparison_hidden",
    "pre_trend",
    "placebo",
    "no_earlier_wave",
    "weak_pre_trend",
    "few_clinics",
    "one_area",
)
SIGNIFICANT = 0.05
POWER = 0.8
FEW_CLINICS = 4  # an arm with fewer clinics cannot show its own spread (see estimation.contrast)


@dataclass(frozen=True)
class DesignFacts:
    """What a verdict rests on. compared: there is a difference-in-differences with an interval. earlier:
    waves before the baseline. pre_trend_p, pre_trend_power: of the test that both areas ran alike before the
    start (NaN: not tested). placebo_p: the smallest Holm-adjusted p of the placebo outcomes (NaN: none).
    clinics: the fewest in an area and wave (NaN: not known)."""

    baseline: bool
    comparison: bool
    compared: bool
    earlier: int = 0
    pre_trend_p: float = nan
    pre_trend_power: float = nan
    placebo_p: float = nan
    clinics: float = nan


@dataclass(frozen=True)
class Verdict:
    """`claim`, one of CLAIMS, and `reasons`, keys of REASONS."""

    claim: str
    reasons: tuple[str, ...]


def verdict(facts: DesignFacts) -> Verdict:
    """The strongest claim that the design carries, and why none stronger. An unknown test (NaN) neither
    lowers the claim nor supports it; that the areas ran alike is then assumed, and said to be."""
    if not facts.baseline:
        return Verdict("description", ("no_baseline",))
    if not facts.comparison:
        return Verdict("first_indication", ("no_comparison",))
    if not facts.compared:
        return Verdict("first_indication", ("comparison_hidden",))
    against = {"pre_trend": facts.pre_trend_p < SIGNIFICANT, "placebo": facts.placebo_p < SIGNIFICANT}
    if any(against.values()):
        return Verdict("first_indication", tuple(name for name, holds in against.items() if holds))
    weak = {
        "no_earlier_wave": facts.earlier == 0,
        "weak_pre_trend": facts.earlier > 0 and not facts.pre_trend_power >= POWER,
        "few_clinics": facts.clinics < FEW_CLINICS,
        "one_area": True,
    }
    return Verdict("comparison", tuple(name for name, holds in weak.items() if holds))
