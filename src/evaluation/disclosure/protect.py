"""Complementary suppression, the simple safe step: no hidden cell can be computed exactly from the rest.

A hidden cell is exactly determined when every solution of the release's linear relations gives it the same
value, that is when its coordinate is zero in the whole null space of the relations over the hidden cells.
Cells are given up one by one, the smallest first, until none is determined.
"""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from evaluation.disclosure.relation import Relation

# A singular value, or a coordinate in the null space, below this is zero: coefficients are -1, 0 and 1.
ZERO = 1e-9


def protect(hidden: Sequence[str], sizes: Sequence[float], relations: Sequence[Relation]) -> list[str]:
    """The reason of every cell after complementary suppression ("" = shown).

    hidden: the primary reason of each cell, "" when it may be shown. sizes: what a cell weighs when one has
    to be given up; the smallest goes, and a cell of size 0 (known to be empty) only after the others.
    A further hidden cell carries the reason of the cell that it protects, so that the marks do not say
    which of them was hidden first.
    """
    reasons = list(hidden)
    while True:
        if not (_peel(reasons, sizes, relations) or _break_determined(reasons, sizes, relations)):
            return reasons


def determined(hidden: Sequence[bool], relations: Sequence[Relation]) -> list[int]:
    """The hidden cells that the shown ones determine exactly."""
    cells = [i for i, is_hidden in enumerate(hidden) if is_hidden]
    place = {cell: column for column, cell in enumerate(cells)}
    sums = [relation for relation in relations if not relation.follows]
    rows = [[(place[i], weight) for i, weight in relation.cells if i in place] for relation in sums]
    rows = [row for row in rows if row]
    if not rows:
        return []
    entries = [(r, column, weight) for r, row in enumerate(rows) for column, weight in row]
    r, column, weight = (np.array(values) for values in zip(*entries, strict=True))
    linked = coo_array((np.ones(len(r)), (r, len(rows) + column)), shape=(len(rows) + len(cells),) * 2)
    _, parts = connected_components(linked, directed=False)
    found: list[int] = []
    for part in np.unique(parts[r]):
        inside = parts[r] == part
        own_rows, local_row = np.unique(r[inside], return_inverse=True)
        own_cells, local_cell = np.unique(column[inside], return_inverse=True)
        matrix = np.zeros((len(own_rows), len(own_cells)))
        np.add.at(matrix, (local_row, local_cell), weight[inside])
        _, singular, directions = np.linalg.svd(matrix)
        null_space = directions[np.sum(singular > ZERO) :]
        fixed = np.all(np.abs(null_space) < ZERO, axis=0)
        found += [cells[own_cells[j]] for j in np.flatnonzero(fixed)]
    return sorted(found)


def _peel(reasons: list[str], sizes: Sequence[float], relations: Sequence[Relation]) -> bool:
    """Hide a second cell wherever a relation has exactly one; much cheaper than the null space."""
    changed = False
    for relation in relations:
        hidden = [i for i, _ in relation.cells if reasons[i]]
        if relation.follows:
            hidden = [i for i in hidden if i not in relation.spend]
        if (relation.whole or relation.follows) and hidden and not all(reasons[i] for i in relation.spend):
            changed = True
            for i in relation.spend:
                reasons[i] = reasons[i] or reasons[hidden[0]]
        elif len(hidden) == 1 and not relation.follows:
            changed |= _give_up(relation, reasons[hidden[0]], reasons, sizes)
    return changed


def _break_determined(reasons: list[str], sizes: Sequence[float], relations: Sequence[Relation]) -> bool:
    changed, touched = False, set()
    relations = [relation for relation in relations if not relation.follows]
    for cell in determined([bool(reason) for reason in reasons], relations):
        own = [r for r, relation in enumerate(relations) if any(i == cell for i, _ in relation.cells)]
        open_ = [r for r in own if not all(reasons[i] for i, _ in relations[r].cells)]
        if open_ and not touched & set(own):
            touched |= set(own)
            changed |= _give_up(relations[open_[0]], reasons[cell], reasons, sizes)
    return changed or _give_up_any(reasons, sizes, relations)


def _give_up_any(reasons: list[str], sizes: Sequence[float], relations: Sequence[Relation]) -> bool:
    """For a cell that is determined through relations of which all its own cells are hidden already."""
    cells = set(determined([bool(reason) for reason in reasons], relations))
    if not cells:
        return False
    half = [
        r for r in relations if not r.follows and 0 < sum(bool(reasons[i]) for i, _ in r.cells) < len(r.cells)
    ]
    return any(_give_up(relation, reasons[min(cells)], reasons, sizes) for relation in half[:1])


def _give_up(relation: Relation, reason: str, reasons: list[str], sizes: Sequence[float]) -> bool:
    shown = [i for i, _ in relation.cells if not reasons[i]]
    if not shown:
        return False
    reasons[min(shown, key=lambda i: (i not in relation.spend, sizes[i] == 0, sizes[i], i))] = reason
    return True
