"""A difference of two means of one sample: by hand, and as the covariance that the two share."""

import numpy as np
import pytest
from scipy import stats

from evaluation.estimation.design import SurveyDesign
from evaluation.estimation.difference import mean_difference


def test_two_separate_groups_of_single_respondents_by_hand():
    y = np.array([1.0, 0, 1, 1, 0, 0, 0, 1, 0, 0])
    inside = np.arange(10) < 4
    found = mean_difference(SurveyDesign(weights=np.ones(10)), y, inside, ~inside)
    # 3/4 - 1/6. Influence (y - mean) / n per respondent; sum of squares 0.75/16 + (5/6)/36; times 10/9.
    assert found.estimate == pytest.approx(3 / 4 - 1 / 6)
    assert found.se == pytest.approx((10 / 9 * (0.75 / 16 + (5 / 6) / 36)) ** 0.5)
    assert (found.n, found.n_against) == (4, 6)


def test_a_group_against_everybody_by_hand():
    y = np.array([1.0, 0, 1, 1, 0, 0, 0, 1, 0, 0])
    inside = np.arange(10) < 4
    found = mean_difference(SurveyDesign(weights=np.ones(10)), y, inside, np.ones(10, dtype=bool))
    effect = np.where(inside, (y - 0.75) / 4, 0.0) - (y - 0.4) / 10
    assert found.estimate == pytest.approx(0.35)
    assert found.se == pytest.approx((10 / 9 * (effect**2).sum()) ** 0.5)
    half = stats.t.ppf(0.975, found.df) * found.se
    assert (found.lower, found.upper) == pytest.approx((0.35 - half, 0.35 + half))


def test_what_clusters_share_cancels_out():
    """Both groups in the same clinics, which differ a lot: the difference within each is the same 0.5."""
    y = np.array([1.0, 0.5, 0.6, 0.1, 0.8, 0.3, 0.9, 0.4])
    inside = np.arange(8) % 2 == 0
    clusters = np.repeat(np.arange(4), 2)
    found = mean_difference(SurveyDesign(weights=np.ones(8), clusters=clusters), y, inside, ~inside)
    assert found.estimate == pytest.approx(0.5)
    assert np.isnan(found.se)  # no clinic disagrees: no sample shows that there is no uncertainty
    apart = mean_difference(SurveyDesign(weights=np.ones(8)), y, inside, ~inside)
    assert apart.se > 0.1


def test_a_group_without_anybody_has_no_interval():
    found = mean_difference(
        SurveyDesign(weights=np.ones(3)), [1.0, 0, 1], np.zeros(3, bool), np.ones(3, bool)
    )
    assert np.isnan([found.estimate, found.se, found.lower]).all()
