"""Reliability, ordered answers, sensitivity and missing answers."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from evaluation.estimation.missing import combine, hot_deck, response_table
from evaluation.estimation.ordinal import proportional_odds
from evaluation.estimation.reliability import alpha, item_table, omega
from evaluation.estimation.sensitivity import breakdown, e_value, trend_bounds

DATA = Path(__file__).parent / "data"


def test_alpha_of_lavaans_holzinger_swineford():
    assert alpha(pd.read_csv(DATA / "holzinger.csv")) == pytest.approx(0.7604886, rel=1e-6)


def test_omega_of_a_known_factor_and_alpha_below_it():
    # Rows whose covariance is exactly that of one factor with loadings .9 .7 .5 .3 and unit variances.
    loading = np.array([0.9, 0.7, 0.5, 0.3])
    target = np.outer(loading, loading) + np.diag(1 - loading**2)
    raw = np.random.default_rng(1).normal(size=(200, 4))
    raw -= raw.mean(axis=0)
    white = raw @ np.linalg.inv(np.linalg.cholesky(np.cov(raw, rowvar=False)).T)
    scores = white @ np.linalg.cholesky(target).T
    assert omega(scores) == pytest.approx(2.4**2 / (2.4**2 + (1 - loading**2).sum()), rel=1e-6)
    assert alpha(scores) < omega(scores)


def test_items_without_variance_or_too_few_have_no_reliability():
    assert np.isnan(alpha(np.ones((5, 3))))
    assert np.isnan(alpha(np.ones((5, 1))))
    assert np.isnan(omega(np.ones((5, 3))))


def test_item_table_by_hand():
    scores = pd.DataFrame({"K1": [1, 1, 0, 0, np.nan], "K2": [1, 0, 0, 1, 1], "K3": [1, 1, 0, 0, 0]})
    table = item_table(scores)
    assert table.n.tolist() == [4, 5, 5]
    assert table.difficulty.tolist() == pytest.approx([0.5, 0.6, 0.4])
    # K1 1 1 0 0 against the sum of the others 2 1 0 1.
    assert table.item_rest[0] == pytest.approx(1 / np.sqrt(2))


def test_proportional_odds_of_rs_ordinal_on_wine():
    data = pd.read_csv(DATA / "wine.csv")
    x = np.column_stack([data.temp == "warm", data.contact == "yes"])
    found = proportional_odds(data.rating, x)
    # R's clm stops at a gradient of 1e-6.
    assert found.coefficients == pytest.approx([2.503102, 1.527798], rel=1e-6)
    assert (np.diff(found.thresholds) > 0).all()


def test_e_value_of_the_papers_example_both_ways():
    # VanderWeele and Ding 2017: a risk ratio of 3.9 gives 7.26.
    assert e_value(0.39, 0.10) == pytest.approx(7.26, abs=0.005)
    assert e_value(0.10, 0.39) == pytest.approx(e_value(0.39, 0.10))
    assert e_value(0.4, 0.4) == 1
    assert np.isnan(e_value(0.0, 0.4))


def test_trend_bounds_fall_at_the_breakdown():
    assert breakdown(0.02, 0.10, -0.01) == pytest.approx(2)
    assert trend_bounds(0.02, 0.10, -0.01, (2.0,)) == [(2.0, pytest.approx(0), pytest.approx(0.12))]
    assert breakdown(-0.01, 0.10, 0.01) == 0
    assert breakdown(-0.10, -0.03, 0.01) == pytest.approx(3)
    assert breakdown(0.02, 0.10, 0.0) == np.inf


def test_response_table():
    table = response_table([1.0, np.nan, 0, 1], {"wave": ["a", "a", "b", "b"]})
    assert table.to_dict("list") == {
        "wave": ["a", "b"],
        "rows": [2, 2],
        "answered": [1, 2],
        "share": [0.5, 1.0],
    }


def test_rubins_rules_by_hand():
    found = combine([1.0, 2.0, 3.0], [0.5, 0.5, 0.5])
    assert found["estimate"] == 2
    assert found["se"] == pytest.approx(np.sqrt(0.5 + 4 / 3))
    share = (4 / 3) / (0.5 + 4 / 3)
    assert found["missing_information"] == pytest.approx(share)
    assert found["df"] == pytest.approx(2 / share**2)
    assert combine([1.0, 2.0, 3.0], [0.5, 0.5, 0.5], df_complete=10)["df"] < 10
    alike = combine([1.0, 1.0], [0.5, 0.5], df_complete=30)
    assert alike["df"] == pytest.approx(31 / 33 * 30)


def test_hot_deck_keeps_to_its_cell_and_recovers_the_mean_of_answers_missing_by_cell():
    rng = np.random.default_rng(4)
    cell = rng.integers(0, 2, 6000)
    full = (rng.random(6000) < np.where(cell == 1, 0.8, 0.2)).astype(float)
    y = np.where(rng.random(6000) < np.where(cell == 1, 0.6, 0.1), np.nan, full)
    filled = np.mean([hot_deck(y, cell, rng).mean() for _ in range(20)])
    assert abs(np.nanmean(y) - full.mean()) > 0.05
    assert filled == pytest.approx(full.mean(), abs=0.015)
    assert np.isnan(hot_deck([np.nan, 1.0], ["a", "b"], rng)[0])
