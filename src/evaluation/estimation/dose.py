"""Dose and response with the municipality as unit: did places with more leaflets change more?

Places that order more differ from those that order less in other ways too, so this is never the headline.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from evaluation.estimation import intervals


@dataclass(frozen=True)
class DoseResponse:
    """`slope`: response per unit of dose, with `se`, 95 % interval, `df` = units - 2, two-sided `p`; `units`
    that took part. NaN with fewer than three units or one dose.

    Numbers, in units of the outcome per unit of dose; p 0-1.
    """

    slope: float
    se: float
    lower: float
    upper: float
    df: int
    p: float
    units: int


def dose_response(dose, change, weights) -> DoseResponse:
    """Weighted least squares of `change` (u) on `dose` (u) over units such as municipalities, weights (u) in
    proportion to the precision of each change (1 / (1 / n before + 1 / n after): `pair_size`). Units with a
    NaN or a zero weight take no part. The residual spread estimates the variance, so that what makes
    municipalities differ counts as well as the sampling."""
    dose, change, weights = (np.asarray(value, dtype=float) for value in (dose, change, weights))
    kept = np.isfinite(dose) & np.isfinite(change) & (weights > 0)
    d, c, w = dose[kept], change[kept], weights[kept]
    units = len(d)
    if units < 3 or np.ptp(d) == 0:
        return DoseResponse(np.nan, np.nan, np.nan, np.nan, max(units - 2, 0), np.nan, units)
    centred = d - (w @ d) / w.sum()
    below = float(w @ centred**2)
    slope = float((w * centred) @ c) / below
    residual = c - (w @ c) / w.sum() - slope * centred
    df = units - 2
    se = float(np.sqrt((w @ residual**2) / df / below))
    lower, upper = (float(end) for end in intervals.symmetric(slope, se, df))
    p = float(2 * special.stdtr(df, -abs(slope / se))) if se > 0 else np.nan
    return DoseResponse(slope, se, lower, upper, df, p, units)


def pair_size(n_before, n_after) -> np.ndarray:
    """1 / (1 / n before + 1 / n after): what a difference of two means weighs; 0 where one of them is 0.

    n_before, n_after: arrays (u) of respondents. The inverse variance of a difference of two means of
    equal spread.

    In numbers of respondents, usable as weights; as `dose_response` wants them.
    """
    a, b = np.asarray(n_before, dtype=float), np.asarray(n_after, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where((a > 0) & (b > 0), a * b / (a + b), 0.0)
