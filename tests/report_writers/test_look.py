"""A study's own style in the pages: readable in light and dark, carried within the file, the same bytes."""

import base64
import re
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import matplotlib
import page
import pikepdf
import pytest

from evaluation.report.figures import style as chart
from evaluation.report.figures.bars import bar_chart
from evaluation.report.wording import words
from evaluation.report.writers import html, look, memo, pdf
from evaluation.study.style import Style, contrast

FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><path d="M0 0h40v10z" fill="#6A1B4D"/></svg>'
)


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    logo = tmp_path_factory.mktemp("own") / "logo.svg"
    logo.write_text(LOGO)
    return Style(
        accent="#6A1B4D",
        colours=("#6A1B4D", "#00695C", "#8A4B00"),
        logo=logo,
        logo_text={"nl": "Logo van de stichting", "en": "Logo of the foundation"},
        font=FONTS / "DejaVuSerif.ttf",
        font_bold=FONTS / "DejaVuSerif-Bold.ttf",
        font_name="DejaVu Serif",
    )


OTHERS = [
    Style(),
    Style("#000000", ("#222222", "#767676", "#444444")),
    Style("#7A0019", ("#B00020", "#006D2C", "#08519C")),
]


@pytest.mark.parametrize("style", OTHERS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_in_a_chart_can_be_read_on_its_ground(style, scheme):
    colour = look.variables(style)[scheme]
    paper, ink = colour["f-paper"], colour["f-ink"]
    for name in ("f-ink", "f-grey", "f-accent", "f-1", "f-2", "f-3"):
        assert contrast(colour[name], paper) >= 4.5, name
    for name in ("m-1", "m-2", "m-3"):
        assert contrast(colour[name], ink) >= 4.5, name
    for name in ("m-4", "m-5"):
        assert contrast(colour[name], paper) >= 4.5, name
    steps = [contrast(colour[f"m-{place}"], paper) for place in range(1, 6)]
    assert all(after > before for before, after in pairwise(steps))
    page_paper = "#FFFFFF" if scheme == "light" else look.DARK_PAPER
    assert min(contrast(colour[name], page_paper) for name in ("accent", "link")) >= 4.5


def test_a_chart_is_drawn_in_the_look_and_keeps_it_out_of_the_next(own):
    draw = lambda: bar_chart([("Gedrukt", 3.0)], words("nl"), "b", "T", "alt").svg  # noqa: E731
    before = draw()
    with chart.look(own):
        inside = draw()
    assert draw() == before
    assert "#6a1b4d" in inside
    assert "#0072b2" not in inside
    assert "DejaVuSerif" in inside


def test_the_page_carries_colours_logo_and_fonts(report, own):
    text = html.write(report, own).decode()
    assert html.write(report, own).decode() == text
    assert "--accent: #6A1B4D" in text
    assert f'alt="{own.logo_text[report.language]}"' in text
    assert base64.b64encode(LOGO.encode()).decode() in text
    fonts = re.findall(r"data:font/woff;base64,([A-Za-z0-9+/=]+)", text)
    assert [base64.b64decode(font)[:4] for font in fonts] == [b"wOFF", b"wOFF"]
    assert max(map(len, fonts)) < 200_000
    assert "#12436" not in text.replace("--m-", "")


def test_a_drawing_takes_its_colours_from_the_page(report):
    text = html.write(report).decode()
    assert 'stroke: var(--f-1)"' in text
    assert "#0072b2" not in text[text.index("<body") :].lower()


@pytest.mark.parametrize("profile", ["ua1", "2a"])
def test_the_pdf_in_own_style_passes_and_embeds_the_font(report, own, profile):
    document = pdf.write(report, own)
    result = page.validate_pdf_bytes(document, profile=profile)
    assert result.is_compliant, [(failure.rule_id, failure.message) for failure in result.failures]
    with pikepdf.open(BytesIO(document)) as opened:
        fonts = {
            str(item.BaseFont)
            for item in opened.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"
        }
    assert any("DejaVuSerif" in name for name in fonts)


def test_the_word_document_takes_colour_font_and_logo(report, own):
    import docx

    document = docx.Document(BytesIO(memo.write(report, own)))
    assert document.styles["Normal"].font.name == "DejaVu Serif"
    assert str(document.styles["Heading 1"].font.color.rgb) == "6A1B4D"
    assert document.inline_shapes[0]._inline.docPr.get("descr") == own.logo_text[report.language]
