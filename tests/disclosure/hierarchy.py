"""Made-up releases of a province: municipalities, sub-regions, COROP areas, by groups, waves and outcomes.

The counts are random; the shape is that of a full release of Limburg (31 municipalities, 42 places).
"""

import numpy as np

from evaluation.disclosure.audit import Published, intervals
from evaluation.disclosure.cells import Sum
from evaluation.disclosure.protect import Problem


def hierarchical(
    rng: np.random.Generator, groups: int, waves: int, outcomes: int, minimum: float, empty: float
):
    """A release as a Problem with one row per cell, and its primary cells.

    31 municipalities in 7 sub-regions in 3 COROP areas in a province, x `groups` and their total, per
    wave and outcome. Counts are skewed with a share `empty` of zeros; those from 1 to below `minimum` are
    protected to [1, minimum].
    """
    regions = np.sort(np.concatenate([np.arange(7), rng.integers(0, 7, 24)]))
    corop = np.array([0, 0, 1, 1, 1, 2, 2])
    values, sums, costs = [], [], []
    for _ in range(waves * outcomes):
        inner = np.where(
            rng.random((31, groups)) < empty, 0, np.ceil(rng.lognormal(3.2, 1.2, (31, groups)))
        ).astype(int)
        middle = np.array([inner[regions == r].sum(axis=0) for r in range(7)])
        upper = np.array([middle[corop == k].sum(axis=0) for k in range(3)])
        cells = np.vstack([inner, middle, upper, upper.sum(axis=0)])
        cells = np.hstack([cells, cells.sum(axis=1, keepdims=True)])
        start = len(values)
        place = start + np.arange(cells.size).reshape(cells.shape)
        values += cells.ravel().tolist()
        costs += [1.0 + np.log2(1.0 + v) for v in cells.ravel()]
        for column in range(groups + 1):
            for r in range(7):
                sums.append(_sum(place[31 + r, column], place[:31, column][regions == r]))
            for k in range(3):
                sums.append(_sum(place[38 + k, column], place[31:38, column][corop == k]))
            sums.append(_sum(place[41, column], place[38:41, column]))
        if groups > 1:
            sums += [_sum(place[row, groups], place[row, :groups]) for row in range(42)]
    values = np.array(values, dtype=float)
    primary = frozenset(int(i) for i in np.flatnonzero((values > 0) & (values < minimum)))
    units = [(i,) for i in range(len(values))]
    needs = dict.fromkeys(sorted(primary), (1.0, minimum))
    return Problem(values, np.zeros(len(values)), sums, units, np.array(costs), primary, needs)


def _sum(total, parts) -> Sum:
    return Sum(((int(total), -1.0), *((int(part), 1.0) for part in parts)))


def attacked(problem: Problem, hidden) -> dict[int, tuple[float, float]]:
    """Protected cell -> what the attacker knows of it when `hidden` is all that is not shown."""
    keys = [("cell", str(i), "", "", "", "yes") for i in range(len(problem.values))]
    cells = {key: np.nan if i in hidden else float(problem.values[i]) for i, key in enumerate(keys)}
    sums = tuple((tuple((keys[c], w) for c, w in s.cells), s.total) for s in problem.sums)
    found = intervals([Published("", cells, frozenset(), sums)], [keys[c] for c in problem.needs])
    return {c: found[keys[c]] for c in problem.needs}
