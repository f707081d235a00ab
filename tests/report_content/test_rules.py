"""The rules that choose words, held to the definitions they stand for over the whole space of estimates."""

from dataclasses import replace
from math import inf, isclose, nan

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


@pytest.mark.parametrize("df", [1, 2, 3, 5, 12])
def test_few_degrees_of_freedom_count_as_few(df):
    """Published quantiles (NIST/SEMATECH e-Handbook, 1.3.6.7.2): t(.95) and t(.975)."""
    t95, t975 = {
        1: (6.314, 12.706),
        2: (2.920, 4.303),
        3: (2.353, 3.182),
        5: (2.015, 2.571),
        12: (1.782, 2.179),
    }[df]
    _, high = rules.interval_90(0.0, -t975, t975, df)
    assert high == pytest.approx(t95, abs=0.002)


@pytest.mark.parametrize("numbers", [(nan, 1, 2), (1, nan, 2), (1, 0.5, nan), (1, -inf, 2), (inf, 1, 2)])
def test_a_change_without_a_finite_interval_has_no_word(numbers):
    assert rules.certainty(*numbers, 40, 5) == "hidden"
    for kind in ("rise", "keep"):
        assert rules.change_status(kind, *numbers, 40, 5) == "hidden"


def test_a_90_percent_limit_of_nought_does_not_count():
    """Df 1 and an interval whose lower half is of the size that its 90 % limit is 0."""
    ratio = student.ppf(0.95, 1) / student.ppf(0.975, 1)
    for lower in (-1.0, -3.0):
        estimate = next(
            x
            for x in (lower * ratio / (ratio - 1) * (1 + k * 1e-16) for k in range(-40, 41))
            if rules.interval_90(x, lower, x + 99, 1)[0] == 0
        )
        assert rules.certainty(estimate, lower, estimate + 99, 1, 5) == "not_shown"


def test_correction_touches_only_what_is_called_certain():
    for word in rules.CERTAINTIES:
        certain = word in ("risen", "fallen")
        assert rules.corrected(word, 0.2) == (f"probably_{word}" if certain else word)
        assert rules.corrected(word, 0.05) == (f"probably_{word}" if certain else word)
        assert rules.corrected(word, 0.049) == rules.corrected(word, nan) == word


@pytest.mark.parametrize(
    ("lower", "upper", "said"),
    [
        (0, 2, "no_difference"),
        (-2, 0, "no_difference"),
        (1e-9, 2, "indication"),
        (-2, -1e-9, "opposite"),
        (nan, -1, "unknown"),
        (1, nan, "unknown"),
    ],
)
def test_a_difference_that_touches_nought_is_none(lower, upper, said):
    assert rules.attribution(verdict(SOUND), lower, upper) == said


def test_a_comparison_that_was_unlike_before_the_start_is_doubtful():
    assert rules.attribution(verdict(replace(SOUND, pre_trend_p=0.01)), 1, 2) == "doubtful"


def test_a_fall_can_be_unusually_large_too():
    assert rules.unusually_large(-46.1, 23)
    assert not rules.unusually_large(46, 23)


@pytest.mark.parametrize(
    ("kind", "numbers", "status"),
    [
        ("at_least", (25, 27, 25, 29), "met"),
        ("at_least", (25, 22, 20, 25), "unsure"),
        ("at_least", (25, 25, nan, nan), "met"),
        ("at_most", (10, 8, 6, 10), "met"),
        ("at_most", (10, 12, 10, 14), "unsure"),
        ("at_least", (25, 30, nan, 40), "met"),
        ("at_least", (25, 20, 10, nan), "missed"),
    ],
)
def test_a_target_that_is_touched(kind, numbers, status):
    assert rules.target_status(kind, *numbers) == status


def test_goals_of_a_change_at_their_bounds():
    assert rules.change_status("keep", -2, -5, 1, 40, 5) == "unsure"
    assert rules.change_status("keep", -8, -11, -5, 40, 5) == "unsure"
    words = {"risen": (5, 1, 9), "probably_risen": (4, -0.2, 8.2), "fallen": (-5, -9, -1)}
    words |= {"probably_fallen": (-4, -8.2, 0.2), "unchanged": (0, -2, 2), "not_shown": (2, -4, 8)}
    wanted = {"risen": "met", "probably_risen": "probably_met", "not_shown": "unsure"}
    for word, ends in words.items():
        assert rules.certainty(*ends, 40, 5) == word
        assert rules.change_status("rise", *ends, 40, 5) == wanted.get(word, "missed")


@pytest.mark.parametrize(
    ("lower", "upper", "said"),
    [
        (10.0, 12.0, "possible"),
        (8.0, 10.0, "low"),
        (10.1, 12.0, "alert"),
        (8.0, 10.1, "possible"),
        (nan, 12.0, "hidden"),
        (8.0, nan, "hidden"),
    ],
)
def test_harm_at_its_bound(lower, upper, said):
    assert rules.adverse(lower, upper) == said


def test_intervals_that_touch_are_not_apart():
    assert rules.apart(1, 2, 3, 4)
    assert rules.apart(3, 4, 1, 2)
    assert not rules.apart(1, 2, 2, 3)
    assert not rules.apart(2, 3, 1, 2)
    assert not rules.apart(1, 4, 2, 3)


@pytest.mark.parametrize(
    ("facts", "reasons"),
    [
        ({"pre_trend_p": 0.05, "placebo_p": 0.05}, ("one_area",)),
        ({"pre_trend_power": 0.8}, ("one_area",)),
        ({"pre_trend_power": 0.79}, ("weak_pre_trend", "one_area")),
        ({"clinics": 4}, ("one_area",)),
        ({"clinics": 3}, ("few_clinics", "one_area")),
        ({"earlier": 1, "pre_trend_power": 0.5}, ("weak_pre_trend", "one_area")),
        ({"earlier": 1}, ("one_area",)),
        ({"earlier": 0, "pre_trend_power": 0.5}, ("no_earlier_wave", "one_area")),
    ],
)
def test_a_verdict_at_the_bounds_of_its_reasons(facts, reasons):
    assert verdict(replace(SOUND, **facts)) == Verdict("comparison", reasons)


def test_a_test_just_below_five_percent_takes_the_comparison_away():
    assert verdict(replace(SOUND, pre_trend_p=0.0499)).reasons == ("pre_trend",)
    assert verdict(replace(SOUND, placebo_p=0.0499)).reasons == ("placebo",)
