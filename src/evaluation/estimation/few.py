"""Few clusters: a variance without small-sample bias, with Satterthwaite degrees of freedom (CR2).

With few clusters, or clusters of unequal size, the usual variance is too small and t on clusters - strata
too short: with six clinics of which the sizes vary by half, intervals of nominal 95 % cover 93 %. CR2
inflates each cluster's total for what the cluster itself pulled the mean towards it, so that the variance is
unbiased when respondents are independent, and takes as degrees of freedom twice the squared expectation over
the variance of that estimate under the same model.

For the cells stratum x domain of a weighted mean, with w the weights, W_g and Q_g the cluster's sums of w
and w^2, W and Q those of the cell, h = W_g / W, and z_g the cluster's total of weight x influence:

    z'_g = a_g (z_g - h sum of z),   a_g^2 = Q_g / (Q_g (1 - 2h) + h^2 Q)     (1 / (1 - h) without weights)
    V    = sum over clusters of (sum over domains of c z'_g)^2

Sources: Bell and McCaffrey 2002, Survey Methodology 28:169; Pustejovsky and Tipton 2018, J. Bus. Econ. Stat.
36:672. A cell of one cluster is not centred and not inflated (as R's lonely.psu = "adjust").
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from evaluation.estimation.design import SurveyDesign
from evaluation.estimation.linear import DomainEstimates, variance

# From this many clusters on the usual variance and degrees of freedom serve (see the simulation study).
FEW_CLUSTERS = 40


@dataclass(frozen=True, eq=False)
class ClusterCells:
    """Per cluster x domain: the adjusted score, and what its covariance under the working model is made of:
    `own` (the diagonal part), `alpha`, `beta` (the parts that the common mean brings); per stratum x domain
    `pull`.

    Arrays are clusters x k or strata x k (k domains), in units of the mean and its variance.
    """

    score: np.ndarray
    own: np.ndarray
    alpha: np.ndarray
    beta: np.ndarray
    pull: np.ndarray
    strata: sparse.csr_array


def cluster_cells(design: SurveyDesign, y, domain, estimates: DomainEstimates, columns) -> ClusterCells:
    """The cells of the domains `columns` (k indices) of `estimates`, which was made by
    `domain_means(design, y, domain)`; arrays are clusters x k.

    y (n), domain (n codes); in units of the mean (share 0-1, points 0-100).
    """
    size, clusters = len(estimates.estimate), len(design.psu_stratum)
    position = np.full(size + 1, -1, dtype=np.intp)
    position[columns] = np.arange(len(columns))
    place = position[domain]
    inside = np.flatnonzero((place >= 0) & ~np.isnan(y))
    k = len(columns)
    cell, w = design.psu[inside] * k + place[inside], design.weights[inside]
    weight = np.bincount(cell, w, clusters * k).reshape(clusters, k)
    square = np.bincount(cell, w**2, clusters * k).reshape(clusters, k)
    strata = sparse.csr_array(
        (np.ones(clusters), (design.psu_stratum, np.arange(clusters))), (len(design.psu_count), clusters)
    )
    back = design.psu_stratum
    with np.errstate(invalid="ignore", divide="ignore"):
        h = np.nan_to_num(weight / (strata @ weight)[back])
        total = (strata @ square)[back]
        inflate = square / (square * (1 - 2 * h) + h**2 * total)
    lone = h > 1 - 1e-12
    inflate = np.sqrt(np.where(lone | (weight == 0), 1.0, inflate))
    influence = estimates.influence[:, columns]
    influence = influence.toarray() if sparse.issparse(influence) else influence
    score = inflate * (influence - np.where(lone, 0, h) * (strata @ influence)[back])
    score = score * np.sqrt(design.remaining)[back][:, None]
    # The working variance per respondent matters only in proportion; where all answers are alike it takes
    # part as 1.
    spread = np.where(estimates.spread[columns] > 0, estimates.spread[columns], 1.0)
    scale = spread / np.where(weight.sum(axis=0) > 0, weight.sum(axis=0), 1.0) ** 2
    h = np.where(lone, 0, h)
    return ClusterCells(
        score,
        inflate**2 * square * scale,
        inflate * h,
        inflate * square * scale,
        (strata @ square) * scale,
        strata,
    )


def uncertainty(design: SurveyDesign, y, domain, estimates: DomainEstimates, terms, df):
    """Variance (K), degrees of freedom (K) and method (K) of K contrasts of domain means, by rule.

    terms: list of (domains (K), coefficient): the contrast is the sum of coefficient x estimate. df (K):
    clusters - strata. "cr2" (Satterthwaite) where a clustered design has fewer than `FEW_CLUSTERS` clusters
    in one of the domains, otherwise "taylor"."""
    influence = sum(c * estimates.influence[:, at] for at, c in terms)
    value, df = variance(design, influence), np.asarray(df, dtype=float)
    few = np.zeros(len(df), dtype=bool)
    if design.clustered:
        few = np.min([estimates.clusters[at] for at, _ in terms], axis=0) < FEW_CLUSTERS
        few &= df > 0
    if few.any():
        used = np.unique(np.concatenate([at[few] for at, _ in terms]))
        cells = cluster_cells(design, y, domain, estimates, used)
        local = [(np.searchsorted(used, at[few]), c) for at, c in terms]
        _, value[few], df[few], _ = contrast_variance(cells, local)
    return value, df, np.where(few, "cr2", "taylor")


def contrast_variance(cells: ClusterCells, terms) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Scores (clusters x K), variances (K), degrees of freedom (K) of K contrasts, and the variances (K) that
    the working model expects.

    terms: list of (columns (K) of `cells`, coefficient): the contrast is the sum of coefficient x estimate.
    Different domains are independent under the working model, so the traces are sums over pairs of terms.

    In the unit of the outcome (share 0-1, points 0-100) and its square.
    """
    score = sum(c * cells.score[:, at] for at, c in terms)
    mean = sum(c**2 * _expected(cells, at) for at, c in terms)
    square = sum(c**2 * d**2 * _product(cells, i, j) for i, c in terms for j, d in terms)
    with np.errstate(invalid="ignore", divide="ignore"):
        df = mean**2 / square
    return score, (score**2).sum(axis=0), df, mean


def hotelling(change, variance, expected, df) -> tuple[float, float]:
    """F and its second degrees of freedom (the first are R - 1) of the hypothesis that R independent changes
    are equal, from their CR2 variances and Satterthwaite df and the variances the working model expects.

    With L the R-1 contrasts, V = diag(variance), O = L diag(expected) L' and a_i = O^-1/2 L_i:
    Q = (Ld)'(LVL')^-1(Ld), eta = k (k + 1) / (2 sum over i of expected_i^2 (a_i'a_i)^2 / df_i), k = R - 1,
    and F = Q (eta - k + 1) / (eta k) on k and eta - k + 1. Source: Tipton and Pustejovsky 2015, J. Educ.
    Behav. Stat. 40:604 (their AHZ; R's clubSandwich "HTZ")."""
    k = len(change) - 1
    contrast = np.hstack([-np.ones((k, 1)), np.eye(k)])
    difference = contrast @ change
    q = float(difference @ np.linalg.solve((contrast * variance) @ contrast.T, difference))
    inverse = np.linalg.inv((contrast * expected) @ contrast.T)
    length = np.einsum("ji,jk,ki->i", contrast, inverse, contrast)
    eta = k * (k + 1) / (2 * (expected**2 * length**2 / df).sum())
    return float(q * (eta - k + 1) / (eta * k)), float(eta - k + 1)


def _expected(cells: ClusterCells, at) -> np.ndarray:
    # The trace of Omega = diag(own) - alpha beta' - beta alpha' + pull alpha alpha', summed over strata.
    a, b = cells.alpha[:, at], cells.beta[:, at]
    return cells.own[:, at].sum(axis=0) + (
        -2 * (cells.strata @ (a * b)) + cells.pull[:, at] * (cells.strata @ a**2)
    ).sum(axis=0)


def _product(cells: ClusterCells, i, j) -> np.ndarray:
    # The trace of Omega_i Omega_j, from the same decomposition.
    def within(x):
        return cells.strata @ x

    a, b, own, q = (part[:, i] for part in (cells.alpha, cells.beta, cells.own, cells.pull))
    c, d, own2, r = (part[:, j] for part in (cells.alpha, cells.beta, cells.own, cells.pull))
    diagonal = within(own * own2) + within(own * (-2 * c * d)) + r * within(own * c**2)
    diagonal = diagonal + within(own2 * (-2 * a * b)) + q * within(own2 * a**2)
    ac, bd, ad, bc = within(a * c), within(b * d), within(a * d), within(b * c)
    low = 2 * ac * bd + 2 * ad * bc - 2 * r * ac * bc - 2 * q * ac * ad + q * r * ac**2
    return (diagonal + low).sum(axis=0)
