"""Is a survey table's row independent of its column? Rao-Scott corrected chi-square tests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from evaluation.estimation.design import SurveyDesign
from evaluation.estimation.linear import covariance, psu_totals_of_columns


@dataclass(frozen=True)
class RaoScott:
    """Second-order F on (`df1`, `df2`) with `p`; first-order `chi2` (Pearson, rescaled to n) on `df` with
    `p_chi2`.

    All are numbers; p and p_chi2 0-1.
    """

    statistic: float
    df1: float
    df2: float
    p: float
    chi2: float
    df: int
    p_chi2: float


def rao_scott(design: SurveyDesign, rows, columns) -> RaoScott:
    """Test of independence of `rows` and `columns` (n labels each; every label of each must occur).

    Pearson's X2 of the weighted table scaled to n; its null distribution is a weighted sum of chi-squares
    with the generalised design effects as weights: F = X2 / trace, df1 = trace^2 / trace of the square, df2
    = df1 x (clusters - strata). Sources: Rao and Scott 1984, Ann. Stat. 12:46; R's svychisq.
    """
    row_names, r = np.unique(np.asarray(rows), return_inverse=True)
    column_names, c = np.unique(np.asarray(columns), return_inverse=True)
    nr, nc, n = len(row_names), len(column_names), design.size
    cell = r * nc + c
    indicator = np.zeros((n, nr * nc))
    indicator[np.arange(n), cell] = 1
    share = design.weights / design.weights.sum()
    p = share @ indicator
    v = covariance(design, psu_totals_of_columns(design, (indicator - p) / design.weights.sum()))
    table = p.reshape(nr, nc)
    fitted = np.outer(table.sum(axis=1), table.sum(axis=0))
    chi2 = float(n * ((table - fitted) ** 2 / fitted).sum())
    contrast = _interaction(nr, nc)
    inverse = np.diag(np.divide(1.0, p, out=np.zeros_like(p), where=p > 0))
    expected = contrast.T @ (inverse / n) @ contrast
    delta = np.linalg.solve(expected, contrast.T @ inverse @ v @ inverse @ contrast)
    trace, square = np.trace(delta), np.trace(delta @ delta)
    df1 = trace**2 / square
    df, df2 = contrast.shape[1], df1 * design.df
    statistic = chi2 / trace
    p_f = float(special.fdtrc(df1, df2, statistic))
    p_chi2 = float(special.chdtrc(df, chi2 * df / trace))
    return RaoScott(float(statistic), float(df1), float(df2), p_f, chi2, df, p_chi2)


def _interaction(nr: int, nc: int) -> np.ndarray:
    rows, columns = np.repeat(np.arange(nr), nc), np.tile(np.arange(nc), nr)
    main = [np.ones(nr * nc), *(rows == i for i in range(1, nr)), *(columns == j for j in range(1, nc))]
    cross = [(rows == i) & (columns == j) for j in range(1, nc) for i in range(1, nr)]
    x, z = np.column_stack(main).astype(float), np.column_stack(cross).astype(float)
    return z - x @ np.linalg.lstsq(x, z, rcond=None)[0]
