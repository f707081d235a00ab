"""Complementary suppression: which further numbers to hide so that no hidden one can be computed closely.

Benders' decomposition for the cell suppression problem (Fischetti & Salazar-Gonzalez, Management Science 47,
2001, doi:10.1287/mnsc.47.7.1008.9805): an integer programme chooses what to hide at the least loss; for every
protected cell two linear programmes play the attacker, who knows all shown numbers and every sum; where his
interval is too narrow, the dual of his programme is a cut for the choice. What is chosen are published rows,
each of which gives away several cells.

Effort is bounded by counts of rounds, branches and programmes, never by a clock, so that the same release
gives the same pattern on a slow or busy machine. The fallback, also the first upper bound, hides for each
protected cell the cheapest set in which it can move as far as required: that set is itself the proof.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from evaluation.disclosure.attacker import Problem
from evaluation.disclosure.benders import Pattern, solve
from evaluation.disclosure.cells import Sum

__all__ = ["Pattern", "Problem", "protect"]

# After this many programmes of the attacker over one part no better choice is looked for: the best one so
# far, which is proven safe, stays.
PROGRAMMES = 3_000
# Cells that this many rows give away, none of which must be hidden, are taken to stay known: hiding one of
# them would cost them all. When that leaves a cell without protection it is taken back.
ANCHORED = 4


def protect(problem: Problem, effort: int = PROGRAMMES, exact: bool = True) -> Pattern:
    """The rows to hide, the forced ones among them. exact False: the fallback only.

    protects: per further hidden row, a forced one of the part of the release that it protects.
    """
    result = Pattern(set(problem.hidden))
    for part, _cells, units in _split(problem):
        free = _anchored(part)
        attempt = solve(replace(part, known=part.known | free), effort, exact)
        if attempt is None and free:
            attempt = solve(part, effort, exact)
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
