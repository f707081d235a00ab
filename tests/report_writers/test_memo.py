"""The Word document: the main pages in Word's own structure, without a trace of who or when."""

import re
import zipfile
from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn

from evaluation.report.writers import memo


@pytest.fixture(scope="module")
def written(report):
    return memo.write(report)


@pytest.fixture(scope="module")
def document(written):
    return docx.Document(BytesIO(written))


def test_same_bytes_twice(report, written):
    assert memo.write(report) == written


def test_headings_are_word_s_own_and_go_down_one_by_one(report, document):
    headings = [
        (int(line.style.name[-1]), line.text)
        for line in document.paragraphs
        if line.style.name.startswith("Heading")
    ]
    mains = [section.title for section in report.sections if section.part == "main"]
    assert headings == [(1, report.title), *((2, title) for title in (report.labels["answer"], *mains))]


def test_every_picture_has_its_text_and_every_table_its_heading_row(report, document):
    placed = [
        report.figure(block.ref)
        for section in report.sections
        if section.part == "main"
        for block in section.blocks
        if block.type == "figure"
    ]
    assert [shape._inline.docPr.get("descr") for shape in document.inline_shapes] == [
        figure.alt for figure in placed
    ]
    for table in document.tables:
        marks = [line._tr.trPr.find(qn("w:tblHeader")) is not None for line in table.rows]
        assert marks == [True] + [False] * (len(marks) - 1)
        assert table._tbl.tblPr.find(qn("w:tblLook")).get(qn("w:firstColumn")) == "1"


def test_key_figures_are_those_of_the_report(report, document):
    rows = [[cell.text for cell in line.cells] for line in document.tables[0].rows][1:]
    assert [row[:2] for row in rows] == [[item.label, item.value] for item in report.key_figures]
    # The range and what it is of stand on lines of their own.
    both = ["\n".join(filter(None, (item.range, item.note))) for item in report.key_figures]
    assert [row[2] for row in rows] == both


def test_it_says_its_language_and_nothing_of_a_person(report, written, document):
    properties = document.core_properties
    assert properties.author == properties.last_modified_by == properties.comments == ""
    assert str(properties.created.date()) == "2026-09-30"
    with zipfile.ZipFile(BytesIO(written)) as parts:
        names = parts.namelist()
        text = parts.read("word/styles.xml").decode() + parts.read("docProps/core.xml").decode()
        assert {entry.date_time for entry in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert not {"docProps/app.xml", "docProps/thumbnail.jpeg"} & set(names)
    spoken = set(re.findall(r'<w:lang [^>]*w:val="([^"]+)"', text))
    assert spoken == {"nl-NL" if report.language == "nl" else "en-GB"}
    assert "python" not in text


def test_the_answer_comes_whole_and_markup_stays_text(report, document):
    text = "\n".join(line.text for line in document.paragraphs)
    assert report.answer.sentence in text
    assert report.answer.range in text
    assert "Een zin met $x$ en #kop en *ster*" in text
    assert report.synthetic in text
