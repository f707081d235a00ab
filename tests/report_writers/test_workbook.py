from datetime import datetime
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest

from evaluation.report.writers import workbook


@pytest.fixture(scope="module")
def written(report):
    return workbook.write(report)


@pytest.fixture(scope="module")
def book(written):
    return openpyxl.load_workbook(BytesIO(written))


def test_same_bytes_twice_and_no_clock_in_it(report, written):
    assert workbook.write(report) == written
    with ZipFile(BytesIO(written)) as archive:
        assert {entry.date_time[:3] for entry in archive.infolist()} == {(1980, 1, 1)}


def test_cover_contents_notes_and_one_table_a_sheet(report, book):
    words = report.labels
    names = [words["cover"], words["contents"], words["notes"], f"{words['table']} 1", f"{words['table']} 2"]
    assert book.sheetnames == [*names, words["provenance"]]
    assert [len(sheet.tables) for sheet in book] == [0, 1, 1, 1, 1, 1]
    links = [cell.hyperlink.location for cell in book[words["contents"]]["A"] if cell.hyperlink]
    assert links == [f"'{name}'!A1" for name in book.sheetnames[3:]]
    assert book.properties.created == datetime(2026, 9, 30)
    assert book.properties.title == report.title


def test_what_a_sheet_holds_can_be_read_in_the_contents(report, book):
    sheet = book[report.labels["contents"]]
    longest = max(len(str(cell.value)) for cell in list(sheet["B"])[3:])
    assert longest > 20
    assert sheet.column_dimensions["B"].width >= min(longest, 60)


def test_only_the_report_s_language_is_used(report, book):
    """gptables has English sentences of its own for the cover, the contents and every sheet."""
    text = " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    for phrase in (
        "This worksheet",
        "Introductory information",
        "About these data",
        "Table of contents",
        "Note number",
    ):
        assert phrase not in text


def test_numbers_are_numbers_and_suppressed_cells_hold_their_mark(report, book):
    sheet = book[f"{report.labels['table']} 1"]
    rows = _body(sheet)
    assert rows[0][1].value == 40.1
    assert rows[0][1].number_format == "#,##0.0"
    assert rows[0][5].value == 1204
    assert rows[0][5].number_format == "#,##0"
    assert [cell.value for cell in rows[3]][1:6] == ["[c]"] * 5
    assert rows[4][3].value == "–"
    assert book[f"{report.labels['table']} 2"]["C8"].number_format == "#,##0.00"


def test_no_text_becomes_a_formula_or_a_link(written, book):
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n"), (sheet.title, cell.coordinate)
    with ZipFile(BytesIO(written)) as archive:
        names = archive.namelist()
        assert not [name for name in names if b"<f>" in archive.read(name)]
        assert not [
            name
            for name in names
            if name.startswith("xl/worksheets") and b"kop.example" in archive.read(name)
        ]


def test_text_that_begins_like_a_formula_stays_text_when_edited(report, book):
    marked = {row[0].value: row[0].quotePrefix for row in _body(book[f"{report.labels['table']} 1"])}
    assert {name for name, quoted in marked.items() if quoted} == {
        name for name in marked if name[0] in "=+-@\t\r"
    }
    assert len([name for name in marked if name[0] in "=+-@\t\r"]) == 5


def test_names_come_through_whole(report, book):
    names = [row[0].value for row in _body(book[f"{report.labels['table']} 1"])]
    expected = [row["region"].text.replace("$$", "$\u2060$") for row in report.tables[0].rows]
    assert names == expected


def test_synthetic_data_say_so_on_the_cover_and_every_table(report, book):
    for sheet in [book.worksheets[0], *book.worksheets[3:]]:
        assert any(cell.value == report.synthetic for cell in sheet["A"]), sheet.title


def _body(sheet) -> list[tuple]:
    (table,) = sheet.tables.values()
    return list(sheet[table.ref])[1:]
