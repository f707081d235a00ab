"""The trend over waves."""

import numpy as np
import pytest

from evaluation.estimation import SurveyDesign, change_by_region
from evaluation.estimation.trend import trend


def rows(seed=1, clinics=8, n=900):
    rng = np.random.default_rng(seed)
    wave = np.array(["w1", "w2", "w3"])[rng.integers(0, 3, n)]
    y = (rng.random(n) < 0.4).astype(float)
    return SurveyDesign(np.ones(n), None, rng.integers(0, clinics, n)), y, wave, np.full(n, "N")


def test_two_waves_give_the_change():
    design, y, wave, region = rows()
    change = change_by_region(design, y, wave, region, "w1", "w3", ["N"], "share").iloc[0]
    found = trend(design, y, wave, region, ["w1", "w3"], ["N"], "share").iloc[0]
    assert found.slope == pytest.approx(change.change)
    assert (found.se, found.df, found.p) == pytest.approx((change.change_se, change.df, change.p))


def test_three_waves_by_hand_and_in_months():
    design, y, wave, region = rows()
    means = [y[wave == w].mean() for w in ("w1", "w2", "w3")]
    found = trend(design, y, wave, region, ["w1", "w2", "w3"], ["N"], "share").iloc[0]
    assert found.slope == pytest.approx((means[2] - means[0]) / 2)
    months = trend(design, y, wave, region, ["w1", "w2", "w3"], ["N"], "share", times=[0, 3, 12]).iloc[0]
    assert months.slope == pytest.approx(np.polyfit([0, 3, 12], means, 1)[0])


def test_independent_waves_add_their_variances():
    design, y, wave, region = rows()
    design = SurveyDesign(design.weights)
    found = trend(design, y, wave, region, ["w1", "w2", "w3"], ["N"], "share").iloc[0]
    variance = sum(y[wave == w].var(ddof=1) / (wave == w).sum() for w in ("w1", "w3")) / 4
    assert found.se == pytest.approx(np.sqrt(variance))


def test_a_wave_without_answers_is_flagged():
    design, y, wave, region = rows()
    y[wave == "w2"] = np.nan
    found = trend(design, y, wave, region, ["w1", "w2", "w3"], ["N"], "share").iloc[0]
    assert found.note == "missing_wave"
    assert np.isnan([found.slope, found.se, found.p]).all()
