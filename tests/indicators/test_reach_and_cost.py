import numpy as np
import pandas as pd
import pytest

from evaluation.indicators.catalogue import REASONS, all_estimates, unavailable
from evaluation.indicators.cost import cost
from evaluation.indicators.reach import reach
from evaluation.indicators.tidy import COLUMNS

MARGINS = pd.DataFrame(
    [
        ("region", "Parkstad", "", 6000.0),
        ("region", "Noord-Limburg", "", 4000.0),
        ("region", "Elders", "", 500.0),
    ],
    columns=["margin", "region", "category", "population"],
)
COSTS = pd.DataFrame(
    [
        ("2025Q3", "design", 500.0, 0),
        ("2025Q3", "print", 300.0, 1000),
        ("2025Q4", "print", 200.0, 400),
        ("2026Q1", "staff", 9000.0, 0),
    ],
    columns=["quarter", "type", "amount", "copies"],
)


@pytest.fixture
def rows(make):
    """100 a region in 2025Q4: 30 recognise the leaflet, 5 of them and 5 others the invented one too."""
    blocks = [(60, {"wave": "2025Q3", "region": region}) for region in ("Parkstad", "Noord-Limburg")]
    for region in ("Parkstad", "Noord-Limburg"):
        read = {"region": region, "education": "high", "R3": "yes", "D1": "yes", "D2": "brief", "D3": "most"}
        blocks += [
            (5, read | {"R3f": "yes", "N1": "worried"}),
            (15, read | {"N1": "reassured"}),
            (10, {"region": region, "R3": "yes", "D1": "yes", "D2": "no", "D3": "part", "N1": "guilty"}),
            (5, {"region": region, "R3f": "yes", "D1": "no"}),
            (65, {"region": region, "D1": "no"}),
        ]
    return make.responses(*blocks)


def test_reach_is_recognition_less_false_recognition(make, plain_study, rows, only):
    found = reach(make.campaign(plain_study, responses=rows), "2025Q4")
    at = {"region": "area", "wave": "2025Q4"}
    assert only(found, indicator="recognised", **at)["estimate"] == pytest.approx(0.30)
    assert only(found, indicator="foil", **at)["estimate"] == pytest.approx(0.10)
    net = only(found, indicator="reach", **at)
    assert net["estimate"] == pytest.approx(0.20)
    # 25 score 1, 5 score -1, 70 score 0 per region: variance .3 - .04, stratified over 2 x 99 rows.
    assert net["se"] == pytest.approx(np.sqrt(0.26 / 99 / 2))
    assert net["unit"] == "share"
    assert np.isnan(net["count"])


def test_what_followed_is_a_share_of_those_who_were_asked(make, plain_study, rows, only):
    found = reach(make.campaign(plain_study, responses=rows), "2025Q4")
    expected = {"received": (60, 200), "read_half": (40, 60), "discussed": (40, 60), "adverse": (30, 60)}
    for indicator, (count, n) in expected.items():
        row = only(found, indicator=indicator, region="area", wave="2025Q4")
        assert row[["count", "n"]].tolist() == [count, n]
    assert set(found.loc[found["indicator"] == "received", "wave"]) == {"2025Q4"}


def test_reach_by_group_in_the_area_only(make, plain_study, rows, only):
    found = reach(make.campaign(plain_study, responses=rows), "2025Q4")
    groups = found[found["group_by"] == "education"]
    assert set(groups["region"]) == {"area"}
    assert set(groups["wave"]) == {"2025Q4"}
    high = only(found, indicator="reach", group_by="education", group="high")
    assert (high["n"], high["estimate"]) == (40, pytest.approx(30 / 40))
    assert groups["n"].sum() == 200


def test_cost_and_parents_reached(make, plain_study, rows, only):
    case = make.campaign(plain_study, responses=rows, costs=COSTS, margins=MARGINS)
    found = cost(case, "2025Q4")
    assert only(found, indicator="cost_total")["estimate"] == 1000
    by_type = found[found["group_by"] == "type"]
    assert dict(zip(by_type["group"], by_type["estimate"], strict=True)) == {"design": 500, "print": 500}
    level = only(reach(case, "2025Q4"), indicator="reach", region="area", wave="2025Q4")
    parents = only(found, indicator="parents_reached")
    # 20 % of 10,000 parents; the comparison area's 500 do not count.
    assert parents["estimate"] == pytest.approx(2000)
    assert parents[["lower", "upper"]].tolist() == pytest.approx(
        [10_000 * level["lower"], 10_000 * level["upper"]]
    )
    each = only(found, indicator="cost_per_parent")
    assert each["estimate"] == pytest.approx(0.5)
    assert each[["lower", "upper"]].tolist() == pytest.approx(
        [1000 / parents["upper"], 1000 / parents["lower"]]
    )
    assert each["n"] == 200


def test_no_cost_per_parent_when_reach_may_be_zero(make, plain_study, rows):
    few = rows.assign(R3=rows["R3f"])
    case = make.campaign(plain_study, responses=few, costs=COSTS, margins=MARGINS)
    found = cost(case, "2025Q4")
    assert "cost_per_parent" not in set(found["indicator"])
    assert (found.loc[found["indicator"] == "parents_reached", "lower"] == 0).all()
    assert unavailable(case, "2025Q4")["cost_per_parent"] == "reach_touches_zero"


def test_a_campaign_without_anything_says_so_everywhere(make, varied):
    case = make.campaign(varied(geography=None))
    assert all_estimates(case, "2025Q4").empty
    assert list(all_estimates(case, "2025Q4").columns) == list(COLUMNS)
    missing = unavailable(case, "2025Q4")
    assert missing["supply"] == "no_orders"
    assert missing["handed_out"] == "no_handouts"
    assert missing["cost_total"] == "no_costs"
    assert missing["reach"] == missing["parents_reached"] == missing["cost_per_parent"] == "no_responses"


@pytest.mark.parametrize("gone", ["responses", "margins", "costs"])
def test_every_indicator_is_either_estimated_or_explained(make, plain_study, rows, gone):
    tables = {"responses": rows, "costs": COSTS, "margins": MARGINS}
    whole = set(all_estimates(make.campaign(plain_study, **tables), "2025Q4")["indicator"])
    case = make.campaign(plain_study, **{name: table for name, table in tables.items() if name != gone})
    left, missing = set(all_estimates(case, "2025Q4")["indicator"]), unavailable(case, "2025Q4")
    lost = {name for name in whole - left if not name.startswith(("item_", "section_"))}
    assert lost <= set(missing)
    assert not left & set(missing)
    assert set(missing.values()) <= set(REASONS)


def test_a_question_that_was_not_asked(make, plain_study, rows):
    case = make.campaign(
        plain_study, responses=rows.drop(columns=["N1", "R3f"]).assign(D3=""), margins=MARGINS
    )
    missing = unavailable(case, "2025Q4")
    assert (missing["adverse"], missing["reach"], missing["read_half"]) == (
        "not_asked",
        "not_asked",
        "no_answers",
    )
    assert {"recognised", "received"} <= set(reach(case, "2025Q4")["indicator"])
