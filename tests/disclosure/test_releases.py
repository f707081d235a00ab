"""Successive releases and many made-up ones: nothing hidden comes out by putting them together."""

import itertools
from math import isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.disclosure import audit, ledger, release
from evaluation.disclosure.audit import Published
from evaluation.disclosure.protect import protect
from evaluation.errors import DisclosureError
from evaluation.indicators.tidy import estimate, table
from tests.disclosure.hierarchy import attacked, hierarchical
from tests.disclosure.order_quarters import PLACES, QUARTERS, quarters_of_orders


@pytest.mark.parametrize(("many", "seed"), [(2, 1), (2, 2), (8, 1)])
def test_successive_quarters_tell_no_increment_of_too_few_organisations(many, seed):
    tables, orders = quarters_of_orders(seed)
    past: list[Published] = []
    for rows in tables[:many]:
        past.append(release(rows, earlier=past).published)
    assert audit.narrowed(past) == []
    known = {key: v for one in past for key, v in one.cells.items() if key[0] == "shipped" and not isnan(v)}
    compared = 0
    for place in sum(PLACES.values(), ()):
        shown = [q for q in QUARTERS[:many] if ("shipped", place, q, "", "", "amount") in known]
        for before, after in itertools.pairwise(shown):
            since = [own for (p, q), own in orders.items() if p == place and before < q <= after]
            sites = {site for own in since for site in own}
            assert len(sites) == 0 or len(sites) >= 3
            compared += len(sites) > 0
    if many == 8:
        assert compared > 0


def test_without_the_ledger_two_quarters_tell_what_one_organisation_ordered():
    tables, orders = quarters_of_orders(1)
    alone = [release(rows).published for rows in tables]
    told = 0
    for place in sum(PLACES.values(), ()):
        for before, after in itertools.pairwise(QUARTERS):
            ends = [one.cells["shipped", place, one.quarter, "", "", "amount"] for one in alone]
            both = [ends[QUARTERS.index(q)] for q in (before, after)]
            told += not any(map(isnan, both)) and len(orders[place, after]) in (1, 2)
    assert told > 3


def level(region, n, count):
    return estimate(
        indicator="aware", measure="level", region=region, wave="2026Q3", unit="share",
        level="area" if region == "area" else "region", estimate=count / n, n=n, count=count,
    )  # fmt: skip


def test_what_a_release_hid_stays_hidden_though_a_correction_makes_it_large_enough():
    first = release(table([level("area", 300, 140), level("N", 28, 12), level("S", 272, 128)]))
    assert first.checked["status"].tolist()[1:] == ["suppressed"] * 2
    corrected = table([level("area", 312, 145), level("N", 40, 17), level("S", 272, 128)])
    assert release(corrected).checked["status"].tolist() == ["shown", "flagged", "shown"]
    second = release(corrected, earlier=[first.published])
    assert second.checked["status"].tolist()[1:] == ["suppressed"] * 2
    assert len(audit.from_json(ledger.entry(second.published, [first.published]))) == 2


def test_what_stays_hidden_takes_nothing_with_it_that_was_shown():
    """Kept hidden by itself: were it left to the audit, all regions would be, and the report refused."""
    others = [level("M", 272, 128), level("W", 340, 150)]
    first = release(table([level("area", 700, 318), level("N", 28, 12), level("S", 60, 28), *others]))
    assert first.checked["status"].tolist() == ["shown", *["suppressed"] * 2, *["shown"] * 2]
    corrected = table([level("area", 712, 323), level("N", 40, 17), level("S", 60, 28), *others])
    second = release(corrected, earlier=[first.published])
    assert second.checked["status"].tolist() == first.checked["status"].tolist()


def test_the_audit_of_a_folder_refuses_what_gives_a_cell_away(tmp_path):
    def write(quarter, hidden):
        values = {"area": 100.0, "a": 3.0, "b": 40.0, "c": 57.0}
        keys = {name: ("aware", name, "2026Q2", "", "", "yes") for name in values}
        cells = {keys[name]: float("nan") if name in hidden else v for name, v in values.items()}
        sums = (((keys["area"], -1.0), *((keys[name], 1.0) for name in "abc")), 0.0)
        (tmp_path / quarter).mkdir()
        one = Published(quarter, cells, frozenset(), (sums,))
        (tmp_path / quarter / "cells.json").write_bytes(audit.to_json([one]))

    with pytest.raises(DisclosureError):
        ledger.check_folder(tmp_path)
    write("2026Q2", {"a", "b"})
    assert ledger.check_folder(tmp_path) == [("2026Q2", 2)]
    assert ledger.check_folder(tmp_path / "2026Q2") == [("2026Q2", 2)]
    # Each is safe by itself; the second shows what protected the first.
    write("2026Q3", {"a", "c"})
    with pytest.raises(DisclosureError) as error:
        ledger.check_folder(tmp_path)
    assert "aware, a, 2026Q2" in error.value.text("en")
    # Taken back, it was still seen.
    away = tmp_path / ".earlier" / "2026Q3" / "abc"
    away.parent.mkdir(parents=True)
    (tmp_path / "2026Q3").rename(away)
    with pytest.raises(DisclosureError):
        ledger.check_folder(tmp_path)
    away.rename(tmp_path / "2026Q3")
    (tmp_path / "2026Q3" / "cells.json").write_text("{}")
    with pytest.raises(DisclosureError):
        ledger.check_folder(tmp_path)


def audited(problem, pattern):
    found = attacked(problem, pattern.hidden)
    return [c for c, (low, high) in problem.needs.items() if found[c][0] > low or found[c][1] < high]


@pytest.mark.parametrize("seed", range(3))
def test_a_made_up_province_is_safe_and_the_pattern_is_always_the_same(seed):
    problem = hierarchical(np.random.default_rng(seed), 1 + seed, 1, 1, 5.0, 0.1)
    pattern = protect(problem)
    assert audited(problem, pattern) == []
    assert protect(problem).hidden == pattern.hidden


@pytest.mark.slow
@settings(deadline=None, max_examples=200)
@given(st.integers(0, 10**6), st.integers(1, 6), st.integers(1, 2), st.floats(0, 0.5))
def test_no_made_up_province_tells_a_protected_cell(seed, groups, waves, empty):
    problem = hierarchical(np.random.default_rng(seed), groups, waves, 1, 5.0, empty)
    assert audited(problem, protect(problem, effort=200)) == []
