"""CR2 with Satterthwaite degrees of freedom: R's clubSandwich, the general method, and its defining
properties."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.estimation import SurveyDesign, change_by_region
from evaluation.estimation.cr2 import cr2
from evaluation.estimation.few import cluster_cells, contrast_variance
from evaluation.estimation.linear import domain_means


def test_clubsandwich_on_apiclus1(api):
    data, _ = api["apiclus1"]
    x = np.column_stack([np.ones(len(data)), data.ell, data.meals])
    found = cr2(data.api00, x, data.dnum)
    assert found.se[1] == pytest.approx(0.3390027, rel=1e-6)
    assert found.df[1] == pytest.approx(7.32727, rel=1e-6)


@st.composite
def two_waves(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(30, 80))
    clinic = rng.integers(0, draw(st.integers(3, 8)), n)
    wave = rng.integers(0, 2, n)
    return rng, clinic, wave, rng.normal(50, 20, n)


@given(two_waves())
@settings(max_examples=40, deadline=None)
def test_change_is_the_model_on_two_waves(survey):
    _, clinic, wave, y = survey
    if min(len(np.unique(clinic[wave == t])) for t in (0, 1)) < 2:
        return
    general = cr2(y, np.column_stack([np.ones(len(y)), wave]), clinic)
    design = SurveyDesign(np.ones(len(y)), None, clinic)
    found = change_by_region(design, y.clip(0, 100), wave, np.full(len(y), "N"), 0, 1, ["N"], "points")
    general = cr2(y.clip(0, 100), np.column_stack([np.ones(len(y)), wave]), clinic)
    assert found.change[0] == pytest.approx(general.coefficients[1])
    assert found.change_se[0] == pytest.approx(general.se[1])
    # The working variance is taken per wave here and common there; they agree when both waves vary alike.
    means = domain_means(design, y, wave, 2)
    object.__setattr__(means, "spread", np.ones(2))
    cells = cluster_cells(design, y, wave, means, np.arange(2))
    _, _, df, _ = contrast_variance(cells, [(np.array([0]), -1.0), (np.array([1]), 1.0)])
    assert df[0] == pytest.approx(general.df[1])


@given(two_waves())
@settings(max_examples=30, deadline=None)
def test_degrees_of_freedom_from_the_whole_matrix_with_weights_and_strata(survey):
    rng, clinic, wave, y = survey
    w = rng.uniform(0.3, 3, len(y))
    stratum = clinic % 2
    design = SurveyDesign(w, stratum, clinic)
    means = domain_means(design, y, wave, 2)
    cells = cluster_cells(design, y, wave, means, np.arange(2))
    score, value, df, _ = contrast_variance(cells, [(np.array([0]), -1.0), (np.array([1]), 1.0)])
    labels = list(dict.fromkeys(clinic))
    # The scores as a matrix L on the rows' values: score = L y; under the working model their covariance is
    # L S L'.
    rows = np.zeros((len(labels), len(y)))
    for t, c in ((0, -1.0), (1, 1.0)):
        for h in (0, 1):
            cell = (wave == t) & (stratum == h)
            for k, label in enumerate(labels):
                own = cell & (clinic == label)
                if not own.any():
                    continue
                share, q = w[own].sum() / w[cell].sum(), (w[own] ** 2).sum()
                lone = share > 1 - 1e-12
                centred = w * own - (0 if lone else share * w * cell)
                a = 1.0 if lone else np.sqrt(q / (q * (1 - 2 * share) + share**2 * (w[cell] ** 2).sum()))
                rows[k] += c * a * centred / w[wave == t].sum()
    if any(len(np.unique(clinic[(wave == t) & (stratum == h)])) == 1 for t in (0, 1) for h in (0, 1)):
        return
    assert score[:, 0] == pytest.approx(rows @ y, abs=1e-10)
    omega = (rows * means.spread[wave]) @ rows.T
    assert df[0] == pytest.approx(np.trace(omega) ** 2 / (omega**2).sum())
    # Unbiased when respondents are independent: the expectation is the true variance of the stratified means.
    truth = sum(means.spread[t] * (w[(wave == t)] ** 2).sum() / w[wave == t].sum() ** 2 for t in (0, 1))
    assert np.trace(omega) == pytest.approx(truth)
    assert value[0] == pytest.approx((score**2).sum())


def test_a_cluster_alone_in_its_stratum_is_not_centred_away():
    design = SurveyDesign(np.ones(8), [1, 1, 1, 1, 2, 2, 2, 2], [1, 1, 2, 2, 3, 3, 3, 3])
    y = np.array([10.0, 20, 30, 40, 80, 90, 85, 95])
    means = domain_means(design, y)
    cells = cluster_cells(design, y, np.zeros(8, dtype=int), means, np.array([0]))
    assert cells.score[2, 0] == pytest.approx(means.influence[2, 0])
    assert abs(cells.score[2, 0]) > 10
