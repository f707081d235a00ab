"""A writer that prints a number of its own stops the release, whichever file it is in."""

import base64
import io
import json
import zipfile

import openpyxl
import pikepdf
import pipeline_fakes
import pytest

from evaluation.errors import DisclosureError
from evaluation.pipeline import rendered, work
from evaluation.report import model
from evaluation.report.writers import html, memo, pdf, workbook
from evaluation.report.writers.html import PLAIN

WRITERS = {"html": html.write, "pdf": pdf.write, "xlsx": workbook.write, "docx": memo.write}


@pytest.fixture(scope="module")
def model_text():
    return json.dumps(pipeline_fakes.model("nl", "2026Q3", None))


@pytest.fixture(scope="module")
def files(model_text):
    report = model.from_json(model_text)
    return {f"a.{kind}": write(report) for kind, write in WRITERS.items()}


def in_html(content: bytes) -> bytes:
    return content.replace(b"</h1>", b" 7.531</h1>", 1)


def in_attribute(content: bytes) -> bytes:
    return content.replace(b"<h1>", b'<h1 data-count="7531">', 1)


def in_comment(content: bytes) -> bytes:
    return content.replace(b"<h1>", b"<!-- 7531 --><h1>", 1)


def in_csv(content: bytes) -> bytes:
    start = content.index(b"base64,", content.index(b"data:text/csv")) + 7
    end = content.index(b'"', start)
    more = base64.b64encode(base64.b64decode(content[start:end]) + b"a;7531\r\n")
    return content[:start] + more + content[end:]


def in_xlsx(value):
    def changed(content: bytes) -> bytes:
        book = openpyxl.load_workbook(io.BytesIO(content))
        book.worksheets[-1]["H40"] = value
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    return changed


def in_docx(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "word/document.xml":  # in two runs, as a spelling checker leaves it
                runs = b"<w:p><w:r><w:t>75</w:t></w:r><w:r><w:t>31</w:t></w:r></w:p>"
                part = part.replace(b"<w:sectPr", runs + b"<w:sectPr", 1)
            new.writestr(name, part)
    return out.getvalue()


def in_alternative_text(content: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as document:
        document.Root.StructTreeRoot.K[0].Alt = pikepdf.String("7531")
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def test_what_the_writers_make_is_let_through(files, model_text):
    assert rendered.strange(files, model_text) == []


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("a.html", in_html),
        ("a.html", in_attribute),
        ("a.html", in_comment),
        ("a.html", in_csv),
        ("a.xlsx", in_xlsx(7531)),
        ("a.xlsx", in_xlsx("7531 ouders")),
        ("a.docx", in_docx),
        ("a.pdf", in_alternative_text),
    ],
)
def test_a_number_that_is_not_in_the_model_is_found(files, model_text, name, change):
    changed = change(files[name])
    assert changed != files[name]
    assert rendered.strange({name: changed}, model_text) == [name]


def test_a_number_in_the_text_of_a_pdf_is_found(model_text):
    other = json.loads(model_text)
    other["title"] = f"{other['title']} 7531"
    written = pdf.write(model.from_json(json.dumps(other)))
    assert rendered.strange({"a.pdf": written}, model_text) == ["a.pdf"]


def test_a_number_in_a_drawing_is_found(model_text):
    drawing = b"<svg><title>7531</title></svg>"
    assert rendered.strange({"a.svg": drawing}, model_text) == ["a.svg"]


def test_such_a_file_is_not_published(model_text, monkeypatch):
    monkeypatch.setattr(html, "write", lambda report, style: b"<p>7531</p>")
    outcome = work.render(model_text, "province.nl", None, PLAIN)
    assert outcome.files == {}
    assert isinstance(outcome.error, DisclosureError)
    assert "province.nl.html" in outcome.error.text("en")
    assert "7531" not in outcome.error.text("en")
