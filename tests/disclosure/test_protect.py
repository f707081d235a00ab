"""Worked cases: what an attacker can compute exactly must be found, what he cannot must not."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.disclosure.linked import Relation
from evaluation.disclosure.protect import determined, protect


def sum_of(total, *parts):
    return Relation(((total, -1.0), *((part, 1.0) for part in parts)), parts)


def hidden(size, *cells):
    return [i in cells for i in range(size)]


def table_3_by_3():
    """Cells 0..8 row by row, row totals 9..11, column totals 12..14."""
    rows = [sum_of(9 + r, 3 * r, 3 * r + 1, 3 * r + 2) for r in range(3)]
    return rows + [sum_of(12 + c, c, c + 3, c + 6) for c in range(3)]


def test_the_22_of_the_worked_table_alone_and_with_the_8_of_its_row():
    # [20,50,10; 8,19,22; 17,32,12]: the 22 is cell 5; its row mate does not save it.
    assert determined(hidden(15, 5), table_3_by_3()) == [5]
    assert determined(hidden(15, 5, 3), table_3_by_3()) == [3, 5]
    # With 8, 17 and 12 the four corners of a rectangle are hidden, and none is determined.
    assert determined(hidden(15, 5, 3, 6, 8), table_3_by_3()) == []


def test_two_publications_that_are_safe_apart_give_k_away_together():
    # A2 B2 I8 J8 K3 L3 M3 N7 are cells 0..7; cells 8..11 are the published totals.
    a, b, i, j, k, el, m, n = range(8)
    first = [sum_of(8, a, b, i, j), sum_of(9, k, el, m, n)]
    second = [sum_of(10, el, m), sum_of(11, a, b, i, j, k, n)]
    cells = hidden(12, a, b, k, el, m)
    assert k not in determined(cells, first)
    assert k not in determined(cells, second)
    assert k in determined(cells, first + second)


def test_two_per_row_and_column_but_exact():
    # Three sums of two: every relation has two hidden cells, yet the first is (t3 - t4 + t5) / 2.
    relations = [sum_of(3, 0, 1), sum_of(4, 1, 2), sum_of(5, 0, 2)]
    assert determined(hidden(6, 0, 1, 2), relations) == [0, 1, 2]
    reasons = protect(["small", "small", "small", "", "", ""], [9] * 6, relations)
    assert determined([bool(reason) for reason in reasons], relations) == []


def test_the_smallest_part_goes_first_and_carries_the_same_reason():
    reasons = protect(["", "", "too_few", ""], [900, 40, 12, 31], [sum_of(0, 1, 2, 3)])
    assert reasons == ["", "", "too_few", "too_few"]


def test_an_empty_cell_protects_nobody_while_another_is_there():
    assert protect(["", "few", "", ""], [50, 2, 0, 48], [sum_of(0, 1, 2, 3)]) == ["", "few", "", "few"]


def test_a_lone_part_takes_its_total_with_it():
    assert protect(["", "few"], [9, 9], [sum_of(0, 1)]) == ["few", "few"]


def test_nothing_hidden_stays_nothing_hidden():
    assert protect([""] * 15, [5] * 15, table_3_by_3()) == [""] * 15


@st.composite
def releases(draw):
    size = draw(st.integers(3, 14))
    group = st.lists(st.integers(0, size - 1), min_size=2, max_size=6, unique=True)
    groups = draw(st.lists(group, max_size=8))
    primary = draw(st.lists(st.sampled_from(["", "", "few"]), min_size=size, max_size=size))
    sizes = draw(st.lists(st.integers(0, 60), min_size=size, max_size=size))
    return primary, sizes, [sum_of(*group) for group in groups]


@settings(deadline=None)
@given(releases())
def test_after_protection_no_attacker_solves_a_cell(release):
    primary, sizes, relations = release
    reasons = protect(primary, sizes, relations)
    # Random relations may say that a cell is zero whatever the data; such a cell has nothing to hide.
    zero = determined([True] * len(primary), relations)
    cells = [i for i, reason in enumerate(reasons) if reason]
    assert all(reasons[i] == reason for i, reason in enumerate(primary) if reason)
    if not zero:
        assert all(sum(bool(reasons[i]) for i, _ in relation.cells) != 1 for relation in relations)
    # The attacker: being told a cell adds to the rank of his system only when he could not compute it.
    system = np.array([[dict(relation.cells).get(i, 0.0) for i in cells] for relation in relations])
    system = system.reshape(len(relations), len(cells))
    for column in [column for column, cell in enumerate(cells) if cell not in zero and len(relations)]:
        told = np.vstack([system, np.eye(len(cells))[column]])
        assert np.linalg.matrix_rank(told) == np.linalg.matrix_rank(system) + 1
