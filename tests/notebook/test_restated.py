"""A late correction of the sample is shown as a restatement, and only where it may be shown."""

import csv
import io
import shutil

import pytest

from evaluation.disclosure import audit
from evaluation.notebook import findings, open_campaign, restated
from evaluation.notebook.session import RELEASES
from evaluation.report.writers.receipt import write_receipt


@pytest.fixture(scope="module")
def corrected(repository, tmp_path_factory):
    """Findings of 2026Q2 as published, of 2026Q3 after corrections, and the published bytes."""
    root = tmp_path_factory.mktemp("restated")
    folder = root / "sample"
    shutil.copytree(repository / "data" / "sample", folder, ignore=shutil.ignore_patterns("work"))
    published = findings(open_campaign(str(folder / "study.toml")), "2026Q2")
    cells = root / "reports" / "2026Q2" / "cells.json"
    cells.parent.mkdir(parents=True)
    cells.write_bytes(published.cells)
    _cancel_first_shipment(folder / "orders.csv")
    answers = (folder / "survey_2025Q4.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True)
    (folder / "survey_2025Q4.csv").write_text("".join(answers[:-20]), encoding="utf-8-sig")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(RELEASES, str(root / "reports"))
        found = findings(open_campaign(str(folder / "study.toml")), "2026Q3")
    return published, found, cells


def _cancel_first_shipment(path):
    raw = path.read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(raw), delimiter=";"))
    for row in rows:
        # Parkstad's postcodes, and one of the first quarter.
        if row["Status"] == "Afgerond" and row["Postcode (verzending)"].startswith("641"):
            row["Status"] = "Geannuleerd"
            break
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, rows[0], delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8-sig")


def test_old_and_new_number_are_shown(corrected):
    published, found, _ = corrected
    by_name = {(item["quarter"], item["indicator"]): item for item in found.restatements}
    shipped = by_name["2026Q2", "shipped"]
    level = published.checked.query(
        "indicator == 'shipped' and region == 'area' and group_by == '' and wave == '2026Q2'"
    )
    assert shipped["old"] == level["estimate"].item()
    assert shipped["new"] < shipped["old"]
    answers = by_name["2025Q4", "aware"]
    assert 0 < answers["old"] - answers["new"] <= 20
    # What was not corrected is not listed.
    assert ("2026Q2", "handed_out") not in by_name
    assert ("2025Q3", "aware") not in by_name


def test_the_new_number_went_through_disclosure(corrected):
    _, found, _ = corrected
    newest = audit.from_json(found.cells)[0]
    shown = {key: value for key, value in newest.cells.items() if value == value}
    for item in found.restatements:
        assert item["new"] in [v for k, v in shown.items() if k[2] == item["quarter"]]
    rows = found.checked[found.checked["measure"] == "restated"]
    assert set(rows["region"]) == {"area"}
    assert set(rows["wave"]) == {"2026Q2"}


def test_the_published_release_stays_as_it_was(corrected):
    published, _, cells = corrected
    assert cells.read_bytes() == published.cells


def test_notebook_and_receipt_say_it_in_both_languages(corrected):
    _, found, _ = corrected
    for language, words in (("nl", "verstuurde folders"), ("en", "leaflets shipped")):
        table = restated(found, language)
        assert words in set(table["counted"])
        page = write_receipt([], "2026Q3", language, True, restatements=found.restatements).decode()
        assert words in page
        assert page.count("<li>") >= len(found.restatements)


def test_without_corrections_there_is_nothing_to_show(corrected):
    published, _, _ = corrected
    assert published.restatements == []
    assert not published.checked["measure"].eq("restated").any()
