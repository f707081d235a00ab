"""One number, seven kinds of file: what the published HTML, PDF, XLSX, DOCX, CSV, SVG and JSON of a release
show is the registered number, that of the checked table by indicator, area, group and wave."""

import json
import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from evaluation.notebook import findings, open_campaign
from evaluation.pipeline import work
from evaluation.report.content.factsheet import region_factsheet
from evaluation.report.content.municipality import municipality_factsheet
from evaluation.report.content.staff import staff_page
from evaluation.report.model import from_json, to_json
from evaluation.report.registered import KEYS, register
from evaluation.report.writers import memo
from tests.whole import published, spoiled

pytestmark = pytest.mark.xdist_group("pages")

QUARTER = "2026Q3"
COLUMNS = {"value": "estimate", "detectable": "smallest_detectable"}
# An ordinary municipality, one with a hyphen that may fall at the end of a line, and the smallest.
PLACES = {"venlo": "GM0983", "echt-susteren": "GM1711", "vaals": "GM0981"}


@dataclass(frozen=True)
class Files:
    """One report: its model, and kind of file -> content."""

    name: str
    model: dict
    content: dict[str, bytes]
    drawings: dict[str, bytes]


def from_release(folder: Path) -> list[Files]:
    """The reports of a release, read from the disk."""
    return [gathered(path.stem, lambda name: (folder / name).read_bytes()) for path in reports_in(folder)]


def reports_in(folder: Path) -> list[Path]:
    return sorted((folder / "model").glob("*.json"))


def gathered(name: str, content) -> Files:
    """content: gives a file by its path in the release; raises OSError or KeyError when it is not there."""
    model = json.loads(content(f"model/{name}.json"))
    paths = {"html": f"{name}.html", "pdf": f"{name}.pdf", "csv": f"{name}.html", "docx": f"{name}.docx"}
    if model["kind"] == "province":
        paths["xlsx"] = f"tables.{model['language']}.xlsx"
    found = {}
    for kind, path in paths.items():
        try:
            found[kind] = content(path)
        except (OSError, KeyError):
            assert kind == "docx", path  # made on request alone
    drawn = {item["id"]: content(f"figures/{name}.{item['id']}.svg") for item in model["figures"]}
    return Files(name, model, found, drawn)


def table_values(checked, others: dict[str, float]) -> published.Value:
    """The value of a registered name: from the checked table by its keys, else from what is registered
    besides estimates (constants of the study, receipts, published campaigns)."""
    rows = {tuple(str(row[key]) for key in KEYS): row for row in checked.to_dict("records")}

    def value(name: str) -> float:
        keys, _, field = name.rpartition(":")
        row = rows.get(tuple(keys.split("|")))
        if row is None:
            return others[name]
        assert row["status"] != "suppressed", name
        column = COLUMNS.get(field, field)
        if column not in row:  # a number in the row's note
            return float(dict(part.split("=") for part in row["note"].split("; "))[field])
        scaled = row["unit"] == "share" and field in ("value", "lower", "upper", "detectable")
        return float(row[column]) * (100 if scaled else 1)

    return value


@pytest.fixture(scope="module")
def found(sample_release):
    return findings(open_campaign(str(sample_release.study)), QUARTER)


def values_of(found) -> published.Value:
    others = register(found.study, found.checked, found.receipts, found.earlier_numbers()).numbers
    return table_values(found.checked, others)


@pytest.fixture(scope="module")
def value(found):
    return values_of(found)


@cache
def read(content: bytes, kind: str) -> published.Shown:
    return published.read(content, kind)


def compared(report: Files, value: published.Value) -> list[str]:
    """Every difference of one report's files with the register."""
    wrong = [("json", text) for text in published.differences(report.model, "json", published.Shown(), value)]
    for kind, content in report.content.items():
        shown = read(content, kind)
        wrong += [(kind, text) for text in published.differences(report.model, kind, shown, value)]
    for name, content in report.drawings.items():
        shown = published.read(content, "svg")
        wrong += [("svg", text) for text in published.drawn_differences(report.model, name, shown, value)]
    return [f"{report.name}.{kind}: {text}" for kind, text in wrong]


def numbers_in(report: Files) -> int:
    cells = [cell for table in report.model["tables"] for row in table["rows"] for cell in row.values()]
    return sum(cell["value"] is not None for cell in cells) + len(report.model["numbers"])


def test_every_published_file_shows_the_registered_numbers(sample_release, value):
    reports = from_release(sample_release.folder)
    assert [report.model["kind"] for report in reports].count("region") == 5
    assert {report.model["language"] for report in reports} == {"nl", "en"}
    assert sum(map(numbers_in, reports)) > 5000
    assert [line for report in reports for line in compared(report, value)] == []


def made(found, kind: str, language: str) -> Files:
    """A sheet of the sample that its release has not, or not in this language, as a release writes it."""
    known = found.checked, found.unavailable, found.receipts
    if kind == "staff":
        report = staff_page(found.study, QUARTER, language, *known)
    elif kind in PLACES:
        report = municipality_factsheet(found.study, QUARTER, PLACES[kind], language, *known)
    else:
        report = region_factsheet(found.study, QUARTER, kind, language, *known)
    files = work.render(to_json(report), "sheet", None, found.study.style, docx=True).files
    return gathered("sheet", files.__getitem__)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("kind", ["Parkstad", *PLACES, "staff"])
def test_sheets_in_both_languages_and_their_word_documents_show_them_too(found, value, kind, language):
    report = made(found, kind, language)
    assert {"html", "pdf", "csv", "docx"} == set(report.content)
    assert numbers_in(report) > 20
    assert compared(report, value) == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_word_document_of_the_province_shows_them_too(sample_release, found, value, language):
    text = (sample_release.folder / "model" / f"province.{language}.json").read_text(encoding="utf-8")
    shown = published.read(memo.write(from_json(text), found.study.style), "docx")
    assert published.differences(json.loads(text), "docx", shown, value) == []


def test_the_counts_of_files_are_those_of_the_receipt(sample_release):
    receipt = json.loads((sample_release.folder / "receipt.json").read_bytes())
    counted = [[file["file"], file["read"], file["accepted"]] for file in receipt["files"]]
    refused = [sum(file["quarantined"].values()) for file in receipt["files"]]
    for path in reports_in(sample_release.folder):
        inputs = json.loads(path.read_bytes())["provenance"]["inputs"]
        assert [[item["file"], item["read"], item["accepted"]] for item in inputs] == counted
        assert [item["quarantined"] for item in inputs] == refused


@pytest.mark.parametrize("kind", spoiled.SPOILERS)
def test_one_spoiled_number_in_a_file_is_seen(sample_release, found, value, kind):
    if kind == "xlsx":
        [report] = [one for one in from_release(sample_release.folder) if one.name == "province.en"]
    else:
        report = made(found, "Parkstad", "nl")
    content, pick = report.content[kind], random.Random(20261001)
    assert published.differences(report.model, kind, read(content, kind), value) == []
    for way in range(6):
        shown = published.read(spoiled.SPOILERS[kind](content, pick, way), kind)
        assert published.differences(report.model, kind, shown, value), (kind, way)
