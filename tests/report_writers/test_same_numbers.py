"""One number, five files: what JSON holds is what HTML, PDF, XLSX and CSV show, cell by cell."""

import csv
import io
import json
from collections import Counter
from html import unescape
from io import BytesIO

import docx
import openpyxl

from evaluation.report.model import to_json
from evaluation.report.writers import html, memo, pdf, table_csv, workbook


def test_every_cell_is_the_same_in_every_file(report, pdf_tags, page_of):
    page = page_of(html.write(report))
    tagged = pdf_tags.read(pdf.write(report)).all("Table")
    book = openpyxl.load_workbook(BytesIO(workbook.write(report)))
    plain = json.loads(to_json(report))
    compared = 0
    for at, table in enumerate(plain["tables"]):
        in_pdf = tagged[at].all("TR")[1:]
        in_html = page.tables[f"table-{table['id']}"][1:]
        sheet = book[f"{plain['labels']['table']} {table['number']}"]
        in_book = list(sheet[next(iter(sheet.tables.values())).ref])[1:]
        in_csv = _csv(table_csv.write(report.tables[at], report.language), report.language)[1:]
        assert len(in_csv) == len(table["rows"])
        assert len(in_pdf) == len(in_html) == len(in_book) == len(table["rows"])
        for number, row in enumerate(table["rows"]):
            for place, column in enumerate(table["columns"]):
                cell = row[column["id"]]
                assert in_html[number][place] == cell["text"]
                shown = in_pdf[number].kids[place].full_text()
                written = in_book[number][place].value
                if column["kind"] == "number":
                    assert shown.strip() == cell["text"]
                    assert written == (
                        cell["value"] if cell["value"] is not None else cell["mark"] or cell["text"]
                    )
                    plain_text = in_csv[number][place]
                    if report.language == "nl":
                        plain_text = plain_text.replace(",", ".")
                    assert (float(plain_text) if cell["value"] is not None else plain_text) == written
                    if cell["value"] is not None:
                        text_point = {"nl": ",", "en": "."}[report.language]
                        after = len(cell["text"].partition(text_point)[2])
                        assert len(plain_text.partition(".")[2]) == after
                    compared += 1
    assert compared == 12 * 5 + 3 * 2


def test_every_number_in_a_workbook_shows_the_decimals_of_its_text(report):
    book = openpyxl.load_workbook(BytesIO(workbook.write(report)))
    shown = Counter()
    for table in report.tables:
        sheet = book[f"{report.labels['table']} {table.number}"]
        rows = list(sheet[next(iter(sheet.tables.values())).ref])[1:]
        for row, cells in zip(table.rows, rows, strict=True):
            for column, cell in zip(table.columns, cells, strict=True):
                if row[column.id].value is not None:
                    point = {"nl": ",", "en": "."}[report.language]
                    printed = len(row[column.id].text.partition(point)[2])
                    assert len(cell.number_format.partition(".")[2]) == printed, cell.coordinate
                    shown[table.id, column.id, printed] += 1
    # Also where a row of another unit stands in the column.
    assert shown["supply", "n", 0] == shown["supply", "money", 2] == 2
    assert shown["supply", "n", 1] == shown["supply", "money", 0] == 1


def _csv(content, language):
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    return list(csv.reader(text, delimiter=";" if language == "nl" else ","))


def test_answer_and_key_figures_are_the_same_words_everywhere(report, pdf_tags):
    written = docx.Document(BytesIO(memo.write(report)))
    lines = [line.text for line in written.paragraphs]
    lines += [cell.text for table in written.tables for row in table.rows for cell in row.cells]
    page = unescape(html.write(report).decode())
    text = pdf_tags.read(pdf.write(report)).full_text()
    for words in [report.answer.range, *(item.value for item in report.key_figures)]:
        assert words in page
        assert words in text
        assert words in lines
