"""Taylor linearisation: from values per row to estimates per domain and their covariance.

An estimate is written as a sum over respondents of weight x influence; its variance is the variance between
the clusters' totals of those, within strata (with replacement between clusters, the ultimate cluster
variance):

    V = sum_h (1 - f_h) n_h / (n_h - 1) sum_{c in h} (t_c - mean_h)(t_c - mean_h)'

Source: Binder 1983 (Int. Stat. Rev. 51:279); Lumley, Complex Surveys, 2010, ch. 2. A stratum with a single
cluster is centred at the mean over all clusters (conservative; R's `survey.lonely.psu = "adjust"`).
Calibrated weights: the influence is replaced by its residual from the regression on the calibration
variables, weighted by the weights before calibration (Deville and Sarndal 1992, JASA 87:376).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from evaluation.errors import DataError
from evaluation.estimation.design import SurveyDesign


@dataclass(frozen=True, eq=False)
class DomainEstimates:
    """Estimates of D domains. `estimate` (D); `influence` (clusters x D): each cluster's total of weight x
    influence; `n` (D) respondents and `sum` (D) the unweighted sum of their values; `clusters` (D) clusters
    and `strata` (D) strata that hold the domain; `spread` (D) weighted variance of the values (NaN for
    totals and ratios)."""

    estimate: np.ndarray
    influence: sparse.csr_array | np.ndarray
    n: np.ndarray
    sum: np.ndarray
    clusters: np.ndarray
    strata: np.ndarray
    spread: np.ndarray

    @property
    def df(self) -> np.ndarray:
        """Clusters - strata that hold the domain (R's degf of a subset)."""
        return self.clusters - self.strata

    @property
    def variance_srs(self) -> np.ndarray:
        """Variance of the mean of a simple random sample with replacement of the same n (R's
        deff="replace")."""
        return np.where(self.n > 1, self.spread / np.maximum(self.n - 1, 1), np.nan)


def domain_means(design: SurveyDesign, y, domain=None, size: int | None = None) -> DomainEstimates:
    """Weighted means of `y` (n; NaN = no answer, outside every domain) in the domains `domain` (n codes
    0..size-1; -1 = in none; None = one domain of all rows). A domain without respondents has a NaN estimate
    and zero influence."""
    y, domain, size = _prepare(design, y, domain, size)
    inside, value, codes = _inside(y, domain)
    weight = design.weights[inside]
    total = np.bincount(codes, weight, size)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(codes, weight * value, size) / total
        residual = value - mean[codes]
        spread = np.bincount(codes, weight * residual**2, size) / total
    influence = psu_totals(design, inside, residual / total[codes], codes, size)
    return _result(design, mean, influence, inside, value, codes, size, spread)


def domain_totals(design: SurveyDesign, y, domain=None, size: int | None = None) -> DomainEstimates:
    """Weighted totals of `y`; arguments as `domain_means`.

    Arrays (D), in the unit of `y` summed over persons.
    """
    y, domain, size = _prepare(design, y, domain, size)
    inside, value, codes = _inside(y, domain)
    total = np.bincount(codes, design.weights[inside] * value, size)
    influence = psu_totals(design, inside, value, codes, size)
    return _result(design, total, influence, inside, value, codes, size, np.full(size, np.nan))


def domain_ratios(design: SurveyDesign, y, x, domain=None, size: int | None = None) -> DomainEstimates:
    """Ratios total(y) / total(x); a row with either missing is outside. Arguments as `domain_means`.

    y (n), x (n); arrays (D), in the unit of y per unit of x.
    """
    x = np.asarray(x, dtype=float)
    y, domain, size = _prepare(design, y, domain, size)
    inside, value, codes = _inside(np.where(np.isnan(x), np.nan, y), domain)
    weight, below = design.weights[inside], x[inside]
    with np.errstate(invalid="ignore", divide="ignore"):
        base = np.bincount(codes, weight * below, size)
        ratio = np.bincount(codes, weight * value, size) / base
        effect = (value - ratio[codes] * below) / base[codes]
    influence = psu_totals(design, inside, effect, codes, size)
    return _result(design, ratio, influence, inside, value, codes, size, np.full(size, np.nan))


def psu_totals(
    design: SurveyDesign, inside: np.ndarray | slice, effect: np.ndarray, codes: np.ndarray, size: int
):
    """Cluster totals (clusters x size) of weight x effect for the rows `inside` (indices, or a slice) of
    domains `codes`, after taking out what calibration explains.

    effect (rows), codes (rows); in the unit of the estimate.

    An array, in the unit of the estimate; see the module for the formula.
    """
    clusters = len(design.psu_stratum)
    weighted = design.weights[inside] * effect
    if design.clustered:
        cells = np.bincount(design.psu[inside] * size + codes, weighted, clusters * size)
        totals = cells.reshape(clusters, size)
    else:
        totals = sparse.csr_array((weighted, (design.psu[inside], codes)), shape=(clusters, size))
    if design.calibration is None:
        return totals
    return totals - _explained(design, inside, effect, codes, size)


def psu_totals_of_columns(design: SurveyDesign, effect: np.ndarray) -> np.ndarray:
    """Cluster totals (clusters x p) of weight x `effect` (n x p), after taking out what calibration
    explains."""
    if design.calibration is not None:
        known = design.calibration
        effect = effect - known.auxiliary @ (known.inverse @ (known.weighted.T @ effect))
    return design.membership @ effect


def _explained(design: SurveyDesign, inside, effect, codes, size) -> np.ndarray:
    known = design.calibration
    rows = np.arange(design.size)[inside]
    effects = sparse.csr_array((effect, (rows, codes)), shape=(design.size, size))
    return design.auxiliary_totals @ (known.inverse @ (known.weighted.T @ effects).toarray())


def covariance(design: SurveyDesign, influence) -> np.ndarray:
    """Covariance matrix (D x D) of estimates with cluster totals `influence` (clusters x D).

    In the square of the estimates' unit (share 0-1, points 0-100).
    """
    scale, sums, centre = _between(design, influence)
    weight = scale[design.psu_stratum]
    if sparse.issparse(influence):
        square = (influence.T @ influence.multiply(weight[:, None])).toarray()
    else:
        square = influence.T @ (influence * weight[:, None])
    crossed = sums.T @ (centre * scale[:, None])
    return square - crossed - crossed.T + centre.T @ (centre * (scale * design.psu_count)[:, None])


def variance(design: SurveyDesign, influence) -> np.ndarray:
    """The diagonal (D) of `covariance`, without computing the rest.

    In the square of the estimates' unit (share 0-1, points 0-100).
    """
    scale, sums, centre = _between(design, influence)
    weight = scale[design.psu_stratum]
    square = influence.power(2).T @ weight if sparse.issparse(influence) else weight @ influence**2
    value = square + scale @ (centre * (centre * design.psu_count[:, None] - 2 * sums))
    return np.maximum(value, 0)


def _between(design: SurveyDesign, influence):
    count = design.psu_count
    clusters = len(design.psu_stratum)
    strata = sparse.csr_array(
        (np.ones(clusters), (design.psu_stratum, np.arange(clusters))), (len(count), clusters)
    )
    sums = strata @ influence
    sums = sums.toarray() if sparse.issparse(sums) else sums
    centre = np.where((count > 1)[:, None], sums / count[:, None], sums.sum(axis=0) / clusters)
    scale = design.remaining * np.where(count > 1, count / np.maximum(count - 1, 1), 1.0)
    return scale, sums, centre


def _prepare(design: SurveyDesign, y, domain, size):
    y = np.asarray(y, dtype=float)
    if len(y) != design.size:
        raise DataError("estimation.length_mismatch", column="y", found=len(y), expected=design.size)
    if domain is None:
        return y, np.zeros(design.size, dtype=np.intp), 1
    domain = np.asarray(domain, dtype=np.intp)
    return y, domain, int(domain.max(initial=-1)) + 1 if size is None else size


def _inside(y: np.ndarray, domain: np.ndarray):
    kept = (domain >= 0) & ~np.isnan(y)
    # Views instead of copies when everybody counts: half the memory for a million rows.
    inside = slice(None) if kept.all() else np.flatnonzero(kept)
    return inside, y[inside], domain[inside]


def _result(design, estimate, influence, inside, value, codes, size, spread) -> DomainEstimates:
    clusters, strata = holders(design, inside, codes, size)
    n, sums = np.bincount(codes, minlength=size), np.bincount(codes, value, size)
    return DomainEstimates(estimate, influence, n, sums, clusters, strata, spread)


def holders(
    design: SurveyDesign, inside: np.ndarray, codes: np.ndarray, size: int
) -> tuple[np.ndarray, np.ndarray]:
    """How many clusters and strata hold a row of each domain: two arrays (size).

    inside: indices of rows; codes: their domains; numbers of clusters.
    """
    stratum = _distinct(design.stratum[inside], codes, len(design.psu_count), size)
    if not design.clustered:
        return np.bincount(codes, minlength=size), stratum
    return _distinct(design.psu[inside], codes, len(design.psu_stratum), size), stratum


def _distinct(units: np.ndarray, codes: np.ndarray, count: int, size: int) -> np.ndarray:
    held = np.zeros((count, size), dtype=bool)
    held[units, codes] = True
    return held.sum(axis=0)
