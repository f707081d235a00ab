"""Raking: margins met exactly, blocks with unknown answers, caps, and refusals that name the margin."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.errors import DataError
from evaluation.estimation import SurveyDesign, rake
from evaluation.estimation.calibrate import reconcile


def sums(design, codes, size):
    return np.bincount(codes[codes >= 0], design.weights[codes >= 0], size)


@given(st.integers(0, 2**32 - 1), st.booleans())
@settings(max_examples=40, deadline=None)
def test_margins_are_met(seed, capped):
    rng = np.random.default_rng(seed)
    n = 400
    a, b = rng.integers(0, 3, n), rng.integers(0, 4, n)
    true = rng.dirichlet([8, 8, 8]), rng.dirichlet([8] * 4)
    design = SurveyDesign(rng.uniform(0.5, 2, n), clusters=rng.integers(0, 20, n))
    raked = rake(design, [(a, 1000 * true[0]), (b, 1000 * true[1])], cap=6.0 if capped else None)
    assert sums(raked, a, 3) == pytest.approx(1000 * true[0], rel=1e-11)
    assert sums(raked, b, 4) == pytest.approx(1000 * true[1], rel=1e-11)
    if not capped:
        # Raked weights are base weight x (factor of a) x (factor of b): no interaction on the log scale.
        ratio = np.log(raked.weights / design.weights)
        i = [np.flatnonzero((a == p) & (b == q))[0] for p, q in ((0, 0), (1, 1), (0, 1), (1, 0))]
        assert ratio[i[0]] + ratio[i[1]] == pytest.approx(ratio[i[2]] + ratio[i[3]], abs=1e-9)


def test_a_cap_binds_and_the_margins_still_hold():
    a = np.repeat([0, 1], [90, 10])
    b = np.tile([0, 1], 50)
    free = rake(SurveyDesign(np.ones(100)), [(a, [60.0, 40]), (b, [20.0, 80])])
    assert free.weights.max() > 5
    capped = rake(SurveyDesign(np.ones(100)), [(a, [60.0, 40]), (b, [20.0, 80])], cap=5.0)
    assert capped.weights.max() == pytest.approx(5.0)
    assert sums(capped, a, 2) == pytest.approx([60, 40])
    assert sums(capped, b, 2) == pytest.approx([20, 80])


def test_a_cap_that_cannot_be_kept_is_refused_by_name():
    a = np.repeat([0, 1], [95, 5])
    with pytest.raises(DataError) as error:
        rake(SurveyDesign(np.ones(100)), [(a, [50.0, 50])], cap=5.0, names=["education"])
    assert error.value.key == "estimation.weight_cap"
    assert error.value.facts["margin"] == "education"


def test_unknown_answers_keep_their_share_and_totals_of_another_size_are_brought_to_it():
    region = np.array([0, 0, 0, 0, 1, 1, 1, 1])
    education = np.array([0, 1, 1, -1, 2, 3, 3, 2])
    margins = [(region, np.array([100.0, 300])), (education, np.array([1.0, 3, 20, 20]))]
    totals = reconcile(margins, np.ones(8))[1][1]
    # Region 1 has a quarter unknown: 75 of its 100 are split 1 : 3. Region 2: all 300, split 1 : 1.
    assert totals == pytest.approx([18.75, 56.25, 150, 150])
    raked = rake(SurveyDesign(np.ones(8)), margins)
    assert raked.weights == pytest.approx([18.75, 28.125, 28.125, 25, 75, 75, 75, 75])


def test_consistent_margins_are_left_as_given():
    codes = np.array([0, 1, 0, 1])
    given_totals = np.array([10.0, 30.0])
    other = np.array([0, 0, 1, 1]), np.array([25.0, 15.0])
    assert (reconcile([(codes, given_totals), other], np.ones(4))[1][1] == other[1]).all()


def test_a_margin_of_another_wave_leaves_these_rows_alone():
    wave = np.array([0, 0, 0, 1, 1, 1])
    first = np.where(wave == 0, np.array([0, 0, 1, 0, 0, 0]), -1)
    second = np.where(wave == 1, np.array([0, 0, 0, 0, 1, 1]), -1)
    raked = rake(SurveyDesign(np.ones(6)), [(first, [30.0, 10]), (second, [5.0, 45])])
    assert raked.weights == pytest.approx([15, 15, 10, 5, 22.5, 22.5])


def test_a_category_without_respondents_is_refused_by_name():
    with pytest.raises(DataError) as error:
        rake(SurveyDesign(np.ones(3)), [(np.array([0, 0, 1]), [1.0, 2, 3])], names=["language"])
    assert error.value.key == "estimation.margin_empty"
    assert error.value.facts["margin"] == "language"
    assert error.value.facts["category"] == 3


def test_margins_that_contradict_each_other_are_refused():
    # Everyone of category 0 in `a` is category 0 in `b`, and their totals differ within one linked block.
    a, b = np.array([0, 0, 1, 1, 1]), np.array([0, 0, 0, 1, 1])
    with pytest.raises(DataError) as error:
        rake(SurveyDesign(np.ones(5)), [(a, [80.0, 20]), (b, [30.0, 70])], names=["a", "b"])
    assert error.value.key == "estimation.rake_not_converged"
    assert error.value.facts["margin"] in {"a", "b"}


@pytest.mark.parametrize("totals", [[1.0, 0.0], [1.0, -2.0], [1.0, np.nan]])
def test_totals_must_be_positive(totals):
    with pytest.raises(DataError) as error:
        rake(SurveyDesign(np.ones(4)), [(np.array([0, 1, 0, 1]), totals)])
    assert error.value.key == "estimation.margin_invalid"
