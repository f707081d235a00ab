"""Corrections of what is out already: the difference of two versions is a number of its own."""

from dataclasses import replace
from math import isnan, nan

import pandas as pd
import pytest

from evaluation.disclosure import audit, release, rules, versions
from evaluation.disclosure.audit import Published
from evaluation.disclosure.cells import AMOUNT
from evaluation.errors import DisclosureError
from evaluation.indicators.tidy import estimate, table
from tests.disclosure.order_quarters import PLACES, QUARTERS, quarters_of_orders, restated, tidy, total

PEOPLE = {(region, q): (60, 30) for region in PLACES for q in QUARTERS}
EVERY = sum(PLACES.values(), ())


def area(quarter: str) -> tuple[str, ...]:
    return ("shipped", "area", quarter, "", "", AMOUNT)


def noted(rows: pd.DataFrame, corrected: str) -> pd.DataFrame:
    """The table with by whom the area's total differs in the note of that total."""
    totals = rows["region"].eq("area") & rows["indicator"].eq("supply")
    note = rows["note"].mask(totals, rows["note"] + f"; corrected={corrected}")
    return rows.assign(note=note)


@pytest.mark.parametrize(
    ("sites", "largest", "reason"),
    [
        (1, 1.0, "too_few_sites"),
        (2, 0.5, "too_few_sites"),
        (3, 0.8, ""),
        (3, 0.81, "dominated"),
        (0, nan, "too_few_sites"),  # a number differs, so somebody's orders do
        (nan, nan, "too_few_sites"),
        (9, nan, "dominated"),  # nobody knows how large the largest is
    ],
)
def test_a_correction_is_a_number_of_orders(sites, largest, reason):
    assert rules.correction_reason(sites, largest) == reason


@pytest.fixture(scope="module")
def corrected():
    """A quarter published, one order of it doubled, the quarter published again: (place, past, again)."""
    tables, orders = quarters_of_orders(1)
    past = [release(tables[0]).published]
    past.append(release(tables[1], earlier=past).published)
    quarter = QUARTERS[1]
    place = next(
        place
        for place in EVERY
        if not isnan(past[1].cells["shipped", place, quarter, "", "", AMOUNT]) and orders[place, quarter]
    )
    new = {key: dict(own) for key, own in orders.items()}
    site = next(iter(new[place, quarter]))
    new[place, quarter][site] *= 2
    again = tables[1][tables[1]["indicator"] != "supply"]
    supply = tidy(new, PEOPLE, quarter)
    again = pd.concat([supply[supply["indicator"] == "supply"], again], ignore_index=True)
    return place, past, again


@pytest.mark.parametrize("fact", ["", "1:1.000000", "2:0.600000", "5:0.900000"])
def test_a_total_corrected_by_too_few_organisations_is_hidden_with_its_parts(corrected, fact):
    _, past, again = corrected
    found = release(noted(again, fact) if fact else again, earlier=past)
    own = [v for key, v in found.published.cells.items() if key[0] == "shipped" and key[2] == QUARTERS[1]]
    assert all(map(isnan, own))
    reasons = set(found.checked.loc[found.checked["indicator"] == "supply", "reason"])
    assert reasons <= {"too_few_sites", "dominated"}
    assert audit.narrowed([found.published, *past]) == []
    assert not found.checked["note"].str.contains("corrected").any()
    # He cannot tell how much it is, nor which way it went.
    known = audit.intervals(versions.apart([found.published, *past]))
    low, high = known["shipped" + versions.RESTATED, *area(QUARTERS[1])[1:]]
    old = past[1].cells[area(QUARTERS[1])]
    assert low < old
    assert high > again.loc[again["region"].eq("area") & again["indicator"].eq("supply"), "count"].item()
    # The same again is the same again.
    repeated = release(again, earlier=[found.published, *past])
    assert repeated.checked["status"].tolist() == found.checked["status"].tolist()


def test_a_correction_of_enough_organisations_is_published_for_the_whole_area_and_tells_no_place(corrected):
    place, past, again = corrected
    found = release(noted(again, "3:0.500000"), earlier=past)
    quarter = QUARTERS[1]
    cells = {key: v for key, v in found.published.cells.items() if key[0] == "shipped" and key[2] == quarter}
    assert cells[area(quarter)] > past[1].cells[area(quarter)]
    # Places that stayed as they were are hidden as well: otherwise the rest would tell where it was.
    assert all(isnan(value) for key, value in cells.items() if key[1] != "area")
    everything = [found.published, *past]
    assert audit.narrowed(everything) == []
    # From the outside: what the place holds now can be what was published of it before, and more.
    known = audit.intervals(versions.apart(everything))
    low, high = known["shipped" + versions.RESTATED, place, quarter, "", "", AMOUNT]
    assert low < past[1].cells["shipped", place, quarter, "", "", AMOUNT]
    assert high > again.loc[again["region"] == place, "count"].iloc[0]


def test_only_a_version_that_shows_no_place_at_all_is_read_apart_from_the_one_before(corrected):
    place, past, again = corrected
    found = release(noted(again, "3:0.500000"), earlier=past).published
    first, *_ = versions.apart([found, *past])
    assert any(key[0].endswith(versions.RESTATED) for key in first.cells)
    before = past[1].cells
    told = {k: before.get(k, v) if k[0] == "shipped" and k[1] != place else v for k, v in found.cells.items()}
    one = replace(found, cells=told)
    assert versions.apart([one, *past])[0] == one


@pytest.fixture(scope="module")
def five():
    """Five quarters published as they came."""
    tables, orders = quarters_of_orders(1)
    past: list[Published] = []
    for rows in tables[:5]:
        past.append(release(rows, earlier=past).published)
    return past, orders


def taken_back(orders, quarter):
    """The orders without the largest one of a quarter, and how many copies that was."""
    place, site, copies = max(
        ((p, o, c) for (p, q), own in orders.items() if q == quarter for o, c in own.items()),
        key=lambda one: (one[2], one[0], one[1]),
    )
    new = {key: dict(own) for key, own in orders.items()}
    del new[place, quarter][site]
    return new, place, copies


def made(orders, quarter, others, corrected="", people=PEOPLE):
    """The tidy table of a quarter with the restated totals of other quarters."""
    parts = [tidy(orders, people, quarter), *(restated(orders, q, corrected) for q in others)]
    return pd.concat(parts, ignore_index=True)


@pytest.mark.parametrize("change", ["taken back", "doubled"])
def test_an_order_corrected_three_quarters_later_is_told_by_no_refresh_that_follows(five, change):
    past, orders = list(five[0]), five[1]
    first = QUARTERS[1]
    new, place, copies = taken_back(orders, first)
    if change == "doubled":
        site = (orders[place, first].keys() - new[place, first].keys()).pop()
        new[place, first][site] = 2 * copies
    for again in (QUARTERS[4], QUARTERS[3]):
        others = [q for q in QUARTERS[1:5] if q != again]
        rows = made(new, again, others)
        rows = rows[rows["indicator"].isin(["supply", "shipped"])]
        found = release(rows, earlier=past).published
        own = {key: v for key, v in found.cells.items() if key[-1] == AMOUNT}
        assert all(map(isnan, own.values()))
        past = [found, *past]
        assert audit.narrowed(past) == []
    # The next quarter shows its total again when what came since hides what was corrected.
    rows = made(new, QUARTERS[5], QUARTERS[1:5])
    rows = rows[rows["indicator"].isin(["supply", "shipped"])]
    found = release(rows, earlier=past)
    now = found.published.cells
    assert all(isnan(now[area(q)]) for q in QUARTERS[1:5])
    if not isnan(now[area(QUARTERS[5])]):
        assert now[area(QUARTERS[5])] >= past[-1].cells[area(QUARTERS[4])] + 1
    # Nor is a place of which an earlier quarter showed more.
    for key, value in now.items():
        was = [v for one in past for k, v in one.cells.items() if (*k[:2], *k[3:]) == (*key[:2], *key[3:])]
        assert key[2] != QUARTERS[5] or not any(before > value for before in was)
    assert audit.narrowed([found.published, *past]) == []
    known = audit.intervals(versions.apart([found.published, *past]))
    for quarter in QUARTERS[1:5]:
        low, high = known["shipped" + versions.RESTATED, *area(quarter)[1:]]
        assert low <= total(new, quarter) <= high
        assert low < total(orders, quarter) < high


def test_a_later_total_that_tells_what_was_taken_back_is_hidden(five):
    past, orders = five
    new, _, _ = taken_back(orders, QUARTERS[4])
    quiet = {key: ({} if key[1] == QUARTERS[5] else own) for key, own in new.items()}
    rows = made(quiet, QUARTERS[5], [QUARTERS[4]])
    rows = rows[rows["indicator"].isin(["supply", "shipped"])]
    found = release(rows, earlier=past).published
    # Nothing was ordered since, so the new total is the old one less the order.
    assert isnan(found.cells[area(QUARTERS[5])])
    assert isnan(found.cells[area(QUARTERS[4])])
    # Without a word on the quarter that was corrected nothing is published.
    with pytest.raises(DisclosureError):
        release(rows[rows["measure"] != "restated"], earlier=past)


def test_the_audit_sees_a_later_total_from_which_a_hidden_one_follows(five):
    """Were that later total shown, the reader would know that the hidden one is no more than it."""
    past, orders = five
    new, _, _ = taken_back(orders, QUARTERS[4])
    rows = made(new, QUARTERS[5], [QUARTERS[4]])
    rows = rows[rows["indicator"].isin(["supply", "shipped"])]
    found = release(rows, earlier=past).published
    shown = replace(found, cells=found.cells | {area(QUARTERS[5]): total(new, QUARTERS[4])})
    was = past[-1].cells[area(QUARTERS[4])]
    needs = {area(QUARTERS[4]): (total(new, QUARTERS[4]), was + 1)}
    wrong = audit.narrow(shown, past, needs)
    assert [key for key, _ in wrong] == [area(QUARTERS[4])]
    # More by what came since than was taken back: nothing to see.
    assert (
        audit.narrow(replace(found, cells=found.cells | {area(QUARTERS[5]): was + 500.0}), past, needs) == []
    )


@pytest.mark.parametrize(("count", "shown"), [(509, False), (510, True)])
def test_a_correction_of_hand_outs_is_a_count_of_people_too(count, shown):
    def handed_out(count, fact=""):
        kind = {
            "indicator": "handed_out",
            "measure": "count",
            "region": "area",
            "level": "area",
            "unit": "count",
        }
        return estimate(**kind, wave="2026Q2", estimate=count, count=count, clusters=9, note=fact)

    first = release(table([handed_out(500)])).published
    again = release(table([handed_out(count, "corrected=4:0.400000")]), earlier=[first])
    assert again.checked["status"].eq("shown").all() == shown
