"""The pages that a policymaker reads, as a Word document to copy from: real headings, tables and texts.

Word's own heading styles, heading rows that repeat, an alternative text at each picture, the language of the
text, and no name of a person or program; the same bytes each time it is written.
"""

from __future__ import annotations

import zipfile
from datetime import datetime, time
from io import BytesIO

import docx
import typst
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from evaluation import quarters
from evaluation.report.model import Block, Figure, Report, Section, Table, to_dict
from evaluation.report.writers import look
from evaluation.report.writers.html import PLAIN
from evaluation.study import Style

_PPI = 220
_LANGUAGES = {"nl": "nl-NL", "en": "en-GB"}
_FONT = "Calibri"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip file can say


def write(report: Report, style: Style = PLAIN) -> bytes:
    """The report's main part as DOCX, dated on the last day of its quarter. Raises ModelError when the model
    does not hold together."""
    to_dict(report)
    document = docx.Document()
    _settle(document, report, style)
    if style.logo:
        logo = BytesIO(_png(look.logo_svg(style)))
        picture = document.add_paragraph().add_run().add_picture(logo, height=Mm(14))
        _described(picture, style.logo_text[report.language])
    document.add_heading(report.title, level=1)
    if report.subtitle:
        document.add_paragraph(report.subtitle)
    words = report.labels
    place = f"{words['area']}: {report.region or report.area}"
    _small(document, f"{place} · {words['quarter']}: {report.quarter_label}")
    if report.synthetic:
        document.add_paragraph().add_run(report.synthetic).bold = True
    _answer(document, report)
    for section in report.sections:
        if section.part == "main":
            _section(document, section, report)
    return _same_bytes(document)


def _settle(document: Document, report: Report, style: Style) -> None:
    """Page, fonts, language and properties."""
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(20)
    page.top_margin = page.bottom_margin = Mm(18)
    accent = RGBColor.from_string(style.accent.removeprefix("#"))
    font = style.font_name or _FONT
    for name, size in (("Normal", 10.5), ("Heading 1", 20), ("Heading 2", 14), ("Caption", 10.5)):
        kind = document.styles[name]
        kind.font.name, kind.font.size = font, Pt(size)
        fonts = kind.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        kind.font.color.rgb = accent if name.startswith("Heading") else RGBColor(0x1B, 0x1F, 0x24)
    document.styles["Normal"].paragraph_format.space_after = Pt(6)
    document.styles["Caption"].paragraph_format.keep_with_next = True
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), _LANGUAGES[report.language])
    properties = document.core_properties
    properties.title, properties.subject = report.title, report.quarter_label
    properties.language = _LANGUAGES[report.language]
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.revision = 1
    properties.created = properties.modified = datetime.combine(quarters.last_day(report.quarter), time())


def _answer(document: Document, report: Report) -> None:
    words, answer = report.labels, report.answer
    document.add_heading(words["answer"], level=2)
    document.add_paragraph().add_run(answer.sentence).bold = True
    if answer.range:
        document.add_paragraph(answer.range)
    if answer.certainty:
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{words['certainty']}: ").bold = True
        paragraph.add_run(answer.certainty)


def _section(document: Document, section: Section, report: Report) -> None:
    document.add_heading(section.title, level=2)
    for block in section.blocks:
        _block(document, block, report)


def _block(document: Document, block: Block, report: Report) -> None:
    if block.type == "paragraph":
        document.add_paragraph(block.text)
    elif block.type == "list":
        for item in block.items:
            document.add_paragraph(item, style="List Bullet")
    elif block.type == "key_figures":
        _key_figures(document, report)
    elif block.type == "figure":
        _figure(document, report.figure(block.ref), report)
    else:
        _table(document, report.table(block.ref), report)


def _key_figures(document: Document, report: Report) -> None:
    """The cards as a table: one row each, its name as row heading."""
    words = report.labels
    headings = (words["key_figures"], words["value"], words["range"], words["target"], words["status"])
    rows = [
        (item.label, item.value, "\n".join(filter(None, (item.range, item.note))), item.target, item.status)
        for item in report.key_figures
    ]
    _grid(document, headings, rows, widths=(48, 26, 44, 30, 22))


def _figure(document: Document, item: Figure, report: Report) -> None:
    words = report.labels
    _caption(document, f"{words['figure']} {item.number}. {item.headline}", item.subtitle)
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    picture = paragraph.add_run().add_picture(BytesIO(_png(item.svg)), width=Mm(165))
    _described(picture, item.alt)
    _small(document, f"{words['source']}: {item.source}")


def _table(document: Document, item: Table, report: Report) -> None:
    words = report.labels
    _caption(document, f"{words['table']} {item.number}. {item.headline}", item.subtitle)
    headings = [f"{column.label} ({column.unit})" if column.unit else column.label for column in item.columns]
    numbers = [column.kind == "number" for column in item.columns]
    place = [column.id for column in item.columns].index(item.row_header)
    rows = [[row[column.id].text for column in item.columns] for row in item.rows]
    _grid(document, headings, rows, numbers=numbers, row_heading=place)
    for note in item.notes:
        _small(document, note)
    if item.source:
        _small(document, f"{words['source']}: {item.source}")


def _grid(document: Document, headings, rows, numbers=(), row_heading: int = 0, widths=()) -> None:
    table = document.add_table(rows=1, cols=len(headings), style="Table Grid")
    table.autofit = not widths
    for cell, heading in zip(table.rows[0].cells, headings, strict=True):
        cell.paragraphs[0].add_run(heading).bold = True
    # Word and screen readers know a heading row by this mark, and repeat it on each page.
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row in rows:
        line = table.add_row()
        line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for place, (cell, text) in enumerate(zip(line.cells, row, strict=True)):
            paragraph = cell.paragraphs[0]
            paragraph.add_run(text).bold = place == row_heading
            if numbers and numbers[place]:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    first_column = table._tbl.tblPr.find(qn("w:tblLook"))
    if first_column is not None:
        for name, value in (("firstRow", "1"), ("firstColumn", "1"), ("noVBand", "1"), ("noHBand", "0")):
            first_column.set(qn(f"w:{name}"), value)
    for line in table.rows:
        for cell in line.cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.space_after = Pt(1)
                for run in paragraph.runs:
                    run.font.size = Pt(9)
        for cell, width in zip(line.cells, widths, strict=False):
            cell.width = Mm(width)
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def _caption(document: Document, text: str, subtitle: str) -> None:
    paragraph = document.add_paragraph(style="Caption")
    paragraph.add_run(text).bold = True
    if subtitle:
        paragraph.add_run().add_break()
        run = paragraph.add_run(subtitle)
        run.bold, run.font.size = False, Pt(9)


def _small(document: Document, text: str) -> Paragraph:
    paragraph = document.add_paragraph()
    paragraph.add_run(text).font.size = Pt(8.5)
    return paragraph


def _described(picture, text: str) -> None:
    """The alternative text, where Word and screen readers look for it."""
    picture._inline.docPr.set("descr", text)


def _png(svg: str) -> bytes:
    """A drawing in pixels, as Word of before 2016 needs it."""
    page = '#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg")'
    return typst.compile(
        page.encode(), format="png", ppi=_PPI, sys_inputs={"svg": svg}, ignore_system_fonts=True
    )


def _same_bytes(document: Document) -> bytes:
    """The document without what python-docx's template says of itself, with the same dates in its zip."""
    package = document.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype.endswith(("/thumbnail", "/extended-properties")):
            del package.rels[key]
    raw, out = BytesIO(), BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as made, zipfile.ZipFile(out, "w") as same:
        for name in made.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            same.writestr(entry, made.read(name))
    return out.getvalue()
