"""The mapping that is proposed for an unknown export, and that it never shows a person."""

import csv
import io
import tomllib

import pytest

from evaluation.errors import InputError
from evaluation.intake import take_in
from evaluation.intake.mapping import propose, shape

from .fixtures import shops, surveys
from .test_tools import PERSON, _bytes, _rows


def _file(tmp_path, raw, name="bestand.csv"):
    (tmp_path / name).write_bytes(raw)
    return tmp_path / name


@pytest.mark.parametrize("name", surveys.SURVEYS)
def test_every_survey_is_told_and_mapped_without_a_person(tmp_path, name):
    extension, wave, write = surveys.SURVEYS[name]
    proposal = propose(_file(tmp_path, write(PERSON), f"bestand.{extension}"))
    assert proposal.kind == "responses"
    assert {"K1", "K2", "H1", "municipality", "education"} <= {match.column for match in proposal.matches}
    assert proposal.wave.split(".")[0] == wave
    assert PERSON not in repr(proposal) + proposal.toml()


@pytest.mark.parametrize(
    ("name", "used", "left"),
    [
        ("limesurvey", {"id", "submitdate", "startdate"}, {"ipaddr", "seed"}),
        ("qualtrics", {"ResponseId", "Finished", "Status"}, {"IPAddress"}),
    ],
)
def test_what_the_tool_s_reader_uses_by_itself_is_not_called_left_out(tmp_path, name, used, left):
    unknown = propose(_file(tmp_path, surveys.SURVEYS[name][2](PERSON))).unknown
    assert not used & set(unknown)
    assert left <= set(unknown)


@pytest.mark.parametrize("name", ["woocommerce", "woocommerce-orders", "shopify"])
def test_every_shop_is_told(tmp_path, name):
    proposal = propose(_file(tmp_path, shops.SHOPS[name](PERSON)))
    assert (proposal.kind, proposal.layout) == ("orders", name)
    assert PERSON not in repr(proposal)


@pytest.mark.parametrize("name", surveys.SURVEYS)
def test_what_is_proposed_for_a_survey_reads_it_like_the_study_file_of_its_fixture(study_of, name):
    extension, _, write = surveys.SURVEYS[name]
    raw = {f"bestand.{extension}": write(PERSON)}
    known = study_of(raw, surveys.more_for(name))
    expected = take_in(known).tables["responses"]
    pasted = study_of(raw, propose(known.folder / f"bestand.{extension}").toml())
    got = take_in(pasted).tables["responses"]
    # The proposal names every column it knows, so that it may read more than the fixture needs, never less.
    assert got[expected.columns].equals(expected)
    assert len(expected) == 80


@pytest.mark.parametrize("name", shops.SHOPS)
def test_what_is_proposed_for_a_shop_reads_it_like_the_study_file_of_its_fixture(study_of, name):
    raw = {"bestand.csv": shops.SHOPS[name](PERSON)}
    known = study_of(raw, shops.MORE)
    expected = take_in(known).tables["orders"]
    pasted = study_of(raw, shops.PRODUCTS + propose(known.folder / "bestand.csv").toml())
    assert take_in(pasted).tables["orders"].equals(expected)
    assert len(expected) == (6 if name == "magento" else 7)


def test_the_proposal_can_be_pasted_and_reads_a_file_with_renamed_columns(tmp_path, study_of):
    text = shops.woocommerce_lines(PERSON).decode("cp1252").removeprefix("sep=;\r\n")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    renamed = {
        "order_number": "Ordernr", "order_date": "Datum order", "status": "Status order",
        "shipping_company": "Bedrijf (verzending) naam", "shipping_postcode": "Postcode verzending",
        "quantity": "Aantal stuks", "line_total": "Regeltotaal (EUR)", "sku": "Artikelnummer (SKU)",
    }  # fmt: skip
    rows = [[cell.replace("\u00a0", "") for cell in row[:12]] for row in rows[:-1]]
    for row in rows[1:]:
        row[10] = "0"
    rows[0] = [renamed.get(heading, heading) for heading in rows[0]]
    raw = _bytes(rows)
    proposal = propose(_file(tmp_path, raw, "export.csv"), "orders")
    mapped = {match.column: match.heading for match in proposal.matches}
    assert {mapped[name] for name in ("postcode", "quantity", "amount", "sku")} == {
        "Postcode verzending", "Aantal stuks", "Regeltotaal (EUR)", "Artikelnummer (SKU)",
    }  # fmt: skip
    assert all(match.confidence < 1 for match in proposal.matches if match.heading in renamed.values())
    pasted = tomllib.loads(proposal.toml())
    assert pasted["files"]["orders"]["columns"] == mapped
    study = study_of({"export.csv": raw}, shops.PRODUCTS + proposal.toml())
    assert len(take_in(study).tables["orders"]) >= 4


def test_seven_point_answers_are_refused_for_a_five_point_question(tmp_path):
    rows = _rows(surveys.limesurvey(PERSON))
    at = rows[0].index("H1")
    for row in rows[1:]:
        row[at] = "Enigszins mee eens"
    proposal = propose(_file(tmp_path, _bytes(rows)))
    match = next(match for match in proposal.matches if match.column == "H1")
    assert match.refused == "seven_point"
    assert "H1 =" not in proposal.toml()


def test_unmapped_labels_are_listed_when_five_rows_share_them(tmp_path):
    rows = _rows(surveys.limesurvey(PERSON))
    at = rows[0].index("K1")
    for place, row in enumerate(rows[1:]):
        row[at] = "Klopt" if place % 2 else "Klopt niet"
    for place in range(1, 5):
        rows[place][at] = "Bel mij"
    proposal = propose(_file(tmp_path, _bytes(rows)))
    match = next(match for match in proposal.matches if match.column == "K1")
    assert match.unmapped == ("Klopt", "Klopt niet")
    assert '# "Klopt" = ""  # true | false | dont_know' in proposal.toml()
    assert "Bel mij" not in repr(proposal)


def test_an_export_that_cannot_do_says_so_at_once(tmp_path):
    with pytest.raises(InputError) as error:
        propose(_file(tmp_path, shops.woocommerce_report(PERSON)))
    assert error.value.key == "intake.shop_report"


def test_a_shape_has_no_letter_or_digit_of_the_cell():
    import pandas as pd

    assert shape(pd.Series(["6211 AB", "6412 CD", ""])) == "9999 a"
    assert shape(pd.Series(["2026-03-03 14:05"])) == "9999-99-99 99:99"
