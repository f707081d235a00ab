"""Planning: what a sample can show, and how large it must be.

Sizes are per wave (or per cell) as floats before rounding up; multiply by the design effect for clusters.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import optimize, special

from evaluation.errors import DataError

ALPHA, POWER = 0.05, 0.80
# What a plan may ask: lowest and highest value.
RANGES = {
    "baseline_share": (0.01, 0.99),
    "intraclass": (0.0, 0.5),
    "clinics": (2, 10_000),
    "parents": (1, 10_000),
    "change": (0.001, 0.98),
    "power": (0.5, 0.99),
    "alpha": (0.001, 0.2),
}


def smallest_detectable(se, df=np.inf, alpha: float = ALPHA, power: float = POWER):
    """Smallest true change a two-sided test finds with `power`: (t_{1-alpha/2, df} + t_{power, df}) x se, in
    the units of `se`. NaN without df or se. Source: Bloom 1995, Evaluation Review 19:547.

    Arrays or numbers; alpha and power 0-1.
    """
    se, df = np.asarray(se, dtype=float), np.asarray(df, dtype=float)
    valid = np.where(df > 0, df, 1.0)
    factor = special.stdtrit(valid, 1 - alpha / 2) + special.stdtrit(valid, power)
    return np.where(df > 0, factor * se, np.nan)


def design_effect(intraclass: float, cluster_size: float, weight_cv: float = 0.0) -> float:
    """(1 + (m - 1) icc) x (1 + cv^2): `cluster_size` m respondents per cluster and wave, cv of the weights
    (Kish 1965)."""
    return (1 + (cluster_size - 1) * intraclass) * (1 + weight_cv**2)


def size_before_after(p_before: float, change: float, alpha: float = ALPHA, power: float = POWER) -> float:
    """Respondents per wave to show `change` from share `p_before` (0-1), normal approximation, unpooled
    variance: (z_{1-alpha/2} + z_power)^2 (p1 q1 + p2 q2) / change^2. Source: Fleiss, Levin and Paik 2003,
    ch. 4.

    A number; alpha and power 0-1.
    """
    return _size([p_before, p_before + change], change, alpha, power)


def size_difference_in_differences(
    p_before: float, change: float, drift: float = 0.0, alpha: float = ALPHA, power: float = POWER
) -> float:
    """Respondents per cell (two areas x two waves) to show that the area changes `change` more than the
    comparison area, which itself goes from `p_before` to `p_before` + `drift`.

    Shares 0-1; result a number of respondents. Formula as `size_before_after`, over four cells.
    """
    shares = [p_before, p_before + drift + change, p_before, p_before + drift]
    return _size(shares, change, alpha, power)


def detectable_change(
    p_before: float,
    clinics: int,
    parents: float,
    intraclass: float,
    comparison_clinics: int = 0,
    weight_cv: float = 0.0,
    alpha: float = ALPHA,
    power: float = POWER,
) -> float:
    """Smallest rise of a share (0-1) that `clinics` with `parents` each per wave show; with
    `comparison_clinics` (as many parents each) the smallest difference-in-differences. The clinics' own
    levels are taken to differ anew each wave (cautious: clinics that serve both waves and keep their level
    show smaller rises). Student's t on the clinics of the smaller arm - 1 degrees of freedom. NaN when no
    rise up to 1 is large enough.

    A number; shares, alpha and power 0-1.
    """
    arms = [count for count in (clinics, comparison_clinics) if count]
    df = min(arms) - 1
    if df < 1:
        return float("nan")
    inflate = design_effect(intraclass, parents, weight_cv)

    def short(change: float) -> float:
        after = p_before + change
        spread = [p_before * (1 - p_before) + after * (1 - after)] + [2 * p_before * (1 - p_before)] * (
            len(arms) - 1
        )
        se = np.sqrt(sum(v * inflate / (count * parents) for v, count in zip(spread, arms, strict=True)))
        return change - float(smallest_detectable(se, df, alpha, power))

    largest = 1 - p_before
    return float(optimize.brentq(short, 0.0, largest)) if short(largest) > 0 else float("nan")


def clinics_needed(
    p_before: float,
    change: float,
    parents: float,
    intraclass: float,
    compared: bool = False,
    weight_cv: float = 0.0,
    alpha: float = ALPHA,
    power: float = POWER,
) -> float:
    """Fewest clinics with `parents` each per wave that show a rise of `change` (0-1); `compared`: fewest in
    the area and as many again in the comparison area, for the difference-in-differences. NaN when 100,000 do
    not suffice (or no share can rise so much).

    A number; shares, alpha and power 0-1.
    """

    def enough(clinics: int) -> bool:
        other = clinics if compared else 0
        found = detectable_change(p_before, clinics, parents, intraclass, other, weight_cv, alpha, power)
        return found <= change

    few, many = 1, 2
    while not enough(many):
        few, many = many, 2 * many
        if many > 100_000:
            return float("nan")
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if enough(middle) else (middle, many)
    return float(many)


def planning_table(
    p_before: float,
    intraclass: float,
    clinics,
    parents,
    compared: bool = False,
    alpha: float = ALPHA,
    power: float = POWER,
) -> pd.DataFrame:
    """`detectable_change` for every pair of `clinics` and `parents` (lists): clinics, parents, detectable
    (0-1). compared: with as many clinics in a comparison area (difference-in-differences).

    One row per pair; shares 0-1. As `detectable_change`.
    """
    rows = [
        (c, m, detectable_change(p_before, c, m, intraclass, c if compared else 0, 0.0, alpha, power))
        for c in clinics
        for m in parents
    ]
    return pd.DataFrame(rows, columns=["clinics", "parents", "detectable"])


def check_plan(**values: float) -> None:
    """Raises DataError for a planning value outside its range (those of `RANGES`).

    values: name -> number (shares 0-1).
    """
    for name, value in values.items():
        low, high = RANGES[name]
        if not low <= value <= high:
            raise DataError("estimation.plan_range", name=name, low=f"{low:g}", high=f"{high:g}")


def size_arcsine(p1: float, p2: float, alpha: float = ALPHA, power: float = POWER) -> float:
    """Respondents per group for shares p1 and p2 by Cohen's arcsine effect size (Cohen 1988, ch. 6).

    A number of respondents; shares 0-1.
    """
    h = 2 * (np.arcsin(np.sqrt(p1)) - np.arcsin(np.sqrt(p2)))
    return float(2 * (_z(alpha, power) / h) ** 2)


def size_two_means(effect: float, alpha: float = ALPHA, power: float = POWER) -> float:
    """Respondents per group for a standardised difference of means `effect`, two-sided t-test (noncentral
    t).

    effect in standard deviations; result a number of respondents.

    Alpha and power 0-1.
    """

    def excess(n: float) -> float:
        df, shift = 2 * n - 2, abs(effect) * np.sqrt(n / 2)
        limit = special.stdtrit(df, 1 - alpha / 2)
        return special.nctdtr(df, shift, -limit) - special.nctdtr(df, shift, limit) + 1 - power

    # The normal approximation is at most a few respondents short.
    return float(optimize.brentq(excess, 1.5, 2 * (_z(alpha, power) / effect) ** 2 + 10))


def _size(shares, change: float, alpha: float, power: float) -> float:
    spread = sum(p * (1 - p) for p in shares)
    return float(_z(alpha, power) ** 2 * spread / change**2)


def _z(alpha: float, power: float) -> float:
    return float(special.ndtri(1 - alpha / 2) + special.ndtri(power))
