"""Few treated units: t on the units' own differences, and permutation over areas.

A unit is a clinic, or an area such as a province. When one to three units are treated, no variance estimated
from their own spread can be trusted (nominal 95 % intervals covered 36 % with one treated unit of twenty):
these methods take the spread from all units together, and so assume that treated and comparison units vary
alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from scipy import special


@dataclass(frozen=True)
class UnitDifference:
    """`estimate` with `se`, `df` and two-sided `p`; `treated`, `comparison` units.

    Numbers, in the unit of the outcome (share 0-1, points 0-100); p 0-1.
    """

    estimate: float
    se: float
    df: int
    p: float
    treated: int
    comparison: int


def unit_means(y, weights, unit, period) -> tuple[np.ndarray, np.ndarray]:
    """Labels (u, sorted by first appearance) and weighted means (u x 2) of `y` (n) per `unit` (n) in
    `period` (n; 0 before, 1 after, other values left out); NaN where a unit has nobody in a period."""
    y, weights, period = np.asarray(y, dtype=float), np.asarray(weights, dtype=float), np.asarray(period)
    kept = ~np.isnan(y) & np.isin(period, (0, 1))
    labels, first, code = np.unique(np.asarray(unit)[kept], return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    cell = code * 2 + period[kept].astype(int)
    size = 2 * len(labels)
    with np.errstate(invalid="ignore"):
        mean = np.bincount(cell, (weights * y)[kept], size) / np.bincount(cell, weights[kept], size)
    return labels[order], mean.reshape(-1, 2)[order]


def unit_difference(changes, treated) -> UnitDifference:
    """Mean change of the treated units less that of the others, each unit counting once; pooled-variance t
    on units - 2 degrees of freedom (Donald and Lang 2007, Rev. Econ. Stat. 89:221). `changes` (u), `treated`
    (u, bool); NaN se, p when an arm is empty or fewer than three units have a change."""
    changes, treated = np.asarray(changes, dtype=float), np.asarray(treated, dtype=bool)
    known = ~np.isnan(changes)
    a, b = changes[known & treated], changes[known & ~treated]
    df = len(a) + len(b) - 2
    if min(len(a), len(b)) == 0 or df < 1:
        estimate = a.mean() - b.mean() if min(len(a), len(b)) else np.nan
        return UnitDifference(float(estimate), np.nan, max(df, 0), np.nan, len(a), len(b))
    pooled = (((a - a.mean()) ** 2).sum() + ((b - b.mean()) ** 2).sum()) / df
    se = float(np.sqrt(pooled * (1 / len(a) + 1 / len(b))))
    estimate = float(a.mean() - b.mean())
    t = abs(estimate) / se if se > 0 else (np.inf if estimate else 0.0)
    return UnitDifference(estimate, se, df, float(2 * special.stdtr(df, -t)), len(a), len(b))


def permutation_test(changes, treated, seed: int = 0, draws: int = 9999) -> tuple[float, int]:
    """(p, number of assignments): the share of assignments of the same number of treated units whose
    difference of mean changes is at least as far from zero as the real one, the real one included (Fisher's
    randomisation test over areas). All assignments when there are at most `draws`, otherwise `draws` random
    ones (Phipson and Smyth 2010)."""
    changes, treated = np.asarray(changes, dtype=float), np.asarray(treated, dtype=bool)
    known = ~np.isnan(changes)
    values, arm = changes[known], treated[known]
    n, k = len(values), int(arm.sum())
    if k == 0 or k == n:
        return np.nan, 0

    def far(inside: np.ndarray) -> np.ndarray:
        sums = values[inside].sum(axis=1)
        return np.abs(sums / k - (values.sum() - sums) / (n - k))

    real = far(np.flatnonzero(arm)[None, :])[0]
    tolerance = 1e-12 * max(1.0, real)
    if comb(n, k) <= draws:
        every = far(np.array(list(combinations(range(n), k))))
        return float((every >= real - tolerance).mean()), len(every)
    rng = np.random.default_rng(seed)
    random = far(np.argsort(rng.random((draws, n)), axis=1)[:, :k])
    return float(((random >= real - tolerance).sum() + 1) / (draws + 1)), draws
