"""Scores of one respondent from answer codes.

Each function takes `answers`, a DataFrame with one column of answer codes (str; "" = not asked or no answer)
per item, and
returns an array (n) of floats with NaN for "does not count".

Missing answers, one rule: a respondent who answered none of a score's items is left out (NaN); one who
answered some but skipped an item did not show that he knows it, so a skipped knowledge item counts as not
correct, just as "don't know" does. The rule can only lower a share; the response table shows how many
skipped.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaluation.errors import DataError

DONT_KNOW = "dont_know"


def all_correct(answers: pd.DataFrame, keys: dict[str, str]) -> np.ndarray:
    """1 when every item of `keys` (item -> right code) is answered right, else 0.

    answers: a row per respondent, a column per item; result (n) of 0, 1, NaN: a share when averaged.
    """
    right, seen = _right(answers, keys)
    return np.where(seen, right.all(axis=1), np.nan)


def percent_correct(answers: pd.DataFrame, keys: dict[str, str]) -> np.ndarray:
    """100 x right answers / items (0-100): the index over all knowledge items, or a section's over its
    own.

    answers: a row per respondent; result (n), points.
    """
    right, seen = _right(answers, keys)
    return np.where(seen, 100 * right.mean(axis=1), np.nan)


def correct(answers: pd.DataFrame, item: str, key: str) -> np.ndarray:
    """1 right, 0 wrong or "don't know", NaN no answer: one item.

    answers: a row per respondent; result (n), a share when averaged.
    """
    return equals(answers, item, {key})


def dont_know_share(answers: pd.DataFrame, items) -> np.ndarray:
    """Share (0-1) of the answered items of `items` that were answered "don't know".

    answers: a row per respondent; result (n).
    """
    codes = _codes(answers, items)
    answered = (codes != "").sum(axis=1)
    unknown = (codes == DONT_KNOW).sum(axis=1)
    return np.where(answered > 0, unknown / np.maximum(answered, 1), np.nan)


def signals(answers: pd.DataFrame, true_items, foil_items, ticked: str = "yes") -> np.ndarray:
    """1 when at least two of the true signals and at most one foil are ticked; NaN when none of the items
    has an answer.

    answers: a row per respondent; result (n), a share when averaged.
    """
    true, foil = _codes(answers, true_items), _codes(answers, foil_items)
    seen = (true != "").any(axis=1) | (foil != "").any(axis=1)
    score = ((true == ticked).sum(axis=1) >= 2) & ((foil == ticked).sum(axis=1) <= 1)
    return np.where(seen, score, np.nan)


def equals(answers: pd.DataFrame, item: str, codes) -> np.ndarray:
    """1 when the answer is one of `codes`, 0 when it is another, NaN when there is none.

    answers: a row per respondent; result (n), a share when averaged.
    """
    given = _codes(answers, [item])[:, 0]
    return np.where(given != "", np.isin(given, list(codes)), np.nan)


def corrected_recognition(recognised: np.ndarray, foil: np.ndarray) -> np.ndarray:
    """recognised - foil per respondent (-1, 0 or 1; NaN when either is missing).

    Its mean is the share that recognises the leaflet less the share that "recognises" an invented one, and
    its variance that of the difference within the same people: estimate it with kind "difference".

    recognised, foil: arrays (n) of 0, 1, NaN; in units of a share.
    """
    return np.asarray(recognised, dtype=float) - np.asarray(foil, dtype=float)


def _right(answers: pd.DataFrame, keys: dict[str, str]) -> tuple[np.ndarray, np.ndarray]:
    codes = _codes(answers, keys)
    return codes == np.array(list(keys.values()), dtype=object), (codes != "").any(axis=1)


def _codes(answers: pd.DataFrame, items) -> np.ndarray:
    for item in items:
        if item not in answers.columns:
            raise DataError("estimation.item_missing", item=item)
    return answers[list(items)].astype(object).fillna("").to_numpy(dtype=object)
