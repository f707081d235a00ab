"""The study's own style: what cannot be read or carried is refused in a sentence that says what is needed."""

import struct
import zlib
from pathlib import Path

import matplotlib
import pytest

from evaluation.errors import InputError, StudyError
from evaluation.study import load_study
from evaluation.study.style import Style, contrast, mixed, readable_on

HERE = Path(__file__).parent
FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path d="M0 0h4v4z" fill="#123456"/></svg>'


def png(width=3, height=2):
    def part(kind, content):
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\x00" + b"\x12\x43\x6d" * width for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", pixels) + part(b"IEND", b"")


@pytest.fixture
def load(tmp_path):
    def loaded(style: str, **files: bytes):
        for name, content in files.items():
            (tmp_path / name.replace("_", ".")).write_bytes(content)
        text = (HERE / "study.toml").read_text(encoding="utf-8") + f"\n[style]\n{style}\n"
        (tmp_path / "costs.csv").write_text("Kwartaal;Soort;Bedrag\n")
        (tmp_path / "study.toml").write_text(text, encoding="utf-8")
        return load_study(tmp_path / "study.toml").style

    return loaded


def refused(load, style, kind=StudyError, **files):
    with pytest.raises(kind) as caught:
        load(style, **files)
    return caught.value.text("nl"), caught.value.text("en")


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.478, abs=5e-4)  # the known grey that just fails
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.542, abs=5e-4)  # and the one that just passes
    assert mixed("#000000", "#FFFFFF", 0.25) == "#BFBFBF"
    assert contrast(readable_on("#12436D", "#151A21"), "#151A21") >= 4.5


def test_a_study_without_style_has_the_project_s_own(load):
    assert load("") == Style()


def test_own_colours_logo_and_fonts_are_taken(load):
    style = load(
        'accent = "#6a1b4d"\ncolours = ["#6A1B4D", "#00695C", "#8A4B00"]\nlogo = "logo.svg"\n'
        'logo_text = { nl = "De stichting", en = "The foundation" }\nfont = "a.ttf"\nfont_bold = "b.ttf"',
        logo_svg=LOGO.encode(),
        a_ttf=(FONTS / "DejaVuSerif.ttf").read_bytes(),
        b_ttf=(FONTS / "DejaVuSerif-Bold.ttf").read_bytes(),
    )
    assert style.accent == "#6A1B4D"
    assert style.font_name == "DejaVu Serif"
    assert [path.name for path in style.files] == ["logo.svg", "a.ttf", "b.ttf"]


def test_a_colour_that_cannot_be_read_is_refused_with_both_colours_and_their_ratio(load):
    dutch, english = refused(load, 'accent = "#777777"')
    assert "#777777 op #FFFFFF heeft een contrast van 4,47:1 en er is 4,5:1 nodig" in dutch
    assert "#777777 on #FFFFFF has a contrast of 4.47:1 and 4.5:1 is needed" in english
    dutch, _ = refused(load, 'accent = "#767676"')  # readable on white, not on the tint behind the answer
    assert "#767676 op #EEF3F8" in dutch
    dutch, _ = refused(load, 'colours = ["#0072B2", "#E69F00", "#117733"]')
    assert "[style] colours" in dutch
    assert "#E69F00" in dutch


@pytest.mark.parametrize(
    ("style", "said"),
    [
        ('accent = "blauw"', "#12436D"),
        ('accent = "#12436D"\ncolours = ["#0072B2"]', "colours"),
        ('colours = ["#0072B2", "#0072b2", "#117733"]', "gelijk"),
        ('logo = "../logo.svg"', "map van het studiebestand"),
        ('logo = "logo.svg"', "logo_text"),
        ('font = "a.ttf"', "font_bold"),
        ('lettertype = "a.ttf"', "lettertype"),
    ],
)
def test_what_does_not_hold_together_is_said(load, style, said):
    dutch, english = refused(load, style, logo_svg=LOGO.encode())
    assert said in dutch
    assert english


def test_a_file_that_is_not_there_is_named(load):
    dutch, _ = refused(load, 'logo = "weg.svg"\nlogo_text = { nl = "x", en = "x" }', InputError)
    assert "weg.svg" in dutch


@pytest.mark.parametrize(
    ("content", "fine"),
    [
        (png(), True),
        (LOGO.encode(), True),
        (b"GIF89a", False),
        (LOGO.replace("<path", "<script>1</script><path").encode(), False),
        (LOGO.replace("<path", '<path onclick="x()"').encode(), False),
        (LOGO.replace("<path", '<image href="https://x.example/y.png"/><path').encode(), False),
        (LOGO.replace("<path", "<text>naam</text><path").encode(), False),
        (b"<!DOCTYPE svg [<!ENTITY a 'b'>]>" + LOGO.encode(), False),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 600_000, False),
    ],
)
def test_only_a_logo_that_a_page_can_carry_is_taken(load, content, fine):
    style = 'logo = "logo.svg"\nlogo_text = { nl = "De stichting", en = "The foundation" }'
    if fine:
        assert load(style, logo_svg=content).logo.name == "logo.svg"
    else:
        assert "[style] logo" in refused(load, style, logo_svg=content)[0]


def test_a_font_that_lacks_signs_or_is_none_is_refused(load):
    style = 'font = "a.ttf"\nfont_bold = "b.ttf"'
    good = (FONTS / "DejaVuSerif.ttf").read_bytes()
    symbols = (FONTS / "STIXSizOneSymReg.ttf").read_bytes()
    assert "mist de tekens" in refused(load, style, a_ttf=symbols, b_ttf=good)[0]
    assert "geen lettertype" in refused(load, style, a_ttf=b"GIF89a", b_ttf=good)[0]
    assert "[style] font_bold" in refused(load, style, a_ttf=good, b_ttf=good[:400])[0]
