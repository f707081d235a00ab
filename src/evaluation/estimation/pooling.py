"""Partial pooling of small regions' changes (Fay-Herriot), beside the direct estimates, never instead of
them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Pooled:
    """`between` variance (tau^2) between regions; `coefficients` (p) with `covariance`; per region (R) the
    pooled `estimate`, its root mean squared error `rmse`, and `weight`, the share of the direct estimate in
    it."""

    between: float
    coefficients: np.ndarray
    covariance: np.ndarray
    estimate: np.ndarray
    rmse: np.ndarray
    weight: np.ndarray


def fay_herriot(direct, variance, x=None) -> Pooled:
    """Direct estimates (R) with known sampling variances (R), region covariates `x` (R x p; None = one
    common mean).

    direct_r = x_r'b + u_r + e_r, u ~ (0, tau^2), e ~ (0, variance_r). tau^2 by REML (Fisher scoring, at least
    0), b by weighted least squares, estimate = w direct + (1 - w) x'b, w = tau^2 / (tau^2 + variance). rmse:
    root of g1 + g2 + 2 g3 (Prasad and Rao 1990; Datta and Lahiri 2000, Stat. Sinica 10:613). Regions with a
    NaN take no part and stay NaN.
    Source: Fay and Herriot 1979, JASA 74:269; without x the REML random-effects mean of R's metafor.
    """
    direct, variance = np.asarray(direct, dtype=float), np.asarray(variance, dtype=float)
    x = np.ones((len(direct), 1)) if x is None else np.asarray(x, dtype=float)
    kept = np.isfinite(direct) & np.isfinite(variance) & (variance > 0)
    y, v, xs = direct[kept], variance[kept], x[kept]
    tau2 = _reml(y, v, xs)
    w = 1 / (tau2 + v)
    cov = np.linalg.inv((xs.T * w) @ xs)
    b = cov @ (xs.T @ (w * y))
    share = tau2 * w
    g1 = share * v
    g2 = (1 - share) ** 2 * np.einsum("ij,jk,ik->i", xs, cov, xs)
    g3 = v**2 * w**3 * 2 / (w**2).sum()
    result = np.full((3, len(direct)), np.nan)
    result[:, kept] = share * y + (1 - share) * (xs @ b), np.sqrt(g1 + g2 + 2 * g3), share
    return Pooled(tau2, b, cov, *result)


def _reml(y: np.ndarray, v: np.ndarray, x: np.ndarray) -> float:
    if len(y) <= x.shape[1]:
        return 0.0
    tau2 = max(float(y.var(ddof=1) - v.mean()), 0.0)
    for _ in range(500):
        w = np.diag(1 / (tau2 + v))
        p = w - w @ x @ np.linalg.solve(x.T @ w @ x, x.T @ w)
        step = (y @ p @ p @ y - np.trace(p)) / np.trace(p @ p)
        new = tau2 + step
        while new < 0 and abs(step) > 1e-14:
            step /= 2
            new = tau2 + step
        new = max(new, 0.0)
        if abs(new - tau2) <= 1e-12 * max(new, v.min()):
            return new
        tau2 = new
    return tau2
