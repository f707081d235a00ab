"""Means, totals, shares, ratios, domains and calibrated estimates against R's survey package."""

import numpy as np
import pytest

from evaluation.estimation import intervals, levels
from evaluation.estimation.linear import covariance, domain_means, domain_ratios, domain_totals, variance

PLAIN = ["apistrat", "apistrat_nofpc", "apiclus1", "apiclus1_nofpc"]
CALIBRATED = [
    "apiclus1_poststrat",
    "apiclus1_nofpc_poststrat",
    "apiclus1_rake",
    "apiclus1_cal_raking",
    "apiclus1_cal_lin",
    "apiclus1_greg",
]


def close(value, reference):
    return np.asarray(value).ravel() == pytest.approx(np.ravel(reference), rel=1e-6)


@pytest.mark.parametrize("name", PLAIN)
def test_mean_with_interval_degrees_of_freedom_and_design_effect(name, api, expected):
    data, design = api[name]
    reference = expected[name]["mean_api00"]
    found = domain_means(design, data.api00)
    se = np.sqrt(variance(design, found.influence))
    assert close(found.estimate, reference["est"])
    assert close(se, reference["se"])
    assert design.df == found.df[0] == expected[name]["degf"]
    low, high = intervals.symmetric(found.estimate, se, design.df)
    assert close([low, high], [reference["lo"], reference["hi"]])
    # R's deff=TRUE compares with a sample without replacement from the sum of the weights.
    finite = 1 - design.size / design.weights.sum()
    assert close(se**2 / found.variance_srs / finite, expected[name]["mean_api00_deff"])


def _interval(found, se, design, name):
    """As make_expected.R asks for it: t on the degrees of freedom; calibrated designs have R's default, z."""
    return intervals.symmetric(found.estimate, se, design.df if name in PLAIN else np.inf)


def _ends(reference):
    return [reference["lo"], reference["hi"]]


@pytest.mark.parametrize("name", PLAIN + CALIBRATED)
def test_total(name, api, expected):
    data, design = api[name]
    found = domain_totals(design, data.enroll)
    assert close(found.estimate, expected[name]["total_enroll"]["est"])
    se = np.sqrt(variance(design, found.influence))
    assert close(se, expected[name]["total_enroll"]["se"])
    assert close(_interval(found, se, design, name), _ends(expected[name]["total_enroll"]))


@pytest.mark.parametrize("name", CALIBRATED)
def test_calibrated_mean_and_weights(name, api, expected):
    data, design = api[name]
    found = domain_means(design, data.api00)
    assert close(found.estimate, expected[name]["mean_api00"]["est"])
    se = np.sqrt(variance(design, found.influence))
    assert close(se, expected[name]["mean_api00"]["se"])
    assert close(_interval(found, se, design, name), _ends(expected[name]["mean_api00"]))
    if "w" in expected[name]:
        assert close(design.weights, expected[name]["w"])


@pytest.mark.parametrize("name", PLAIN)
def test_ratio(name, api, expected):
    data, design = api[name]
    found = domain_ratios(design, data["api.stu"], data.enroll)
    assert close(found.estimate, expected[name]["ratio"]["est"])
    assert close(np.sqrt(variance(design, found.influence)), expected[name]["ratio"]["se"])


@pytest.mark.parametrize("name", PLAIN)
def test_means_per_domain_and_their_difference(name, api, expected):
    data, design = api[name]
    codes = np.searchsorted(["E", "H", "M"], data.stype)
    found = domain_means(design, data.api00, codes, 3)
    assert close(found.estimate, expected[name]["by_stype"]["est"])
    assert close(np.sqrt(variance(design, found.influence)), expected[name]["by_stype"]["se"])
    wide = domain_means(design, data.api00, (data["sch.wide"] == "Yes").astype(int), 2)
    v = covariance(design, wide.influence)
    contrast = np.array([-1.0, 1.0])
    assert close(contrast @ wide.estimate, expected[name]["svyby_contrast"]["est"])
    assert close(np.sqrt(contrast @ v @ contrast), expected[name]["svyby_contrast"]["se"])


@pytest.mark.parametrize("name", PLAIN)
def test_share_and_its_intervals(name, api, expected):
    data, design = api[name]
    reference = expected[name]
    y = (data.awards == "Yes").astype(float)
    found = domain_means(design, y)
    p, se, n = found.estimate, np.sqrt(variance(design, found.influence)), design.size
    assert close(p, reference["prop_awards"]["est"])
    assert close(se, reference["prop_awards"]["se"])
    assert close(intervals.logit(p, se, design.df), reference["prop_awards"]["ci"])
    assert close(intervals.logit(p, se, design.df), reference["prop_awards_xlogit"])
    assert close(intervals.arcsine(p, se, design.df), reference["prop_awards_asin"])
    assert close(intervals.symmetric(p, se, design.df), reference["prop_awards_mean"])
    effective = intervals.effective_size(p, se, n)
    assert close(intervals.korn_graubard(p, effective, n, design.df), reference["prop_awards_beta"])


@pytest.mark.parametrize("name", ["apistrat", "apistrat_nofpc"])
def test_levels_gives_the_logit_interval(name, api, expected):
    data, design = api[name]
    table = levels(design, (data.awards == "Yes").astype(float), {}, "share")
    assert table.method[0] == "taylor_logit"
    assert close(table[["lower", "upper"]], expected[name]["prop_awards"]["ci"])


def test_published_numbers_of_the_method_page(api):
    data, design = api["apistrat"]
    table = levels(design, data.api00 / 10, {}, "points")
    assert 10 * table.estimate[0] == pytest.approx(662.287363, abs=5e-7)
    assert 10 * table.se[0] == pytest.approx(9.408941, abs=5e-7)
    data, design = api["apiclus1_greg"]
    found = domain_means(design, data.api00)
    se = np.sqrt(variance(design, found.influence)[0])
    assert (found.estimate[0], se) == pytest.approx((665.309071, 3.441753), abs=5e-7)
