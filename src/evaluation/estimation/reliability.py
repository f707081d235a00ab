"""How a set of items hangs together: described, never a gate (knowledge items form a formative set)."""

from __future__ import annotations

import numpy as np
import pandas as pd


def alpha(scores) -> float:
    """Cronbach's alpha of `scores` (n x k; rows with a gap left out): k / (k - 1) (1 - sum of variances /
    variance of the sum). NaN for fewer than two items or no variance. Source: Cronbach 1951, Psychometrika
    16:297.

    A number, at most 1; usually 0-1.
    """
    values = _complete(scores)
    k = values.shape[1]
    total = values.sum(axis=1).var(ddof=1) if len(values) > 1 else 0.0
    if k < 2 or not total > 0:
        return float("nan")
    return float(k / (k - 1) * (1 - values.var(axis=0, ddof=1).sum() / total))


def omega(scores, rounds: int = 2000) -> float:
    """McDonald's omega total of one factor: (sum of loadings)^2 / ((sum of loadings)^2 + sum of unique
    variances), loadings by iterated principal axes on the covariances. NaN for fewer than three items or no
    variance in one of them.
    Source: McDonald 1999, Test Theory, ch. 6.

    items: rows per respondent, a column per item (0/1 or points); result 0-1.
    """
    values = _complete(scores)
    if values.shape[1] < 3 or len(values) < 3:
        return float("nan")
    cov = np.cov(values, rowvar=False)
    spread = np.sqrt(np.diag(cov))
    if not (spread > 0).all():
        return float("nan")
    r = cov / np.outer(spread, spread)
    common = 1 - 1 / np.diag(np.linalg.pinv(r))
    for _ in range(rounds):
        reduced = r - np.diag(1 - common)
        roots, vectors = np.linalg.eigh(reduced)
        loading = vectors[:, -1] * np.sqrt(max(roots[-1], 0))
        before, common = common, np.minimum(loading**2, 1.0)
        if np.abs(common - before).max() < 1e-12:
            break
    top = (loading * spread).sum() ** 2
    return float(top / (top + ((1 - common) * spread**2).sum()))


def item_table(scores: pd.DataFrame, weights=None) -> pd.DataFrame:
    """One row per item of `scores` (n x k, 0/1 or points, NaN = no answer): item, n, difficulty (weighted
    mean: the share correct) and item_rest (correlation with the mean of the other items among those who
    answered all)."""
    w = np.ones(len(scores)) if weights is None else np.asarray(weights, dtype=float)
    complete = _complete(scores)
    rows = []
    for j, item in enumerate(scores.columns):
        x = scores[item].to_numpy(dtype=float)
        seen = ~np.isnan(x)
        rest = np.delete(complete, j, axis=1).sum(axis=1)
        varies = len(complete) > 2 and rest.std() > 0 and complete[:, j].std() > 0
        correlation = np.corrcoef(complete[:, j], rest)[0, 1] if varies else np.nan
        difficulty = np.average(x[seen], weights=w[seen]) if seen.any() else np.nan
        rows.append((item, int(seen.sum()), difficulty, correlation))
    return pd.DataFrame(rows, columns=["item", "n", "difficulty", "item_rest"])


def _complete(scores) -> np.ndarray:
    values = np.asarray(scores, dtype=float)
    return values[~np.isnan(values).any(axis=1)]
