"""Capping weights: what it gains in precision and what it costs in bias."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from evaluation.estimation.calibrate import rake
from evaluation.estimation.design import SurveyDesign
from evaluation.estimation.linear import domain_means, variance


def trimming_table(design: SurveyDesign, margins, y, inside, caps, trims) -> pd.DataFrame:
    """The mean of `y` (n) over the rows `inside` (n bool) with weights raked to `margins` (as `rake`):
    without a cap; under each of `caps` (a multiple of the mean weight, the margins still met); and raked
    without a cap but then cut off at each of `trims` x the mean weight inside (the margins no longer met).

    Columns: way ("raked", "capped", "trimmed"), cap (NaN = none), largest (the largest weight inside over
    their mean), weight_deff (Kish 1965: 1 + cv^2 of the weights inside), estimate, se, df, deff, n, shift
    (estimate less that without a cap: the bias that the cap brings, as far as the margins tell), rmse (root
    of se^2 + shift^2). The standard errors of "trimmed" take the weights as they are. Raises DataError when
    the margins cannot be met under a cap. Source of the trade-off: Potter 1990, Proc. Survey Res. Methods
    Sect. ASA, 225.
    """
    y, inside = np.asarray(y, dtype=float), np.asarray(inside, dtype=bool)
    raked = rake(design, margins)
    bound = raked.weights[inside].mean()
    ways = [("raked", np.nan, raked)]
    ways += [("capped", cap, rake(design, margins, cap=cap)) for cap in caps]
    for trim in trims:
        weights = np.where(inside, np.minimum(raked.weights, trim * bound), raked.weights)
        ways.append(("trimmed", trim, replace(raked, weights=weights, calibration=None)))
    table = pd.DataFrame([{"way": way, "cap": cap, **_mean(found, y, inside)} for way, cap, found in ways])
    shift = table["estimate"] - table["estimate"].iloc[0]
    return table.assign(shift=shift, rmse=np.hypot(table["se"], shift))


def _mean(design: SurveyDesign, y: np.ndarray, inside: np.ndarray) -> dict[str, float]:
    found = domain_means(design, y, np.where(inside, 0, -1), 1)
    weights = design.weights[inside & ~np.isnan(y)]
    v = float(variance(design, found.influence)[0])
    spread = float(found.variance_srs[0])
    return {
        "largest": float(weights.max() / weights.mean()),
        "weight_deff": float(1 + weights.var() / weights.mean() ** 2),
        "estimate": float(found.estimate[0]),
        "se": float(np.sqrt(v)),
        "df": float(found.df[0]),
        "deff": v / spread if spread > 0 else np.nan,
        "n": float(found.n[0]),
    }
