import pandas as pd
import pytest

from evaluation.indicators.catalogue import unavailable
from evaluation.indicators.delivery import delivery
from evaluation.indicators.tidy import fact

REGISTER = pd.DataFrame(
    [(f"gp{i}", "gp", "GM0882", "Parkstad") for i in range(10)]
    + [(f"nursery{i}", "nursery", "GM0983", "Noord-Limburg") for i in range(4)],
    columns=["organisation", "setting", "municipality", "region"],
)


def order(
    organisation="gp0", municipality="GM0882", region="Parkstad", copies=100, shipped="2025Q4", **cells
):
    usual = {"order": "o", "quarter": "2025Q4", "setting": "gp", "product": "leaflet", "language": "nl"}
    usual |= {"amount": 0.0, "shipped": shipped is not None, "shipped_quarter": shipped or ""}
    place = {"organisation": organisation, "municipality": municipality, "region": region, "copies": copies}
    return usual | place | cells


@pytest.fixture
def orders():
    """In Parkstad 8 GP practices order 100 each; then later ones, a poster, a nursery, outside orders."""
    return pd.DataFrame(
        [
            *(order(f"gp{i}") for i in range(8)),
            order("gp0", copies=50, language="tr"),
            order("gp1", copies=25, shipped=None),
            order("gp1", copies=25, shipped="2026Q1"),
            order("gp1", copies=75, quarter="2026Q1", shipped="2026Q1"),
            order("gp2", copies=10, product="poster"),
            order("nursery0", "GM0983", "Noord-Limburg", 300, setting="nursery", shipped_quarter=""),
            order("far", "", "outside", 500, amount=62.5, setting="other"),
            order("near", "GM0743", "Elders", 25, amount=6.25, setting="other"),
        ]
    )


def test_ordered_and_shipped_to_date(make, plain_study, orders, only):
    found = delivery(make.campaign(plain_study, orders=orders), "2025Q4")
    ordered = {
        region: only(found, indicator="ordered", region=region)["estimate"] for region in ("area", "Parkstad")
    }
    assert ordered == {"area": 1200, "Parkstad": 900}
    # Not the 25 that wait and the 25 that left a quarter later; the nursery's date of shipping is lost.
    assert only(found, indicator="shipped", region="area")["estimate"] == 1150
    assert only(found, indicator="shipped", region="Noord-Limburg")["estimate"] == 300
    later = delivery(make.campaign(plain_study, orders=orders), "2026Q1")
    assert only(later, indicator="shipped", region="area")["estimate"] == 1250
    assert only(found, indicator="posters_shipped", region="area")["estimate"] == 10
    turkish = only(found, indicator="ordered", region="area", group_by="language", group="tr")
    assert turkish[["estimate", "clusters"]].tolist() == [50, 1]
    nurseries = only(found, indicator="ordered", region="area", group_by="setting", group="nursery")
    assert nurseries["estimate"] == 300


def test_outside_is_everything_that_is_not_treated(make, plain_study, orders, only):
    found = delivery(make.campaign(plain_study, orders=orders), "2025Q4")
    assert only(found, indicator="ordered_outside")["estimate"] == 525
    paid = only(found, indicator="paid_outside")
    assert paid[["estimate", "unit", "clusters"]].tolist() == [68.75, "euro", 2]


def test_supply_per_100_births(make, plain_study, orders, only):
    found = delivery(make.campaign(plain_study, orders=orders), "2025Q4")
    # Landgraaf (GM0882) had 258 births in 2016 (CBS 37230ned).
    there = only(found, indicator="supply", region="GM0882")
    assert there["estimate"] == pytest.approx(100 * 850 / 258)
    assert there[["n", "count", "clusters", "level", "note"]].tolist() == [
        258,
        850,
        8,
        "municipality",
        # The largest practice has 150 of the 850; the disclosure rules take that off again.
        "region=Parkstad; largest=0.176471; since=2025Q4:8; most=2025Q4:0.176471",
    ]
    assert only(found, indicator="supply", region="GM0917")["estimate"] == 0
    supply = found[found["indicator"] == "supply"]
    towns = supply[supply["level"] == "municipality"]
    assert towns["n"].sum() == only(supply, region="area")["n"]
    assert towns["count"].sum() == only(supply, region="area")["count"] == 1150
    # Only the study's two regions: Limburg's other municipalities are not on the map.
    assert {fact(note, "region") for note in towns["note"]} == {"Parkstad", "Noord-Limburg"}


def test_adoption_with_wilson(make, plain_study, orders, only):
    found = delivery(make.campaign(plain_study, orders=orders, organisations=REGISTER), "2025Q4")
    row = only(found, indicator="adoption", region="Parkstad")
    # Wilson's interval of 8 of 10.
    assert row[["estimate", "n", "count"]].tolist() == [0.8, 10, 8]
    assert row[["lower", "upper"]].tolist() == pytest.approx([0.4902, 0.9433], abs=5e-5)
    nursery = only(found, indicator="adoption", region="area", group_by="setting", group="nursery")
    assert nursery[["n", "count"]].tolist() == [4, 1]
    assert only(found, indicator="adoption", region="area")[["n", "count"]].tolist() == [14, 9]


def test_printed_and_handed_out(make, plain_study, only):
    costs = pd.DataFrame(
        [("2025Q3", "print", 10.0, 1000), ("2026Q1", "print", 10.0, 500), ("2025Q3", "staff", 10.0, 0)],
        columns=["quarter", "type", "amount", "copies"],
    )
    handouts = pd.DataFrame(
        [("a", "Parkstad", "2025Q4", 30), ("b", "Parkstad", "2025Q4", 12), ("a", "Parkstad", "2026Q1", 8)],
        columns=["clinic", "region", "quarter", "handed_out"],
    )
    found = delivery(make.campaign(plain_study, costs=costs, handouts=handouts), "2025Q4")
    assert only(found, indicator="printed")["estimate"] == 1000
    assert only(found, indicator="handed_out", region="area")[["estimate", "clusters"]].tolist() == [42, 2]
    assert set(found["indicator"]) == {"printed", "handed_out"}


def test_without_geography_or_register(make, varied, orders):
    case = make.campaign(varied(geography=None), orders=orders)
    found, missing = delivery(case, "2025Q4"), unavailable(case, "2025Q4")
    assert (missing["supply"], missing["adoption"]) == ("no_geography", "no_organisations")
    assert not {"supply", "adoption"} & set(found["indicator"])
    assert "ordered" in set(found["indicator"])
