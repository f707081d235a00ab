"""Each table as CSV: as the reader's own Excel opens it, and no text that becomes a formula."""

import base64
import csv
import io
import re

import pytest

from evaluation.report.writers import html, table_csv


def read(content, language):
    assert content.startswith(b"\xef\xbb\xbf")
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";" if language == "nl" else ","))


def test_numbers_have_the_reader_s_decimal_mark_and_hidden_ones_their_mark(report):
    table = report.tables[0]
    rows = read(table_csv.write(table, report.language), report.language)
    assert len(rows) == 1 + len(table.rows)
    assert rows[0][2] == "Verandering (procentpunt)"
    point = "," if report.language == "nl" else "."
    assert rows[1][2] == f"-2{point}4"
    assert rows[4][1:6] == ["[c]"] * 5


def test_no_text_is_a_formula(report):
    for table in report.tables:
        rows = read(table_csv.write(table, report.language), report.language)
        for row in rows[1:]:
            for column, text in zip(table.columns, row, strict=True):
                if column.kind != "number":
                    assert not re.match(r"\s*[=+\-@\t\r]", text), text
    names = [row[0] for row in read(table_csv.write(report.tables[0], report.language), report.language)]
    assert "'=SOM(A1:A9)" in names
    assert "'\tMook" in names


def test_the_page_offers_each_table_under_its_own_name(report, page_of):
    page = page_of(html.write(report))
    links = [attributes for tag, attributes in page.tags if tag == "a" and "download" in attributes]
    names = [link["download"] for link in links]
    for table in report.tables:
        assert f"province.{report.language}.2026Q3.{table.id}.csv" in names
        link = links[names.index(f"province.{report.language}.2026Q3.{table.id}.csv")]
        content = base64.b64decode(link["href"].removeprefix("data:text/csv;charset=utf-8;base64,"))
        assert content == table_csv.write(table, report.language)


@pytest.mark.parametrize("region", ["Peel & Maas", "../x", "Échternach"])
def test_a_file_name_holds_only_plain_signs(report, region):
    from dataclasses import replace

    name = table_csv.file_name(report.tables[0], replace(report, region=region))
    assert re.fullmatch(r"[a-z0-9-]+\.(nl|en)\.2026Q3\.changes\.csv", name)
