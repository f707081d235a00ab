"""The linearised variance against loops over the formula, and its properties."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.errors import DataError
from evaluation.estimation import SurveyDesign, rake
from evaluation.estimation.design import split_by_wave
from evaluation.estimation.linear import covariance, domain_means, domain_totals, variance


@st.composite
def surveys(draw):
    """A random survey: (weights, strata, clusters, y with gaps, domain codes, number of domains)."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, strata = draw(st.integers(8, 60)), draw(st.integers(1, 4))
    stratum = rng.integers(0, strata, n)
    clusters = stratum * 10 + rng.integers(0, draw(st.integers(1, 6)), n)
    if draw(st.booleans()):
        clusters = np.arange(n)
    y = rng.normal(5, 2, n)
    y[rng.random(n) < 0.1] = np.nan
    size = draw(st.integers(1, 4))
    return rng.uniform(0.2, 3, n), stratum, clusters, y, rng.integers(-1, size, n), size


def by_hand(weights, strata, clusters, y, domain, size):
    """The with-replacement Taylor covariance of domain means, in loops straight from the formula."""
    labels = sorted(set(zip(strata, clusters, strict=True)))
    totals = {label: np.zeros(size) for label in labels}
    for d in range(size):
        rows = [i for i in range(len(y)) if domain[i] == d and not np.isnan(y[i])]
        if not rows:
            continue
        base = sum(weights[i] for i in rows)
        mean = sum(weights[i] * y[i] for i in rows) / base
        for i in rows:
            totals[(strata[i], clusters[i])][d] += weights[i] * (y[i] - mean) / base
    grand = sum(totals.values()) / len(labels)
    result = np.zeros((size, size))
    for h in sorted(set(strata)):
        inside = [totals[label] for label in labels if label[0] == h]
        centre = grand if len(inside) == 1 else sum(inside) / len(inside)
        factor = 1.0 if len(inside) == 1 else len(inside) / (len(inside) - 1)
        for t in inside:
            result += factor * np.outer(t - centre, t - centre)
    return result


@given(surveys())
@settings(max_examples=60, deadline=None)
def test_covariance_is_the_formula(survey):
    weights, strata, clusters, y, domain, size = survey
    design = SurveyDesign(weights, strata, clusters)
    found = domain_means(design, y, domain, size)
    expected = by_hand(*survey)
    assert covariance(design, found.influence) == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert variance(design, found.influence) == pytest.approx(np.diag(expected), rel=1e-9, abs=1e-12)


@given(surveys(), st.floats(1e-3, 1e3), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_scale_of_weights_and_order_of_rows_do_not_matter(survey, factor, random):
    weights, strata, clusters, y, domain, size = survey
    order = list(range(len(y)))
    random.shuffle(order)
    one = SurveyDesign(weights, strata, clusters)
    two = SurveyDesign(factor * weights[order], strata[order], clusters[order])
    a, b = domain_means(one, y, domain, size), domain_means(two, y[order], domain[order], size)
    assert a.estimate == pytest.approx(b.estimate, nan_ok=True)
    assert variance(one, a.influence) == pytest.approx(variance(two, b.influence), abs=1e-12)
    assert (a.df == b.df).all()


@given(surveys())
@settings(max_examples=30, deadline=None)
def test_domain_totals_add_up_to_the_total(survey):
    weights, strata, clusters, y, domain, size = survey
    design = SurveyDesign(weights, strata, clusters)
    parts = domain_totals(design, y, domain, size)
    whole = domain_totals(design, np.where(domain >= 0, y, np.nan))
    assert parts.estimate.sum() == pytest.approx(whole.estimate[0])
    v = covariance(design, parts.influence)
    assert v.sum() == pytest.approx(variance(design, whole.influence)[0], rel=1e-9, abs=1e-9)


@given(surveys())
@settings(max_examples=30, deadline=None)
def test_an_outcome_that_the_margins_fix_has_no_variance_left(survey):
    weights, strata, clusters, _, domain, _ = survey
    present = np.unique(domain[domain >= 0])
    codes = np.searchsorted(present, domain)
    codes[domain < 0] = len(present)
    design = rake(SurveyDesign(weights, strata, clusters), [(codes, np.arange(1.0, codes.max() + 2))])
    found = domain_means(design, (codes == 0).astype(float))
    k = codes.max() + 1
    assert found.estimate[0] == pytest.approx(1 / (k * (k + 1) / 2))
    assert variance(design, found.influence)[0] == pytest.approx(0, abs=1e-20)


def test_without_weights_clusters_and_strata_it_is_the_textbook():
    y = np.array([3.0, 5, 4, 9, 1, 2])
    design = SurveyDesign(np.ones(6))
    found = domain_means(design, y)
    assert variance(design, found.influence)[0] == pytest.approx(y.var(ddof=1) / 6)
    assert design.df == 5


def test_waves_drawn_apart_are_independent_samples_and_shared_clinics_are_not():
    wave = np.array(["a"] * 5 + ["b"] * 4)
    y = np.array([1.0, 0, 0, 1, 1, 0, 0, 1, 0])
    apart = split_by_wave(SurveyDesign(np.ones(9)), wave)
    found = domain_means(apart, y, (wave == "b").astype(int), 2)
    v = covariance(apart, found.influence)
    assert v == pytest.approx(np.diag([y[:5].var(ddof=1) / 5, y[5:].var(ddof=1) / 4]))
    assert apart.df == 7
    shared = SurveyDesign(np.ones(9), None, np.array([1, 1, 2, 2, 3, 1, 1, 2, 3]))
    assert split_by_wave(shared, wave) is shared


def test_a_single_cluster_in_a_stratum_is_centred_at_the_grand_mean():
    # Clusters' totals of the influence: stratum 1 has (-1/3), (1/6); stratum 2 has (1/6) alone; grand mean 0.
    design = SurveyDesign(np.ones(3), [1, 1, 2], [1, 2, 3])
    found = domain_means(design, [1.0, 2.5, 2.5])
    assert found.influence.toarray().ravel() == pytest.approx([-1 / 3, 1 / 6, 1 / 6])
    within = 2 * ((-1 / 3 + 1 / 12) ** 2 + (1 / 6 + 1 / 12) ** 2)
    assert variance(design, found.influence)[0] == pytest.approx(within + 1 / 36)


def test_a_row_without_a_clinic_is_its_own_cluster():
    design = SurveyDesign(np.ones(5), None, ["c1", "", "c1", "", None])
    assert len(design.psu_stratum) == 4


@pytest.mark.parametrize("weight", [0.0, -1.0, np.nan, np.inf])
def test_a_weight_that_cannot_be_is_refused(weight):
    with pytest.raises(DataError, match="2"):
        SurveyDesign([1.0, weight, 2.0])


def test_a_cluster_in_two_strata_is_refused():
    with pytest.raises(DataError) as error:
        SurveyDesign(np.ones(3), ["x", "y", "y"], [1, 1, 2])
    assert error.value.key == "estimation.cluster_in_two_strata"


def test_a_population_smaller_than_its_sample_is_refused():
    with pytest.raises(DataError) as error:
        SurveyDesign(np.ones(4), [1, 1, 2, 2], None, [2, 2, 1, 1])
    assert error.value.key == "estimation.fpc_invalid"
