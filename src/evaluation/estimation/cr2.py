"""CR2 standard errors with Satterthwaite degrees of freedom for any weighted linear model on clustered rows.

`few` holds the same method for domain means, where it needs no matrices of respondents.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special


@dataclass(frozen=True, eq=False)
class ClusterRobust:
    """Coefficients (p), their `covariance` (p x p) and degrees of freedom `df` (p)."""

    coefficients: np.ndarray
    covariance: np.ndarray
    df: np.ndarray

    @property
    def se(self) -> np.ndarray:
        return np.sqrt(np.diag(self.covariance))

    @property
    def p(self) -> np.ndarray:
        """Two-sided p per coefficient."""
        return 2 * special.stdtr(self.df, -np.abs(self.coefficients / self.se))


def cr2(y, x, clusters, weights=None) -> ClusterRobust:
    """Weighted least squares of `y` (n) on `x` (n x p, with its constant), rows correlated within `clusters`
    (n labels).

    Residuals of cluster g are multiplied by A_g = B_g^(-1/2), B_g their covariance when rows are independent
    with equal
    variance (working model), so that the variance is unbiased then; df = (sum of eigenvalues)^2 / sum of
    squares of the quadratic form's matrix (Bell and McCaffrey 2002; Pustejovsky and Tipton 2018; R's
    clubSandwich).
    """
    y, x = np.asarray(y, dtype=float), np.asarray(x, dtype=float)
    n, p = x.shape
    w = np.ones(n) if weights is None else np.asarray(weights, dtype=float)
    members = np.unique(np.asarray(clusters), return_inverse=True)[1]
    bread = np.linalg.inv((x.T * w) @ x)
    beta = bread @ (x.T @ (w * y))
    residual = y - x @ beta
    middle = bread @ ((x.T * w**2) @ x) @ bread
    scores, pulls = [], []
    for g in range(members.max() + 1):
        rows = np.flatnonzero(members == g)
        xg, wg = x[rows], w[rows]
        hat = xg @ bread @ (xg.T * wg)
        inner = np.eye(len(rows)) - hat - hat.T + xg @ middle @ xg.T
        weighted = (xg.T * wg) @ _inverse_root(inner)
        scores.append(bread @ weighted @ residual[rows])
        # Rows of (I - H) seen through this cluster's adjusted score, per coefficient: p x n.
        pull = -(bread @ weighted @ xg) @ bread @ (x.T * w)
        pull[:, rows] += bread @ weighted
        pulls.append(pull)
    scores, pulls = np.array(scores), np.array(pulls)
    df = np.empty(p)
    for j in range(p):
        omega = pulls[:, j, :] @ pulls[:, j, :].T
        df[j] = np.trace(omega) ** 2 / (omega**2).sum()
    return ClusterRobust(beta, scores.T @ scores, df)


def _inverse_root(matrix: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    root = np.where(values > 1e-10, 1 / np.sqrt(np.maximum(values, 1e-10)), 0)
    return (vectors * root) @ vectors.T
