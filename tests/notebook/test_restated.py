"""A late correction of the sample is shown as a restatement, and only where it may be shown."""

import csv
import io
import math
import shutil

import pytest

from evaluation.disclosure import audit
from evaluation.errors import DisclosureError
from evaluation.indicators.contributions import contributions
from evaluation.indicators.delivery import delivery
from evaluation.notebook import coarser, findings, open_campaign, restated
from evaluation.notebook.session import RELEASES
from evaluation.report.writers.receipt import write_receipt


@pytest.fixture(scope="module")
def published(repository, tmp_path_factory):
    """The sample's folder with 2026Q2 published beside it: (study folder, findings, its cells.json)."""
    root = tmp_path_factory.mktemp("restated")
    folder = root / "sample"
    shutil.copytree(repository / "data" / "sample", folder, ignore=shutil.ignore_patterns("work"))
    found = findings(open_campaign(str(folder / "study.toml")), "2026Q2")
    cells = root / "reports" / "2026Q2" / "cells.json"
    cells.parent.mkdir(parents=True)
    cells.write_bytes(found.cells)
    return folder, found, cells


def again(published, root, cancelled: int, answers: int = 0):
    """Findings of 2026Q3 after shipments of so many organisations were cancelled and so many answers of the
    first wave after the start withdrawn."""
    folder, _, cells = published
    shutil.copytree(folder, root / "sample")
    _cancel_shipments(root / "sample" / "orders.csv", cancelled)
    if answers:
        path = root / "sample" / "survey_2025Q4.csv"
        lines = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
        chosen = [line for line in lines if '"Consultatiebureau Voorbeeld Stein 2"' in line][:answers]
        assert len(chosen) == answers
        path.write_text("".join(line for line in lines if line not in chosen), encoding="utf-8-sig")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(RELEASES, str(cells.parents[1]))
        return findings(open_campaign(str(root / "sample" / "study.toml")), "2026Q3")


def _cancel_shipments(path, organisations):
    raw = path.read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(raw), delimiter=";"))
    chosen: set[str] = set()
    for row in rows:
        name = row["Bedrijf (verzending)"]
        # Leaflets, of Parkstad's postcodes, shipped well before the end of the quarter.
        leaflets = row["Artikelnummer"].startswith("FOL-NL") and row["Status"] == "Afgerond"
        inside = row["Postcode (verzending)"].startswith("64") and name not in chosen
        if leaflets and inside and len(chosen) < organisations:
            row["Status"] = "Geannuleerd"
            chosen.add(name)
    assert len(chosen) == organisations
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, rows[0], delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8-sig")


@pytest.fixture(scope="module")
def one(published, tmp_path_factory):
    """One organisation's shipment cancelled."""
    return again(published, tmp_path_factory.mktemp("one"), 1)


@pytest.fixture(scope="module")
def many(published, tmp_path_factory):
    """Shipments of four organisations cancelled."""
    return again(published, tmp_path_factory.mktemp("many"), 4, answers=20)


def _shipped_then(before):
    """What the release of 2026Q2 said was shipped."""
    level = before.checked.query(
        "indicator == 'shipped' and region == 'area' and group_by == '' and wave == '2026Q2'"
    )
    return level["estimate"].item()


def _by_name(found):
    return {(item["quarter"], item["indicator"]): item for item in found.restatements}


def test_a_cancelled_order_of_one_organisation_is_not_told(published, one):
    _, before, _ = published
    shipped = _by_name(one)["2026Q2", "shipped"]
    assert shipped["old"] == _shipped_then(before)
    assert shipped["new"] is None
    rows = one.checked[one.checked["measure"].eq("restated")]
    assert rows["status"].eq("suppressed").all()
    # Nowhere in the release: the true number is the one published less the order.
    newest = audit.from_json(one.cells)[0]
    assert all(math.isnan(v) for key, v in newest.cells.items() if key[:3] == ("shipped", "area", "2026Q2"))
    # What was not corrected is not listed.
    assert ("2026Q2", "handed_out") not in _by_name(one)
    assert ("2025Q3", "aware") not in _by_name(one)


def test_corrections_of_enough_organisations_are_shown_old_and_new(published, many):
    _, before, _ = published
    shipped = _by_name(many)["2026Q2", "shipped"]
    assert shipped["old"] == _shipped_then(before)
    assert shipped["new"] < shipped["old"]
    answers = _by_name(many)["2025Q4", "aware"]
    assert 10 <= answers["old"] - answers["new"] <= 20
    newest = audit.from_json(many.cells)[0]
    for item in many.restatements:
        if item["new"] is not None:
            assert item["new"] in [v for k, v in newest.cells.items() if k[2] == item["quarter"]]
    rows = many.checked[many.checked["measure"] == "restated"]
    assert set(rows["region"]) == {"area"}
    assert set(rows["wave"]) == {"2026Q2"}


def test_where_nobody_knows_whose_orders_they_were_the_new_number_is_hidden(published, tmp_path):
    folder, before, cells = published
    shutil.copytree(folder, tmp_path / "elsewhere")
    for path in (tmp_path / "elsewhere" / "work").glob("behind-*"):
        path.unlink()
    found = again((tmp_path / "elsewhere", before, cells), tmp_path, 4)
    assert _by_name(found)["2026Q2", "shipped"]["new"] is None


def test_a_few_answers_withdrawn_stop_the_report(published, tmp_path):
    with pytest.raises(DisclosureError, match="2025Q4"):
        again(published, tmp_path, 1, answers=4)


def test_what_sites_add_is_what_is_published_for_the_whole_area(published):
    folder, _, _ = published
    campaign = open_campaign(str(folder / "study.toml"))
    made = delivery(campaign, "2026Q2")
    made = made[made["region"].eq("area") & made["group_by"].eq("") & made["indicator"].isin(audit.TO_DATE)]
    sums = contributions(campaign, "2026Q2").groupby("indicator")["amount"].sum()
    expected = made.set_index("indicator")["count"]
    assert len(expected) >= 5
    assert {name: sums.get(name, 0.0) for name in expected.index} == pytest.approx(expected.to_dict())


def test_the_published_release_stays_as_it_was(published, one, many):
    _, before, cells = published
    assert cells.read_bytes() == before.cells


def test_notebook_and_receipt_say_it_in_both_languages(one, many):
    for language, words, hidden, said in (
        ("nl", "verstuurde folders", "te weinig organisaties", "grotendeels van één organisatie"),
        ("en", "leaflets shipped", "too few organisations", "mostly from one organisation"),
    ):
        for found in (one, many):
            shown = restated(found, language)
            assert words in set(shown["counted"])
            page = write_receipt([], "2026Q3", language, True, restatements=found.restatements).decode()
            assert words in page
            assert page.count("<li>") >= len(found.restatements)
            assert (said in page) == any(item["new"] is None for item in found.restatements)
            assert shown["now"].astype(str).str.contains(hidden).any() == (said in page)


def test_the_rest_of_the_data_check_can_be_worked_out_after_a_correction(one):
    assert one.checked["measure"].eq("restated").any()
    campaign = open_campaign(str(one.study.path))
    assert list(coarser(campaign, one, "en").columns[:1]) == ["coarser"]


def test_without_corrections_there_is_nothing_to_show(published):
    _, found, _ = published
    assert found.restatements == []
    assert not found.checked["measure"].eq("restated").any()
