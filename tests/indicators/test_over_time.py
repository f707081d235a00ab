"""Leaflets shipped in each quarter: numbers worked out by hand from a few orders."""

import pandas as pd
import pytest

from evaluation.indicators.delivery import delivery
from evaluation.indicators.over_time import QUARTERS, over_time
from evaluation.indicators.tidy import fact
from evaluation.quarters import span


def order(copies, ordered="2025Q4", shipped="", **cells):
    usual = {
        "order": "o",
        "organisation": "gp0",
        "municipality": "GM0882",
        "region": "Parkstad",
        "amount": 0.0,
    }
    usual |= {"setting": "gp", "product": "leaflet", "language": "nl", "shipped": True}
    return usual | {"copies": copies, "quarter": ordered, "shipped_quarter": shipped or ordered} | cells


ORDERS = pd.DataFrame(
    [
        order(100),
        order(50, organisation="gp1", language="tr"),
        order(25, shipped="2026Q1"),
        order(75, "2026Q1", organisation="gp2"),
        order(300, "2026Q1", setting="nursery", organisation="nursery0", region="Noord-Limburg"),
        order(40, "2026Q2", organisation="gp1", language="tr"),
        # What does not count: not shipped, no leaflet, from outside, after the quarter.
        order(1000, "2026Q1", shipped=False) | {"shipped_quarter": "", "shipped": False},
        order(1000, "2026Q1", product="poster"),
        order(1000, "2026Q1", region="outside"),
        order(1000, "2026Q3"),
    ]
)


def test_each_quarter_has_its_own_and_what_was_shipped_to_its_end(plain_study, only):
    found = over_time(plain_study, ORDERS, "2026Q2")
    own = found[found["indicator"].eq("shipped_in_quarter")]
    expected = {
        ("", ""): [150, 400, 40],
        ("setting", "gp"): [150, 100, 40],
        ("setting", "nursery"): [0, 300, 0],
        ("language", "nl"): [100, 400, 0],
        ("language", "tr"): [50, 0, 40],
    }
    for (group_by, group), counts in expected.items():
        rows = own[own["group_by"].eq(group_by) & own["group"].eq(group)]
        assert rows["wave"].tolist() == ["2025Q4", "2026Q1", "2026Q2"]
        assert rows["estimate"].tolist() == rows["count"].tolist() == counts
    assert len(own) == 3 * len(expected)
    assert only(own, wave="2025Q4", group_by="")["clusters"] == 2
    assert fact(only(own, wave="2026Q1", group_by="")["note"], "largest") == "0.750000"
    # To the end of the quarter itself: that row is made where it always was.
    assert sorted(found.loc[found["indicator"].eq("shipped"), "wave"].unique()) == ["2025Q4", "2026Q1"]


def test_what_was_shipped_to_a_quarters_end_is_what_its_own_report_says(make, plain_study):
    found = over_time(plain_study, ORDERS, "2026Q2")
    campaign = make.campaign(plain_study, orders=ORDERS)
    keys = ["indicator", "region", "wave", "group_by", "group"]
    then = pd.concat([delivery(campaign, "2025Q4"), over_time(plain_study, ORDERS, "2025Q4")])
    both = found.merge(then, on=keys, suffixes=("", "_then"))
    assert {"shipped", "shipped_in_quarter"} == set(both["indicator"])
    assert len(both) == 4 + 4  # the whole, gp, nl, tr
    assert both["count"].tolist() == both["count_then"].tolist()
    assert both["note"].tolist() == both["note_then"].tolist()


def test_a_long_campaign_gives_its_last_quarters_and_what_came_before_them(plain_study):
    waves = span("2022Q1", "2025Q4")
    orders = pd.DataFrame([order(10 * at, wave) for at, wave in enumerate(waves, start=1)])
    found = over_time(plain_study, orders, "2025Q4")
    whole = found[found["group_by"].eq("")]
    own = whole[whole["indicator"].eq("shipped_in_quarter")]
    assert own["wave"].tolist() == list(waves[-QUARTERS:])
    to_date = whole[whole["indicator"].eq("shipped")]
    assert to_date["wave"].tolist() == list(waves[-QUARTERS - 1 : -1])
    assert to_date["count"].iloc[0] == sum(10 * at for at in range(1, len(waves) - QUARTERS + 1))


@pytest.mark.parametrize("orders", [ORDERS.iloc[:0], ORDERS[ORDERS["region"].eq("outside")]])
def test_without_a_shipment_there_is_no_row(plain_study, orders):
    assert over_time(plain_study, orders, "2026Q2").empty
