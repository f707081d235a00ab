"""The look of the reports: colours, logo and fonts of the foundation or the province, held to be readable.

Contrast is that of WCAG 2.2 (1.4.3): (lighter + 0.05) / (darker + 0.05) of the relative luminances.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from evaluation.reference.questionnaire import Text

PAPER, TINT = "#FFFFFF", "#EEF3F8"  # what stands behind text in the reports
INK = "#1B1F24"
READABLE = 4.5
LARGEST_LOGO, LARGEST_FONT = 500_000, 5_000_000  # bytes: a page carries its logo and fonts within itself
_PNG = b"\x89PNG\r\n\x1a\n"
_FONTS = (b"\x00\x01\x00\x00", b"OTTO", b"true")
# Letters and signs that every report prints.
_NEEDED = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789€%+−–.,:;()“”’éëïöü"


@dataclass(frozen=True)
class Style:
    """accent: of headings and rules; colours: of the data in charts, the first one the most used.

    logo (SVG or PNG) with logo_text, what it shows, in both languages. font and font_bold (TTF or OTF), both
    of the family font_name; None: the project's own.
    """

    accent: str = "#12436D"
    colours: tuple[str, str, str] = ("#0072B2", "#B85300", "#117733")
    logo: Path | None = None
    logo_text: Text | None = None
    font: Path | None = None
    font_bold: Path | None = None
    font_name: str = ""

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that the look is made from."""
        return tuple(path for path in (self.logo, self.font, self.font_bold) if path)


def luminance(colour: str) -> float:
    """Relative luminance of "#RRGGBB", 0 (black) to 1 (white)."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 (equal) to 21 (black on white)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(colour: str, other: str, share: float) -> str:
    """`share` (0-1) of `colour`, the rest `other`."""
    parts = (
        round(int(colour[at : at + 2], 16) * share + int(other[at : at + 2], 16) * (1 - share))
        for at in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02X}" for part in parts)


def readable_on(colour: str, paper: str, least: float = READABLE) -> str:
    """`colour` itself, or the nearest lighter tone of it with a contrast of `least` on a dark `paper`."""
    share = 1.0
    while contrast(mixed(colour, PAPER, share), paper) < least:
        share -= 0.05
    return mixed(colour, PAPER, share)


def unreadable(style: Style) -> Iterator[tuple[str, str, str]]:
    """(where, what is wrong in Dutch, in English) of every colour that cannot be read where it is used."""
    uses = [("accent", style.accent, (PAPER, TINT))]
    uses += [("colours", colour, (PAPER,)) for colour in style.colours]
    for where, colour, papers in uses:
        for paper in papers:
            ratio = contrast(colour, paper)
            if ratio < READABLE:
                yield (
                    f"[style] {where}",
                    f"{colour} op {paper} heeft een contrast van {_ratio(ratio, ',')}:1 en er is"
                    f" {_ratio(READABLE, ',')}:1 nodig; kies een donkerder kleur",
                    f"{colour} on {paper} has a contrast of {_ratio(ratio, '.')}:1 and {READABLE}:1 is"
                    " needed; choose a darker colour",
                )
    if len({colour.upper() for colour in style.colours}) < len(style.colours):
        yield (
            "[style] colours",
            "twee kleuren zijn gelijk, dus twee lijnen zijn niet uit elkaar te houden",
            "two colours are the same, so two lines cannot be told apart",
        )


def unusable_files(style: Style) -> Iterator[tuple[str, str, str]]:
    """(where, what is wrong in Dutch, in English) of every logo or font that a report cannot carry."""
    if style.logo and (problem := _logo_problem(style.logo.read_bytes())):
        yield ("[style] logo", *problem)
    for where, path in (("font", style.font), ("font_bold", style.font_bold)):
        if path and (problem := _font_problem(path)):
            yield (f"[style] {where}", *problem)


def family(path: Path) -> str:
    """The family that a font file says it belongs to."""
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True) as font:
        return font["name"].getBestFamilyName()


def _ratio(value: float, point: str) -> str:
    # Cut, not rounded: 4.49 is not enough and may not read as 4.5.
    return f"{int(value * 100) / 100:.2f}".rstrip("0").rstrip(".").replace(".", point)


def _logo_problem(content: bytes) -> tuple[str, str] | None:
    if len(content) > LARGEST_LOGO:
        return (
            f"het logo is groter dan {LARGEST_LOGO // 1000} kB; maak het kleiner",
            f"the logo is larger than {LARGEST_LOGO // 1000} kB; make it smaller",
        )
    if content.startswith(_PNG):
        return None
    neither = ("dit is geen SVG of PNG", "this is neither SVG nor PNG")
    if re.search(rb"<!(DOCTYPE|ENTITY)", content):
        return (
            "een SVG met DOCTYPE kan niet; sla het logo op als gewone SVG",
            "an SVG with a DOCTYPE cannot be used; save the logo as plain SVG",
        )
    try:
        root = ElementTree.fromstring(content)
    except ElementTree.ParseError:
        return neither
    if root.tag.rpartition("}")[2] != "svg":
        return neither
    for element in root.iter():
        name = element.tag.rpartition("}")[2].lower()
        values = [*element.attrib.items(), ("", element.text or "")]
        outside = any(
            key.lower().startswith("on")
            or re.search(r"(https?|file|javascript):|url\(\s*['\"]?(?!#)|@import", value, re.IGNORECASE)
            for key, value in values
        )
        if name in ("script", "foreignobject", "text", "image") or outside:
            return (
                "het SVG-logo bevat tekst, een plaatje, een script of een verwijzing; zet tekst om in vormen",
                "the SVG logo holds text, a picture, a script or a reference; turn text into shapes",
            )
    return None


def _font_problem(path: Path) -> tuple[str, str] | None:
    from fontTools.ttLib import TTFont, TTLibError

    if path.stat().st_size > LARGEST_FONT or not path.read_bytes()[:4].startswith(_FONTS):
        return (
            "dit is geen lettertype in TTF of OTF van hooguit 5 MB",
            "this is not a TTF or OTF font of at most 5 MB",
        )
    try:
        with TTFont(path, lazy=True) as font:
            known = font.getBestCmap() or {}
            restricted = font["OS/2"].fsType & 0x0002
            font["name"].getBestFamilyName().strip()
    except (TTLibError, KeyError, AttributeError, AssertionError):
        return ("het lettertype is beschadigd", "the font is damaged")
    if restricted:
        return (
            "de maker staat niet toe dat dit lettertype in een document wordt opgenomen",
            "its maker does not allow this font to be embedded in a document",
        )
    missing = "".join(sign for sign in _NEEDED if ord(sign) not in known)
    if missing:
        return f"het lettertype mist de tekens {missing}", f"the font lacks the signs {missing}"
    return None
