"""Complementary suppression: which further numbers to hide so that no hidden one can be computed closely.

Benders' decomposition for the cell suppression problem (Fischetti & Salazar-Gonzalez, Management Science 47,
2001, doi:10.1287/mnsc.47.7.1008.9805): an integer programme chooses what to hide at the least loss; for every
protected cell two linear programmes play the attacker, who knows all shown numbers and every sum; where his
interval is too narrow, the dual of his programme is a cut for the choice. What is chosen are published rows,
each of which gives away several cells.

Effort is bounded by counts of rounds and branches, so that the same release gives the same pattern on a
slow or busy machine; the clock (of the processor) only stops what takes far too long. The fallback, also the first upper bound, hides
for each protected cell the cheapest set in which it can move as far as required: that set is itself the
proof.
"""

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_array, csr_array, hstack
from scipy.sparse.csgraph import connected_components

from evaluation.disclosure.cells import Sum

# A deviation below this is none: counts are whole, coefficients -1, 0, 1 or a number of questions.
ZERO = 1e-6
ROUNDS = 60
BRANCHES = 2000
SECONDS = 60.0
# Cells that this many rows give away, none of which must be hidden, are taken to stay known: hiding one of
# them would cost them all. When that leaves a cell without protection it is taken back.
ANCHORED = 4
# A mended choice is tried further when it loses less than this many times the best so far.
LIKELY = 1.2


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


@dataclass
class Pattern:
    """hidden: the rows to hide. optimal: no cheaper set is safe. cost: of the further rows."""

    hidden: set[int]
    optimal: bool = True
    protects: dict[int, int] = field(default_factory=dict)


def protect(problem: Problem, seconds: float = SECONDS, exact: bool = True) -> Pattern:
    """The rows to hide, the forced ones among them. exact False: the fallback only.

    protects: per further hidden row, a forced one of the part of the release that it protects.
    """
    deadline = time.process_time() + seconds
    result = Pattern(set(problem.hidden))
    for part, _cells, units in _split(problem):
        free = _anchored(part)
        attempt = _solve(replace(part, known=part.known | free), deadline, exact)
        if attempt is None and free:
            attempt = _solve(part, deadline, exact)
        if attempt is None:  # nothing hides it while so much is known: hide all there is
            attempt = Pattern(set(range(len(units))), False)
        result.optimal &= attempt.optimal
        first = min(units[u] for u in part.hidden)
        for u in attempt.hidden - part.hidden:
            result.protects[units[u]] = first
        result.hidden |= {units[u] for u in attempt.hidden}
    return result


def _split(problem: Problem) -> Iterator[tuple[Problem, list[int], list[int]]]:
    """The independent parts of a release that hold something to protect."""
    size, groups = len(problem.values), []
    for sum_ in problem.sums:
        groups.append([c for c, _ in sum_.cells if c not in problem.known])
    groups += [[c for c in unit if c not in problem.known] for unit in problem.units]
    pairs = [(group[0], c) for group in groups for c in group[1:]]
    graph = coo_array(
        (np.ones(len(pairs)), tuple(np.array(pairs, dtype=int).reshape(-1, 2).T)), shape=(size, size)
    )
    _, labels = connected_components(graph, directed=False)
    wanted = sorted({labels[c] for c in problem.needs if c not in problem.known})
    of_unit = [next((labels[c] for c in unit if c not in problem.known), -1) for unit in problem.units]
    sums_of, units_of = defaultdict(list), defaultdict(list)
    for sum_ in problem.sums:
        if inside := [c for c, _ in sum_.cells if c not in problem.known]:
            sums_of[labels[inside[0]]].append(sum_)
    for u, label in enumerate(of_unit):
        units_of[label].append(u)
    for label in wanted:
        cells = [int(c) for c in np.flatnonzero(labels == label) if c not in problem.known]
        place = {c: i for i, c in enumerate(cells)}
        units = units_of[label]
        if not any(u in problem.hidden for u in units):
            continue
        part = Problem(
            problem.values[cells],
            problem.floor[cells],
            [Sum(tuple((place[c], w) for c, w in s.cells if c in place)) for s in sums_of[label]],
            [tuple(place[c] for c in problem.units[u] if c in place) for u in units],
            problem.costs[units],
            frozenset(i for i, u in enumerate(units) if u in problem.hidden),
            {place[c]: need for c, need in problem.needs.items() if c in place},
        )
        yield part, cells, units


def _anchored(part: Problem) -> frozenset[int]:
    rows: dict[int, list[int]] = defaultdict(list)
    for u, unit in enumerate(part.units):
        for c in unit:
            rows[c].append(u)
    return frozenset(
        c
        for c, own in rows.items()
        if c not in part.needs and len(own) >= ANCHORED and sum(u not in part.hidden for u in own) >= ANCHORED
    )


class _Attack:
    """The attacker's programmes over one part of a release, as deviations from the true counts."""

    def __init__(self, part: Problem):
        self.part = part
        size = len(part.values)
        entries = [(r, c, w) for r, s in enumerate(part.sums) for c, w in s.cells if c not in part.known]
        r, c, w = (np.array(values) for values in zip(*entries, strict=True)) if entries else ([], [], [])
        self.matrix = csr_array((w, (r, c)), shape=(len(part.sums), size)) if entries else None
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
        # The goal is cut off at what is wanted by a ceiling on the goal itself, not on its column.
        found = linprog(
            aim,
            A_eq=self.matrix,
            b_eq=np.zeros(self.matrix.shape[0]),
            bounds=np.column_stack([-down, up]),
            method="highs",
        )
        weights = (
            np.maximum(-found.upper.marginals, 0) * self.up + np.maximum(found.lower.marginals, 0) * self.down
        )
        return -found.fun, found.x, np.minimum(np.where(weights > ZERO, weights, 0.0), want)

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
        both = self.matrix
        found = linprog(
            np.concatenate([price, price]),
            A_eq=hstack([both, -both], format="csr"),
            b_eq=np.zeros(both.shape[0]),
            bounds=bounds,
            method="highs",
        )
        return found.x[:size] - found.x[size:] if found.status == 0 else None


def _wants(part: Problem) -> list[tuple[int, int, float]]:
    """(cell, direction, distance) of every need, the furthest first."""
    wants = []
    for cell, (low, high) in sorted(part.needs.items()):
        for sign, want in ((1, high - part.values[cell]), (-1, part.values[cell] - low)):
            if want > ZERO and cell not in part.known:
                wants.append((cell, sign, float(want)))
    return sorted(wants, key=lambda want: (-want[2], want[0], want[1]))


def _solve(part: Problem, deadline: float, exact: bool) -> Pattern | None:
    """The rows of one part to hide; None when what is taken as known leaves a cell without protection."""
    attack = _Attack(part)
    found = _greedy(part, attack, _wants(part))
    if found is None:
        return None
    hidden, wants, proofs = found
    best = _pruned(part, attack, wants, hidden, proofs)
    if not exact or best == set(part.hidden):
        return Pattern(best, best == set(part.hidden))
    return _benders(part, attack, wants, best, proofs, deadline)


def _loss(part: Problem, hidden: set[int]) -> float:
    return float(sum(part.costs[u] for u in hidden - part.hidden))


def _greedy(part: Problem, attack: _Attack, wants) -> tuple[set[int], list, dict] | None:
    """Rows to hide, each need met by the cheapest movement that needs further ones; the needs, not further
    than the sums allow with everything hidden; and the movements. None as in `_solve`."""
    hidden, met, proofs = set(part.hidden), [], {}
    for cell, sign, distance in wants:
        want, free = distance, attack.unknown(hidden)
        price = np.array(
            [
                0.0 if free[c] else sum(part.costs[u] for u in attack.rows_of[c] if u not in hidden)
                for c in range(len(free))
            ]
        ) / np.maximum(1.0, np.minimum(want, np.maximum(attack.down, 1.0)))
        move = attack.witness(cell, sign, want, price)
        if move is None and part.known:
            return None
        if move is None:
            want = min(want, attack.reach(cell, sign, want, attack.unknown(set(range(len(part.units)))))[0])
            if want <= ZERO:
                continue
            move = attack.witness(cell, sign, want * (1 - ZERO), price)
            if move is None:
                continue
            want *= 1 - ZERO
        met.append((cell, sign, want))
        proofs[cell, sign] = move
        for c in np.flatnonzero(np.abs(move) > ZERO):
            hidden |= set(attack.rows_of[c])
    return hidden, met, proofs


def _pruned(part: Problem, attack: _Attack, wants, hidden: set[int], proofs: dict) -> set[int]:
    """Show again, the dearest first, what no protected cell needs after all."""
    for u in sorted(hidden - part.hidden, key=lambda u: (-part.costs[u], u)):
        fewer = hidden - {u}
        if not _failing(attack, wants, fewer, proofs):
            hidden = fewer
    return hidden


def _failing(attack: _Attack, wants, hidden: set[int], proofs: dict, first: bool = True) -> list:
    """The needs that are not met, each with its cut; movements that prove a need are kept for next time."""
    free, failing = attack.unknown(hidden), []
    for cell, sign, want in wants:
        old = proofs.get((cell, sign))
        if old is not None and not np.any(np.abs(old[~free]) > ZERO):
            continue
        distance, move, weights = attack.reach(cell, sign, want, free)
        if distance >= want - ZERO * max(1.0, want):
            proofs[cell, sign] = move
            continue
        failing.append((weights, want))
        if first:
            break
    return failing


def _benders(part: Problem, attack: _Attack, wants, best: set[int], proofs: dict, deadline: float) -> Pattern:
    units, size = len(part.units), len(part.values)
    cuts: list[tuple[np.ndarray, float]] = _first_cuts(part, attack, wants)
    for _ in range(ROUNDS):
        if time.process_time() > deadline:
            break
        chosen, bound = _choose(part, attack, cuts, units, size)
        if chosen is None:
            break
        if bound >= _loss(part, best) - 1e-7:
            return Pattern(best)
        failing = _failing(attack, wants, chosen, proofs, first=False)
        if not failing:
            return Pattern(chosen)
        cuts += failing
        # What was chosen, mended, may be better than the best so far.
        mended = _greedy(replace(part, hidden=frozenset(chosen)), attack, wants)
        if mended and _loss(part, mended[0]) < LIKELY * _loss(part, best):
            rows = _pruned(part, attack, wants, mended[0], proofs)
            if _loss(part, rows) < _loss(part, best) - 1e-7 and not _failing(attack, wants, rows, proofs):
                best = rows
    return Pattern(best, False)


def _first_cuts(part: Problem, attack: _Attack, wants) -> list[tuple[np.ndarray, float]]:
    """For every sum of a protected cell: its other cells must be able to make up for its movement."""
    sums_of: dict[int, list[Sum]] = defaultdict(list)
    for sum_ in part.sums:
        for c, _ in sum_.cells:
            sums_of[c].append(sum_)
    cuts = []
    for cell, sign, want in wants:
        for sum_ in sums_of[cell]:
            own = dict(sum_.cells)[cell]
            weights = np.zeros(len(part.values))
            for c, w in sum_.cells:
                if c != cell and c not in part.known:
                    room = attack.down[c] if np.sign(w * own) * sign > 0 else attack.up[c]
                    weights[c] = min(room * abs(w), want * abs(own))
            cuts.append((weights, want * abs(own)))
    return cuts


def _choose(part: Problem, attack: _Attack, cuts, units: int, size: int):
    """The cheapest rows that satisfy the cuts: (rows, a lower bound of the loss)."""
    price = part.costs.astype(float).copy()
    price[list(part.hidden)] = 0.0
    used = sorted({int(c) for weights, _ in cuts for c in np.flatnonzero(weights)})
    place = {c: units + i for i, c in enumerate(used)}
    rows, columns, data, lows, highs = [], [], [], [], []
    for weights, want in cuts:
        for c in np.flatnonzero(weights):
            rows.append(len(lows))
            columns.append(place[int(c)])
            data.append(weights[c] / want)
        lows.append(1.0)
        highs.append(np.inf)
    for c in used:
        for u in attack.rows_of[c]:
            rows += [len(lows)] * 2
            columns += [place[c], u]
            data += [1.0, -1.0]
            lows.append(-np.inf)
            highs.append(0.0)
    width = units + len(used)
    low, high = np.zeros(width), np.ones(width)
    low[list(part.hidden)] = 1.0
    found = milp(
        np.concatenate([price, np.zeros(len(used))]),
        integrality=np.ones(width),
        bounds=Bounds(low, high),
        constraints=LinearConstraint(
            csr_array((data, (rows, columns)), shape=(len(lows), width)), lows, highs
        ),
        options={"node_limit": BRANCHES, "mip_rel_gap": 1e-6},
    )
    if found.x is None:
        return None, 0.0
    bound = found.mip_dual_bound if found.mip_dual_bound is not None else 0.0
    return {u for u in range(units) if found.x[u] > 0.5}, float(bound)
