"""The choice of what to hide further in one connected part of a release: a first safe one, then Benders."""

from collections import defaultdict
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from evaluation.disclosure.attacker import ZERO, Attack, Problem, wants_of
from evaluation.disclosure.cells import Sum

ROUNDS = 60
BRANCHES = 2000
# A mended choice is tried further when it loses less than this many times the best so far.
LIKELY = 1.02


@dataclass
class Pattern:
    """hidden: the rows to hide. optimal: no cheaper set is safe. cost: of the further rows."""

    hidden: set[int]
    optimal: bool = True
    protects: dict[int, int] = field(default_factory=dict)


def solve(part: Problem, effort: int, exact: bool) -> Pattern | None:
    """The rows of one part to hide; None when what is taken as known leaves a cell without protection."""
    attack = Attack(part)
    found = _greedy(part, attack, wants_of(part))
    if found is None:
        return None
    hidden, wants, proofs = found
    best = _pruned(part, attack, wants, hidden, proofs)
    if not exact or best == set(part.hidden):
        return Pattern(best, best == set(part.hidden))
    return _benders(part, attack, wants, best, proofs, effort)


def _loss(part: Problem, hidden: set[int]) -> float:
    return float(sum(part.costs[u] for u in hidden - part.hidden))


def _greedy(
    part: Problem, attack: Attack, wants, proven: dict | None = None
) -> tuple[set[int], list, dict] | None:
    """Rows to hide, each need met by the cheapest movement that needs further ones; the needs, not further
    than the sums allow with everything hidden; and the movements. None as in `solve`.

    proven: movements found before; one that shown cells still allow needs no programme.
    """
    hidden, met, proofs = set(part.hidden), [], {}
    for cell, sign, distance in wants:
        want, free = distance, attack.unknown(hidden)
        old = (proven or {}).get((cell, sign))
        if old is not None and not np.any(np.abs(old[~free]) > ZERO):
            met.append((cell, sign, want))
            proofs[cell, sign] = old
            continue
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


def _pruned(part: Problem, attack: Attack, wants, hidden: set[int], proofs: dict) -> set[int]:
    """Show again, the dearest first, what no protected cell needs after all."""
    for u in sorted(hidden - part.hidden, key=lambda u: (-part.costs[u], u)):
        fewer = hidden - {u}
        if not _failing(attack, wants, fewer, proofs):
            hidden = fewer
    return hidden


def _failing(attack: Attack, wants, hidden: set[int], proofs: dict, first: bool = True) -> list:
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


def _benders(part: Problem, attack: Attack, wants, best: set[int], proofs: dict, effort: int) -> Pattern:
    units, size = len(part.units), len(part.values)
    cuts: list[tuple[np.ndarray, float]] = _first_cuts(part, attack, wants)
    for _ in range(ROUNDS):
        if attack.programmes > effort:
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
        mended = _greedy(replace(part, hidden=frozenset(chosen)), attack, wants, proofs)
        if mended and _loss(part, mended[0]) < LIKELY * _loss(part, best):
            rows = _pruned(part, attack, wants, mended[0], proofs)
            if _loss(part, rows) < _loss(part, best) - 1e-7 and not _failing(attack, wants, rows, proofs):
                best = rows
    return Pattern(best, False)


def _first_cuts(part: Problem, attack: Attack, wants) -> list[tuple[np.ndarray, float]]:
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


def _choose(part: Problem, attack: Attack, cuts, units: int, size: int):
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
