"""The trend of an outcome over all waves, per region."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaluation.estimation import intervals
from evaluation.estimation.change import p_value
from evaluation.estimation.design import SurveyDesign, split_by_wave
from evaluation.estimation.few import uncertainty
from evaluation.estimation.labels import positions
from evaluation.estimation.levels import check_outcome, no_variation
from evaluation.estimation.linear import domain_means, holders
from evaluation.estimation.multiple import holm


def trend(design: SurveyDesign, y, wave, region, waves, regions, kind: str, times=None) -> pd.DataFrame:
    """Least-squares slope of the wave means on time, one row per name in `regions`; y, wave, region, kind as
    `change_by_region`; `waves` in order, `times` their times (None: 0, 1, 2, ...: the slope is per wave).

    Each wave counts once: slope = sum of k_t mean_t, k_t = (t - mean t) / sum of (t - mean t)^2, a contrast
    of domain means, so that clinics serving several waves are accounted for. Columns: region, slope, se,
    lower, upper (95 %), df, p, p_holm, method, note ("" | "missing_wave": nobody answered in one of the
    waves | "one_cluster" | "no_variation").
    """
    y = check_outcome(y, kind, design.size)
    when = positions("wave", wave, waves, design.size)
    place = positions("region", region, regions, design.size)
    size, count = len(regions), len(waves)
    codes = np.where((place >= 0) & (when >= 0), place + size * when, -1)
    design = split_by_wave(design, wave)
    means = domain_means(design, y, codes, size * count)
    time = np.arange(count, dtype=float) if times is None else np.asarray(times, dtype=float)
    k = (time - time.mean()) / ((time - time.mean()) ** 2).sum()
    own = np.arange(size)
    terms = [(own + size * t, float(k[t])) for t in range(count) if k[t] != 0]
    inside = np.flatnonzero((codes >= 0) & ~np.isnan(y))
    clusters, strata = holders(design, inside, codes[inside] % size, size)
    variance, df, method = uncertainty(design, y, codes, means, terms, clusters - strata)
    slope = sum(c * means.estimate[at] for at, c in terms)
    empty = (means.n.reshape(count, size) == 0).any(axis=0)
    lone = (means.df.reshape(count, size) < 1).any(axis=0)
    cases = [empty, lone, no_variation(variance, kind)]
    note = np.select(cases, ["missing_wave", "one_cluster", "no_variation"], "")
    usable = note == ""
    df = np.where(usable, df, np.nan)
    se = np.where(usable, np.sqrt(variance), np.nan)
    half = intervals.t_value(df) * se
    p = p_value(slope, half, half, df)
    columns = {"region": list(regions), "slope": np.where(empty, np.nan, slope), "se": se}
    columns |= {"lower": slope - half, "upper": slope + half, "df": df, "p": p, "p_holm": holm(p)}
    columns |= {"method": np.where(usable, np.char.add(method, "_t"), "none"), "note": note}
    return pd.DataFrame(columns)
