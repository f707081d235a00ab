"""The survey design: who was drawn with which weight, in which stratum and cluster.

Every estimator in this package takes a `SurveyDesign` and rows in the same order. The design is that of the
whole pooled
survey (all waves, all areas): a domain is estimated within it, never by filtering first, so that clusters
without a respondent in the domain still count.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from scipy import sparse

from evaluation.errors import DataError
from evaluation.estimation.labels import label_codes


@dataclass(frozen=True, eq=False)
class Calibration:
    """What the weights were calibrated on: `auxiliary` (n x c, sparse) and the weights `base` (n) they had
    before."""

    auxiliary: sparse.csr_array
    base: np.ndarray

    # Every estimate of a calibrated survey needs the two below, so they are computed once per calibration.
    @cached_property
    def weighted(self) -> sparse.csr_array:
        """The auxiliary, each row times the weight it had before."""
        return self.auxiliary.multiply(self.base[:, None]).tocsr()

    @cached_property
    def inverse(self) -> np.ndarray:
        """Pseudo-inverse (c x c) of the auxiliary's weighted cross product; categories may overlap."""
        return np.linalg.pinv((self.auxiliary.T @ self.weighted).toarray(), hermitian=True)


@dataclass(frozen=True, eq=False)
class SurveyDesign:
    """A one-stage design for n rows, drawn with replacement unless `fpc` is given.

    weights  (n) positive numbers; only their ratios matter for means and shares.
    strata   (n) labels or None (one stratum).
    clusters (n) labels of the primary sampling unit (psu; the clinic) or None (every respondent his own
             cluster). A row with an empty label ("" or missing) is its own cluster. The same clinic in two
             waves carries the same label: that is how the covariance between waves is known. A cluster lies
             in one stratum.
    fpc      (n) number of clusters in the population of the row's stratum, or None. The variance of a
             stratum is multiplied by 1 - drawn/population (as R's survey).

    Raises DataError for a weight that is missing, zero or negative, a cluster in two strata, or an
    impossible fpc.
    """

    weights: np.ndarray
    strata: np.ndarray | None = None
    clusters: np.ndarray | None = None
    fpc: np.ndarray | None = None
    calibration: Calibration | None = None
    stratum: np.ndarray = field(init=False, repr=False)
    psu: np.ndarray = field(init=False, repr=False)
    psu_stratum: np.ndarray = field(init=False, repr=False)
    psu_count: np.ndarray = field(init=False, repr=False)
    remaining: np.ndarray = field(init=False, repr=False)

    def __post_init__(self):
        weights = np.asarray(self.weights, dtype=float)
        n = len(weights)
        wrong = ~(np.isfinite(weights) & (weights > 0))
        if wrong.any():
            raise DataError("estimation.weights_invalid", count=int(wrong.sum()), row=int(wrong.argmax()) + 1)
        for name in ("strata", "clusters", "fpc"):
            column = getattr(self, name)
            if column is not None and len(column) != n:
                raise DataError("estimation.length_mismatch", column=name, found=len(column), expected=n)
        stratum = _codes(self.strata) if self.strata is not None else np.zeros(n, dtype=np.intp)
        psu = _cluster_codes(self.clusters, n)
        psu_stratum = _stratum_of_psu(psu, stratum)
        count = np.bincount(psu_stratum, minlength=int(stratum.max(initial=-1)) + 1)
        values = {
            "weights": weights,
            "stratum": stratum,
            "psu": psu,
            "psu_stratum": psu_stratum,
            "psu_count": count,
            "remaining": _remaining(self.fpc, stratum, count),
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def size(self) -> int:
        return len(self.weights)

    @property
    def clustered(self) -> bool:
        """Whether any cluster holds more than one respondent."""
        return len(self.psu_stratum) < self.size

    @cached_property
    def membership(self) -> sparse.csr_array:
        """clusters x n: the weight of each row in the column of its cluster."""
        shape = (len(self.psu_stratum), self.size)
        return sparse.csr_array((self.weights, (self.psu, np.arange(self.size))), shape=shape)

    @cached_property
    def auxiliary_totals(self) -> sparse.csr_array:
        """clusters x c: weighted totals of the calibration's auxiliary."""
        return self.membership @ self.calibration.auxiliary

    @property
    def df(self) -> int:
        """Degrees of freedom of the whole design: clusters - strata."""
        return len(self.psu_stratum) - len(self.psu_count)


def split_by_wave(design: SurveyDesign, wave) -> SurveyDesign:
    """The design with strata crossed by `wave` (n) when no cluster serves two waves; otherwise the design
    itself.

    Waves drawn separately are independent samples, so each wave has its own strata. Without clusters and
    weights the standard error of a mean then is the textbook s / sqrt(n). When a clinic serves several waves
    the stratum must stay whole, or the covariance of the waves would be lost.
    """
    codes = _codes(wave)
    first = np.zeros(len(design.psu_stratum), dtype=np.intp)
    first[design.psu] = codes
    if (first[design.psu] != codes).any():
        return design
    crossed = design.stratum * (int(codes.max(initial=0)) + 1) + codes
    return replace(design, strata=crossed, clusters=design.psu)


def _codes(labels) -> np.ndarray:
    # An empty label is a stratum (or wave) like any other.
    codes, known = label_codes(labels)
    return np.where(codes < 0, len(known), codes) if (codes < 0).any() else codes


def _cluster_codes(clusters, n: int) -> np.ndarray:
    if clusters is None:
        return np.arange(n, dtype=np.intp)
    codes, known = label_codes(clusters)
    blank = codes < 0
    if blank.any():
        codes[blank] = len(known) + np.arange(blank.sum())
    return codes


def _stratum_of_psu(psu: np.ndarray, stratum: np.ndarray) -> np.ndarray:
    of_psu = np.zeros(int(psu.max(initial=-1)) + 1, dtype=np.intp)
    of_psu[psu] = stratum
    crossing = of_psu[psu] != stratum
    if crossing.any():
        count = len(np.unique(psu[crossing]))
        raise DataError("estimation.cluster_in_two_strata", count=count, row=int(crossing.argmax()) + 1)
    return of_psu


def _remaining(fpc, stratum: np.ndarray, count: np.ndarray) -> np.ndarray:
    if fpc is None:
        return np.ones(len(count))
    population = np.zeros(len(count))
    values = np.asarray(fpc, dtype=float)
    population[stratum] = values
    uneven = np.bincount(stratum, population[stratum] != values, minlength=len(count)) > 0
    wrong = uneven | ~np.isfinite(population) | (population < count)
    if wrong.any():
        raise DataError("estimation.fpc_invalid", count=int(wrong.sum()))
    return 1 - count / population
