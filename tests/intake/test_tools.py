"""The same answers and orders, as every tool exports them, give the same accepted rows."""

import csv
import io

import pandas as pd
import pytest

from evaluation.errors import InputError
from evaluation.indicators.awareness import awareness
from evaluation.indicators.delivery import delivery
from evaluation.intake import take_in
from evaluation.privacy import open_campaign

from .fixtures import shops, surveys
from .fixtures.people import ASKED, ORDERS, TICKS, respondents

PERSON = "Kanarie Voorbeeldpersoon"
_COLUMN = {"A2": "child_age", "A4": "education", "A5": "language", "A7": "first_child"}


def _survey(study_of, name, raw=None):
    extension, _, write = surveys.SURVEYS[name]
    return study_of({f"bestand.{extension}": raw or write(PERSON)}, surveys.more_for(name))


def _shop(study_of, name, raw=None):
    return study_of({"bestand.csv": raw or shops.SHOPS[name](PERSON)}, shops.MORE)


def _rows(raw: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def _bytes(rows) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8")


@pytest.mark.parametrize("name", surveys.SURVEYS)
def test_every_tool_gives_the_same_answers(study_of, name):
    taken = take_in(_survey(study_of, name)).tables["responses"]
    people = respondents()
    assert len(taken) == len(people)
    for item in ASKED:
        if item == "A3":
            continue
        expected = [row[item] for row in people]
        if name == "spss" and item == "H4":
            expected[3] = ""
        assert taken[_COLUMN.get(item, item)].tolist() == expected, item
    assert taken["wave"].tolist() == ["2025Q3"] * 40 + ["2025Q4"] * 40
    assert set(taken["municipality"]) == {"GM0917", "GM0928", "GM0935", "GM0938"}


@pytest.mark.parametrize("name", surveys.SURVEYS)
def test_every_tool_passes_through_to_estimates(study_of, name):
    campaign = open_campaign(_survey(study_of, name))
    table = awareness(campaign, "2025Q4")
    row = table[
        (table["indicator"] == "aware") & (table["measure"] == "change") & (table["region"] == "area")
    ]
    assert row["n"].item() == 40
    # By construction 5 of 10 know both before, 8 of 10 after.
    assert row["estimate"].item() == pytest.approx(0.3)


@pytest.mark.parametrize("name", ["limesurvey", "surveymonkey", "google-forms", "qualtrics"])
def test_the_receipt_names_the_tool(study_of, name):
    assert take_in(_survey(study_of, name)).receipts[0].format == name


@pytest.mark.parametrize("name", ["surveymonkey", "google-forms", "qualtrics", "spss", "limesurvey"])
def test_columns_with_persons_are_dropped_and_named(study_of, name):
    dropped = set(take_in(_survey(study_of, name)).receipts[0].columns_dropped)
    personal = {
        "surveymonkey": {"IP Address", "Email Address", "First Name", "Last Name"},
        "google-forms": {"E-mailadres"},
        "qualtrics": {"IPAddress", "RecipientEmail", "LocationLatitude", "LocationLongitude"},
        "spss": {"naam"},
        "limesurvey": {"ipaddr", "refurl", "A1[other]", "R1", "groupTime12"},
    }
    assert personal[name] <= dropped


def _rules(intake):
    return intake.quarantine[["row", "rule"]].to_numpy().tolist()


def test_qualtrics_previews_and_unfinished_answers_are_no_answers(study_of):
    # Three heading rows: the first answer stands in row 4.
    assert _rules(take_in(_survey(study_of, "qualtrics"))) == [
        [5, "preview_row"], [7, "preview_row"], [9, "preview_row"], [87, "incomplete"],
    ]  # fmt: skip


def test_limesurvey_without_submitdate_is_incomplete(study_of):
    assert _rules(take_in(_survey(study_of, "limesurvey"))) == [[82, "incomplete"]]


def test_google_forms_ticks_are_matched_whole(study_of):
    rows = _rows(surveys.google_forms(PERSON))
    place = len(rows[0]) - 2
    rows[1][place] = "Erg bang zijn voor honden"
    taken = take_in(_survey(study_of, "google-forms", _bytes(rows))).tables["responses"]
    assert taken.loc[0, list(TICKS)].tolist() == ["no", "no", "no"]


def test_slashed_dates_are_read_month_first_unless_a_month_would_be_13(study_of):
    rows = _rows(surveys.google_forms(PERSON))
    rows[0][0] = "Timestamp"
    for row, person in zip(rows[1:], respondents(), strict=True):
        row[0] = f"{person['sent']:%-m/%-d/%Y %H:%M:%S}"
    study = study_of({"bestand.csv": _bytes(rows)}, surveys.more_for("google-forms"))
    assert take_in(study).tables["responses"]["wave"].tolist() == ["2025Q3"] * 40 + ["2025Q4"] * 40
    for row, person in zip(rows[1:], respondents(), strict=True):
        row[0] = f"{person['sent']:%-d/%-m/%Y %H:%M:%S}"
    rows[1][0] = "13/9/2025 10:00:00"
    study = study_of({"bestand.csv": _bytes(rows)}, surveys.more_for("google-forms"))
    assert take_in(study).tables["responses"]["wave"].tolist() == ["2025Q3"] * 40 + ["2025Q4"] * 40


def test_excel_dates_become_ages_again_but_only_those_of_the_question(study_of):
    study = _survey(study_of, "excel")
    taken = take_in(study).tables["responses"]
    assert taken["child_age"].tolist()[:4] == ["0-1", "2-3", "4-7", "8-11"]
    rows = _rows(surveys.limesurvey(PERSON))
    at = rows[0].index("A2")
    for place, cell in ((2, "2-mrt"), (3, "4-jul"), (4, "8-nov"), (5, "9-dec")):
        rows[place][at] = cell
    (study.folder / "bestand.xlsx").unlink()
    intake = take_in(_survey(study_of, "limesurvey", _bytes(rows)))
    assert intake.tables["responses"]["child_age"].tolist()[1:4] == ["2-3", "4-7", "8-11"]
    assert [6, "unmapped_label"] in _rules(intake)


def _accepted(lines=ORDERS):
    return [
        (number, sku, units, amount)
        for number, _, _, status, *_, parts, _ in lines
        for sku, units, amount in parts
        if status != "cancelled"
    ]


@pytest.mark.parametrize("name", shops.SHOPS)
def test_every_shop_gives_the_same_lines(study_of, name):
    intake = take_in(_shop(study_of, name))
    taken, receipt = intake.tables["orders"], intake.receipts[0]
    expected = _accepted()
    if name == "magento":  # its grid has no country, and a German postcode is none of the Netherlands
        expected = [line for line in expected if line[0] != "1006"]
    assert [number.lstrip("#0") for number in taken["order"]] == [line[0] for line in expected]
    packs = {"FOL-NL-25": 25, "POS-NL-1": 1}
    assert taken["copies"].tolist() == [packs[sku] * units for _, sku, units, _ in expected]
    assert taken["product"].tolist() == [{"F": "leaflet", "P": "poster"}[sku[0]] for _, sku, *_ in expected]
    assert taken.groupby("order", sort=False)["amount"].sum().round(2).tolist()[:4] == [0.0, 0.0, 14.0, 0.0]
    assert taken["municipality"].tolist()[:5] == ["GM0917", "GM0917", "GM0935", "", ""]
    assert taken["quarter"].unique().tolist() == ["2025Q4"]
    assert taken["shipped"].tolist()[:6] == [True, True, True, True, True, False]
    assert receipt.format == name
    assert receipt.read == receipt.accepted + sum(receipt.quarantined.values())


@pytest.mark.parametrize("name", shops.SHOPS)
def test_every_shop_passes_through_to_estimates(study_of, name):
    """By hand, of the orders in `people`, packs of 25: 4 + 1 + 1 packs ordered in the area, the last of them
    not sent, 2 posters; 2 packs and a poster to Eindhoven (14.00) and a pack to Aachen (6.25)."""
    table = delivery(open_campaign(_shop(study_of, name)), "2025Q4")
    area = table[table["level"].eq("area") & table["group_by"].eq("") & table["measure"].eq("count")]
    counts = dict(zip(area["indicator"], area["estimate"], strict=True))
    abroad = name != "magento"  # its grid has no country, and a German postcode is none of the Netherlands
    assert counts == {
        "ordered": 150, "shipped": 125, "posters_shipped": 2, "ordered_outside": 75 if abroad else 50,
        "paid_outside": pytest.approx(20.25 if abroad else 14.0),
    }  # fmt: skip
    regions = table[table["level"].eq("region") & table["indicator"].eq("shipped")]
    assert dict(zip(regions["region"], regions["estimate"], strict=True)) == {
        "Parkstad": 100, "Maastricht-Heuvelland": 25,
    }  # fmt: skip
    waited = table.loc[table["indicator"].eq("delivery_time") & table["measure"].eq("median"), "estimate"]
    assert waited.item() == (2 if name == "shopify" else 0)  # the others give no day of sending


def test_shopify_amounts_are_the_lines_and_never_the_total(study_of):
    taken = take_in(_shop(study_of, "shopify")).tables["orders"]
    assert taken["amount"].sum() == pytest.approx(20.25)
    assert taken["organisation"].ne("").all()


def test_total_rows_of_a_dutch_excel_do_not_count(study_of):
    intake = take_in(_shop(study_of, "woocommerce"))
    assert intake.receipts[0].quarantined == {"cancelled": 1, "total_row": 1}


def test_a_comma_in_a_products_name_does_not_end_it(study_of):
    rows = _rows(shops.woocommerce_orders(PERSON))
    assert "25 stuks (FOL-NL-25), 2× " in rows[1][7]
    taken = take_in(_shop(study_of, "woocommerce-orders")).tables["orders"]
    assert taken["order"].tolist()[:2] == ["1001", "1001"]


@pytest.mark.parametrize(
    "cell",
    [
        "FOL-NL-25 × 4, POS-NL-1 × 2",
        "name:Folder|sku:FOL-NL-25|quantity:4|total:0.00;name:Poster|sku:POS-NL-1|quantity:2|total:0.00",
        "4x FOL-NL-25; 2x POS-NL-1",
        "4 × Folder 25 stuks [SKU: FOL-NL-25]\n2 × Poster [SKU: POS-NL-1]",
    ],
)
def test_products_in_one_text_come_in_many_spellings(study_of, cell):
    rows = _rows(shops.woocommerce_orders(PERSON))
    rows[1][7] = cell
    taken = take_in(_shop(study_of, "woocommerce-orders", _bytes(rows))).tables["orders"]
    assert taken["copies"].tolist()[:2] == [100, 2]


def test_products_known_by_name_only_are_mapped_in_the_study_file(study_of):
    rows = _rows(shops.woocommerce_orders(PERSON))
    for row in rows[1:]:
        row[7] = row[7].replace(" (FOL-NL-25)", "").replace(" (POS-NL-1)", "")
    raw = _bytes(rows)
    assert set(take_in(_shop(study_of, "woocommerce-orders", raw)).quarantine["rule"]) == {
        "unknown_product",
        "cancelled",
    }
    own = '[files.orders.values.sku]\n"Folder Een goede band, 25 stuks" = "FOL-NL-25"\n'
    own += '"Poster Een goede band" = "POS-NL-1"\n'
    taken = take_in(study_of({"bestand.csv": raw}, shops.MORE + own)).tables["orders"]
    assert taken["copies"].tolist()[:2] == [100, 2]


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        (shops.woocommerce_report(PERSON), "intake.shop_report"),
        (shops.magento(PERSON, articles=False), "intake.magento_grid"),
    ],
)
def test_an_export_that_cannot_do_says_which_one_can(study_of, raw, key):
    with pytest.raises(InputError) as error:
        take_in(study_of({"bestand.csv": raw}, shops.MORE))
    assert error.value.key == key
    assert PERSON not in error.value.text("nl")
    assert "SKU" in error.value.text("en")


def test_another_layout_than_the_study_file_says_is_refused(study_of):
    with pytest.raises(InputError) as error:
        take_in(study_of({"bestand.csv": shops.shopify(PERSON)}, shops.MORE + 'format = "magento"\n'))
    assert error.value.key == "intake.other_layout"
    assert "shopify" in error.value.text("nl")


@pytest.mark.parametrize(("extension", "write"), [("sav", surveys.spss), ("parquet", surveys.parquet)])
def test_a_damaged_binary_file_is_one_sentence(study_of, extension, write):
    raw = write(PERSON)
    more = surveys.more_for("spss")
    with pytest.raises(InputError) as error:
        take_in(study_of({f"bestand.{extension}": raw[: len(raw) // 2]}, more))
    assert error.value.key in ("intake.binary_broken", "intake.file_no_rows")
    with pytest.raises(InputError) as error:
        take_in(study_of({"bestand.csv": raw, f"bestand.{extension}": raw}, more))
    assert error.value.key == "intake.file_not_what_it_says"


@pytest.mark.parametrize("heading", ["Cancelled at", "Financial Status", "Fulfillment Status"])
def test_shopify_without_one_of_its_states_is_read_by_the_others(study_of, heading):
    rows = _rows(shops.shopify(PERSON))
    at = rows[0].index(heading)
    raw = _bytes([[cell for n, cell in enumerate(row) if n != at] for row in rows])
    taken = take_in(_shop(study_of, "shopify", raw)).tables["orders"]
    assert taken["shipped"].any() == (heading != "Fulfillment Status")


def test_shopify_without_prices_says_which_column_is_missing(study_of):
    rows = _rows(shops.shopify(PERSON))
    at = rows[0].index("Lineitem price")
    raw = _bytes([[cell for n, cell in enumerate(row) if n != at] for row in rows])
    with pytest.raises(InputError) as error:
        take_in(_shop(study_of, "shopify", raw))
    assert error.value.key == "intake.column_missing"
    assert "amount" in error.value.text("nl")


@pytest.mark.parametrize("place", [0, -1])
def test_magento_takes_the_organisation_wherever_it_stands(study_of, place):
    rows = _rows(shops.magento(PERSON))
    at = rows[0].index("Shipping Company")
    moved = [[cell for n, cell in enumerate(row) if n != at] for row in rows]
    for row, old in zip(moved, rows, strict=True):
        row.insert(place % (len(row) + 1), old[at])
    expected = take_in(_shop(study_of, "magento", _bytes(rows))).tables["orders"]
    taken = take_in(_shop(study_of, "magento", _bytes(moved))).tables["orders"]
    assert taken["organisation"].tolist() == expected["organisation"].tolist()


def test_magento_without_any_organisation_says_which_column_is_missing(study_of):
    rows = _rows(shops.magento(PERSON))
    gone = {rows[0].index("Shipping Company"), rows[0].index("Ship-to Name")}
    raw = _bytes([[cell for n, cell in enumerate(row) if n not in gone] for row in rows])
    with pytest.raises(InputError) as error:
        take_in(_shop(study_of, "magento", raw))
    assert error.value.key == "intake.column_missing"
    assert "organisation" in error.value.text("nl")


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        ({"Cancelled at": "2025-10-07 10:00:00 +0200"}, "cancelled"),
        ({"Financial Status": "voided"}, "cancelled"),
        ({"Financial Status": "refunded"}, "refunded"),
        ({"Financial Status": "expired"}, "failed"),
        ({"Financial Status": "partially_refunded"}, None),
        ({"Fulfillment Status": "unfulfilled"}, None),
    ],
)
def test_shopify_tells_what_became_of_an_order_in_any_of_three_columns(study_of, cells, rule):
    rows = _rows(shops.shopify(PERSON))
    first = next(row for row in rows if row[0] == "#1001")
    for heading, text in cells.items():
        first[rows[0].index(heading)] = text
    intake = take_in(_shop(study_of, "shopify", _bytes(rows)))
    # Both lines of the order, also the one on which only the number is repeated.
    caught = intake.quarantine[intake.quarantine["row"].isin([2, 3])]
    assert caught["rule"].tolist() == ([rule, rule] if rule else [])


def test_magento_s_postcode_is_the_last_in_the_address(study_of):
    rows = _rows(shops.magento(PERSON))
    at = rows[0].index("Shipping Address")
    rows[1][at] = "Postbus 1200 AB hoek,Voorbeeldstad,Limburg,6461 CD"
    taken = take_in(_shop(study_of, "magento", _bytes(rows))).tables["orders"]
    assert taken["municipality"].iloc[0] == "GM0928"  # Kerkrade


def test_magento_with_other_articles_than_units_is_refused_by_row(study_of):
    rows = _rows(shops.magento(PERSON))
    rows[2][rows[0].index("Qty")] += ",3"
    intake = take_in(_shop(study_of, "magento", _bytes(rows)))
    assert intake.quarantine[["row", "rule"]].to_numpy().tolist()[0] == [3, "unknown_product"]


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("surveymonkey", {}),
        ("google-forms", {}),
        ("qualtrics", {"preview_row": 3, "incomplete": 1}),
        ("limesurvey", {"incomplete": 1}),
    ],
)
def test_only_answers_are_rows_and_no_heading_is_one(study_of, name, rules):
    receipt = take_in(_survey(study_of, name)).receipts[0]
    assert receipt.quarantined == rules
    assert receipt.read == 80 + sum(rules.values())


def test_google_forms_may_part_ticks_with_semicolons(study_of):
    rows = _rows(surveys.google_forms(PERSON))
    place = len(rows[0]) - 2
    rows[1][place] = ";".join([surveys.option(TICKS[0]), "Anders, namelijk", surveys.option(TICKS[2])])
    taken = take_in(_survey(study_of, "google-forms", _bytes(rows))).tables["responses"]
    assert taken.loc[0, list(TICKS)].tolist() == ["yes", "no", "yes"]


def test_of_two_qualtrics_columns_of_one_name_the_second_goes_by_its_number(study_of):
    rows = _rows(surveys.qualtrics(PERSON))
    at = rows[0].index("K1")
    for row in rows:
        row[-1] = row[at]  # the second Q99
    rows[0][-1] = "Q99"
    rows[0][at] = "anders"
    more = surveys.more_for("qualtrics") + '[files.responses.columns]\nK1 = "Q99 (2)"\n'
    rows[1][at] = rows[1][-1] = "Een andere vraag"
    taken = take_in(study_of({"bestand.csv": _bytes(rows)}, more)).tables["responses"]
    assert taken["K1"].tolist() == [row["K1"] for row in respondents()]


def test_qualtrics_and_spss_are_read_by_the_text_of_a_question_too(study_of):
    import pyreadstat

    rows = _rows(surveys.qualtrics(PERSON))
    rows[0] = [f"QID{place}" if heading in ASKED else heading for place, heading in enumerate(rows[0])]
    taken = take_in(_survey(study_of, "qualtrics", _bytes(rows))).tables["responses"]
    assert taken["K1"].tolist() == [row["K1"] for row in respondents()]

    text = surveys.ITEMS["K1"].text["nl"]
    frame = pd.DataFrame({"datum": [row["sent"] for row in respondents()]})
    for name in ASKED:
        frame["V1" if name == "K1" else name] = [surveys.label(name, row[name]) for row in respondents()]
    folder = study_of({}, surveys.more_for("spss")).folder
    (folder / "bestand.csv").unlink()
    labels = [text if name == "V1" else name for name in frame]
    pyreadstat.write_sav(frame, str(folder / "bestand.sav"), column_labels=labels)
    taken = take_in(study_of({}, surveys.more_for("spss"))).tables["responses"]
    assert taken["K1"].tolist() == [row["K1"] for row in respondents()]
