"""Successive releases and many made-up ones: nothing hidden comes out by putting them together."""

import itertools
from dataclasses import replace
from math import isnan

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.disclosure import audit, ledger, release, versions
from evaluation.disclosure.audit import Published
from evaluation.disclosure.cells import AMOUNT
from evaluation.disclosure.protect import protect
from evaluation.errors import DisclosureError
from evaluation.indicators.tidy import estimate, facts, table
from tests.disclosure.hierarchy import attacked, hierarchical

QUARTERS = ("2024Q1", "2024Q2", "2024Q3", "2024Q4", "2025Q1", "2025Q2", "2025Q3", "2025Q4")
PLACES = {"North": ("N1", "N2", "N3", "N4", "N5"), "South": ("S1", "S2", "S3", "S4")}


def quarters_of_orders(seed: int):
    """Tidy tables of supply to date and awareness of eight quarters, and the orders behind them:
    (place, quarter) -> {organisation: copies}."""
    rng = np.random.default_rng(seed)
    orders = {
        (place, quarter): {
            f"{place}-{int(o)}": 25 * int(rng.integers(1, 4))
            for o in rng.choice(9, size=int(rng.choice([0, 1, 2, 3, 5])), replace=False)
        }
        for places in PLACES.values()
        for place in places
        for quarter in QUARTERS
    }
    people = {
        (region, quarter): (int(n := rng.integers(20, 90)), int(rng.integers(2, n - 2)))
        for region in PLACES
        for quarter in QUARTERS
    }
    return [_tidy(orders, people, quarter) for quarter in QUARTERS], orders


def _tidy(orders, people, quarter):
    rows = []
    for region, places in [("area", sum(PLACES.values(), ())), *PLACES.items()]:
        rows.append(_supply(orders, region, places, quarter, "area" if region == "area" else "region"))
        if region != "area":
            rows += [_supply(orders, place, (place,), quarter, "municipality", region) for place in places]
    for wave in [q for q in QUARTERS if q <= quarter]:
        cells = {region: people[region, wave] for region in PLACES}
        cells["area"] = tuple(sum(cell[i] for cell in cells.values()) for i in (0, 1))
        for region, (n, count) in cells.items():
            rows.append(
                estimate(
                    indicator="aware",
                    measure="level",
                    region=region,
                    wave=wave,
                    unit="share",
                    level="area" if region == "area" else "region",
                    estimate=count / n,
                    n=n,
                    count=count,
                )
            )
    return table(rows)


def _supply(orders, name, places, quarter, level, region=""):
    until = [
        (q, o, c) for (p, q), own in orders.items() if p in places and q <= quarter for o, c in own.items()
    ]
    by_site: dict[str, int] = {}
    for _, site, copies in until:
        by_site[site] = by_site.get(site, 0) + copies
    total = sum(by_site.values())
    since = " ".join(f"{q}:{len({o for w, o, _ in until if w >= q})}" for q in sorted({q for q, *_ in until}))
    found = {"region": region} if region else {}
    if total:
        found |= {"largest": f"{max(by_site.values()) / total:.6f}", "since": since}
    return estimate(
        indicator="supply", measure="ratio", region=name, level=level, wave=quarter, unit="per_100_births",
        estimate=float(total), n=100, count=float(total), clusters=float(len(by_site)), note=facts(**found),
    )  # fmt: skip


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


@pytest.fixture(scope="module")
def corrected():
    """A quarter published, one order of it doubled, the quarter published again: (place, past, again)."""
    tables, orders = quarters_of_orders(1)
    past = [release(tables[0]).published]
    past.append(release(tables[1], earlier=past).published)
    quarter = QUARTERS[1]
    place = next(
        place
        for place in sum(PLACES.values(), ())
        if not isnan(past[1].cells["shipped", place, quarter, "", "", AMOUNT]) and orders[place, quarter]
    )
    new = {key: dict(own) for key, own in orders.items()}
    site = next(iter(new[place, quarter]))
    new[place, quarter][site] *= 2
    people = {(region, q): (60, 30) for region in PLACES for q in QUARTERS}
    again = tables[1][tables[1]["indicator"] != "supply"]
    supply = _tidy(new, people, quarter)
    again = pd.concat([supply[supply["indicator"] == "supply"], again], ignore_index=True)
    return place, past, again


def test_a_corrected_order_is_published_for_the_whole_area_and_tells_no_place(corrected):
    place, past, again = corrected
    found = release(again, earlier=past)
    quarter = QUARTERS[1]
    cells = {key: v for key, v in found.published.cells.items() if key[0] == "shipped" and key[2] == quarter}
    old = past[1].cells["shipped", "area", quarter, "", "", AMOUNT]
    assert cells["shipped", "area", quarter, "", "", AMOUNT] > old
    # Places that stayed as they were are hidden as well: otherwise the rest would tell where it was.
    assert all(isnan(value) for key, value in cells.items() if key[1] != "area")
    assert audit.narrowed([found.published, *past]) == []
    # From the outside: what the place holds now can be what was published of it before, and more.
    everything = [found.published, *past]
    known = audit.intervals(versions.apart(everything))
    low, high = known["shipped" + versions.RESTATED, place, quarter, "", "", AMOUNT]
    assert low < past[1].cells["shipped", place, quarter, "", "", AMOUNT]
    assert high > again.loc[again["region"] == place, "count"].iloc[0]
    # The same again is the same again, and back to what was is as it was.
    repeated = release(again, earlier=[found.published, *past])
    assert repeated.checked["status"].tolist() == found.checked["status"].tolist()


def test_only_a_version_that_shows_no_place_at_all_is_read_apart_from_the_one_before(corrected):
    place, past, again = corrected
    found = release(again, earlier=past).published
    first, *_ = versions.apart([found, *past])
    assert any(key[0].endswith(versions.RESTATED) for key in first.cells)
    before = past[1].cells
    told = {k: before.get(k, v) if k[0] == "shipped" and k[1] != place else v for k, v in found.cells.items()}
    one = replace(found, cells=told)
    assert versions.apart([one, *past])[0] == one


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


def test_what_a_release_hid_stays_hidden_though_a_correction_makes_it_large_enough():
    def level(region, n, count):
        return estimate(
            indicator="aware", measure="level", region=region, wave="2026Q3", unit="share",
            level="area" if region == "area" else "region", estimate=count / n, n=n, count=count,
        )  # fmt: skip

    first = release(table([level("area", 300, 140), level("N", 28, 12), level("S", 272, 128)]))
    assert first.checked["status"].tolist()[1:] == ["suppressed"] * 2
    corrected = table([level("area", 303, 141), level("N", 31, 13), level("S", 272, 128)])
    assert release(corrected).checked["status"].tolist() == ["shown", "flagged", "shown"]
    second = release(corrected, earlier=[first.published])
    assert second.checked["status"].tolist()[1:] == ["suppressed"] * 2
    assert len(audit.from_json(ledger.entry(second.published, [first.published]))) == 2


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
