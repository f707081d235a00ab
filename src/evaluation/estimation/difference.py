"""The difference between two means of one sample, of which the groups may share respondents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluation.estimation import intervals
from evaluation.estimation.design import SurveyDesign
from evaluation.estimation.linear import domain_means, variance


@dataclass(frozen=True)
class Difference:
    """Mean inside less mean against, its standard error, degrees of freedom and 95 % t interval (NaN where
    there is none); n, n_against: respondents of either side; clusters: of the smaller one."""

    estimate: float
    se: float
    df: float
    lower: float
    upper: float
    n: int
    n_against: int
    clusters: int


def mean_difference(design: SurveyDesign, y, inside, against) -> Difference:
    """Weighted mean of `y` (n; NaN = no answer) among `inside` less that among `against` (n bool; they may
    overlap: a group against everybody, itself among them).

    The influence of the difference is the difference of the two influences within the whole design, so what
    the two share cancels out (Taylor linearisation, as in `linear`). df = clusters - strata of the side that
    has fewer.
    """
    y = np.asarray(y, dtype=float)
    sides = [domain_means(design, np.where(chosen, y, np.nan)) for chosen in (inside, against)]
    estimate = float(sides[0].estimate[0] - sides[1].estimate[0])
    spread = float(variance(design, sides[0].influence - sides[1].influence)[0])
    df = float(min(side.df[0] for side in sides))
    known = df >= 1 and spread > 1e-18 and np.isfinite(estimate)
    se = spread**0.5 if known else float("nan")
    low, high = intervals.symmetric(np.array([estimate]), np.array([se]), np.array([df if known else 0.0]))
    smaller = min(sides, key=lambda side: side.n[0])
    return Difference(
        estimate,
        se,
        df,
        float(low[0]),
        float(high[0]),
        int(sides[0].n[0]),
        int(sides[1].n[0]),
        int(smaller.clusters[0]),
    )
