"""Order lines: what counts, where it lies, and which rule catches what does not."""

import pytest

from evaluation.errors import InputError
from evaluation.intake import take_in

MORE = """
[files.orders]
path = "orders*.csv"
format = "woocommerce"
[files.organisations]
path = "register.csv"
"""
REGISTER = "Organisatie;Soort;Gemeente\nDe Ooievaar;consultatiebureau;Heerlen\n"
BASE = {
    "Bestelnummer": "1", "Besteldatum": "2026-03-03 14:05:11", "Verzenddatum": "5-3-2026",
    "Status": "Afgerond",
    "Bedrijf (verzending)": "De Ooievaar", "Postcode (verzending)": "6411 AB", "Land (verzending)": "NL",
    "Artikelnummer": "FOL-NL-25", "Aantal": "2", "Regeltotaal": "0,00", "Klantnotitie": "",
}  # fmt: skip


def _take(study_of, *rows, **more_files):
    cells = [BASE, *({"Bestelnummer": str(number)} | row for number, row in enumerate(rows, 2))]
    text = ";".join(BASE) + "\n" + "".join(";".join((BASE | row).values()) + "\n" for row in cells)
    return take_in(study_of({"orders.csv": text, "register.csv": REGISTER} | more_files, MORE))


def _one(study_of, **row):
    return _take(study_of, row).tables["orders"].iloc[1]


def test_copies_are_units_times_the_pack(study_of):
    line = _one(study_of, Aantal="3")
    assert (line["copies"], line["product"], line["language"]) == (75, "leaflet", "nl")


def test_the_setting_comes_from_the_register_whatever_the_spelling(study_of):
    names = {"Bedrijf (verzending)": "de  OOIEVAAR"}
    assert _one(study_of, **names)["setting"] == "clinic"
    assert _one(study_of, **{"Bedrijf (verzending)": "Onbekend"})["setting"] == "unknown"


@pytest.mark.parametrize(
    ("postcode", "country", "municipality", "region"),
    [
        ("6411AB", "NL", "GM0917", "Parkstad"),
        ("6411 ab", "Nederland", "GM0917", "Parkstad"),
        ("'6411AB", "", "GM0917", "Parkstad"),
        ("\u00a0'6411\u00a0AB", "", "GM0917", "Parkstad"),
        ("5611 AA", "NL", "", "outside"),
        ("5911 AA", "NL", "", "outside"),  # Venlo: Limburg, but not in this study
        ("52062", "DE", "", "outside"),
    ],
)
def test_the_postcode_becomes_a_municipality(study_of, postcode, country, municipality, region):
    line = _one(study_of, **{"Postcode (verzending)": postcode, "Land (verzending)": country})
    assert (line["municipality"], line["region"]) == (municipality, region)


def test_what_is_not_shipped_yet_has_no_shipping_quarter(study_of):
    line = _one(study_of, Status="In behandeling", Verzenddatum="")
    assert (line["shipped"], line["quarter"], line["shipped_quarter"]) == (False, "2026Q1", "")


def test_a_shipped_line_without_its_date_counts_on_the_day_of_the_order(study_of):
    assert _one(study_of, Verzenddatum="")["shipped_quarter"] == "2026Q1"


@pytest.mark.parametrize(
    ("row", "column", "rule"),
    [
        ({"Bestelnummer": "1"}, "Bestelnummer", "duplicate_row"),
        ({"Bestelnummer": " "}, "Bestelnummer", "missing_value"),
        ({"Status": "Geannuleerd"}, "Status", "cancelled"),
        ({"Status": "mislukt"}, "Status", "failed"),
        ({"Status": "Terugbetaald"}, "Status", "refunded"),
        ({"Status": "Kwijt"}, "Status", "unknown_status"),
        ({"Status": ""}, "Status", "unknown_status"),
        ({"Bedrijf (verzending)": "TEST webwinkel"}, "Bedrijf (verzending)", "test_order"),
        ({"Klantnotitie": "dit is een testbestelling"}, "Klantnotitie", "test_order"),
        ({"Artikelnummer": "MOK-1"}, "Artikelnummer", "unknown_product"),
        ({"Aantal": "0"}, "Aantal", "bad_number"),
        ({"Aantal": "1,5"}, "Aantal", "bad_number"),
        ({"Aantal": "twee"}, "Aantal", "bad_number"),
        ({"Regeltotaal": "-1,00"}, "Regeltotaal", "bad_number"),
        ({"Besteldatum": "31-2-2026"}, "Besteldatum", "bad_date"),
        ({"Verzenddatum": "1-3-2026"}, "Verzenddatum", "bad_date"),
        ({"Verzenddatum": "morgen"}, "Verzenddatum", "bad_date"),
        ({"Postcode (verzending)": "62"}, "Postcode (verzending)", "unknown_postcode"),
        ({"Postcode (verzending)": ""}, "Postcode (verzending)", "unknown_postcode"),
    ],
)
def test_each_rule_and_its_column(study_of, row, column, rule):
    intake = _take(study_of, row)
    assert intake.quarantine.to_dict("records") == [
        {"file": "orders.csv", "row": 3, "column": column, "rule": rule}
    ]
    assert len(intake.tables["orders"]) == 1


def test_a_name_that_only_contains_test_is_no_test_order(study_of):
    assert len(_take(study_of, {"Bedrijf (verzending)": "Kinderopvang Testament"}).tables["orders"]) == 2


def test_overlapping_exports_count_a_line_once(study_of):
    text = ";".join(BASE) + "\n" + ";".join((BASE | {"Bestelnummer": "1"}).values()) + "\n"
    intake = _take(study_of, {}, **{"orders_2.csv": text})
    assert intake.quarantine[["file", "rule"]].to_numpy().tolist() == [["orders_2.csv", "duplicate_row"]]


def test_an_export_without_postcode_says_what_to_ask_for(study_of):
    headings = [name for name in BASE if name != "Postcode (verzending)"]
    text = ";".join(headings) + "\n" + ";".join(BASE[name] for name in headings) + "\n"
    with pytest.raises(InputError) as error:
        take_in(study_of({"orders.csv": text, "register.csv": REGISTER}, MORE))
    assert error.value.key == "intake.orders_without_postcode"


def test_registers_and_their_rules(study_of):
    files = {
        "register.csv": REGISTER + (
            "de ooievaar;huisarts;Heerlen\nX;kapper;Heerlen\nY;huisarts;Atlantis\n;huisarts;Heerlen\n"
        ),
        "handouts.csv": (
            "Locatie;Kwartaal;Uitgereikt;Besproken\nDe Ooievaar;2025Q4;10;4\nDe Ooievaar;2026-K1;3;4\n"
            "De Reiger;2025Q4;1;1\nDe Ooievaar;voorjaar;1;1\nDe Ooievaar;2025Q4;9;9\nDe Ooievaar;2062Q1;1;1\n"
        ),
        "margins.csv": (
            "Kenmerk;Regio;Categorie;Aantal\nregio;Parkstad;;1.200\n"
            "opleiding;Parkstad;laag;400\ntaal;;Turks;50\n"
            "taal;Limburg;Frans;5\nhaarkleur;;rood;5\nopleiding;Atlantis;hoog;5\nregio;;;9\n"
            "opleiding;Parkstad;laag;1\n"
        ),
    }  # fmt: skip
    kinds = {"organisations": "register.csv", "handouts": "handouts.csv", "margins": "margins.csv"}
    more = "".join(f'[files.{kind}]\npath = "{file}"\n' for kind, file in kinds.items())
    intake = take_in(study_of(files, more))
    assert intake.quarantine[["file", "row", "rule"]].to_numpy().tolist() == [
        ["register.csv", 3, "duplicate_row"],
        ["register.csv", 4, "unknown_setting"],
        ["register.csv", 5, "unknown_municipality"],
        ["register.csv", 6, "missing_value"],
        ["handouts.csv", 3, "bad_number"],
        ["handouts.csv", 4, "unknown_organisation"],
        ["handouts.csv", 5, "unknown_quarter"],
        ["handouts.csv", 6, "duplicate_row"],
        ["handouts.csv", 7, "unknown_quarter"],
        ["margins.csv", 5, "unknown_category"],
        ["margins.csv", 6, "unknown_category"],
        ["margins.csv", 7, "unknown_region"],
        ["margins.csv", 8, "unknown_region"],
        ["margins.csv", 9, "duplicate_row"],
    ]
    assert intake.tables["handouts"].to_dict("records") == [
        {"clinic": "De Ooievaar", "municipality": "GM0917", "region": "Parkstad", "quarter": "2025Q4",
         "handed_out": 10, "discussed": 4},
    ]  # fmt: skip
    assert intake.tables["margins"].to_dict("list") == {
        "margin": ["region", "education", "language"], "region": ["Parkstad", "Parkstad", ""],
        "category": ["", "low", "tr"], "population": [1200.0, 400.0, 50.0],
    }  # fmt: skip
