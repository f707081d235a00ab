"""Staggered starts, event study, pre-trend and dose-response against published and independent numbers."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from evaluation.errors import DataError
from evaluation.estimation import SurveyDesign, difference_in_differences
from evaluation.estimation.dose import dose_response, pair_size
from evaluation.estimation.event import event_study, pre_trend
from evaluation.estimation.staggered import staggered_effects

DATA = Path(__file__).parent / "data"
WAVES = ("2024Q4", "2025Q1", "2025Q2", "2025Q3")


@pytest.fixture(scope="module")
def mpdta():
    return pd.read_csv(DATA / "mpdta.csv")


def test_callaway_santanna_on_minimum_wages(mpdta):
    found = staggered_effects(mpdta.lemp, mpdta.countyreal, mpdta.year, mpdta["first.treat"])
    assert round(found.estimate, 7) == -0.0399513
    assert round(found.se, 7) == 0.0120340
    # Event-study estimates as printed in the vignette of R's did.
    printed = {-3: 0.0305, -2: -0.0006, -1: -0.0245, 0: -0.0199, 1: -0.0510, 2: -0.1373, 3: -0.1008}
    assert dict(zip(found.by_time.relative, found.by_time.estimate.round(4), strict=True)) == printed
    assert (found.units, found.treated) == (500, 191)


def test_one_start_is_the_plain_difference_in_differences(mpdta):
    two = mpdta[mpdta.year.isin([2003, 2004]) & mpdta["first.treat"].isin([0, 2004])]
    found = staggered_effects(two.lemp, two.countyreal, two.year, two["first.treat"])
    wide = two.pivot_table(index="countyreal", columns="year", values="lemp")
    change = (wide[2004] - wide[2003]).groupby(two.groupby("countyreal")["first.treat"].first()).mean()
    assert found.estimate == pytest.approx(change[2004] - change[0], rel=1e-9)


def test_staggered_needs_units_that_never_start(mpdta):
    started = mpdta[mpdta["first.treat"] > 0]
    with pytest.raises(DataError, match="comparison area"):
        staggered_effects(started.lemp, started.countyreal, started.year, started["first.treat"])


def survey(slope=0.0, seed=1, per_cell=60, clinics=20):
    """Clinics of two areas in four waves, the area's share growing by `slope` more per wave."""
    rng = np.random.default_rng(seed)
    wave, clinic = (part.ravel() for part in np.indices((4, 2 * clinics)))
    wave, clinic = np.repeat(wave, per_cell), np.repeat(clinic, per_cell)
    area = clinic < clinics
    share = 0.4 + slope * wave * area + rng.normal(0, 0.03, 2 * clinics)[clinic]
    y = (rng.random(len(wave)) < share).astype(float)
    place = np.where(area, "here", "there")
    return SurveyDesign(np.ones(len(y)), place, clinic), y, np.array(WAVES)[wave], place


def test_the_event_study_is_a_difference_in_differences_per_wave():
    design, y, wave, place = survey()
    found = event_study(design, y, wave, place, WAVES, WAVES[1], "here", "there", "share")
    assert list(found.wave) == [WAVES[0], WAVES[2], WAVES[3]]
    last = difference_in_differences(
        design, y, wave, place, WAVES[1], WAVES[3], ["here"], "there", "share"
    ).iloc[0]
    assert found.iloc[2][["did", "did_se", "p"]].to_list() == last[["did", "did_se", "p"]].to_list()
    mean = pd.Series(y).groupby([place, wave]).mean()
    first = (
        mean["here", WAVES[0]] - mean["there", WAVES[0]] - mean["here", WAVES[1]] + mean["there", WAVES[1]]
    )
    assert found.did[0] == pytest.approx(first)


def test_one_earlier_wave_is_tested_as_its_own_difference():
    design, y, wave, place = survey()
    found = pre_trend(design, y, wave, place, [WAVES[2]], WAVES[3], "here", "there", "share", 0.03)
    single = event_study(design, y, wave, place, [WAVES[2]], WAVES[3], "here", "there", "share").iloc[0]
    # Twenty clinics an area of one size: CR2, which the single difference takes, is then the plain variance.
    t = single.did / single.did_se
    assert found.statistic == pytest.approx(t**2, rel=1e-9)
    assert (found.df1, found.df2) == (1, 38)


def test_the_pre_trend_is_found_as_often_as_its_power_says():
    found = [
        pre_trend(*survey(0.04, seed), WAVES[:3], WAVES[3], "here", "there", "share", 0.04)
        for seed in range(120)
    ]
    power = np.mean([one.power for one in found])
    assert np.mean([one.p < 0.05 for one in found]) == pytest.approx(power, abs=0.1)
    assert 0.5 < power < 0.98


def test_a_wrong_alarm_is_rare_and_the_detectable_slope_has_its_power():
    found = [
        pre_trend(*survey(0.0, seed), WAVES[:3], WAVES[3], "here", "there", "share", 0.02)
        for seed in range(200)
    ]
    assert np.mean([one.p < 0.05 for one in found]) < 0.09
    design, y, wave, place = survey()
    slope = found[1].detectable
    again = pre_trend(design, y, wave, place, WAVES[:3], WAVES[3], "here", "there", "share", slope)
    assert again.power == pytest.approx(0.8, abs=1e-6)


def test_too_few_clinics_for_a_pre_trend():
    design, y, wave, place = survey(clinics=1)
    found = pre_trend(design, y, wave, place, WAVES[:3], WAVES[3], "here", "there", "share", 0.02)
    assert found.note == "few_clusters"
    assert np.isnan(found.p)


def test_dose_response_is_weighted_least_squares():
    rng = np.random.default_rng(2)
    dose, weight = rng.gamma(4, 40, 31), rng.integers(5, 80, 31).astype(float)
    change = 0.02 + 0.0003 * dose + rng.normal(0, 0.4, 31) / np.sqrt(weight)
    found = dose_response(np.append(dose, np.nan), np.append(change, 0.1), np.append(weight, 9))
    known = sm.WLS(change, sm.add_constant(dose), weight).fit()
    assert found.slope == pytest.approx(known.params[1], rel=1e-9)
    assert found.se == pytest.approx(known.bse[1], rel=1e-9)
    assert [found.lower, found.upper] == pytest.approx(known.conf_int()[1].tolist(), rel=1e-9)
    assert found.p == pytest.approx(known.pvalues[1], rel=1e-9)
    assert (found.units, found.df) == (31, 29)


def test_dose_response_without_spread_says_nothing():
    assert np.isnan(dose_response([1.0, 1, 1], [0.1, 0.2, 0.3], [1, 1, 1]).slope)
    assert np.isnan(dose_response([1.0, 2], [0.1, 0.2], [1, 1]).p)
    assert pair_size([10, 0, 6], [10, 5, 3]).tolist() == [5.0, 0.0, 2.0]
