"""Beside another tool: pytauargus solves the same cell suppression problems to the optimum, and audits ours.

Both read the "JJ" format of Tau-Argus: cells with their costs and protection levels, and the sums over them.
"""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.disclosure.protect import Problem, protect
from tests.disclosure.hierarchy import attacked, hierarchical

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True, scope="module")
def _elsewhere(tmp_path_factory):
    """It writes its logs where it runs."""
    here = Path.cwd()
    os.chdir(tmp_path_factory.mktemp("logs"))
    yield
    os.chdir(here)


CENTS = 100  # costs as whole numbers
SOLVED = 0


def jj(problem: Problem, secondary=frozenset()) -> str:
    """The problem as a JJ file: per cell its number, value, cost, status, bounds and protection levels."""
    limit = 10 * problem.values.max() + 1000
    lines = ["0", str(len(problem.values))]
    for cell, value in enumerate(problem.values):
        low, high = problem.needs.get(cell, (value, value))
        status = "u" if cell in problem.hidden else "m" if cell in secondary else "s"
        cost = round(problem.costs[cell] * CENTS)
        levels = f"{value - low:.0f} {high - value:.0f} 0"
        lines.append(f"{cell} {value:.0f} {cost} {status} 0 {limit:.0f} {levels}")
    lines.append(str(len(problem.sums)))
    for sum_ in problem.sums:
        terms = " ".join(f"{cell} ({weight:.0f})" for cell, weight in sum_.cells)
        lines.append(f"0 {len(sum_.cells)} : {terms}")
    return "\n".join(lines) + "\n"


def optimum(problem: Problem, folder) -> frozenset[int]:
    """The cells that pytauargus hides beside the primary ones."""
    from pytauargus import HiTaSCtrl

    given_, made = folder / "in.jj", folder / "out.jj"
    given_.write_text(jj(problem))
    made.unlink(missing_ok=True)
    code = HiTaSCtrl().full_jj(in_file_jj=str(given_), out_file=str(made), max_time=5)
    assert code == SOLVED
    return frozenset(int(cell) for cell in made.read_text().split()) - problem.hidden


def loss(problem: Problem, further) -> int:
    return sum(round(problem.costs[cell] * CENTS) for cell in further)


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 10**6), st.integers(1, 6), st.floats(0, 0.5))
def test_we_hide_at_most_a_tenth_more_than_the_optimum(tmp_path_factory, seed, groups, empty):
    problem = hierarchical(np.random.default_rng(seed), groups, 1, 1, 5.0, empty)
    pattern = protect(problem)
    ours = pattern.hidden - problem.hidden
    theirs = optimum(problem, tmp_path_factory.mktemp("jj"))
    # The same requirement: by our audit, their choice is as safe as ours.
    for further in (ours, theirs):
        found = attacked(problem, problem.hidden | further)
        assert all(found[c][0] <= low and found[c][1] >= high for c, (low, high) in problem.needs.items())
    assert loss(problem, ours) <= 1.1 * loss(problem, theirs)
    if pattern.optimal:
        # Half a cent for each cell that differs, since they count in whole ones, and the solver's own gap.
        slack = 0.5 * len(ours ^ theirs) + 1e-4 * loss(problem, theirs)
        assert loss(problem, ours) <= loss(problem, theirs) + slack


@pytest.mark.parametrize("seed", range(10))
def test_their_audit_finds_nothing_in_our_choice(seed, tmp_path):
    from pytauargus.engine import audit_jj

    problem = hierarchical(np.random.default_rng(seed), 4, 1, 1, 5.0, 0.2)
    hidden = protect(problem).hidden
    path = tmp_path / "ours.jj"
    path.write_text(jj(problem, hidden - problem.hidden))
    rows = {row["cell"]: row for row in audit_jj(str(path))}
    assert set(rows) == hidden
    for cell, (low, high) in problem.needs.items():
        assert rows[cell]["min"] <= low
        assert rows[cell]["max"] >= high
    # And it does find what is narrow when the further ones are shown.
    path.write_text(jj(problem))
    alone = {row["cell"]: row for row in audit_jj(str(path))}
    assert any(alone[c]["min"] > low or alone[c]["max"] < high for c, (low, high) in problem.needs.items())
