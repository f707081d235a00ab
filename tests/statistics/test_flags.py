"""Whatever the survey, every number is there or a note says why not."""

import warnings

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.estimation import (
    SurveyDesign,
    change_by_region,
    difference_in_differences,
    joint_test,
    levels,
)
from evaluation.estimation.trend import trend


@st.composite
def rough_surveys(draw):
    """Small surveys with all that goes wrong: empty cells, one clinic, nobody or everybody, gaps, wild
    weights."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(6, 80))
    region = rng.choice(["N", "S", "C"], n)
    region[:3] = ["N", "S", "C"]
    wave = rng.choice(["a", "b", "c"], n)
    wave[:3] = ["a", "b", "c"]
    clinics = draw(st.sampled_from([None, 1, 2, 3, 8]))
    clinic = None if clinics is None else np.char.add(region, rng.integers(0, clinics, n).astype(str))
    if clinic is not None and draw(st.booleans()):
        clinic = np.char.add(clinic, wave)
    y = (rng.random(n) < draw(st.sampled_from([0.0, 0.05, 0.4, 1.0]))).astype(float)
    y[rng.random(n) < draw(st.sampled_from([0.0, 0.3]))] = np.nan
    weights = np.exp(draw(st.sampled_from([0.0, 1.5])) * rng.standard_normal(n))
    strata = region if draw(st.booleans()) else None
    return SurveyDesign(weights, strata, clinic), y, wave, region


@given(rough_surveys(), st.sampled_from(["share", "points"]))
@settings(max_examples=150, deadline=None)
def test_never_a_gap_without_a_note(survey, kind):
    design, y, wave, region = survey
    y = y if kind == "share" else 100 * y
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        level = levels(design, y, {"wave": wave, "region": region}, kind)
        change = change_by_region(design, y, wave, region, "a", "b", ["N", "S"], kind)
        did = difference_in_differences(design, y, wave, region, "a", "b", ["N", "S"], "C", kind)
        slope = trend(design, y, wave, region, ["a", "b", "c"], ["N", "S"], kind)
        joint = joint_test(design, y, wave, region, "a", "b", ["N", "S", "C"], kind)
    for table, columns in (
        (level, ["estimate", "se", "lower", "upper", "n_effective"]),
        (change, ["change", "change_se", "change_lower", "change_upper", "df", "p", "smallest_detectable"]),
        (did, ["did", "did_se", "did_lower", "did_upper", "df", "p", "smallest_detectable"]),
        (slope, ["slope", "se", "lower", "upper", "df", "p"]),
    ):
        clear = table[table.note == ""]
        assert clear[columns].notna().to_numpy().all(), table
        assert (table.method[table.note == ""] != "none").all()
    assert ((level.lower <= level.estimate + 1e-9) | level.lower.isna()).all()
    assert ((level.upper >= level.estimate - 1e-9) | level.upper.isna()).all()
    if kind == "share":
        assert (level.lower.dropna() >= 0).all()
        assert (level.upper.dropna() <= 1).all()
        extreme = level.note.isin(["nobody", "everybody"])
        assert level.loc[extreme, ["lower", "upper"]].notna().all().all()
    assert np.isfinite(joint.p) or joint.note
