"""Quantiles of a survey variable with Woodruff's interval."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaluation.estimation import intervals
from evaluation.estimation.design import SurveyDesign
from evaluation.estimation.linear import domain_means, variance


def quantiles(design: SurveyDesign, y, shares, level: float = intervals.LEVEL) -> pd.DataFrame:
    """One row per share in `shares` (0-1): share, estimate, se, lower, upper, in the units of `y` (n; NaN
    left out).

    The estimate is the smallest value at which the weighted share of rows up to it reaches `share`. The
    interval is the symmetric one of that share (t, clusters - strata) turned back into values, and se its
    width over 2 t (Woodruff 1952, JASA 47:635; R's svyquantile with its defaults). Limits outside 0-1 stop
    at the lowest or highest value.
    """
    y = np.asarray(y, dtype=float)
    known = ~np.isnan(y)
    order = np.argsort(y[known], kind="stable")
    value = y[known][order]
    reached = np.cumsum(design.weights[known][order])
    reached /= reached[-1]

    def at(share: float) -> float:
        # Sums of equal weights must reach their own share in spite of rounding.
        return float(value[min(np.searchsorted(reached, share - 1e-12), len(value) - 1)])

    rows = []
    for share in shares:
        estimate = at(share)
        below = domain_means(design, np.where(known, y <= estimate, np.nan))
        se = np.sqrt(variance(design, below.influence)[0])
        low, high = intervals.symmetric(below.estimate[0], se, below.df[0], level)
        lower, upper = at(low), at(high)
        width = (upper - lower) / (2 * intervals.t_value(below.df[0], level))
        rows.append((share, estimate, float(width), lower, upper))
    return pd.DataFrame(rows, columns=["share", "estimate", "se", "lower", "upper"])
