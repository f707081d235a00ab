"""Wild cluster bootstrap: a test and an interval for one coefficient when clusters are few.

The residuals of the model in which the null hypothesis holds are given a random sign (and size) per cluster,
and the t statistic with clustered errors is computed anew each time (WCR; Cameron, Gelbach and Miller 2008,
Rev. Econ. Stat. 90:414). It keeps its size with some ten clusters, but not when only a few of them are
treated (MacKinnon and Webb 2018, Econometrics J. 21:114): see `areas` for that.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy import optimize

from evaluation.errors import DataError
from evaluation.estimation.labels import label_codes

# Webb's six points (2023, Can. J. Econ. 56:839): with fewer clusters signs alone give too few values.
WEBB = np.sqrt([0.5, 1.0, 1.5])
FEW_FOR_SIGNS = 12


@dataclass(frozen=True)
class WildBootstrap:
    """`estimate` with its `statistic` (t, CR1), two-sided `p` of zero, 95 % interval `lower`-`upper` (NaN
    without interval), number of `draws`, `clusters`, and `method` "wild_rademacher" | "wild_webb", with
    "_all" when every combination of signs was gone through.

    Numbers, in the unit of the outcome per unit of the column; p 0-1.
    """

    estimate: float
    statistic: float
    p: float
    lower: float
    upper: float
    draws: int
    clusters: int
    method: str


def wild_bootstrap(
    y,
    x,
    clusters,
    column: int,
    weights=None,
    draws: int = 1999,
    seed: int = 0,
    kind: str | None = None,
    interval: bool = True,
) -> WildBootstrap:
    """Test that coefficient `column` of the weighted regression of `y` (n) on `x` (n x p, with its constant)
    is zero; `clusters` (n) labels, `weights` (n) positive or None.

    kind: "rademacher" (signs), "webb" (six points) or None: webb with fewer than 12 clusters. All 2^G signs
    are used when they are at most `draws` (then p is exact); otherwise p = (1 + draws at least as far) /
    (draws + 1). The interval holds the values that are not rejected at 5 % (test inversion), so that it
    leaves out zero exactly when p < 0.05. NaN p when the clusters are too few for a t statistic.
    """
    y, x = np.asarray(y, dtype=float), np.asarray(x, dtype=float)
    w = np.ones(len(y)) if weights is None else np.asarray(weights, dtype=float)
    if np.linalg.matrix_rank(x) < x.shape[1]:
        raise DataError("estimation.collinear")
    codes, known = label_codes(clusters)
    g = len(known)
    kind = kind or ("webb" if g < FEW_FOR_SIGNS else "rademacher")
    if kind not in ("rademacher", "webb"):
        raise DataError("estimation.unknown_kind", kind=kind, known="rademacher, webb")
    every = kind == "rademacher" and 2**g <= draws
    signs = _signs(g, kind, draws, seed, every)
    model = _Model(y, x, codes, g, column, w)
    statistic = model.statistic(0.0)
    p = model.p(0.0, signs, every)
    lower, upper = model.interval(signs, every) if interval and np.isfinite(p) else (np.nan, np.nan)
    name = f"wild_{kind}" + ("_all" if every else "")
    return WildBootstrap(model.estimate, statistic, p, lower, upper, len(signs), g, name)


def _signs(g: int, kind: str, draws: int, seed: int, every: bool) -> np.ndarray:
    if every:
        return np.array(list(product((1.0, -1.0), repeat=g)))
    points = np.array([-1.0, 1.0]) if kind == "rademacher" else np.concatenate([-WEBB, WEBB])
    return np.random.default_rng(seed).choice(points, (draws, g))


class _Model:
    """One regression, reduced to sums per cluster: a draw then costs a product of G x G, whatever n."""

    def __init__(self, y, x, codes, g, column, w):
        xw = x * w[:, None]
        self.bread = np.linalg.inv(x.T @ xw)
        self.column, self.g = column, g
        self.cross = np.zeros((g, x.shape[1], x.shape[1]))
        np.add.at(self.cross, codes, xw[:, :, None] * x[:, None, :])
        self.moment = np.zeros((g, x.shape[1]))
        np.add.at(self.moment, codes, xw * y[:, None])
        self.beta = self.bread @ self.moment.sum(axis=0)
        self.estimate = float(self.beta[column])
        others = np.arange(x.shape[1]) != column
        # Restricted coefficients are linear in the value that the null hypothesis gives to the column.
        step = np.zeros(x.shape[1])
        step[column] = 1.0
        if others.any():
            inner = np.linalg.inv(self.cross.sum(axis=0)[np.ix_(others, others)])
            step[others] = -inner @ self.cross.sum(axis=0)[others, column]
        self.step = step
        # CR1: the factor does not depend on the draw, but belongs to the statistic that is printed.
        n, p = x.shape
        self.scale = g / (g - 1) * (n - 1) / (n - p) if g > 1 and n > p else np.nan
        self.row = self.bread[column]
        self.direct = np.einsum("j,gjk,kl->gl", self.row, self.cross, self.bread)

    def statistic(self, null: float) -> float:
        scores = (self.moment - self.cross @ self.beta) @ self.row
        below = float(np.sqrt(self.scale * (scores**2).sum()))
        return (self.estimate - null) / below if below > 0 else np.nan

    def p(self, null: float, signs: np.ndarray, every: bool) -> float:
        real = self.statistic(null)
        restricted = self.beta + (null - self.estimate) * self.step
        scores = self.moment - self.cross @ restricted
        own = scores @ self.row
        above = signs @ own
        left = signs * own - signs @ (scores @ self.direct.T)
        with np.errstate(invalid="ignore", divide="ignore"):
            drawn = np.abs(above) / np.sqrt(self.scale * (left**2).sum(axis=1))
        if not np.isfinite(real):
            return float("nan")
        far = drawn >= abs(real) * (1 - 1e-9)
        return float(far.mean()) if every else float((far.sum() + 1) / (len(signs) + 1))

    def interval(self, signs: np.ndarray, every: bool) -> tuple[float, float]:
        ends = []
        size = abs(self.estimate / self.statistic(0.0)) if self.estimate else 1.0
        for side in (-1.0, 1.0):
            out = 2.0
            while self.p(self.estimate + side * out * size, signs, every) >= 0.05:
                out *= 2
                if out > 1e4:
                    break
            if out > 1e4:
                ends.append(side * np.inf)
                continue

            def excess(t: float, side: float = side) -> float:
                return self.p(self.estimate + side * t * size, signs, every) - 0.05 + 1e-12

            found = optimize.bisect(excess, 0.0, out, xtol=1e-4 * out)
            ends.append(self.estimate + side * found * size)
        return ends[0], ends[1]
