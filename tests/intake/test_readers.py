"""Files as people save them, and files that are not what they say."""

import io
import random
import zipfile
from datetime import datetime

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from evaluation.errors import InputError
from evaluation.intake import take_in
from evaluation.intake.files import Export
from evaluation.intake.workbook import cell_text, open_workbook

COSTS = '[files.costs]\npath = "costs.*"\n'
ROWS = [("2025Q4", "druk", "1.234,50", "2000"), ("2026Q1", "vertaling", "99,95", "")]


def _csv(separator=";", heading=("Kwartaal", "Soort", "Bedrag", "Exemplaren"), rows=ROWS) -> str:
    return "".join(separator.join(f'"{cell}"' for cell in row) + "\r\n" for row in (heading, *rows))


def _xlsx(rows, name="Blad1") -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.title = name
    for row in rows:
        page.append(row)
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def _costs(study):
    return take_in(study).tables["costs"].to_dict("list")


EXPECTED = {
    "quarter": ["2025Q4", "2026Q1"],
    "type": ["print", "translation"],
    "amount": [1234.5, 99.95],
    "copies": [2000, 0],
}


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_separator_and_encoding_are_found(study_of, separator, encoding):
    assert _costs(study_of({"costs.csv": _csv(separator).encode(encoding)}, COSTS)) == EXPECTED


@pytest.mark.parametrize("line", ["sep=;\r\n", '"sep=;"\r\n', "SEP=;\n"])
def test_the_first_line_may_name_the_separator(study_of, line):
    study = study_of({"costs.csv": line + _csv() + "2026Q2;onzin;1;\r\n"}, COSTS)
    intake = take_in(study)
    assert intake.tables["costs"].to_dict("list") == EXPECTED
    # Excel does not show the sep= line, so the headings are row 1.
    assert intake.quarantine.to_dict("records") == [
        {"file": "costs.csv", "row": 4, "column": "Soort", "rule": "unknown_category"}
    ]


def test_line_ends_of_an_old_macintosh(study_of):
    assert _costs(study_of({"costs.csv": _csv().replace("\r\n", "\r")}, COSTS)) == EXPECTED


def test_cp1252_letters_are_read(study_of):
    more = '[files.organisations]\npath = "o.csv"\n'
    raw = "Organisatie;Soort;Gemeente\nCaf\u00e9 de B\u00e8ta;huisarts;Heerlen\n".encode("cp1252")
    assert take_in(study_of({"o.csv": raw}, more)).tables["organisations"]["organisation"].tolist() == [
        "Caf\u00e9 de B\u00e8ta"
    ]


def test_line_ends_and_separators_inside_quotes(study_of):
    heading = ("Kwartaal", "Soort;\nvan kosten", "Bedrag", "Exemplaren")
    more = COSTS + 'columns = { type = "Soort; van kosten" }\n'
    assert _costs(study_of({"costs.csv": _csv(heading=heading)}, more)) == EXPECTED


def test_a_row_with_too_many_cells_is_quarantined_not_shifted(study_of):
    text = _csv() + "2026Q1;druk;los;12,50;100\r\n" + "2026Q1;druk\r\n"
    quarantine = take_in(study_of({"costs.csv": text}, COSTS)).quarantine
    assert quarantine[["row", "rule"]].to_numpy().tolist() == [[4, "broken_row"], [5, "bad_number"]]


def test_empty_rows_at_the_end_are_no_rows_and_elsewhere_are_counted(study_of):
    text = _csv(rows=[ROWS[0]]) + ";;;\r\n" + _csv(rows=[ROWS[1]]).split("\r\n", 1)[1] + ";;;\r\n\r\n"
    receipt = take_in(study_of({"costs.csv": text}, COSTS)).receipts[0]
    assert (receipt.read, receipt.accepted, receipt.quarantined) == (3, 2, {"empty_row": 1})


def test_a_workbook_is_read_like_a_csv(study_of):
    rows = [
        ("Kwartaal", "Soort", "Bedrag", "Exemplaren"),
        ("2025Q4", "druk", 1234.5, 2000),
        (),
        ("2026Q1", "vertaling", 99.95, None),
    ]
    study = study_of({"costs.xlsx": _xlsx(rows)}, COSTS)
    assert _costs(study) == EXPECTED


def test_a_byte_order_mark_inside_the_first_heading_is_no_part_of_it(study_of):
    rows = [("\ufeffKwartaal", "Soort", "Bedrag", "Exemplaren"), ("2025Q4", "druk", 1234.5, 2000)]
    assert _costs(study_of({"costs.xlsx": _xlsx(rows)}, COSTS)) == {
        name: values[:1] for name, values in EXPECTED.items()
    }


def test_a_refused_row_of_a_workbook_has_the_number_that_excel_shows(study_of):
    rows = [("Kwartaal", "Soort", "Bedrag"), (), ("2025Q4", "druk", 5), (), ("2026Q1", "druk", "veel")]
    found = take_in(study_of({"costs.xlsx": _xlsx(rows)}, COSTS)).quarantine
    assert found[["row", "rule"]].to_numpy().tolist() == [[5, "bad_number"]]


def test_a_hidden_first_sheet_of_a_workbook_is_passed_over(study_of):
    book = openpyxl.Workbook()
    book.active.append(("oud", "blad"))
    book.active.sheet_state = "hidden"
    shown = book.create_sheet("Kosten")
    for row in [("Kwartaal", "Soort", "Bedrag", "Exemplaren"), ("2025Q4", "druk", 1234.5, 2000)]:
        shown.append(row)
    raw = io.BytesIO()
    book.save(raw)
    found = _costs(study_of({"costs.xlsx": raw.getvalue()}, COSTS))
    assert found == {name: values[:1] for name, values in EXPECTED.items()}


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (True, "ja"),
        (3.0, "3"),
        (1234.5, "1234,5"),
        (-0.25, "-0,25"),
        (datetime(2025, 10, 6, 9, 5), "2025-10-06 09:05:00"),
        ("x", "x"),
    ],
)
def test_a_typed_cell_as_a_dutch_export_would_write_it(cell, text):
    assert cell_text(cell) == text


def test_a_heading_that_is_a_person_s_cell_is_not_named(study_of):
    text = _csv().replace('"Exemplaren"', '"Exemplaren";"jan@thuis.example";"Kleur"', 1)
    text = text.replace('"2000"', '"2000";"x";"rood"').replace('""\r\n', '"";"";""\r\n')
    receipt = take_in(study_of({"costs.csv": text}, COSTS)).receipts[0]
    assert receipt.columns_dropped == ("?", "Kleur")


def test_a_workbook_sheet_that_is_not_there(study_of):
    study = study_of({"costs.xlsx": _xlsx([("Kwartaal",)], "Kosten")}, COSTS + 'sheet = "Uitgaven"\n')
    with pytest.raises(InputError) as error:
        take_in(study)
    assert error.value.key == "intake.sheet_missing"
    assert "Kosten" in error.value.text("nl")


def _package(**parts: bytes) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/"), content)
    return raw.getvalue()


def _edited(raw: bytes, part: str, old: bytes, new: bytes) -> bytes:
    edited = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(raw)) as source,
        zipfile.ZipFile(edited, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                assert old in content
                content = content.replace(old, new)
            target.writestr(name, content)
    return edited.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
GOOD = _xlsx([("Kwartaal", "Soort", "Bedrag", "Exemplaren"), ("2025Q4", "druk", 1, 1)])
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512

BAD = {
    "encrypted": ("costs.xlsx", OLE2 + "EncryptedPackage".encode("utf-16-le"), "file_encrypted"),
    "old excel": ("costs.xls", OLE2, "file_old_excel"),
    "macros": (
        "costs.xlsx",
        _package(**{"xl__workbook.xml": b"<x/>", "xl__vbaProject.bin": b"x"}),
        "workbook_macros",
    ),
    "other zip": ("costs.xlsx", _package(a=b"x"), "file_not_what_it_says"),
    "workbook called csv": ("costs.csv", GOOD, "file_not_what_it_says"),
    "csv called workbook": ("costs.xlsx", b"Kwartaal;Soort\n", "file_not_what_it_says"),
    "login page": ("costs.csv", b"\xef\xbb\xbf\n<!DOCTYPE html><html>", "file_not_what_it_says"),
    "pdf": ("costs.csv", b"%PDF-1.7", "file_not_what_it_says"),
    "binary": ("costs.csv", b"Kwartaal;Soort\x00\x01", "file_not_what_it_says"),
    "empty": ("costs.csv", b"\xef\xbb\xbf \n", "file_empty"),
    "headings only": ("costs.csv", b"Kwartaal;Soort;Bedrag\n\n", "file_no_rows"),
    "half a workbook": ("costs.xlsx", GOOD[: len(GOOD) // 2], "workbook_broken"),
    "open quote": ("costs.csv", b'Kwartaal;Soort;Bedrag\n2025Q4;"druk;1\n', "file_broken"),
    "unpacks": (
        "costs.xlsx",
        _package(**{"xl__workbook.xml": b"<x/>", "xl__a.xml": b" " * (101 << 20)}),
        "workbook_unpacks",
    ),
    "declared far": ("costs.xlsx", _edited(GOOD, SHEET, b'ref="A1:D2"', b'ref="A1:XFD2"'), "table_too_large"),
    "declared deep": (
        "costs.xlsx",
        _edited(GOOD, SHEET, b'ref="A1:D2"', b'ref="A1:D1048577"'),
        "table_too_large",
    ),
    "one far cell": ("costs.xlsx", _edited(GOOD, SHEET, b'r="D2"', b'r="XFD2"'), "table_too_large"),
    "entities": (
        "costs.xlsx",
        _edited(GOOD, SHEET, b"<worksheet", b"<!DOCTYPE x><worksheet"),
        "workbook_broken",
    ),
    "not utf-8 nor cp1252": ("costs.csv", b"Kwartaal;Soort\n\x81\x8d", "encoding_unknown"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_file_that_is_not_what_it_says_is_one_sentence(study_of, case):
    name, raw, key = BAD[case]
    with pytest.raises(InputError) as error:
        take_in(study_of({name: raw}, COSTS))
    assert error.value.key == f"intake.{key}"
    for lang in ("nl", "en"):
        assert name in error.value.text(lang)


def test_the_same_file_twice_is_refused(study_of):
    with pytest.raises(InputError) as error:
        take_in(study_of({"costs.a.csv": _csv(), "costs.b.csv": _csv()}, COSTS))
    assert error.value.key == "intake.file_twice"


def test_two_files_of_a_kind_are_one_table(study_of):
    files = {"costs.a.csv": _csv(rows=ROWS[:1]), "costs.b.csv": _csv(",", rows=ROWS[1:])}
    assert _costs(study_of(files, COSTS)) == EXPECTED


def test_a_damaged_workbook_is_a_sentence_or_is_read():
    draw = random.Random(7)
    refused = 0
    for _ in range(80):
        raw = bytearray(GOOD)
        start = draw.randrange(len(raw))
        del raw[start : start + draw.randrange(1, 200)]
        export = Export("costs.xlsx", bytes(raw), "", kind="workbook")
        try:
            assert open_workbook(export).headings == ["Kwartaal", "Soort", "Bedrag", "Exemplaren"]
        except InputError as error:
            refused += error.key.startswith("intake.")
    assert refused > 40


def _parquet(columns: dict[str, list]) -> bytes:
    raw = io.BytesIO()
    pd.DataFrame(columns).to_parquet(raw)
    return raw.getvalue()


def _spss(columns: dict[str, list], tmp_path) -> bytes:
    pyreadstat.write_sav(pd.DataFrame(columns), tmp_path / "limits.sav")
    return (tmp_path / "limits.sav").read_bytes()


TWO = {"Kwartaal": ["2025Q4", "2026Q1"], "Soort": ["druk", "druk"], "Bedrag": [1.0, 2.0]}
# The limit set just below what a good file has: (module, limit, value, file, key).
LIMITS = {
    "size": ("files", "MAX_BYTES", len(_csv()) - 1, "costs.csv", "file_too_large"),
    "rows of a text": ("text_table", "MAX_ROWS", 1, "costs.csv", "table_too_large"),
    "columns of a text": ("text_table", "MAX_COLUMNS", 3, "costs.csv", "table_too_large"),
    "cells of a workbook": ("workbook", "MAX_CELLS", 7, "costs.xlsx", "table_too_large"),
    "rows of a workbook": ("workbook", "MAX_SHEET_ROWS", 1, "costs.undeclared.xlsx", "table_too_large"),
    "declared rows of a workbook": ("workbook", "MAX_SHEET_ROWS", 1, "costs.xlsx", "table_too_large"),
    "columns of a workbook": ("workbook", "MAX_COLUMNS", 3, "costs.xlsx", "table_too_large"),
    "unpacked size of a workbook": ("workbook", "MAX_UNPACKED", 1000, "costs.xlsx", "workbook_unpacks"),
    "rows of Parquet": ("binary", "MAX_ROWS", 1, "costs.parquet", "table_too_large"),
    "columns of Parquet": ("binary", "MAX_COLUMNS", 2, "costs.parquet", "table_too_large"),
    "cells of Parquet": ("binary", "MAX_CELLS", 5, "costs.parquet", "table_too_large"),
    "unpacked size of Parquet": ("binary", "MAX_UNPACKED", 10, "costs.parquet", "table_too_large"),
    "rows of SPSS": ("binary", "MAX_ROWS", 1, "costs.sav", "table_too_large"),
    "columns of SPSS": ("binary", "MAX_COLUMNS", 2, "costs.sav", "table_too_large"),
    "cells of SPSS": ("binary", "MAX_CELLS", 5, "costs.sav", "table_too_large"),
}


@pytest.mark.parametrize("case", LIMITS)
def test_what_is_over_a_limit_is_refused_before_it_is_parsed(study_of, monkeypatch, tmp_path, case):
    module, limit, value, name, key = LIMITS[case]
    make = {"csv": _csv, "xlsx": lambda: GOOD, "parquet": lambda: _parquet(TWO)}
    make["undeclared"] = lambda: _edited(GOOD, SHEET, b'<dimension ref="A1:D2"/>', b"")
    raw = make.get(name.split(".")[1], lambda: _spss(TWO, tmp_path))()
    study = study_of({name: raw}, COSTS)
    for parser in ("pandas.read_csv", "pyarrow.csv.read_csv", "pyarrow.parquet.ParquetFile.read"):
        monkeypatch.setattr(parser, _parsed)
    monkeypatch.setattr(f"evaluation.intake.{module}.{limit}", value)
    with pytest.raises(InputError) as error:
        take_in(study)
    assert error.value.key == f"intake.{key}"


def _parsed(*_, **__):
    raise AssertionError("parsed before the limit was looked at")
