"""A release to protect, and the linear programmes of an attacker who tries to compute what it hides."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack

from evaluation.disclosure.cells import Sum

# A deviation below this is none: counts are whole, coefficients -1, 0, 1 or a number of questions.
ZERO = 1e-6


@dataclass(frozen=True, eq=False)
class Problem:
    """What to protect.

    values, floor (cells): counts, and the least they can be. sums: relations. units: per row the cells it
    gives away. costs (units): what hiding it loses. hidden: rows that must be hidden. known: cells known
    whatever is hidden (public, or shown by an earlier release). needs: cell -> (low, high): the attacker's
    interval must reach from `low` or lower to `high` or higher.
    """

    values: np.ndarray
    floor: np.ndarray
    sums: Sequence[Sum]
    units: Sequence[tuple[int, ...]]
    costs: np.ndarray
    hidden: frozenset[int]
    needs: Mapping[int, tuple[float, float]]
    known: frozenset[int] = frozenset()


class Attack:
    """The attacker's programmes over one part of a release, as deviations from the true counts."""

    def __init__(self, part: Problem):
        self.part = part
        size = len(part.values)
        entries = [(r, c, w) for r, s in enumerate(part.sums) for c, w in s.cells if c not in part.known]
        r, c, w = (np.array(values) for values in zip(*entries, strict=True)) if entries else ([], [], [])
        self.matrix = csr_array((w, (r, c)), shape=(len(part.sums), size)) if entries else None
        self.columns = self.matrix.tocsc() if entries else None
        self.both = hstack([self.matrix, -self.matrix], format="csc") if entries else None
        self.programmes = 0
        scale = max(1000.0, 4.0 * float(np.max(np.abs(part.values), initial=0.0)))
        self.down = np.where(np.isfinite(part.floor), part.values - part.floor, scale)
        self.up = np.full(size, scale)
        self.rows_of: dict[int, list[int]] = defaultdict(list)
        for u, unit in enumerate(part.units):
            for cell in unit:
                self.rows_of[cell].append(u)

    def unknown(self, hidden: set[int]) -> np.ndarray:
        """Which cells no shown row gives away."""
        part = self.part
        free = np.array([all(u in hidden for u in self.rows_of[c]) for c in range(len(part.values))], bool)
        free[list(part.known)] = False
        return free

    def reach(self, cell: int, sign: int, want: float, free: np.ndarray):
        """How far a cell can move up (sign 1) or down (-1), at most `want`; the movement; the cut's weights.

        The weights w (cells) say that the distance is at most the sum of w over the unknown cells.
        """
        down, up = np.where(free, self.down, 0.0), np.where(free, self.up, 0.0)
        if self.matrix is None:
            move = np.zeros(len(free))
            weights = np.zeros(len(free))
            move[cell] = sign * min(want, (up if sign > 0 else down)[cell])
            weights[cell] = want
            return abs(move[cell]), move, weights
        aim = np.zeros(len(free))
        aim[cell] = -sign
        # Only unknown cells move: the programme is one of those alone, and of the sums that hold them. Its
        # dual prices give the reduced cost of every cell, and so the cut for those that are known too.
        # The goal is cut off at what is wanted by a ceiling on the goal itself, not on its column.
        moving = np.flatnonzero(free)
        small = self.columns[:, moving]
        rows = np.unique(small.indices)
        self.programmes += 1
        if not free[cell]:
            distance, part, prices = 0.0, np.zeros(len(moving)), np.zeros(len(rows))
        else:
            found = linprog(
                aim[moving],
                A_eq=small[rows],
                b_eq=np.zeros(len(rows)),
                bounds=np.column_stack([-down[moving], up[moving]]),
                method="highs",
            )
            distance, part, prices = -found.fun, found.x, found.eqlin.marginals
        move, dual = np.zeros(len(free)), np.zeros(self.matrix.shape[0])
        move[moving], dual[rows] = part, prices
        reduced = aim - self.matrix.T @ dual
        weights = np.maximum(-reduced, 0) * self.up + np.maximum(reduced, 0) * self.down
        return distance, move, np.minimum(np.where(weights > ZERO, weights, 0.0), want)

    def witness(self, cell: int, sign: int, want: float, price: np.ndarray):
        """The cheapest movement of all cells in which this one moves by `want`; None when there is none."""
        size = len(price)
        open_ = np.ones(size)
        open_[list(self.part.known)] = 0.0
        bounds = np.column_stack([np.zeros(2 * size), np.concatenate([self.up * open_, self.down * open_])])
        bounds[cell] = bounds[size + cell] = (0.0, 0.0)
        bounds[cell if sign > 0 else size + cell] = (want, want)
        if (open_ * (self.up if sign > 0 else self.down))[cell] < want - ZERO:
            return None
        if self.matrix is None:
            move = np.zeros(size)
            move[cell] = sign * want
            return move
        self.programmes += 1
        found = linprog(
            np.concatenate([price, price]),
            A_eq=self.both,
            b_eq=np.zeros(self.both.shape[0]),
            bounds=bounds,
            method="highs",
        )
        return found.x[:size] - found.x[size:] if found.status == 0 else None


def wants_of(part: Problem) -> list[tuple[int, int, float]]:
    """(cell, direction, distance) of every need, the furthest first."""
    wants = []
    for cell, (low, high) in sorted(part.needs.items()):
        for sign, want in ((1, high - part.values[cell]), (-1, part.values[cell] - low)):
            if want > ZERO and cell not in part.known:
                wants.append((cell, sign, float(want)))
    return sorted(wants, key=lambda want: (-want[2], want[0], want[1]))
