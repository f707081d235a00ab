"""Linear and logistic models with design-based standard errors (R's svyglm), and Wald tests on their
terms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from evaluation.errors import DataError
from evaluation.estimation import intervals
from evaluation.estimation.design import SurveyDesign
from evaluation.estimation.linear import covariance, psu_totals_of_columns

FAMILIES = ("linear", "logistic")


@dataclass(frozen=True, eq=False)
class Model:
    """`coefficients` (p) with their `covariance` (p x p); `df` = clusters - strata + 1 - p; `n` rows used."""

    names: tuple[str, ...]
    coefficients: np.ndarray
    covariance: np.ndarray
    df: int
    n: int

    @property
    def se(self) -> np.ndarray:
        return np.sqrt(np.diag(self.covariance))

    @property
    def p(self) -> np.ndarray:
        """Two-sided p per coefficient, Student's t on `df`."""
        return 2 * special.stdtr(self.df, -np.abs(self.coefficients / self.se))

    def interval(self, level: float = intervals.LEVEL) -> tuple[np.ndarray, np.ndarray]:
        return intervals.symmetric(self.coefficients, self.se, self.df, level)


def fit(design: SurveyDesign, y, x, names, family: str = "linear") -> Model:
    """Weighted fit of `y` (n) on the columns of `x` (n x p; include the constant).

    family: "linear" (least squares) or "logistic" (y 0/1, log odds; Newton's method to 1e-12). A row with a
    missing value is outside the domain that is fitted. Covariance: Taylor, from the influence (X'WX)^-1 x (y
    - fitted) (Binder 1983). Raises DataError when the columns say the same, the fit does not converge (a
    column separates the outcome), or too few clusters are left (df < 1).
    """
    if family not in FAMILIES:
        raise DataError("estimation.unknown_kind", kind=family, known=", ".join(FAMILIES))
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    inside = np.flatnonzero(~np.isnan(y) & ~np.isnan(x).any(axis=1))
    xs, ys, w = x[inside], y[inside], design.weights[inside]
    w = w / w.mean()
    if np.linalg.matrix_rank(xs) < xs.shape[1]:
        raise DataError("estimation.collinear")
    clusters, strata = len(np.unique(design.psu[inside])), len(np.unique(design.stratum[inside]))
    df = clusters - strata + 1 - xs.shape[1]
    if df < 1:
        raise DataError("estimation.too_few_clusters", clusters=clusters, columns=xs.shape[1])
    if family == "linear":
        bread = np.linalg.inv((xs.T * w) @ xs)
        beta = bread @ (xs.T @ (w * ys))
        residual = ys - xs @ beta
    else:
        beta, bread, residual = _logistic(xs, ys, w)
    effect = np.zeros((design.size, xs.shape[1]))
    effect[inside] = (residual[:, None] * xs) @ bread / design.weights[inside].mean()
    v = covariance(design, psu_totals_of_columns(design, effect))
    return Model(tuple(names), beta, v, df, len(inside))


def wald_test(model: Model, terms) -> tuple[float, int, int, float]:
    """F, its two degrees of freedom and p that the coefficients named in `terms` are all zero (R's
    regTermTest).

    Four numbers; p 0-1 (a share).
    """
    at = [model.names.index(term) for term in terms]
    b = model.coefficients[at]
    wald = float(b @ np.linalg.solve(model.covariance[np.ix_(at, at)], b))
    statistic = wald / len(at)
    return statistic, len(at), model.df, float(special.fdtrc(len(at), model.df, statistic))


def _logistic(x: np.ndarray, y: np.ndarray, w: np.ndarray):
    beta = np.zeros(x.shape[1])
    for _ in range(50):
        fitted = special.expit(x @ beta)
        information = (x.T * (w * fitted * (1 - fitted))) @ x
        try:
            step = np.linalg.solve(information, x.T @ (w * (y - fitted)))
        except np.linalg.LinAlgError:
            break
        beta = beta + step
        if np.abs(step).max() < 1e-12 * max(1.0, np.abs(beta).max()):
            fitted = special.expit(x @ beta)
            bread = np.linalg.inv((x.T * (w * fitted * (1 - fitted))) @ x)
            return beta, bread, y - fitted
    raise DataError("estimation.separated")
