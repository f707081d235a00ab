"""Callaway-Sant'Anna on a survey: planted effects come back, the numbers are diff-diff's, and few clinics are
refused."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.errors import DataError
from evaluation.estimation import SurveyDesign, difference_in_differences
from evaluation.estimation.staggered import staggered_survey

TIMES = (100, 101, 102, 103)
# Start per region (0: never), and the effect in every wave from then on.
STARTS, EFFECT = (0, 101, 102, 0), (0.0, 0.10, 0.06, 0.0)


def drawn(rng, clinics=12, parents=25, weights=True):
    region, clinic, wave, _ = (part.ravel() for part in np.indices((4, clinics, 4, parents)))
    time, first = np.array(TIMES)[wave], np.array(STARTS)[region]
    effect = np.array(EFFECT)[region] * ((first > 0) & (time >= first))
    share = 0.4 + 0.02 * wave + effect + rng.normal(0, 0.05, (4, clinics))[region, clinic]
    share = share + rng.normal(0, 0.03, (4, clinics, 4))[region, clinic, wave]
    y = (rng.random(len(share)) < share).astype(float)
    weight = rng.uniform(0.5, 2, len(y)) if weights else np.ones(len(y))
    return SurveyDesign(weight, region, region * 100 + clinic), y, time, first


def test_planted_effects_are_covered_and_unbiased():
    rng = np.random.default_rng(7)
    # Two of three treated cells are of the cohort of 101: (3 x 0.10 + 2 x 0.06) / 5, of equal weight.
    truth, found = 0.084, [staggered_survey(*drawn(rng), "share").overall for _ in range(30)]
    estimates = np.array([one.estimate for one in found])
    covered = [one.lower <= truth <= one.upper for one in found]
    assert estimates.mean() == pytest.approx(truth, abs=4 * estimates.std() / np.sqrt(30))
    assert np.mean(covered) > 0.95 - 4 * np.sqrt(0.95 * 0.05 / 30)
    assert np.mean([one.se for one in found]) == pytest.approx(estimates.std(), rel=0.3)
    assert {one.method for one in found} == {"cr2_t"}


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=5, deadline=None)
def test_with_many_clinics_the_standard_errors_are_diff_diffs(seed):
    from diff_diff import CallawaySantAnna
    from diff_diff import SurveyDesign as Drawn

    design, y, time, first = drawn(np.random.default_rng(seed), clinics=40, parents=4)
    ours = staggered_survey(design, y, time, first, "share")
    frame = pd.DataFrame({"y": y, "t": time, "g": first, "w": design.weights, "unit": np.arange(len(y))})
    frame = frame.assign(stratum=design.stratum, psu=design.psu)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = CallawaySantAnna(panel=False, estimation_method="reg")
        survey = Drawn(weights="w", strata="stratum", psu="psu")
        theirs = model.fit(frame, "y", "unit", "t", "g", survey_design=survey)
        events = theirs.aggregate("event_study")
    assert ours.overall.method == "taylor_t"
    assert ours.overall.estimate == pytest.approx(theirs.overall_att, rel=1e-9)
    # diff-diff adds the sampling of the cohorts' sizes, which move the mean of two effects very little.
    assert ours.overall.se == pytest.approx(theirs.overall_se, rel=0.01)
    assert ours.by_time.relative.tolist() == events.event_time.tolist()
    assert ours.by_time.estimate.to_numpy() == pytest.approx(events.att, rel=1e-6, abs=1e-9)
    # One cohort alone three waves before and two after its start: no sizes play a part.
    for at in (0, len(events.se) - 1):
        assert ours.by_time.se[at] == pytest.approx(events.se[at], rel=1e-6)


def test_one_start_and_two_waves_are_the_plain_difference_in_differences():
    design, y, time, first = drawn(np.random.default_rng(3))
    kept = np.isin(time, (101, 102)) & np.isin(first, (0, 102))
    design = SurveyDesign(design.weights[kept], design.stratum[kept], design.psu[kept])
    ours = staggered_survey(design, y[kept], time[kept], first[kept], "share")
    place = np.where(first[kept] == 0, "there", "here")
    known = difference_in_differences(
        design, y[kept], time[kept], place, 101, 102, ["here"], "there", "share"
    ).iloc[0]
    for name, other in (("estimate", "did"), ("se", "did_se"), ("df", "df"), ("lower", "did_lower")):
        assert ours.overall[name] == pytest.approx(known[other], rel=1e-9)
    assert ours.pre is None


def test_a_drift_before_the_start_is_found_and_no_drift_seldom():
    def p_values(drift):
        for seed in range(25):
            design, y, time, first = drawn(np.random.default_rng(seed))
            late = (first == 102) & (time == 101)
            rng = np.random.default_rng(seed + 1000)
            lifted = np.where(late & (rng.random(len(y)) < drift), 1.0, y)
            yield staggered_survey(design, lifted, time, first, "share").pre[3]

    assert np.mean([p < 0.05 for p in p_values(0.0)]) < 0.2
    assert np.mean([p < 0.05 for p in p_values(0.4)]) > 0.8


def test_what_cannot_be_carried_is_refused():
    design, y, time, first = drawn(np.random.default_rng(1), clinics=3)
    found = staggered_survey(design, y, time, first, "share")
    assert found.note == "few_clusters"
    assert np.isfinite(found.overall.estimate)
    assert np.isnan([found.overall.se, found.overall.lower, found.overall.p]).all()
    with pytest.raises(DataError, match="comparison area"):
        staggered_survey(design, y, time, np.where(first == 0, 101, first), "share")
    with pytest.raises(DataError, match="comparison area"):
        staggered_survey(design, y, time, np.where(first > 0, 200, 0), "share")
