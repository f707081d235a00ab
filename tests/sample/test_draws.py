"""The draws: shares as asked, whole numbers that add up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.sample.draws import allotted, between, generator, pick, spread


def test_shares_come_out_as_asked():
    counts = np.bincount(pick(generator(1, "x"), (0.2, 0.5, 0.3), 100_000))
    assert counts / 100_000 == pytest.approx([0.2, 0.5, 0.3], abs=0.006)


def test_each_row_has_its_own_shares():
    shares = np.array([[1.0, 0.0], [0.0, 1.0]] * 50)
    assert list(pick(generator(1, "x"), shares)) == [0, 1] * 50


def test_whole_numbers_include_both_ends():
    assert set(between(generator(1, "x"), 3, 5, 1000)) == {3, 4, 5}


def test_deviations_have_the_mean_and_spread_asked():
    values = spread(generator(1, "x"), 9, 0.06)
    assert values.mean() == pytest.approx(0, abs=1e-15)
    assert values.std(ddof=1) == pytest.approx(0.06)


@given(st.integers(0, 5000), st.lists(st.floats(0.01, 10), min_size=1, max_size=12))
def test_nothing_is_lost_in_dividing(total, shares):
    counts = allotted(total, np.array(shares))
    exact = total * np.array(shares) / np.sum(shares)
    assert counts.sum() == total
    assert np.all(np.abs(counts - exact) < 1 + 1e-9)


def test_parts_have_streams_of_their_own():
    assert generator(1, "a").random() != generator(1, "b").random()
    assert generator(1, "a").random() == generator(1, "a").random()
