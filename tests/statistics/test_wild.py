"""The wild cluster bootstrap against enumeration by brute force, hand work and diff-diff."""

from itertools import product

import numpy as np
import pytest

from evaluation.errors import DataError
from evaluation.estimation.wild import wild_bootstrap


def brute_force(y, x, clusters, column, null=0.0):
    """Every combination of signs, each with its own regression on rows: the definition, step by step."""
    others = np.delete(np.arange(x.shape[1]), column)
    restricted = np.linalg.lstsq(x[:, others], y - null * x[:, column], rcond=None)[0]
    fitted = x[:, others] @ restricted + null * x[:, column]
    labels = np.unique(clusters)

    def t(values):
        beta = np.linalg.lstsq(x, values, rcond=None)[0]
        left = values - x @ beta
        bread = np.linalg.inv(x.T @ x)
        scores = np.array([x[clusters == g].T @ left[clusters == g] for g in labels])
        return (beta[column] - null) / np.sqrt((bread @ scores.T @ scores @ bread)[column, column])

    real = abs(t(y))
    far = []
    for signs in product((1, -1), repeat=len(labels)):
        sign = np.array(signs)[np.searchsorted(labels, clusters)]
        far.append(abs(t(fitted + sign * (y - fitted))) >= real - 1e-9)
    return np.mean(far)


@pytest.fixture(scope="module")
def panel():
    rng = np.random.default_rng(3)
    clusters = np.repeat(np.arange(8), 12)
    treated, after = (clusters < 4).astype(float), np.tile([0.0, 1.0], 48)
    x = np.column_stack([np.ones(96), treated, after, treated * after])
    return rng.normal(0, 1, 96) + rng.normal(0, 0.4, 8)[clusters] + 0.9 * x[:, 3], x, clusters


def test_three_clusters_by_hand():
    # Means 1, 2, 3 against zero: only all signs alike are as far as 2 / (1 / sqrt 3), 2 of 8 combinations.
    found = wild_bootstrap([1.0, 2, 3], np.ones((3, 1)), [0, 1, 2], 0, kind="rademacher", interval=False)
    assert found.p == 0.25
    assert found.estimate == pytest.approx(2.0)
    assert found.statistic == pytest.approx(2 * np.sqrt(3))
    assert found.method == "wild_rademacher_all"


def test_all_signs_are_those_of_brute_force(panel):
    y, x, clusters = panel
    for column in (1, 3):
        found = wild_bootstrap(y, x, clusters, column, kind="rademacher", interval=False)
        assert found.draws == 256
        assert found.p == brute_force(y, x, clusters, column)


def test_the_interval_holds_what_is_not_rejected(panel):
    y, x, clusters = panel
    found = wild_bootstrap(y, x, clusters, 3, kind="rademacher")
    width = found.upper - found.lower
    for end, side in ((found.lower, -1), (found.upper, 1)):
        assert brute_force(y, x, clusters, 3, end + side * 0.01 * width) < 0.05
        assert brute_force(y, x, clusters, 3, end - side * 0.01 * width) >= 0.05


def test_random_signs_agree_with_diff_diff():
    from diff_diff.utils import wild_bootstrap_se

    rng = np.random.default_rng(11)
    clusters = np.repeat(np.arange(20), 10)
    x = np.column_stack([np.ones(200), np.repeat(rng.integers(0, 2, 20), 10), rng.normal(size=200)])
    y = rng.normal(size=200) + rng.normal(size=20)[clusters] + 0.5 * x[:, 1]
    own = wild_bootstrap(y, x, clusters, 1, draws=9999, interval=False)
    residuals = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    other = wild_bootstrap_se(x, y, residuals, clusters, 1, n_bootstrap=9999, seed=1)
    assert own.method == "wild_rademacher"
    assert own.statistic == pytest.approx(other.t_stat_original, rel=1e-6)
    assert own.p == pytest.approx(other.p_value, abs=0.015)


def test_webb_serves_when_clusters_are_few(panel):
    y, x, clusters = panel
    found = wild_bootstrap(y, x, clusters, 3, draws=999)
    assert found.method == "wild_webb"
    assert found.draws == 999
    assert found == wild_bootstrap(y, x, clusters, 3, draws=999)
    assert (found.lower > 0) == (found.p < 0.05)


def test_weights_of_two_are_rows_twice(panel):
    y, x, clusters = panel
    weight = np.where(np.arange(96) % 3 == 0, 2, 1)
    weighted = wild_bootstrap(y, x, clusters, 3, weight, kind="rademacher", interval=False)
    again = np.repeat(np.arange(96), weight)
    twice = wild_bootstrap(y[again], x[again], clusters[again], 3, kind="rademacher", interval=False)
    assert weighted.estimate == pytest.approx(twice.estimate)
    assert weighted.p == twice.p


def test_no_null_effect_is_rejected_about_one_time_in_twenty():
    rng = np.random.default_rng(5)
    clusters = np.repeat(np.arange(10), 8)
    x = np.column_stack([np.ones(80), (clusters < 5).astype(float)])
    rejected = [
        wild_bootstrap(
            rng.normal(size=80) + rng.normal(size=10)[clusters],
            x,
            clusters,
            1,
            draws=399,
            seed=i,
            interval=False,
        ).p
        < 0.05
        for i in range(600)
    ]
    assert 0.03 < np.mean(rejected) < 0.075


def test_what_cannot_be_tested():
    with pytest.raises(DataError, match="same"):
        wild_bootstrap([1.0, 2, 3], np.ones((3, 2)), [0, 1, 2], 0)
    with pytest.raises(DataError, match="mammen"):
        wild_bootstrap([1.0, 2, 3], np.ones((3, 1)), [0, 1, 2], 0, kind="mammen")
    assert np.isnan(wild_bootstrap([1.0, 2, 3], np.ones((3, 1)), [0, 0, 0], 0).p)
