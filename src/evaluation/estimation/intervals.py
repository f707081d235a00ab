"""Intervals for one mean or share, and the rule that picks among them.

All functions take arrays (D): estimate `p` (share 0-1), its standard error `se`, degrees of freedom `df`,
and respondents `n`; they return (lower, upper). `level` is the confidence level.
"""

from __future__ import annotations

import numpy as np
from scipy import optimize, special

LEVEL = 0.95
# Below this many effective respondents with (or without) the attribute the logit interval is left.
FEW = 10.0
# Below this many degrees of freedom Korn and Graubard's adjustment for them makes the limits of a share
# between 0 and 1 wider than need be (see the simulation study).
FEW_DF = 8.0


def t_value(df, level: float = LEVEL):
    """Quantile of Student's t for a two-sided interval; NaN where df < 1.

    df: array (D); `level` 0-1.
    """
    df = np.asarray(df, dtype=float)
    with np.errstate(invalid="ignore"):
        return np.where(df > 0, special.stdtrit(np.where(df > 0, df, 1.0), (1 + level) / 2), np.nan)


def symmetric(estimate, se, df, level: float = LEVEL):
    """estimate -/+ t x se.

    Arrays (D), in the unit of the estimate (share 0-1, points 0-100). Student's t.
    """
    half = t_value(df, level) * se
    return estimate - half, estimate + half


def logit(p, se, df, level: float = LEVEL):
    """Symmetric on the log-odds scale (R's svyciprop "logit"). Undefined at 0 and 1 (NaN).

    Arrays (D); shares 0-1.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = np.log(p / (1 - p))
        half = t_value(df, level) * se / (p * (1 - p))
        return special.expit(centre - half), special.expit(centre + half)


def arcsine(p, se, df, level: float = LEVEL):
    """Symmetric on the arcsine-square-root scale (R's "asin").

    Arrays (D); shares 0-1.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = np.arcsin(np.sqrt(p))
        half = t_value(df, level) * se / (2 * np.sqrt(p * (1 - p)))
    low, high = np.maximum(centre - half, 0), np.minimum(centre + half, np.pi / 2)
    return np.sin(low) ** 2, np.sin(high) ** 2


def likelihood(p: float, se: float, n: int, df: float, level: float = LEVEL) -> tuple[float, float]:
    """Limits of one share where twice the log-likelihood of n respondents, divided by the design effect
    se^2 n / (p (1 - p)) x n / (n - 1), falls t^2 below its top (R's svyciprop "likelihood"; Rao and Scott
    1984). p in (0, 1)."""
    drop = t_value(df, level) ** 2 * se**2 * n / (p * (1 - p)) * n / (n - 1)

    def excess(q: float) -> float:
        return 2 * n * (special.rel_entr(p, q) + special.rel_entr(1 - p, 1 - q)) - drop

    return optimize.brentq(excess, 1e-15, p, xtol=1e-13), optimize.brentq(excess, p, 1 - 1e-15, xtol=1e-13)


def korn_graubard(p, n_effective, n, df, level: float = LEVEL):
    """Exact binomial limits at the effective sample size adjusted for the degrees of freedom.

    Source: Korn and Graubard 1998, Survey Methodology 24:193; R's svyciprop "beta" (which counts n - 1 df
    for n rows).

    Arrays (D); shares 0-1.
    """
    p, n = np.asarray(p, dtype=float), np.asarray(n, dtype=float)
    adjusted = n_effective * (t_value(n - 1, level) / t_value(df, level)) ** 2
    tail = (1 - level) / 2
    with np.errstate(invalid="ignore"):
        low = np.where(p > 0, special.betaincinv(adjusted * p, adjusted * (1 - p) + 1, tail), 0.0)
        high = np.where(p < 1, special.betaincinv(adjusted * p + 1, adjusted * (1 - p), 1 - tail), 1.0)
    missing = np.isnan(adjusted)
    return np.where(missing, np.nan, low), np.where(missing, np.nan, high)


def wilson(p, n_effective, df, level: float = LEVEL):
    """Score limits at the effective sample size, with t for z (Wilson 1927, JASA 22:209; Franco et al. 2019,
    J. Survey Stat. Methodol. 7:334).

    Arrays (D); shares 0-1.
    """
    t2 = t_value(df, level) ** 2
    middle = (p + t2 / (2 * n_effective)) / (1 + t2 / n_effective)
    half = np.sqrt(t2 * p * (1 - p) / n_effective + t2**2 / (4 * n_effective**2)) / (1 + t2 / n_effective)
    return middle - half, middle + half


def share_interval(p, se, df, n, n_effective, level: float = LEVEL):
    """The interval of a share by rule -> (lower, upper, method (array of str)).

    logit when at least `FEW` effective respondents have the attribute and as many do not; otherwise
    Korn-Graubard, which stays inside 0-1, needs no normal approximation and is defined at 0 % and 100 % and
    where se is 0; Wilson in its place where fewer than `FEW_DF` degrees of freedom are left and the share is
    neither 0 nor 1. NaN and "none" where df < 1.
    """
    p, se, df = (np.asarray(v, dtype=float) for v in (p, se, df))
    few = ~(n_effective * np.minimum(p, 1 - p) >= FEW) | ~(se > 0)
    low, high = logit(p, se, df, level)
    low_kg, high_kg = korn_graubard(p, n_effective, n, df, level)
    lower, upper = np.where(few, low_kg, low), np.where(few, high_kg, high)
    score = few & (se > 0) & (p > 0) & (p < 1) & (df < FEW_DF)
    with np.errstate(divide="ignore", invalid="ignore"):
        low_w, high_w = wilson(p, n_effective, df, level)
    lower, upper = np.where(score, low_w, lower), np.where(score, high_w, upper)
    known = (df > 0) & np.isfinite(lower) & np.isfinite(upper)
    method = np.where(few, np.where(score, "wilson", "korn_graubard"), "logit")
    method = np.where(known, method, "none")
    return np.where(known, lower, np.nan), np.where(known, upper, np.nan), method


def effective_size(p, se, n, deff_overall: float = 1.0):
    """p (1 - p) / se^2; where nobody or everybody has the attribute (se = 0) n over the outcome's overall
    design effect (never below 1), so that clustering is not forgotten there.

    Arrays (D): shares 0-1, respondents. Kish 1965.
    """
    p, se, n = (np.asarray(v, dtype=float) for v in (p, se, n))
    with np.errstate(divide="ignore", invalid="ignore"):
        usual = p * (1 - p) / se**2
    return np.where((p <= 0) | (p >= 1) | ~(se > 0), n / max(deff_overall, 1.0), usual)
