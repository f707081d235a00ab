"""One number, four files: what JSON holds is what HTML, PDF and XLSX show, cell by cell."""

import json
from html import unescape
from io import BytesIO

import openpyxl

from evaluation.report.model import to_json
from evaluation.report.writers import html, pdf, workbook


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
                    compared += 1
    assert compared == 12 * 5 + 2 * 2


def test_answer_and_key_figures_are_the_same_words_in_html_and_pdf(report, pdf_tags):
    page = unescape(html.write(report).decode())
    text = pdf_tags.read(pdf.write(report)).full_text()
    for words in [report.answer.range, *(item.value for item in report.key_figures)]:
        assert words in page
        assert words in text
