"""Event study: the difference between two areas in every wave, and whether they ran alike before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import optimize, special

from evaluation.estimation.contrast import difference_in_differences
from evaluation.estimation.design import SurveyDesign, split_by_wave
from evaluation.estimation.labels import positions
from evaluation.estimation.levels import check_outcome
from evaluation.estimation.linear import covariance, domain_means, holders


@dataclass(frozen=True)
class PreTrend:
    """`statistic` F on `df1`, `df2` that the areas ran alike in the waves before the base, with its `p`;
    `power` of that test against a difference in trend of `slope` per wave, and the slope (80 % power) that
    it would find, `detectable`. NaN with a `note` "few_clusters" when the data cannot carry it.

    All are numbers; p and power 0-1; slope and detectable in units of the outcome (share 0-1, points
    0-100) per unit of time.
    """

    statistic: float
    df1: int
    df2: int
    p: float
    slope: float
    power: float
    detectable: float
    note: str


def event_study(
    design: SurveyDesign, y, wave, region, waves, base: str, area: str, comparison: str, kind: str
) -> pd.DataFrame:
    """The columns of `difference_in_differences` for every wave in `waves` but `base`, in order, with `wave`:
    (area - comparison) in that wave less the same in `base`. Waves before `base` say whether the areas ran
    alike; a placebo date is a `base` among those waves. Arguments as `difference_in_differences`.

    did in the unit of the outcome (share 0-1, points 0-100).
    """
    rows = []
    for other in waves:
        if other != base:
            found = difference_in_differences(design, y, wave, region, base, other, [area], comparison, kind)
            rows.append(found.assign(wave=other))
    return pd.concat(rows, ignore_index=True)


def pre_trend(
    design: SurveyDesign,
    y,
    wave,
    region,
    before,
    base: str,
    area: str,
    comparison: str,
    kind: str,
    slope: float,
    times=None,
) -> PreTrend:
    """Test that (area - comparison) was the same in all waves `before` (in order) as in `base`; adjusted Wald
    F on clusters - strata (as `joint_test`).

    slope: the difference in trend per unit of `times` (of `before` and `base`; None: one per wave) against
    which the power is given. A test that finds nothing says little when that power is low. Power: noncentral
    F with d'V^-1 d (Roth 2022, Am. Econ. Rev. Insights 4:305, for this test).

    y (n), wave (n), region (n); slope in units of the outcome (share 0-1, points 0-100) per unit of time.
    """
    y = check_outcome(y, kind, design.size)
    waves = [*before, base]
    when = positions("wave", wave, waves, design.size)
    place = positions("region", region, [area, comparison], design.size)
    count = len(waves)
    codes = np.where((when >= 0) & (place >= 0), place * count + when, -1)
    design = split_by_wave(design, wave)
    cells = domain_means(design, y, codes, 2 * count)
    contrast = np.zeros((count - 1, 2 * count))
    for i in range(count - 1):
        contrast[i, [i, count - 1, count + i, 2 * count - 1]] = 1.0, -1.0, -1.0, 1.0
    v = contrast @ covariance(design, cells.influence) @ contrast.T
    d = contrast @ cells.estimate
    inside = np.flatnonzero((codes >= 0) & ~np.isnan(y))
    clusters, strata = holders(design, inside, np.zeros(len(inside), dtype=np.intp), 1)
    k = count - 1
    df2 = int(clusters[0] - strata[0]) - k + 1
    if df2 < 1 or not np.isfinite(d).all() or (np.diag(v) <= 0).any():
        return PreTrend(np.nan, k, df2, np.nan, slope, np.nan, np.nan, "few_clusters")
    time = np.arange(count, dtype=float) if times is None else np.asarray(times, dtype=float)
    inverse = np.linalg.pinv(v, hermitian=True)
    scale = df2 / ((df2 + k - 1) * k)
    statistic = float(d @ inverse @ d) * scale
    # (area - comparison) would have grown by the slope from each of those waves to the base.
    run = time[:-1] - time[-1]
    unit = float(run @ inverse @ run) * scale * k
    limit = special.fdtri(k, df2, 0.95)

    def power(size: float) -> float:
        return float(1 - special.ncfdtr(k, df2, unit * size**2, limit))

    most = 20 / np.sqrt(unit)
    detectable = float(optimize.brentq(lambda size: power(size) - 0.8, 1e-9 * most, most))
    p = float(special.fdtrc(k, df2, statistic))
    return PreTrend(statistic, k, df2, p, slope, power(slope), detectable, "")
