"""Answers on an ordered scale (agree to disagree): the proportional odds model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class OrdinalModel:
    """Log odds ratios `coefficients` (p) of a higher answer with `se`; `thresholds` between the
    categories."""

    coefficients: np.ndarray
    se: np.ndarray
    thresholds: np.ndarray


def proportional_odds(answers, x) -> OrdinalModel:
    """Maximum likelihood of logit P(answer <= j) = threshold_j - x'b for `answers` (n; ordered numbers) and
    `x` (n x p, no constant). Without weights or clusters: a description of one wave, not a claim. Source:
    McCullagh 1980, JRSS B 42:109."""
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    x = np.asarray(x, dtype=float)
    codes = np.unique(np.asarray(answers), return_inverse=True)[1]
    model = OrderedModel(codes, x, distr="logit")
    found = model.fit(method="bfgs", disp=False, gtol=1e-10, maxiter=1000)
    p = x.shape[1]
    thresholds = model.transform_threshold_params(found.params)[1:-1]
    return OrdinalModel(found.params[:p], found.bse[:p], thresholds)
