"""The rules that choose words, held to the definitions they stand for over the whole space of estimates."""

from dataclasses import replace
from math import isclose, nan

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import t as student

from evaluation.report.wording import rules
from evaluation.report.wording.verdict import CLAIMS, REASONS, DesignFacts, Verdict, verdict

estimates = st.floats(-100, 100)
errors = st.floats(0.01, 40)
freedom = st.integers(2, 400)
bounds = st.floats(0.5, 20)


def limits(estimate, se, df, level):
    half = student.ppf(0.5 + level / 2, df) * se
    return estimate - half, estimate + half


def words_by_test(estimate, se, df, smallest):
    """The same words from p-values: another road to the rule."""
    p_up, p_down = student.sf(estimate / se, df), student.cdf(estimate / se, df)
    equivalent = (
        max(student.sf((estimate + smallest) / se, df), student.cdf((estimate - smallest) / se, df)) < 0.05
    )
    if p_up < 0.025:
        return "risen"
    if p_down < 0.025:
        return "fallen"
    if equivalent:
        return "unchanged"
    return "probably_risen" if p_up < 0.05 else "probably_fallen" if p_down < 0.05 else "not_shown"


@given(estimates, errors, freedom, bounds)
def test_the_word_is_the_word_of_the_p_values(estimate, se, df, smallest):
    edges = [*limits(estimate, se, df, 0.95), *limits(estimate, se, df, 0.9)]
    edges += [abs(edge) - smallest for edge in edges[2:]]
    assume(all(abs(edge) > 1e-6 for edge in edges))
    lower, upper = limits(estimate, se, df, 0.95)
    assert rules.certainty(estimate, lower, upper, df, smallest) == words_by_test(estimate, se, df, smallest)


@given(estimates, st.floats(0, 50), st.floats(0, 50), freedom, bounds)
def test_the_word_never_contradicts_the_interval(estimate, down, up, df, smallest):
    """Also for intervals that are not symmetric."""
    lower, upper = estimate - down, estimate + up
    word = rules.certainty(estimate, lower, upper, df, smallest)
    low, high = rules.interval_90(estimate, lower, upper, df)
    assert lower <= low <= high <= upper
    if word in rules.UP:
        assert estimate > 0
        assert low > 0
        assert (word == "risen") == (lower > 0)
    if word in rules.DOWN:
        assert estimate < 0
        assert high < 0
    if word in ("not_shown", "unchanged"):
        assert lower <= 0 <= upper
    if word == "unchanged":
        assert max(abs(low), abs(high)) < smallest
    mirrored = rules.certainty(-estimate, -upper, -lower, df, smallest)
    assert mirrored == {
        "risen": "fallen",
        "fallen": "risen",
        "probably_risen": "probably_fallen",
        "probably_fallen": "probably_risen",
    }.get(word, word)


def test_limits_that_touch_a_bound_do_not_count():
    assert rules.certainty(2.0, 0.0, 4.0, 50, 1.0) == "probably_risen"
    assert rules.certainty(0.0, 0.0, 0.0, 50, 1.0) == "unchanged"


def test_unknown_degrees_of_freedom_mean_the_normal_distribution():
    low, high = rules.interval_90(0.0, -1.959964, 1.959964, nan)
    assert isclose(high, 1.644854, abs_tol=1e-5)
    assert isclose(low, -high)


@pytest.mark.parametrize(
    ("kind", "numbers", "status"),
    [
        ("at_least", (25, 26, 25.5, 27), "met"),
        ("at_least", (25, 26, 22, 30), "unsure"),
        ("at_least", (25, 20, 18, 24), "missed"),
        ("at_most", (10, 5, 3, 9), "met"),
        ("at_most", (10, 8, 6, 11), "unsure"),
        ("at_most", (10, 13, 11, 15), "missed"),
        ("at_least", (100, 120, nan, nan), "met"),
        ("at_most", (3, 4, nan, nan), "missed"),
        ("at_least", (100, nan, nan, nan), "hidden"),
    ],
)
def test_targets(kind, numbers, status):
    assert rules.target_status(kind, *numbers) == status


def test_goals_of_a_change():
    assert rules.change_status("rise", 5, 1, 9, 40, 5) == "met"
    assert rules.change_status("rise", 0.1, -1, 1.2, 40, 5) == "missed"
    assert rules.change_status("rise", 2, -4, 8, 40, 5) == "unsure"
    assert rules.change_status("keep", -1, -3, 1, 40, 5) == "met"
    assert rules.change_status("keep", -9, -12, -6, 40, 5) == "missed"
    assert rules.change_status("keep", -4, -7, -1, 40, 5) == "unsure"


SOUND = DesignFacts(baseline=True, comparison=True, compared=True, earlier=2, pre_trend_p=0.4)
SOUND = replace(SOUND, pre_trend_power=0.9, placebo_p=0.3, clinics=8)


@pytest.mark.parametrize(
    ("facts", "claim", "reasons"),
    [
        ({}, "comparison", ("one_area",)),
        ({"baseline": False}, "description", ("no_baseline",)),
        ({"comparison": False, "compared": False}, "first_indication", ("no_comparison",)),
        ({"compared": False}, "first_indication", ("comparison_hidden",)),
        ({"pre_trend_p": 0.04}, "first_indication", ("pre_trend",)),
        ({"pre_trend_p": 0.04, "placebo_p": 0.01}, "first_indication", ("pre_trend", "placebo")),
        ({"placebo_p": nan, "clinics": nan}, "comparison", ("one_area",)),
        ({"pre_trend_power": 0.5}, "comparison", ("weak_pre_trend", "one_area")),
        ({"pre_trend_power": nan}, "comparison", ("weak_pre_trend", "one_area")),
        ({"earlier": 0, "pre_trend_p": nan}, "comparison", ("no_earlier_wave", "one_area")),
        ({"clinics": 2}, "comparison", ("few_clinics", "one_area")),
    ],
)
def test_the_verdict_says_which_claim_the_design_carries(facts, claim, reasons):
    assert verdict(replace(SOUND, **facts)) == Verdict(claim, reasons)


@given(
    st.builds(
        DesignFacts,
        st.booleans(),
        st.booleans(),
        st.booleans(),
        st.integers(0, 3),
        *(st.floats(0, 1) | st.just(nan) for _ in range(3)),
        st.integers(1, 60) | st.just(nan),
    ),
    st.floats(-20, 20),
    st.floats(0, 20),
)
def test_words_about_the_cause_never_go_beyond_the_verdict(facts, lower, width):
    judged = verdict(facts)
    said = rules.attribution(judged, lower, lower + width)
    assert judged.claim in CLAIMS
    assert set(judged.reasons) <= set(REASONS)
    assert (said in ("indication", "opposite", "no_difference")) == (judged.claim == "comparison")
    if said == "indication":
        assert lower > 0
        assert facts.baseline
        assert facts.comparison


def test_attribution_follows_the_interval():
    sound = verdict(SOUND)
    assert rules.attribution(sound, nan, nan) == "unknown"
    assert rules.attribution(sound, 0.1, 2) == "indication"
    assert rules.attribution(sound, -0.1, 2) == "no_difference"
    assert rules.attribution(sound, -3, -1) == "opposite"
    assert rules.attribution(verdict(replace(SOUND, comparison=False)), 1, 2) == "none"
    assert rules.attribution(verdict(replace(SOUND, compared=False)), nan, nan) == "unknown"
    assert rules.attribution(verdict(replace(SOUND, placebo_p=0.01)), 1, 2) == "doubtful"


def test_adverse_and_unusual():
    assert [rules.adverse(*ends) for ends in ((11, 15), (8, 12), (3, 9), (nan, nan))] == [
        "alert",
        "possible",
        "low",
        "hidden",
    ]
    assert rules.unusually_large(46.1, 23)
    assert not rules.unusually_large(-46, 23)
