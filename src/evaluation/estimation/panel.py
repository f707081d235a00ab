"""Difference-in-differences on areas or persons by least squares: the estimates that papers print, with
clustered errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from evaluation.errors import DataError
from evaluation.estimation.labels import label_codes


@dataclass(frozen=True, eq=False)
class LeastSquares:
    """Coefficients (p) with `se`, `df` and two-sided `p`."""

    coefficients: np.ndarray
    se: np.ndarray
    df: int
    p: np.ndarray


def least_squares(y, x, clusters=None, absorbed: int = 0) -> LeastSquares:
    """`y` (n) on `x` (n x p). Without `clusters` the classical errors on n - p - absorbed df; with them CR1:
    G / (G - 1) (n - 1) / (n - p - absorbed) times the sandwich, on G - 1 df (Stata's and fixest's rule).
    `absorbed`: columns of fixed effects already swept out that clusters do not hold. Too few clusters make
    CR1 too small: see `cr2`, `areas`."""
    y, x = np.asarray(y, dtype=float), np.asarray(x, dtype=float)
    n, p = x.shape
    if np.linalg.matrix_rank(x) < p:
        raise DataError("estimation.collinear")
    bread = np.linalg.inv(x.T @ x)
    beta = bread @ (x.T @ y)
    residual = y - x @ beta
    free = n - p - absorbed
    if clusters is None:
        v, df = bread * (residual @ residual) / free, free
    else:
        codes, known = label_codes(clusters)
        scores = np.zeros((len(known), p))
        np.add.at(scores, codes, x * residual[:, None])
        g = len(known)
        v, df = bread @ (scores.T @ scores) @ bread * g / (g - 1) * (n - 1) / free, g - 1
    se = np.sqrt(np.diag(v))
    return LeastSquares(beta, se, int(df), 2 * special.stdtr(df, -np.abs(beta / se)))


def two_way_fixed_effects(y, treated, unit, period) -> LeastSquares:
    """`y` (n) on `treated` (n; 1 when the unit is treated in that period) with effects of `unit` and
    `period`, errors clustered by unit. Period effects count in the small-sample factor, unit effects do not
    (they nest in the clusters)."""
    y, treated = np.asarray(y, dtype=float), np.asarray(treated, dtype=float)
    codes = [label_codes(unit)[0], label_codes(period)[0]]
    swept = np.column_stack([y, treated])
    for _ in range(10_000):
        before = swept
        for code in codes:
            count = np.bincount(code)
            means = np.column_stack([np.bincount(code, column) / count for column in swept.T])
            swept = swept - means[code]
        if np.abs(swept - before).max() < 1e-13 * max(1.0, np.abs(swept).max()):
            break
    return least_squares(swept[:, 0], swept[:, 1:], unit, absorbed=int(codes[1].max()) + 1)
