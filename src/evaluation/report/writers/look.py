"""A study's own style as the writers use it: colours for light and dark, logo and fonts within the page."""

from __future__ import annotations

import base64
import io
import struct
from functools import cache
from pathlib import Path

from evaluation.report.figures import style as chart
from evaluation.study.style import PAPER, Style, contrast, mixed, readable_on

DARK_PAPER, DARK_INK = "#151A21", "#E8ECF1"
_PNG = b"\x89PNG"
_LINK = "#0A5A92"
# Letters of the languages of Europe, signs and arrows that the reports print.
_LETTERS = "U+0020-024F,U+02C6-02DD,U+2010-2027,U+2030-203A,U+20AC,U+2122,U+2190-2193,U+2212,U+2260-2265"


def variables(style: Style) -> dict[str, dict[str, str]]:
    """CSS variables ("accent", "f-ink", ...) -> colour, for "light" and "dark"."""
    own = style != Style(logo=style.logo, logo_text=style.logo_text)
    accent = readable_on(style.accent, DARK_PAPER, 9.0)
    page = {
        "light": {"accent": style.accent, "link": style.accent if own else _LINK},
        "dark": {"accent": accent, "link": readable_on(style.accent if own else _LINK, DARK_PAPER, 7.0)},
    }
    return {scheme: page[scheme] | _of_charts(style, scheme) for scheme in page}


def roles(style: Style) -> dict[str, str]:
    """Colour of a chart as drawn ("#rrggbb") -> the CSS variable that stands for it on a page."""
    return {colour.lower(): name for name, colour in reversed(_of_charts(style, "light").items())}


def _of_charts(style: Style, scheme: str) -> dict[str, str]:
    drawn = chart.palette(style)
    light = {
        "f-paper": PAPER,
        "f-ink": chart.INK,
        "f-grey": chart.GREY,
        "f-rule": chart.RULE,
        "f-hatch": chart.HATCH,
        "f-accent": drawn[chart.PURPLE.lower()],
        "f-1": drawn[chart.BLUE.lower()],
        "f-2": drawn[chart.ORANGE.lower()],
        "f-3": drawn[chart.GREEN.lower()],
        **{f"m-{place}": drawn[fill.lower()] for place, fill in enumerate(chart.FILLS, 1)},
    }
    if scheme == "light":
        return light
    first = readable_on(light["f-1"], DARK_PAPER)
    return {
        "f-paper": DARK_PAPER,
        "f-ink": DARK_INK,
        "f-grey": "#A9B4BF",
        "f-rule": "#46525F",
        "f-hatch": "#5A6672",
        "f-accent": readable_on(light["f-accent"], DARK_PAPER, 9.0),
        "f-1": first,
        **{name: readable_on(light[name], DARK_PAPER) for name in ("f-2", "f-3")},
        # The map turned round: low is dark with light text, high is light with dark text.
        **{f"m-{place}": _dark_fill(first, share) for place, share in enumerate((0.12, 0.3, 0.5), 1)},
        "m-4": first,
        "m-5": mixed(first, PAPER, 0.45),
    }


def _dark_fill(colour: str, share: float) -> str:
    """`share` of a colour on dark paper, less where light text would not be read on it."""
    while contrast(mixed(colour, DARK_PAPER, share), DARK_INK) < 4.6:
        share -= 0.01
    return mixed(colour, DARK_PAPER, share)


def logo_uri(style: Style) -> str | None:
    """The logo as an address that asks nothing of a network; None without one."""
    if style.logo is None:
        return None
    content = style.logo.read_bytes()
    kind = "png" if content.startswith(_PNG) else "svg+xml"
    return f"data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}"


def logo_svg(style: Style) -> str | None:
    """The logo as an SVG document, a PNG within one; None without a logo."""
    if style.logo is None:
        return None
    content = style.logo.read_bytes()
    if not content.startswith(_PNG):
        return content.decode("utf-8")
    width, height = struct.unpack(">II", content[16:24])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}"><image width="{width}" height="{height}"'
        f' href="{logo_uri(style)}"/></svg>'
    )


def font_faces(style: Style) -> list[tuple[str, str]]:
    """(weight, address) of the study's own fonts, with the letters that Europe needs; [] without."""
    if style.font is None:
        return []
    return [("400", _font_uri(style.font)), ("700", _font_uri(style.font_bold))]


@cache
def _font_uri(path: Path) -> str:
    from fontTools import subset

    options = subset.Options(
        flavor="woff", recalc_timestamp=False, layout_features=["kern", "liga", "tnum", "lnum"]
    )
    font = subset.load_font(str(path), options)
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=subset.parse_unicodes(_LETTERS.replace("U+", "")))
    chosen.subset(font)
    out = io.BytesIO()
    subset.save_font(font, out, options)
    return "data:font/woff;base64," + base64.b64encode(out.getvalue()).decode("ascii")
