import itertools
import re
from dataclasses import replace
from io import BytesIO

import page
import pikepdf
import pytest

from evaluation.report import model
from evaluation.report.writers import pdf


@pytest.fixture(scope="module")
def document(report):
    return pdf.write(report)


@pytest.mark.parametrize("profile", ["ua1", "2a"])
def test_it_passes_pdf_ua_and_pdf_a(document, profile):
    result = page.validate_pdf_bytes(document, profile=profile)
    assert result.is_compliant, [(failure.rule_id, failure.message) for failure in result.failures]


def test_same_bytes_twice(report, document):
    assert pdf.write(report) == document


def test_title_language_and_date_come_from_the_report(report, document):
    with pikepdf.open(BytesIO(document)) as opened:
        assert report.title in str(opened.docinfo.Title)
        assert str(opened.Root.Lang) == report.language
        assert str(opened.docinfo.CreationDate) == "D:20260930000000Z"


def test_every_row_and_column_has_its_heading(report, document, pdf_tags):
    tables = pdf_tags.read(document).all("Table")
    assert len(tables) == 3
    for table, place in zip(tables, (0, 1, 0), strict=True):
        head, *rows = table.all("TR")
        assert {str(cell.attributes["/Scope"]) for cell in head.kids} == {"/Column"}
        for row in rows:
            scopes = [str(cell.attributes.get("/Scope")) for cell in row.kids]
            assert scopes == ["/Row" if at == place else "None" for at in range(len(row.kids))]
            assert [cell.name for cell in row.kids].count("TH") == 1
        assert not any("/Headers" in cell.attributes for cell in table.all("TD") + table.all("TH"))


def test_figures_carry_their_text_and_headings_go_down_one_by_one(report, document, pdf_tags):
    tree = pdf_tags.read(document)
    assert [figure.alt for figure in tree.all("Figure")] == [figure.alt for figure in report.figures]
    order = [tag.name for tag in tree.kids if tag.name in ("H1", "H2", "H3")]
    assert order[0] == "H1"
    assert order.count("H1") == 1
    assert all(int(after[1]) - int(before[1]) <= 1 for before, after in itertools.pairwise(order))


def test_the_appendix_begins_a_page_and_pages_are_numbered(report, document):
    with pikepdf.open(BytesIO(document)) as opened:
        places = {str(item.title): item.destination[0].objgen for item in _flat(opened.open_outline().root)}
        pages = [item.obj.objgen for item in opened.pages]
    sections = [section.title for section in report.sections if section.part == "main"]
    assert pages.index(places[report.labels["appendix"]]) > max(
        pages.index(places[title]) for title in sections
    )


def test_an_appendix_of_sources_alone_needs_no_page_of_its_own(report):
    placed = [section for section in report.sections if section.part == "main"]
    short = replace(
        report,
        sections=tuple(placed[:1]),
        figures=(),
        tables=(),
    )
    with pikepdf.open(BytesIO(pdf.write(_without_places(short)))) as opened:
        assert len(opened.pages) == 1


def _without_places(report):
    """The report with the sections' paragraphs, lists and cards only."""
    kept = [
        replace(section, blocks=tuple(block for block in section.blocks if not block.ref))
        for section in report.sections
    ]
    return replace(report, sections=tuple(section for section in kept if section.blocks))


def _flat(items):
    for item in items:
        yield item
        yield from _flat(item.children)


def test_markup_of_typst_and_html_stays_text(document, pdf_tags, awkward):
    text = pdf_tags.read(document).full_text()
    assert "Een zin met $x$ en #kop en *ster* en \\backslash en " + awkward.MARKUP in text


def test_a_long_table_goes_on_over_pages_with_its_heading(awkward):
    document = pdf.write(awkward.report(rows=90))
    for profile in ("ua1", "2a"):
        assert page.is_pdf_compliant_bytes(document, profile=profile)
    with pikepdf.open(BytesIO(document)) as opened:
        assert len(opened.pages) >= 5


def _pages(document, pdf_tags):
    with pikepdf.open(BytesIO(document)) as opened:
        return ["".join(pdf_tags._page_texts(page).values()) for page in opened.pages]


@pytest.mark.parametrize("rows", [8, 14, 20, 26, 90])
def test_notes_and_source_stand_on_the_page_of_their_table(awkward, pdf_tags, rows):
    pages = _pages(pdf.write(awkward.report(rows=rows)), pdf_tags)
    caption = next(place for place, text in enumerate(pages) if "Tabel 1. Het bewustzijn" in text)
    assert "niet getoond, omdat het over te weinig ouders gaat" in pages[caption]
    assert "Vragenlijst onder ouders, 2026" in pages[caption]


def test_no_page_is_empty_and_no_caption_stands_alone(awkward, pdf_tags):
    for rows in (5, 12, 19, 25, 33, 60):
        report = awkward.report(rows=rows)
        pages = _pages(pdf.write(report), pdf_tags)
        # Headers and footers are no part of the text, so what is counted is the page's own.
        assert min(len(text.strip()) for text in pages) > 40
        # A caption has rows, or its picture's source, below it on its own page.
        for text in pages:
            for mark in ("Tabel 1. ", "Tabel 2. "):
                if mark in text:
                    assert re.search(r"\d,\d|12\.050", text.split(mark, 1)[1]), (rows, mark)


def test_reading_order_is_that_of_the_report(report, document, pdf_tags):
    text = pdf_tags.read(document).full_text()
    wanted = [report.title, report.answer.sentence, report.answer.range, report.key_figures[0].label]
    wanted += [report.figures[0].headline, report.figures[1].headline, report.labels["appendix"]]
    wanted += [report.tables[0].headline, report.tables[1].headline, report.labels["provenance"]]
    squeezed = re.sub(r"\s", "", text)
    places = [squeezed.find(re.sub(r"\s", "", words)) for words in wanted]
    assert -1 not in places
    assert places == sorted(places)


def _elements(parent):
    kids = parent.get("/K")
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from _elements(kid)


def rows_by_page(document) -> list[list[int]]:
    """Of each table, how many of its rows (without the headings) stand on each page."""
    with pikepdf.open(BytesIO(document)) as opened:
        number = {page.obj.objgen: place for place, page in enumerate(opened.pages)}
        tables = []
        for table in (item for item in _elements(opened.Root.StructTreeRoot) if item.S == "/Table"):
            rows = [item for item in _elements(table) if item.S == "/TR"][1:]
            pages = [next(number[at.Pg.objgen] for at in _elements(row) if "/Pg" in at) for row in rows]
            tables.append([pages.count(page) for page in dict.fromkeys(pages)])
        return tables


@pytest.mark.parametrize("rows", [7, 14])
def test_three_rows_of_a_table_stay_together_where_a_page_ends(awkward, rows):
    """Wherever on a page the table begins."""
    report, broken = awkward.report(rows=rows), []
    for sentences in range(0, 1500, 100):
        lines = model.paragraph("Zin. " * sentences + "Einde.")
        last = replace(report.sections[3], blocks=(lines, model.table("changes")))
        document = pdf.write(replace(report, sections=(*report.sections[:3], last)))
        broken += [table for table in rows_by_page(document) if len(table) > 1]
    assert broken
    assert min(map(min, broken)) >= 3, broken
    with pikepdf.open(BytesIO(document)) as opened:
        kinds = {str(item.S) for item in _elements(opened.Root.StructTreeRoot)}
    assert "/TFoot" not in kinds  # the last rows are rows like the others


def test_tables_do_break_over_pages(awkward):
    assert any(len(table) > 2 for table in rows_by_page(pdf.write(awkward.report(rows=90))))


def test_no_last_page_is_nearly_empty_where_closer_lines_prevent_it(awkward, pdf_tags, monkeypatch):
    spared = 0
    for rows in (21, 45, 66, 72, 78):
        report = awkward.report(rows=rows)
        written = _pages(pdf.write(report), pdf_tags)
        with monkeypatch.context() as patched:
            patched.setattr(pdf, "SPACES", (1.0,))
            wide = _pages(pdf.write(report), pdf_tags)
        assert len(written) <= len(wide)
        if written == wide:
            continue
        spared += 1
        # What stood on a page of its own stands with the rest, or with more than it had.
        assert len(written) < len(wide) or len(written[-1]) > len(wide[-1])
    assert spared == 3  # at 45 rows nothing is short, and at 78 no closer lines are enough


def test_pictures_come_after_the_tables_beside_them_and_never_before_their_heading(awkward, pdf_tags):
    report = awkward.report(rows=20)
    tall = [replace(item, svg=awkward.drawing("#0072B2", [1.0] * 6)) for item in report.figures]
    sections = (
        *report.sections[:1],
        replace(
            report.sections[3],
            blocks=(model.figure("change"), model.figure("trend"), model.table("changes")),
        ),
    )
    moved = replace(report, figures=tuple(tall), sections=sections)
    text = re.sub(r"\s", "", pdf_tags.read(pdf.write(moved)).full_text())
    wanted = [sections[-1].title, "Tabel 1.", "Figuur 1.", "Figuur 2."]
    places = [text.find(re.sub(r"\s", "", words)) for words in wanted]
    assert -1 not in places
    assert places == sorted(places)
