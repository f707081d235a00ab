"""Scores from answer codes, with the rule for missing answers."""

import numpy as np
import pandas as pd
import pytest

from evaluation.errors import DataError
from evaluation.estimation import scores

ANSWERS = pd.DataFrame(
    {
        "K1": ["true", "true", "dont_know", "", "", "true"],
        "K2": ["false", "true", "false", "false", "", ""],
    }
)
KEYS = {"K1": "true", "K2": "false"}


def same(found, expected):
    np.testing.assert_array_equal(found, expected)


def test_all_correct_needs_every_item_and_a_skipped_item_is_not_correct():
    same(scores.all_correct(ANSWERS, KEYS), [1, 0, 0, 0, np.nan, 0])


def test_percent_correct_counts_dont_know_and_skipped_as_not_correct():
    same(scores.percent_correct(ANSWERS, KEYS), [100, 50, 50, 50, np.nan, 50])


def test_dont_know_is_a_share_of_what_was_answered():
    same(scores.dont_know_share(ANSWERS, KEYS), [0, 0, 0.5, 0, np.nan, 0])


def test_one_item():
    same(scores.correct(ANSWERS, "K1", "true"), [1, 1, 0, np.nan, np.nan, 1])


@pytest.mark.parametrize(
    ("ticks", "expected"),
    [
        (("yes", "yes", "no", "no", "no"), 1),
        (("yes", "yes", "yes", "yes", "no"), 1),
        (("yes", "yes", "yes", "yes", "yes"), 0),
        (("yes", "no", "no", "no", "no"), 0),
        (("", "", "", "", ""), np.nan),
    ],
)
def test_signals_need_two_of_three_and_at_most_one_foil(ticks, expected):
    frame = pd.DataFrame([ticks], columns=["S1", "S2", "S3", "S4", "S5"])
    same(scores.signals(frame, ["S1", "S2", "S3"], ["S4", "S5"]), [expected])


def test_corrected_recognition_is_the_difference_within_a_person():
    frame = pd.DataFrame(
        {"R3": ["yes", "no", "yes", "", "no"], "R3f": ["no", "yes", "yes", "no", "dont_know"]}
    )
    seen, foil = scores.equals(frame, "R3", {"yes"}), scores.equals(frame, "R3f", {"yes"})
    same(scores.corrected_recognition(seen, foil), [1, -1, 0, np.nan, 0])


def test_an_item_that_is_not_in_the_data_is_named():
    with pytest.raises(DataError, match="K9"):
        scores.all_correct(ANSWERS, {"K9": "true"})
