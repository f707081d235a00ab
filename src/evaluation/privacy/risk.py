"""How easily rows could be told apart: classes, l-diversity, individual risk, and special uniques (SUDA2).

Counts and risks only; no value of a row leaves this module.
"""

from collections.abc import Sequence
from itertools import combinations
from math import factorial

import numpy as np
import pandas as pd

from evaluation.privacy.ladder import class_sizes

# Subsets of more columns than this are too many to go through.
MOST_KEYS = 10


def individual_risk(fk: np.ndarray, Fk: np.ndarray) -> np.ndarray:
    """(n) the risk (0-1) that a row is told to be a given person, by how many rows of the sample (fk) and
    people of the population (Fk, the sum of their weights) are like it.

    Benedetti and Franconi (1998), with the closed forms for fk of 1 and 2 and the approximation
    p / (fk - (1 - p)) above, p = fk / Fk; 1 / fk where the sample is the population.
    """
    fk, Fk = np.asarray(fk, dtype=float), np.maximum(np.asarray(Fk, dtype=float), fk)
    p = fk / Fk
    whole = p >= 1
    odds = np.divide(p, 1 - p, out=np.zeros_like(p), where=~whole)
    log = -np.log(p)
    risk = p / (fk - (1 - p))
    risk = np.where(fk == 1, odds * log, risk)
    risk = np.where(fk == 2, odds - odds**2 * log, risk)
    return np.where(whole, 1 / fk, risk)


def suda(frame: pd.DataFrame, key: Sequence[str]) -> np.ndarray:
    """(n) SUDA2 score: the sum of (K - m)! over a row's minimal sample uniques, sets of m of the K columns of
    `key` by which it is alone and by no fewer of them (Elliot, Manning and Ford 2002). 0: none.

    Raises ValueError for more than ten columns.
    """
    if len(key) > MOST_KEYS:
        raise ValueError(f"at most {MOST_KEYS} columns")
    score = np.zeros(len(frame), dtype=np.int64)
    minimal: dict[tuple[str, ...], np.ndarray] = {}
    for m in range(1, len(key) + 1):
        for chosen in combinations(key, m):
            alone = class_sizes(frame, chosen) == 1
            for smaller, rows in minimal.items():
                if set(smaller) < set(chosen):
                    alone &= ~rows
            if alone.any():
                minimal[chosen] = alone
                score += alone * factorial(len(key) - m)
    return score


def diversity(frame: pd.DataFrame, key: Sequence[str], sensitive: str) -> np.ndarray:
    """(n) how many different answers to `sensitive` the rows of a row's class gave (distinct l-diversity of
    Machanavajjhala et al. 2007); an answer not given is one of them."""
    codes = class_numbers(frame, key)
    pairs = pd.DataFrame({"class": codes, "answer": frame[sensitive].to_numpy()}).drop_duplicates()
    return np.bincount(pairs["class"].to_numpy(), minlength=codes.max(initial=-1) + 1)[codes]


def class_numbers(frame: pd.DataFrame, key: Sequence[str]) -> np.ndarray:
    """(n) the number of every row's class."""
    return frame.groupby(list(key), sort=False, dropna=False).ngroup().to_numpy()


def report(
    frame: pd.DataFrame, key: Sequence[str], k: int, weights: np.ndarray, sensitive: Sequence[str] = ()
) -> dict[str, float]:
    """The risk of a table: rows, classes, k (the smallest class), uniques, rows in classes under `k`; the
    expected number of rows told to be somebody and the largest individual risk (0-1); special uniques and
    the largest SUDA2 score; per column of `sensitive` the smallest l ("l_<column>").

    weights (n): how many people of the population a row stands for.
    """
    if not len(frame):
        return {}
    sizes = class_sizes(frame, key)
    numbers = class_numbers(frame, key)
    risk = individual_risk(sizes, np.bincount(numbers, weights)[numbers])
    score = suda(frame, key)
    return {
        "rows": len(frame),
        "classes": int(numbers.max()) + 1,
        "k": int(sizes.min()),
        "uniques": int((sizes == 1).sum()),
        "under_k": int((sizes < k).sum()),
        "expected_reidentified": round(float(risk.sum()), 4),
        "largest_risk": round(float(risk.max()), 6),
        "special_uniques": int((score > 0).sum()),
        "largest_suda": int(score.max()),
        **{f"l_{name}": int(diversity(frame, key, name).min()) for name in sensitive},
    }
