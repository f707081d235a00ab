"""Municipalities, tiles and postcodes, held to facts that stand elsewhere."""

import csv

import pytest

from evaluation.reference import (
    aliases,
    municipalities,
    municipality_code,
    municipality_of_postcode,
    postcodes,
    tile_grid,
)


def test_limburg_has_31_municipalities_in_three_corop_regions():
    table = municipalities()
    assert len(table) == table["code"].nunique() == table["name"].nunique() == 31
    assert table["corop"].value_counts().to_dict() == {"CR37": 8, "CR38": 7, "CR39": 16}
    assert table["subregion"].nunique() == 5


def test_health_and_safety_regions_and_their_traps():
    table = municipalities().set_index("name")
    assert table.loc["Mook en Middelaar", "ggd"] == "Gelderland-Zuid"
    assert table.loc["Mook en Middelaar", "safety_region"] == "VR23"
    assert (table["ggd"] == "Gelderland-Zuid").sum() == 1
    assert table["ggd"].value_counts().to_dict() == {
        "Zuid-Limburg": 16,
        "Limburg-Noord": 14,
        "Gelderland-Zuid": 1,
    }
    assert table.loc["Beesel", "corop"] == "CR37"
    assert set(table.loc[table["corop"] == "CR39", "safety_region"]) == {"VR24"}


def test_facts_equal_the_reference_material(shared):
    with (shared / "reference" / "limburg_municipalities.csv").open(newline="", encoding="utf-8") as file:
        given = {row["code"]: row for row in csv.DictReader(file)}
    table = municipalities().set_index("code")
    assert set(table.index) == set(given)
    for code, row in given.items():
        ours = table.loc[code]
        assert (ours["births"], ours["births_year"]) == (int(row["births"]), int(row["births_year"]))
        assert ours["population"] == int(row["population"])
        assert (ours["ggd"], ours["subregion"]) == (row["ggd"], row["subregion"])


def test_education_shares_add_to_100():
    table = municipalities()
    total = table.filter(like="pct_education").sum(axis=1)
    assert total.between(99.9, 100.1).all()


def test_a_caller_cannot_spoil_the_table():
    table = municipalities()
    table.loc[0, "births"] = -1
    assert (municipalities()["births"] > 0).all()


def test_every_municipality_has_one_tile_of_its_own():
    grid = tile_grid()
    assert set(grid["code"]) == set(municipalities()["code"])
    assert not grid.duplicated(["row", "col"]).any()
    assert grid["row"].between(0, 10).all()
    assert grid["col"].between(0, 4).all()


def test_the_map_lies_as_the_land_lies():
    at = tile_grid().set_index("name")
    assert at["row"].idxmin() == "Mook en Middelaar"
    assert at["row"].idxmax() == "Vaals"
    assert at.loc["Maastricht", "col"] < at.loc["Heerlen", "col"] < at.loc["Kerkrade", "col"]
    assert at.loc["Venlo", "row"] < at.loc["Roermond", "row"] < at.loc["Sittard-Geleen", "row"]


@pytest.mark.parametrize(
    ("postcode", "code"),
    [
        ("6211 AB", "GM0935"),  # Maastricht
        ("6411", "GM0917"),  # Heerlen
        ("5911ab", "GM0983"),  # Venlo
        ("6041 SD", "GM0957"),  # Roermond
        (" 6131AA ", "GM1883"),  # Sittard
        ("6001", "GM0988"),  # Weert
        ("5801", "GM0984"),  # Venray
        ("6585", "GM0944"),  # Mook
        ("6361", "GM1954"),  # Nuth, since 2019 Beekdaelen
        ("6291", "GM0981"),  # Vaals
        ("5701", "GM0794"),  # Helmond
        ("5751", "GM0762"),  # Deurne
    ],
)
def test_well_known_postcodes(postcode, code):
    assert municipality_of_postcode(postcode) == code


@pytest.mark.parametrize("postcode", ["5611 AB", "1012", "6021", "6511 AA", "9999 ZZ"])
def test_postcodes_elsewhere_are_outside(postcode):
    assert municipality_of_postcode(postcode) == ""


@pytest.mark.parametrize("postcode", ["", "onbekend", "62", "0611 AB", "62111", "6211 A1", "6200 AA", "5900"])
def test_postcodes_that_cannot_be_told(postcode):
    assert municipality_of_postcode(postcode) is None


def test_postcodes_cover_every_municipality_and_no_other():
    comparison = {"GM0743", "GM0762", "GM0794", "GM0847", "GM1652", "GM1659", "GM1771"}
    assert set(postcodes().values()) == set(municipalities()["code"]) | comparison
    assert all(len(code) == 4 and code.isdigit() for code in postcodes())


def test_names_and_aliases_lead_to_todays_code():
    assert {municipality_code(name) for name in ("Nuth", "Schinnen", "Onderbanken", "Beekdaelen")} == {
        "GM1954"
    }
    assert {municipality_code(name) for name in ("bergen", "Bergen (L)", "BERGEN  (L.)", "gm0893")} == {
        "GM0893"
    }
    assert municipality_code("Dorpersveld") is None
    assert set(aliases().values()) <= set(municipalities()["code"])
    assert not set(aliases()) & set(municipalities()["name"])
