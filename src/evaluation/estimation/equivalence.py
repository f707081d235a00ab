""" "No difference shown" is not "shown to be no difference": two one-sided tests against the smallest change
that matters."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from evaluation.estimation import intervals


def equivalence(change, se, df, smallest: float) -> pd.DataFrame:
    """One row per change (R): lower, upper (90 % interval), p and equivalent (bool): shown to lie within -/+
    `smallest`.

    p is the larger of the two one-sided p-values of change <= -smallest and change >= smallest (Schuirmann
    1987); p < 0.05 exactly when the 90 % interval lies within. All in the units of `change`. NaN p and False
    without se.
    """
    change, se, df = (np.asarray(value, dtype=float) for value in (change, se, df))
    lower, upper = intervals.symmetric(change, se, df, level=0.90)
    known = np.isfinite(change) & (se > 0) & (df > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        nearest = (smallest - np.abs(change)) / se
    p = np.where(known, special.stdtr(np.where(known, df, 1), -np.where(known, nearest, 0)), np.nan)
    return pd.DataFrame({"lower": lower, "upper": upper, "p": p, "equivalent": known & (p < 0.05)})
