"""Worked cases: what an attacker can compute closely must be found, and what hides it must be the least."""

from math import inf, isnan, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.disclosure import audit
from evaluation.disclosure.audit import Published, intervals
from evaluation.disclosure.cells import Sum
from evaluation.disclosure.protect import Problem, protect


def sum_of(total, *parts):
    return Sum(((total, -1.0), *((part, 1.0) for part in parts)))


def published(values, sums, hidden, quarter="2026Q3"):
    """A release of cells 0, 1, ... for the attacker."""
    keys = [("cell", str(i), quarter, "", "", "yes") for i in range(len(values))]
    cells = {
        key: nan if i in hidden else float(v) for i, (key, v) in enumerate(zip(keys, values, strict=True))
    }
    return Published(
        quarter, cells, frozenset(), tuple((tuple((keys[c], w) for c, w in s.cells), s.total) for s in sums)
    )


def attacked(values, sums, hidden):
    """Cell -> what the attacker knows of it."""
    return {int(key[1]): ends for key, ends in intervals([published(values, sums, hidden)]).items()}


def problem(values, sums, hidden, needs, costs=None):
    costs = np.asarray(values if costs is None else costs, dtype=float)
    units = [(i,) for i in range(len(values))]
    values = np.asarray(values, dtype=float)
    return Problem(values, np.zeros(len(values)), sums, units, costs, frozenset(hidden), needs)


def table_of(matrix):
    """Values and sums of a two-way table: cells row by row, then row totals, column totals, grand total."""
    matrix = np.asarray(matrix)
    r, c = matrix.shape
    cell = np.arange(r * c).reshape(r, c)
    rows, columns, whole = r * c + np.arange(r), r * c + r + np.arange(c), r * c + r + c
    values = [*matrix.ravel(), *matrix.sum(axis=1), *matrix.sum(axis=0), matrix.sum()]
    sums = [sum_of(rows[i], *cell[i]) for i in range(r)] + [sum_of(columns[j], *cell[:, j]) for j in range(c)]
    return values, [*sums, sum_of(whole, *rows), sum_of(whole, *columns)]


# Case 1 of the design note.
EIGHT = [2, 2, 8, 8, 3, 3, 3, 7]
A, B, I, J, K, L, M, N = range(8)  # noqa: E741


@pytest.mark.parametrize(
    ("first", "second", "expected"), [(True, False, (0, 9)), (False, True, (0, 7)), (True, True, (3, 3))]
)
def test_two_tables_that_are_safe_apart_give_k_away_together(first, second, expected):
    sums, totals = [], []
    for wanted, groups in ((first, [(A, B, I, J), (K, L, M, N)]), (second, [(L, M), (A, B, I, J, K, N)])):
        for group in groups if wanted else ():
            sums.append(sum_of(8 + len(totals), *group))
            totals.append(sum(EIGHT[i] for i in group))
    known = attacked(EIGHT + totals, sums, {A, B, K, L, M})
    assert known[K] == expected


# Case 2 of the design note: cells 0..8, the 22 is cell 5.
WORKED = [[20, 50, 10], [8, 19, 22], [17, 32, 12]]


@pytest.mark.parametrize(
    ("hidden", "expected"), [((5,), (22, 22)), ((5, 3), (22, 22)), ((5, 3, 6, 8), (5, 30))]
)
def test_the_22_of_the_worked_table(hidden, expected):
    assert attacked(*table_of(WORKED), set(hidden))[5] == expected


def test_the_least_that_hides_the_22_by_five_costs_37():
    values, sums = table_of(WORKED)
    # Totals stay, as in the note.
    costs = [*values[:9], *[1000] * 7]
    pattern = protect(problem(values, sums, {5}, {5: (17, 27)}, costs))
    assert pattern.optimal
    assert pattern.hidden - {5} == {3, 6, 8}
    assert sum(values[i] for i in pattern.hidden - {5}) == 37


def test_two_by_two_hidden_but_known_to_one():
    # Case 3: the corner of [1,0,9; 0,1,9; 9,9,9]: two hidden per row and column, and still [0,1] each.
    values, sums = table_of([[1, 0, 9], [0, 1, 9], [9, 9, 9]])
    corner = {0, 1, 3, 4}
    assert dict(attacked(values, sums, corner).items()) == dict.fromkeys(corner, (0, 1))
    pattern = protect(problem(values, sums, corner, dict.fromkeys(corner, (1, 5)), [1] * len(values)))
    found = attacked(values, sums, pattern.hidden)
    assert all(found[i][0] <= 1 and found[i][1] >= 5 for i in corner)


def test_two_per_row_and_column_but_exact():
    # Three sums of two: every relation has two hidden cells, yet the first is (t3 - t4 + t5) / 2.
    sums = [sum_of(3, 0, 1), sum_of(4, 1, 2), sum_of(5, 0, 2)]
    values = [3, 4, 2, 7, 6, 5]
    assert attacked(values, sums, {0, 1, 2}) == {0: (3, 3), 1: (4, 4), 2: (2, 2)}
    pattern = protect(problem(values, sums, {0, 1, 2}, dict.fromkeys(range(3), (1, 5))))
    assert all(
        low <= 1 and high >= 5 for i, (low, high) in attacked(values, sums, pattern.hidden).items() if i < 3
    )


# Statistics Norway's teaching example (ssb_z1 of the R package GaussSuppression): region A..H by income.


def test_ssb_z1_needs_its_three_primaries_and_a_safe_set(shared):
    import csv

    with (shared / "reference" / "disclosure" / "ssb_z1.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    kinds = list(dict.fromkeys(row["hovedint"] for row in rows))
    regions = list(dict.fromkeys(row["region"] for row in rows))
    count = {(row["region"], row["hovedint"]): int(row["ant"]) for row in rows}
    matrix = [[count[region, kind] for kind in kinds] for region in regions]
    values, sums = table_of(matrix)
    primary = {i for i in range(len(regions) * len(kinds)) if 0 < values[i] <= 3}
    named = {(regions[i // len(kinds)], kinds[i % len(kinds)]): values[i] for i in primary}
    assert named == {("B", "arbeid"): 1, ("D", "arbeid"): 2, ("H", "arbeid"): 3}
    pattern = protect(problem(values, sums, primary, dict.fromkeys(primary, (1, 4))))
    assert pattern.optimal
    found = attacked(values, sums, pattern.hidden)
    assert all(found[i][0] <= 1 and found[i][1] >= 4 for i in primary)
    assert primary < pattern.hidden


def test_what_is_known_already_protects_nobody():
    values, sums = [30, 2, 8, 20], [sum_of(0, 1, 2, 3)]
    given = problem(values, sums, {1}, {1: (1, 5)})
    assert protect(given).hidden == {1, 2}
    told = Problem(
        given.values, given.floor, sums, given.units, given.costs, given.hidden, given.needs, frozenset({2})
    )
    assert protect(told).hidden == {1, 3}


def test_a_row_that_gives_a_hidden_cell_away_is_hidden_with_it():
    # Row 4 tells cell 1 a second time.
    values, sums = [30, 2, 8, 20], [sum_of(0, 1, 2, 3)]
    units = [(0,), (1,), (2,), (3,), (1, 3)]
    costs = np.array([9.0, 1, 2, 9, 1])
    values = np.array(values, float)
    given = Problem(values, np.zeros(4), sums, units, costs, frozenset({1}), {1: (1, 5)})
    assert {1, 2, 4} == protect(given).hidden


def test_nothing_to_protect_hides_nothing():
    values, sums = table_of(WORKED)
    assert protect(problem(values, sums, set(), {})).hidden == set()


@st.composite
def tables(draw):
    r, c = draw(st.integers(2, 5)), draw(st.integers(2, 4))
    counts = st.one_of(st.integers(0, 6), st.integers(0, 60))
    return table_of([[draw(counts) for _ in range(c)] for _ in range(r)]), r * c


@settings(deadline=None, max_examples=60)
@given(tables())
def test_the_attacker_never_narrows_a_small_cell(made):
    (values, sums), inner = made
    primary = {i for i in range(inner) if 0 < values[i] < 5}
    needs = dict.fromkeys(primary, (1.0, 5.0))
    given = problem(values, sums, primary, needs)
    exact, quick = protect(given), protect(given, exact=False)
    possible = attacked(values, sums, set(range(len(values))))
    for pattern in (exact, quick):
        found = attacked(values, sums, pattern.hidden)
        assert all(found[i][0] <= 1 and found[i][1] >= min(5, possible[i][1]) for i in primary)

    def loss(pattern):
        return sum(values[i] for i in pattern.hidden - primary)

    assert not exact.optimal or loss(exact) <= loss(quick)
    assert protect(given).hidden == exact.hidden


def test_the_audit_and_its_file_hold_no_hidden_count():
    values, sums = table_of(WORKED)
    release = published(values, sums, {5, 3, 6, 8})
    text = audit.to_json([release])
    [again] = audit.from_json(text)
    assert intervals([again]) == intervals([release])
    assert [v for v in again.cells.values() if isnan(v)]
    assert text == audit.to_json([again])
    assert intervals([again])[list(again.cells)[5]] == (5, 30)
    nothing = published([3, 4], [], {0, 1})
    assert set(intervals([nothing]).values()) == {(0.0, inf)}
