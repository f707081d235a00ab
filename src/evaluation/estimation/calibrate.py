"""Weights that add up to known population totals: post-stratification, raking, linear calibration (GREG).

The design that comes back carries the calibration, so that standard errors know it (`linear`). Rows of a
margin with code -1 (category unknown, or another wave) stay out of that margin.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from evaluation.errors import DataError
from evaluation.estimation.design import Calibration, SurveyDesign

ROUNDS = 2000


def poststratify(design: SurveyDesign, codes, totals, name: str = "1") -> SurveyDesign:
    """Weights scaled per category so that they add up to `totals` (k). `codes` (n): category 0..k-1, or
    -1."""
    return rake(design, [(codes, totals)], names=[name])


def rake(
    design: SurveyDesign, margins, cap: float | None = None, tol: float = 1e-12, names=None
) -> SurveyDesign:
    """Weights raked to `margins`: a list of (codes (n) in -1..k-1, totals (k) > 0), by iterative
    proportional fitting.

    The first margin sets the size of the population. The totals of each later margin are first brought to
    that size, per block of linked categories (as education within region), less the share of the block's
    rows whose category is unknown: margins from different years or with "unknown" answers then do not
    contradict each other. Consistent margins without unknowns are left exactly as given.

    cap: no weight above `cap` times the mean weight of its block (the rows that the margins link); the
         weights then solve the raking problem bounded from above (Deville and Sarndal 1992, truncated
         raking). None: no cap.
    tol: largest relative distance of a margin's category to its total.
    names: what to call the margins in an error.

    Raises DataError when a category with a total has no respondents, a total is not positive, or the margins
    (under the cap) cannot be met; it names the margin. Standard errors: residuals from the regression on all
    categories, weighted by the weights before raking. (R's `rake` leaves those weights out, R's
    `calibrate(calfun="raking")` has them; with equal design weights the three are the same.)
    """
    names = [str(i + 1) for i in range(len(margins))] if names is None else list(names)
    margins = [(np.asarray(c, dtype=np.intp), np.asarray(t, dtype=float)) for c, t in margins]
    for (codes, totals), name in zip(margins, names, strict=True):
        _check_margin(design, codes, totals, name)
    base = design.weights if design.calibration is None else design.calibration.base
    margins = reconcile(margins, base)
    weights, rounds = _fit(base, margins, None, tol)
    bound = None
    if cap is not None:
        block = _blocks(margins, design.size)
        mean = np.bincount(block, weights) / np.maximum(np.bincount(block), 1)
        bound = cap * mean[block]
        if (weights > bound).any():
            weights, rounds = _fit(base, margins, bound, tol)
    gaps = [_gap(weights, codes, totals) for codes, totals in margins]
    worst = int(np.argmax(gaps))
    if gaps[worst] > tol:
        percent = f"{100 * gaps[worst]:.2g}"
        if bound is not None and (weights >= bound).any():
            raise DataError("estimation.weight_cap", cap=f"{cap:g}", margin=names[worst], gap=percent)
        raise DataError("estimation.rake_not_converged", margin=names[worst], rounds=rounds, gap=percent)
    return replace(design, weights=weights, calibration=Calibration(_dummies(margins, design.size), base))


def calibrate(design: SurveyDesign, auxiliary, totals) -> SurveyDesign:
    """Linear (GREG) calibration: weights w = d (1 + x'b) with sum(w x) = totals (c); `auxiliary` (n x c)
    holds a column of ones where the population size is known. Weights may become negative in principle; then
    DataError is raised.

    Source: Deville and Sarndal 1992, case 1; R's `calibrate(calfun = "linear")`."""
    x = np.asarray(auxiliary, dtype=float)
    totals = np.asarray(totals, dtype=float)
    base = design.weights if design.calibration is None else design.calibration.base
    # Columns of very different size (a dummy beside a score of hundreds) would spoil the solution otherwise.
    scale = np.abs(x).max(axis=0)
    scale[scale == 0] = 1
    z = x / scale
    slope = np.linalg.pinv((z.T * base) @ z, hermitian=True) @ ((totals - base @ x) / scale)
    weights = base * (1 + z @ slope)
    gap = np.abs(weights @ x - totals) / np.maximum(np.abs(totals), 1)
    if gap.max() > 1e-9 or not (weights > 0).all():
        raise DataError("estimation.calibration_impossible")
    return replace(design, weights=weights, calibration=Calibration(sparse.csr_array(z), base))


def reconcile(margins, weights: np.ndarray):
    """The margins with the totals of the later ones brought to the size the first one sets (see `rake`).

    margins: list of (codes (n), totals (k)), totals in persons; weights (n). Iterative scaling per block
    of linked categories (this project's own rule, exact for margins that agree).
    """
    first, size = margins[0]
    result = [margins[0]]
    for codes, totals in margins[1:]:
        both = (first >= 0) & (codes >= 0)
        k, m = len(size), len(totals)
        link = sparse.coo_array((np.ones(both.sum()), (first[both], k + codes[both])), shape=(k + m, k + m))
        label = connected_components(link, directed=False)[1]
        count = label.max() + 1
        inside = first >= 0
        of_row = label[first[inside]]
        whole = np.bincount(of_row, weights[inside], count)
        known = np.bincount(of_row, weights[inside] * (codes[inside] >= 0), count)
        target = np.bincount(label[:k], size, count)
        given = np.bincount(label[k:], totals, count)
        with np.errstate(invalid="ignore", divide="ignore"):
            factor = np.where((known > 0) & (given > 0), target * known / whole / given, 1.0)
        # Totals that agree up to rounding stay as the user gave them.
        factor[np.abs(factor - 1) < 1e-12] = 1.0
        result.append((codes, totals * factor[label[k:]]))
    return result


def _check_margin(design: SurveyDesign, codes: np.ndarray, totals: np.ndarray, name: str) -> None:
    if len(codes) != design.size:
        raise DataError("estimation.length_mismatch", column=name, found=len(codes), expected=design.size)
    if codes.max(initial=-1) >= len(totals) or codes.min(initial=0) < -1:
        raise DataError("estimation.margin_codes", margin=name)
    bad = ~(np.isfinite(totals) & (totals > 0))
    if bad.any():
        category = int(bad.argmax()) + 1
        raise DataError("estimation.margin_invalid", margin=name, count=int(bad.sum()), category=category)
    empty = np.bincount(codes[codes >= 0], minlength=len(totals)) == 0
    if empty.any():
        category = int(empty.argmax()) + 1
        raise DataError("estimation.margin_empty", margin=name, count=int(empty.sum()), category=category)


def _fit(base: np.ndarray, margins, bound: np.ndarray | None, tol: float) -> tuple[np.ndarray, int]:
    # Without the bound this is ordinary raking. With it `free` are the weights that raking would give and
    # min(free, bound) those in use; the fixed point solves the bounded problem.
    free = base.copy()
    best = np.inf
    for done in range(1, ROUNDS + 1):
        for codes, totals in margins:
            inside = codes >= 0
            used = free if bound is None else np.minimum(free, bound)
            now = np.bincount(codes[inside], used[inside], len(totals))
            free[inside] *= (totals / now)[codes[inside]]
        used = free if bound is None else np.minimum(free, bound)
        gap = max(_gap(used, codes, totals) for codes, totals in margins)
        if gap <= tol or not np.isfinite(gap):
            break
        if done % 200 == 0:
            if gap > 0.5 * best:
                break
            best = gap
    return used, done


def _gap(weights: np.ndarray, codes: np.ndarray, totals: np.ndarray) -> float:
    inside = codes >= 0
    return float(np.max(np.abs(np.bincount(codes[inside], weights[inside], len(totals)) / totals - 1)))


def _dummies(margins, n: int) -> sparse.csr_array:
    parts = []
    for codes, totals in margins:
        rows = np.flatnonzero(codes >= 0)
        parts.append(sparse.csr_array((np.ones(len(rows)), (rows, codes[rows])), shape=(n, len(totals))))
    return sparse.hstack(parts, format="csr")


def _blocks(margins, n: int) -> np.ndarray:
    dummies = _dummies(margins, n)
    if len(margins) == 1:
        return np.where(margins[0][0] >= 0, 0, 1)
    label = connected_components((dummies.T @ dummies), directed=False)[1]
    reached = dummies.sum(axis=1) > 0
    block = np.full(n, label.max() + 1)
    starts = dummies.indptr[:-1][reached]
    block[reached] = label[dummies.indices[starts]]
    return np.unique(block, return_inverse=True)[1]
