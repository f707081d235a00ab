"""Published difference-in-differences, by least squares and by permutation over areas."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from evaluation.errors import DataError
from evaluation.estimation import SurveyDesign, difference_in_differences
from evaluation.estimation.areas import permutation_test, unit_means
from evaluation.estimation.panel import least_squares, two_way_fixed_effects

DATA = Path(__file__).parent / "data"


def two_by_two(after, treated):
    after, treated = np.asarray(after, dtype=float), np.asarray(treated, dtype=float)
    return np.column_stack([np.ones(len(after)), after, treated, after * treated])


def test_kielmc():
    data = pd.read_csv(DATA / "kielmc.csv")
    found = least_squares(data.rprice, two_by_two(data.y81, data.nearinc))
    assert round(found.coefficients[3], 2) == -11863.90
    assert round(found.se[3], 2) == 7456.65


def test_injury_in_kentucky():
    data = pd.read_csv(DATA / "injury_ky.csv")
    found = least_squares(data.ldurat, two_by_two(data.afchnge, data.highearn))
    assert len(data) == 5626
    assert round(found.coefficients[3], 6) == 0.190601
    assert round(found.se[3], 6) == 0.068509
    # The survey's own estimator gives the same difference; its errors let the four groups vary differently.
    place = np.where(data.highearn == 1, "high", "low")
    scale = 10 * (data.ldurat - data.ldurat.min())
    survey = difference_in_differences(
        SurveyDesign(np.ones(len(data)), place), scale, data.afchnge, place, 0, 1, ["high"], "low", "points"
    )
    assert survey.did[0] / 10 == pytest.approx(found.coefficients[3])
    assert survey.did_se[0] / 10 == pytest.approx(found.se[3], rel=0.02)


def test_organ_donations_is_significant_by_the_formula_and_not_by_permutation():
    data = pd.read_csv(DATA / "organ_donations.csv")
    after = data.Quarter.isin(["Q32011", "Q42011", "Q12012"])
    california = data.State == "California"
    found = two_way_fixed_effects(data.Rate, after & california, data.State, data.Quarter)
    assert round(found.coefficients[0], 6) == -0.022459
    assert round(found.se[0], 6) == 0.006131
    assert found.p[0] < 0.01
    states, means = unit_means(data.Rate, np.ones(len(data)), data.State, after.astype(int))
    p, count = permutation_test(means[:, 1] - means[:, 0], states == "California")
    assert count == 27
    assert p == pytest.approx(5 / 27)


def test_columns_that_say_the_same_are_refused():
    with pytest.raises(DataError):
        least_squares(np.arange(5.0), np.ones((5, 2)))
