"""Few treated units: the pooled t on units, permutation, and the rule that leads difference-in-differences
there."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from evaluation.estimation import SurveyDesign, difference_in_differences, joint_test
from evaluation.estimation.areas import permutation_test, unit_difference, unit_means


def test_unit_difference_is_students_two_sample_t():
    changes = np.array([5.0, 7, 1, 2, 3, 0, np.nan])
    treated = np.array([True, True, False, False, False, False, True])
    found = unit_difference(changes, treated)
    t = stats.ttest_ind(changes[:2], changes[2:6])
    assert found.estimate == pytest.approx(4.5)
    assert found.estimate / found.se == pytest.approx(t.statistic)
    assert (found.df, found.treated, found.comparison) == (4, 2, 4)
    assert found.p == pytest.approx(t.pvalue)


def test_one_treated_unit_against_three():
    found = unit_difference([10.0, 1, 2, 3], [True, False, False, False])
    assert found.estimate == 8
    assert found.se == pytest.approx(np.sqrt(4 / 3))
    assert found.df == 2


def test_too_few_units_give_no_standard_error():
    assert np.isnan(unit_difference([1.0, 2], [True, False]).se)
    assert np.isnan(unit_difference([1.0, 2], [True, True]).estimate)


def test_permutation_counts_every_assignment():
    p, draws = permutation_test([10.0, 1, 2, 3, 4], [True, False, False, False, False])
    assert (p, draws) == (1 / 5, 5)
    # Two treated of four, values 4 3 | 2 1: only (4, 3) and (2, 1) are as far apart, of 6.
    assert permutation_test([4.0, 3, 2, 1], [True, True, False, False]) == (2 / 6, 6)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_random_permutations_come_near_the_exact_p(seed):
    rng = np.random.default_rng(seed)
    changes, treated = rng.normal(size=12), np.arange(12) < 4
    exact, count = permutation_test(changes, treated)
    assert count == 495
    sampled, draws = permutation_test(changes, treated, seed=seed, draws=400)
    assert draws == 400
    assert sampled == pytest.approx(exact, abs=0.12)
    assert permutation_test(changes, treated, seed=seed, draws=400)[0] == sampled


def test_unit_means_are_weighted_and_know_gaps():
    labels, means = unit_means(
        [1.0, 3, 5, 7, np.nan, 9], [1, 3, 1, 1, 1, 1], list("aabbbc"), [0, 0, 0, 1, 1, 1]
    )
    assert labels.tolist() == ["a", "b", "c"]
    np.testing.assert_allclose(means, [[2.5, np.nan], [5, 7], [np.nan, 9]])


def two_arms(treated, comparison, rng):
    clinic = np.repeat(np.arange(treated + comparison), 20)
    region = np.where(clinic < treated, "L", "C")
    wave = np.tile(np.repeat(["a", "b"], 10), treated + comparison)
    y = (rng.random(len(clinic)) < 0.4).astype(float)
    return SurveyDesign(np.ones(len(clinic)), region, clinic), y, wave, region, clinic


@pytest.mark.parametrize(
    ("treated", "comparison", "method"),
    [(2, 10, "cluster_t"), (10, 3, "cluster_t"), (4, 10, "cr2_t"), (45, 45, "taylor_t")],
)
def test_the_number_of_clinics_picks_the_method(treated, comparison, method):
    design, y, wave, region, _ = two_arms(treated, comparison, np.random.default_rng(5))
    row = difference_in_differences(design, y, wave, region, "a", "b", ["L"], "C", "share").iloc[0]
    assert row.method == method
    assert row.did_lower < row.did < row.did_upper


def test_two_treated_clinics_are_compared_clinic_by_clinic():
    design, y, wave, region, clinic = two_arms(2, 8, np.random.default_rng(9))
    row = difference_in_differences(design, y, wave, region, "a", "b", ["L"], "C", "share").iloc[0]
    changes = [
        y[(clinic == c) & (wave == "b")].mean() - y[(clinic == c) & (wave == "a")].mean() for c in range(10)
    ]
    t = stats.ttest_ind(changes[:2], changes[2:])
    assert row.did == pytest.approx(np.mean(changes[:2]) - np.mean(changes[2:]))
    assert row.p == pytest.approx(t.pvalue)
    assert row.df == 8


def test_one_treated_clinic_has_an_interval_and_one_against_one_does_not():
    design, y, wave, region, _ = two_arms(1, 8, np.random.default_rng(7))
    row = difference_in_differences(design, y, wave, region, "a", "b", ["L"], "C", "share").iloc[0]
    assert (row.method, row.note, row.df) == ("cluster_t", "", 7)
    design, y, wave, region, _ = two_arms(1, 1, np.random.default_rng(7))
    row = difference_in_differences(design, y, wave, region, "a", "b", ["L"], "C", "share").iloc[0]
    assert (row.method, row.note) == ("none", "one_cluster")
    assert np.isnan([row.did_se, row.p, row.smallest_detectable]).all()


def test_joint_test_with_few_clinics_is_clubsandwichs():
    # make_hotelling.R printed these. In every cell 40 or 60 % have the outcome, so that the working model is
    # the same here (the cell's own variance) and there (one variance).
    d = pd.read_csv(Path(__file__).parent / "data" / "three_regions.csv")
    design = SurveyDesign(np.ones(len(d)), d.region, d.clinic)
    found = joint_test(design, d.y, d.wave, d.region, 0, 1, list("PQR"), "share")
    assert found.method == "hotelling_f"
    assert found.statistic == pytest.approx(0.633785968945, rel=1e-9)
    assert (found.df1, found.df2) == pytest.approx((2, 7.33744831951), rel=1e-9)
    assert found.p == pytest.approx(0.557313018284, rel=1e-9)
