"""Fay-Herriot against metafor, its limits, and equivalence tests."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from evaluation.estimation.equivalence import equivalence
from evaluation.estimation.pooling import fay_herriot

DATA = Path(__file__).parent / "data"


def test_reml_of_metafor_on_the_bcg_trials():
    data = pd.read_csv(DATA / "bcg.csv")
    found = fay_herriot(data.yi, data.vi)
    assert found.between == pytest.approx(0.3132433, rel=1e-6)
    assert found.coefficients[0] == pytest.approx(-0.7145323, rel=1e-6)


def test_regions_are_drawn_to_the_mean_the_more_the_less_they_know():
    direct, variance = np.array([0.02, 0.10, 0.06, -0.04, np.nan]), np.array([1, 1, 16, 4, 1.0]) * 1e-4
    found = fay_herriot(direct, variance)
    mean = found.coefficients[0]
    assert found.weight[:4] == pytest.approx(found.between / (found.between + variance[:4]))
    assert found.estimate[:4] == pytest.approx(mean + found.weight[:4] * (direct[:4] - mean))
    assert (found.rmse[:4] < np.sqrt(variance[:4]) * 1.2).all()
    assert found.rmse[2] < np.sqrt(variance[2])
    assert np.isnan(found.estimate[4])


def test_regions_that_do_not_differ_get_the_common_mean():
    found = fay_herriot([0.05, 0.051, 0.049, 0.05], [4e-4] * 4)
    assert found.between == 0
    assert found.estimate == pytest.approx([0.05] * 4)


def test_covariates_take_up_what_they_explain():
    x = np.column_stack([np.ones(6), np.arange(6)])
    direct = 0.01 + 0.02 * np.arange(6)
    found = fay_herriot(direct, np.full(6, 1e-4), x)
    assert found.coefficients == pytest.approx([0.01, 0.02])
    assert found.between == 0


def test_equivalence_is_two_one_sided_t_tests():
    found = equivalence([0.01, 0.01, 0.04, np.nan], [0.015, 0.03, 0.015, 0.01], [20, 20, 20, 20], 0.05)
    p = [
        max(stats.t.sf((d + 0.05) / se, 20), stats.t.cdf((d - 0.05) / se, 20))
        for d, se in ((0.01, 0.015), (0.01, 0.03), (0.04, 0.015))
    ]
    assert found.p[:3].tolist() == pytest.approx(p)
    assert found.equivalent.tolist() == [True, False, False, False]
    inside = (found.lower > -0.05) & (found.upper < 0.05)
    assert inside.tolist() == found.equivalent.tolist()
