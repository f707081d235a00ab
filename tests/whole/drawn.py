"""The words of a chart, read letter by letter from the outlines that a reader sees."""

import re
from functools import cache
from pathlib import Path

import matplotlib
from bs4 import BeautifulSoup, Comment
from fontTools import ttLib


def words(svg: bytes) -> dict[str, list[str]]:
    """The words of a drawing as its outlined letters are drawn ("lines"), and as its program notes them
    beside those ("notes", none in a page); its title and description stand with both."""
    drawing = BeautifulSoup(svg, "xml")
    said = [text.get_text() for text in drawing.find_all(["title", "desc"])]
    lines, notes = [], []
    for text in drawing.find_all("g", id=re.compile(r"text_\d+$")):
        drawn = "".join(map(letter, text.find_all("use"))).replace(" ", "")
        noted = [
            re.sub(r"\s+", "", note) for note in text.find_all(string=lambda part: isinstance(part, Comment))
        ]
        notes += noted
        # A text of several lines is drawn as one: each has as many letters as its note.
        for note in noted[:-1]:
            lines.append(drawn[: len(note)])
            drawn = drawn[len(note) :]
        lines.append(drawn)
    return {"lines": [*said, *lines], "notes": [*said, *notes] if notes else []}


def letter(use) -> str:
    """The letter drawn by a reference such as "#change-DejaVuSans-Bold-15": a font and a glyph of it."""
    target = use.get("xlink:href") or use["href"]
    font, _, glyph = re.search(r"DejaVu.*$", target)[0].rpartition("-")
    return letters_of(font)[int(glyph, 16)]


@cache
def letters_of(font: str) -> dict[int, str]:
    """Number of a glyph -> the letter that it draws."""
    known = ttLib.TTFont(Path(matplotlib.get_data_path(), "fonts", "ttf", f"{font}.ttf"))
    return {known.getGlyphID(name): chr(code) for code, name in known.getBestCmap().items()}
