"""Missing answers: who did not answer, and multiple imputation beside the complete cases."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from evaluation.estimation import intervals
from evaluation.estimation.labels import label_codes


def response_table(y, groups: dict) -> pd.DataFrame:
    """One row per combination of `groups` (name -> (n) labels): the groups, rows, answered, share answered
    (0-1)."""
    frame = pd.DataFrame({name: np.asarray(values) for name, values in groups.items()})
    frame["answered"] = ~np.isnan(np.asarray(y, dtype=float))
    table = frame.groupby(list(groups), sort=True)["answered"].agg(["size", "sum"]).reset_index()
    table = table.rename(columns={"size": "rows", "sum": "answered"})
    return table.assign(share=table["answered"] / table["rows"])


def hot_deck(y, cells, rng: np.random.Generator) -> np.ndarray:
    """`y` (n) with each gap filled from a donor of the same cell (n labels, as wave x region x education),
    drawn from a bootstrap of the cell's answers so that the imputation is proper (approximate Bayesian
    bootstrap; Rubin and Schenker 1986, JASA 81:366). A gap in a cell in which nobody answered stays a gap."""
    filled = np.array(y, dtype=float)
    codes, known = label_codes(cells)
    answered = ~np.isnan(filled)
    for cell in range(len(known)):
        inside = codes == cell
        donors, gaps = filled[inside & answered], np.flatnonzero(inside & ~answered)
        if len(donors) and len(gaps):
            filled[gaps] = rng.choice(rng.choice(donors, len(donors)), len(gaps))
    return filled


def combine(estimates, variances, df_complete: float = np.inf) -> dict:
    """Rubin's rules over m imputations: estimate, se, df, lower, upper (95 %), p, missing_information (0-1).

    se^2 = mean variance + (1 + 1/m) variance of the estimates; df by Barnard and Rubin 1999 (Biometrika
    86:948), never above `df_complete`, the degrees of freedom without gaps.

    estimates, variances: arrays (m), in the unit of the outcome and its square.
    """
    estimates, variances = np.asarray(estimates, dtype=float), np.asarray(variances, dtype=float)
    m = len(estimates)
    within, between = variances.mean(), estimates.var(ddof=1)
    total = within + (1 + 1 / m) * between
    share = (1 + 1 / m) * between / total
    old = (m - 1) / share**2 if share > 0 else np.inf
    if np.isinf(df_complete):
        df = old
    else:
        observed = (df_complete + 1) / (df_complete + 3) * df_complete * (1 - share)
        df = observed if np.isinf(old) else old * observed / (old + observed)
    estimate, se = float(estimates.mean()), float(np.sqrt(total))
    lower, upper = intervals.symmetric(estimate, se, df)
    p = float(2 * special.stdtr(df, -abs(estimate / se)))
    values = {"estimate": estimate, "se": se, "df": float(df), "lower": float(lower), "upper": float(upper)}
    return values | {"p": p, "missing_information": float(share)}
