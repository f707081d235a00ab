"""Organisations that take part, against counts made by hand."""

import re

import pandas as pd
import pytest

from evaluation.indicators import organisations
from evaluation.indicators.catalogue import unavailable
from evaluation.indicators.delivery import delivery
from evaluation.indicators.languages import languages
from evaluation.indicators.tidy import fact
from evaluation.reference import municipalities
from evaluation.study import load_study
from tests.indicators.conftest import STUDY

# Low education: Heerlen and Kerkrade have more than Venlo; Horst aan de Maas, Gennep and Venray have fewer.
PLACES = {"GM0917": "Parkstad", "GM0928": "Parkstad", "GM0983": "Noord-Limburg", "GM1507": "Noord-Limburg"}
PLACES |= {"GM0907": "Noord-Limburg", "GM0984": "Noord-Limburg"}


@pytest.fixture
def register():
    """Ten organisations in each of six municipalities."""
    rows = [(f"{code}-{i}", "gp", code, region) for code, region in PLACES.items() for i in range(10)]
    return pd.DataFrame(rows, columns=["organisation", "setting", "municipality", "region"])


def order(organisation, date="2025-10-05", days=3, shipped=True, **cells):
    code = organisation.partition("-")[0]
    sent = pd.Timestamp(date) + pd.Timedelta(days=days) if shipped else pd.NaT
    usual = {"order": f"{organisation}{date}", "date": date, "organisation": organisation, "setting": "gp"}
    usual |= {"shipped_date": f"{sent:%Y-%m-%d}" if shipped else "", "shipped": shipped}
    usual |= {
        "quarter": f"{pd.Period(date, 'Q')}",
        "shipped_quarter": f"{pd.Period(sent, 'Q')}" if shipped else "",
    }
    usual |= {"municipality": code, "region": PLACES.get(code, "outside"), "product": "leaflet"}
    return usual | {"language": "nl", "copies": 100, "amount": 0.0} | cells


@pytest.fixture
def orders():
    """7 of 10 in Kerkrade, 4 in Heerlen, 3 in Horst, none in Venray; 5 in Venlo, 1 in Gennep."""
    counts = {"GM0928": 7, "GM0917": 4, "GM1507": 3, "GM0983": 5, "GM0907": 1}
    return pd.DataFrame([order(f"{code}-{i}") for code, count in counts.items() for i in range(count)])


def test_adoption_by_municipality_and_the_municipalities_covered(plain_study, orders, register, only):
    found = organisations.from_register(plain_study, orders, register, "2025Q4")
    row = only(found, indicator="adoption", level="municipality", region="GM0928")
    assert row[["estimate", "n", "count"]].tolist() == [0.7, 10, 7]
    # Wilson, by hand: (7 + z2/2) / (10 + z2) -/+ z sqrt(7 * 3 / 10 + z2/4) / (10 + z2), z = 1.959964
    assert row[["lower", "upper"]].tolist() == pytest.approx([0.396778, 0.892209], abs=1e-6)
    assert fact(row["note"], "region") == "Parkstad"
    assert only(found, indicator="adoption", level="municipality", region="GM0984")["estimate"] == 0
    whole = only(found, indicator="coverage")
    known = municipalities()
    treated = known["subregion"].isin(["Parkstad", "Noord-Limburg"]).sum()
    assert whole[["count", "n", "estimate"]].tolist() == [5, treated, pytest.approx(5 / treated)]


def test_adoption_by_third_of_the_municipalities(plain_study, orders, register, only):
    found = organisations.from_register(plain_study, orders, register, "2025Q4")
    shares = municipalities().set_index("code")["pct_education_low_2021"][list(PLACES)].astype(float)
    ranked = shares.sort_values().index
    thirds = found[found["group_by"].eq("low_education") & found["measure"].eq("ratio")]
    counts = {"GM0928": 7, "GM0917": 4, "GM1507": 3, "GM0983": 5, "GM0907": 1, "GM0984": 0}
    for place, name in enumerate(organisations.THIRDS):
        wanted = sum(counts[code] for code in ranked[2 * place : 2 * place + 2])
        row = thirds[thirds["group"] == name].iloc[0]
        assert row[["count", "n"]].tolist() == [wanted, 20]
    gap = found[found["measure"] == "gap"].iloc[0]
    few, most = (sum(counts[code] for code in part) for part in (ranked[:2], ranked[4:]))
    assert gap["estimate"] == pytest.approx((most - few) / 20)
    assert gap["lower"] < gap["estimate"] < gap["upper"]


def test_a_study_with_a_table_of_its_own_counts_its_own_municipalities(tmp_path, only):
    """Three municipalities, two of which lie in the regions that are studied; nothing of Limburg is read."""
    text = STUDY.replace('"limburg"', '"file"\nmunicipalities = "own.csv"').replace("Parkstad", "Oost")
    text = re.sub("regions = .*", 'regions = ["Oost", "West"]', text)
    text = re.sub("comparison(_municipalities)? = .*", "", text)
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    places = ["GM9001;Aa;Oost;100;1000", "GM9002;Bee;West;100;1001", "GM9003;Cee;Elders;100;1002"]
    (tmp_path / "own.csv").write_text("\n".join(["code;name;region;births;postcodes", *places]))
    rows = [
        (f"GM900{k}-{i}", "gp", f"GM900{k}", region)
        for k, region in ((1, "Oost"), (2, "West"))
        for i in "012"
    ]
    register = pd.DataFrame(rows, columns=["organisation", "setting", "municipality", "region"])
    orders = pd.DataFrame([order("GM9001-0"), order("GM9001-1")])
    found = organisations.from_register(load_study(tmp_path / "study.toml"), orders, register, "2025Q4")
    assert only(found, indicator="coverage")[["count", "n"]].tolist() == [1, 2]
    assert only(found, level="municipality", region="GM9001")[["count", "n"]].tolist() == [2, 3]
    assert only(found, level="municipality", region="GM9002")[["count", "n"]].tolist() == [0, 3]
    assert "low_education" not in set(found["group_by"])  # known of Limburg's alone


def test_newcombe_is_the_published_interval(plain_study):
    """Newcombe 1998, Stat. Med. 17:873, table II (a): 56/70 - 48/80, method 10: .0524 to .3339."""
    rows = [(f"GM0928-{i}", "gp", "GM0928", "Parkstad") for i in range(70)]
    rows += [(f"GM0984-{i}", "gp", "GM0984", "Noord-Limburg") for i in range(80)]
    rows += [("GM0983-0", "gp", "GM0983", "Noord-Limburg")]
    register = pd.DataFrame(rows, columns=["organisation", "setting", "municipality", "region"])
    orders = pd.DataFrame(
        [order(f"GM0928-{i}") for i in range(56)] + [order(f"GM0984-{i}") for i in range(48)]
    )
    found = organisations.from_register(plain_study, orders, register, "2025Q4")
    gap = found[found["measure"] == "gap"].iloc[0]
    assert gap["lower"] == pytest.approx(0.0524, abs=5e-5)
    assert gap["upper"] == pytest.approx(0.3339, abs=5e-5)


def test_ordering_again_after_ninety_days(plain_study, only):
    orders = pd.DataFrame(
        [
            order("GM0928-0", "2025-10-01"),
            order("GM0928-0", "2025-12-30"),  # 90 days later
            order("GM0928-1", "2025-10-01"),
            order("GM0928-1", "2025-12-29"),  # 89
            order("GM0928-2", "2025-10-02"),  # once; 180 days before the end of March
            order("GM0928-3", "2025-10-03"),  # 179
            order("GM0928-3", "2026-03-20"),
            order("elsewhere", "2025-10-01"),
            order("GM0928-4", "2025-10-01", product="poster"),
        ]
    )
    row = only(organisations.reorder(plain_study, orders, "2026Q1"), indicator="reorder")
    assert row[["count", "n"]].tolist() == [1, 3]
    assert organisations.reorder(plain_study, orders, "2025Q4").empty


def test_days_from_order_to_shipment_count_orders_not_lines(plain_study, only):
    days = [1, 1, 2, 2, 3, 3, 4, 4, 5, 20]
    orders = [order(f"GM0928-{i}", days=day) for i, day in enumerate(days)]
    orders.append(order("GM0928-0", days=6))  # a second parcel of the first order
    orders.append(order("GM0928-11", shipped=False))
    orders.append(order("GM0928-12", days=100))  # left after the quarter
    found = organisations.waiting(plain_study, pd.DataFrame(orders), "2025Q4")
    # 6, 1, 2, 2, 3, 3, 4, 4, 5, 20: the middle two are 3 and 4; 9 of 10 within 6.
    assert only(found, measure="median")["estimate"] == 3.5
    assert only(found, measure="p90")[["estimate", "n", "clusters"]].tolist() == [6, 10, 10]


def test_languages_supplied_beside_those_spoken(plain_study, only):
    margins = pd.DataFrame(
        [("language", "", "nl", 900.0), ("language", "", "tr", 60.0), ("language", "", "other", 40.0)],
        columns=["margin", "region", "category", "population"],
    )
    orders = pd.DataFrame(
        [
            order("GM0928-0", copies=380),
            order("GM0983-0", language="tr", copies=20),
            order("far", language="tr", copies=500),
            order("GM0928-1", language="tr", copies=100, shipped=False),
        ]
    )
    found = languages(plain_study, orders, margins, "2025Q4")
    turkish = {"group_by": "language", "group": "tr"}
    assert only(found, indicator="language_need", **turkish)["estimate"] == pytest.approx(0.06)
    supplied = only(found, indicator="language_supply", measure="ratio", **turkish)
    assert supplied[["estimate", "count", "clusters"]].tolist() == [pytest.approx(0.05), 20, 1]
    gap = only(found, indicator="language_supply", measure="gap", **turkish)
    assert gap["estimate"] == pytest.approx(-0.01)
    regions = margins.assign(region="Parkstad")
    assert languages(plain_study, orders, regions, "2025Q4").empty  # Noord-Limburg is not known


def test_what_the_orders_do_not_carry_is_said(make, plain_study, orders, register):
    tables = {"orders": orders, "organisations": register}
    found = unavailable(make.campaign(plain_study, **tables), "2025Q4")
    assert found["reorder"] == "too_early"
    assert found["language_supply"] == "no_language_margin"
    assert "delivery_time" not in found
    undated = {"orders": orders.drop(columns=["date", "shipped_date"]), "organisations": register}
    found = unavailable(make.campaign(plain_study, **undated), "2025Q4")
    assert found["reorder"] == found["delivery_time"] == "no_dates"
    assert not delivery(make.campaign(plain_study, **undated), "2025Q4").empty
