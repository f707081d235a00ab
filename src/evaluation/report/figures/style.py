"""One look for all charts: colours with enough contrast, DejaVu Sans, sizes in points, Babel on every axis.

Colours on white: BLUE 5.2:1, ORANGE 5.0:1, GREEN 5.7:1, PURPLE 11:1, GREY 5.7:1 (WCAG 2.1: 4.5:1 for text).
Colour never carries a meaning alone: shapes, hatching or printed numbers carry it too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps

from matplotlib import rc_context, rcdefaults, rcParams
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.textpath import TextToPath
from matplotlib.ticker import FuncFormatter, MaxNLocator

from evaluation.report.wording import marks, numbers
from evaluation.study.style import READABLE, Style, contrast, mixed

BLUE, ORANGE, GREEN, PURPLE = "#0072B2", "#B85300", "#117733", "#12436D"
GREY, RULE, INK = "#5A6570", "#D5DAE0", "#1B1F24"
WIDTH = 6.7  # inches: the text width of an A4 page with margins of 2 cm
SIZE = 9.0
SMALL = 8.0

# Fills of a map, from low to high; on the last two stands white text, on the others ink.
FILLS = ("#EAF2F9", "#BBD6EB", "#7FB3D8", BLUE, "#0B3C66")
# How much of a colour of the study's own is in the fills before it.
_SHARES = {FILLS[0]: 0.08, FILLS[1]: 0.27, FILLS[2]: 0.5}
HATCH = "#B9C0C8"
FAMILY = "DejaVu Sans"
_OWN = Style()
_LOOK: ContextVar[Style] = ContextVar("look", default=_OWN)

_SETTINGS = {
    "text.parse_math": False,  # a "$...$" in a name is a name
    "font.family": FAMILY,
    "font.size": SIZE,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "xtick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.color": GREY,
    "ytick.labelcolor": INK,
    "text.hinting": "none",  # widths are measured on outlines, as the SVG draws them
    "axes.unicode_minus": True,
    "hatch.linewidth": 0.6,
    "svg.fonttype": "path",
    "svg.hashsalt": "outreach-evaluation",
    "path.simplify": False,
}


@contextmanager
def settings() -> Iterator[None]:
    """The settings under which a chart must be both drawn and saved; a user's matplotlibrc has no say."""
    with rc_context():
        rcdefaults()
        rcParams.update(_SETTINGS | {"font.family": list(families())})
        with marks.plain():
            yield


@contextmanager
def look(own: Style) -> Iterator[None]:
    """Draws the charts within it in a study's own colours and font."""
    for path in (own.font, own.font_bold):
        if path and str(path) not in {font.fname for font in fontManager.ttflist}:
            fontManager.addfont(path)
    token = _LOOK.set(own)
    try:
        yield
    finally:
        _LOOK.reset(token)


def in_own_look(report: Callable) -> Callable:
    """Makes a function of a study and more draw its charts in the look of that study."""

    @wraps(report)
    def drawn(study, *arguments, **named):
        with look(study.style):
            return report(study, *arguments, **named)

    return drawn


def families() -> tuple[str, ...]:
    """The font of the charts, then the one that has the signs it lacks."""
    own = _LOOK.get().font_name
    return (own, FAMILY) if own else (FAMILY,)


def palette(own: Style) -> dict[str, str]:
    """Colour of this file -> colour of the study in its place, both as "#rrggbb"."""
    first, second, third = own.colours
    colours = {BLUE: first, ORANGE: second, GREEN: third, PURPLE: own.accent}
    if (own.colours, own.accent) == (_OWN.colours, _OWN.accent):
        colours = {old: old for old in (*colours, *FILLS)}
    else:
        colours |= {fill: _light(first, share) for fill, share in _SHARES.items()}
        colours[FILLS[4]] = mixed(first, "#000000", 0.55)
    return {old.lower(): new.lower() for old, new in colours.items()}


def _light(colour: str, share: float) -> str:
    """`share` of a colour on white, less where ink would not be read on it."""
    while contrast(mixed(colour, "#FFFFFF", share), INK) < READABLE:
        share -= 0.01
    return mixed(colour, "#FFFFFF", share)


def recoloured(svg: str) -> str:
    """A drawing in the colours of the look it is drawn in."""
    colours = palette(_LOOK.get())
    return re.sub(r"#[0-9a-f]{6}\b", lambda found: colours.get(found[0], found[0]), svg)


def new_figure(height: float) -> Figure:
    """An empty figure of the report's width; height in inches."""
    figure = Figure(figsize=(WIDTH, height), facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def quiet(axes: Axes, keep: tuple[str, ...] = ("bottom",)) -> None:
    """Removes the frame but for the sides in `keep`, and the marks of the vertical axis."""
    for side, spine in axes.spines.items():
        spine.set_visible(side in keep)
    axes.tick_params(axis="y", length=0)


def babel_axis(axis, language: str, signed: bool = False, ticks: int = 6) -> None:
    """Ticks at round values, written in the reader's language."""
    axis.set_major_locator(MaxNLocator(nbins=ticks, steps=[1, 2, 2.5, 5, 10]))
    write = numbers.signed if signed else numbers.number
    name = f"{marks.AXIS}{axis.axes.figure.axes.index(axis.axes)}{axis.axis_name}"

    def label(value: float, _position: int) -> str:
        decimals = next((d for d in (0, 1) if abs(numbers.rounded(value, d) - value) < 1e-9), 2)
        return write(marks.Registered(value, name), language, decimals)

    axis.set_major_formatter(FuncFormatter(label))


def text_width(text: str, size: float, weight: str = "normal") -> float:
    """The width of `text` in inches when printed at `size` points."""
    return _width_at_one_point(text, weight, families()) * size / 72


@lru_cache(maxsize=4096)
def _width_at_one_point(text: str, weight: str, family: tuple[str, ...]) -> float:
    if not text.strip():
        return 0.0
    font = FontProperties(family=list(family), weight=weight)
    width, _, _ = TextToPath().get_text_width_height_descent(text, font, ismath=False)
    return float(width) / font.get_size_in_points()


def lines_that_fit(
    text: str, width: float, size: float, most: int = 3, weight: str = "normal"
) -> list[str] | None:
    """`text` broken at spaces and hyphens into at most `most` lines of `width` inches; None if not."""
    lines, line = [], ""
    for piece in _pieces(text):
        if text_width((line + piece).strip(), size, weight) <= width:
            line += piece
            continue
        if not line or text_width(piece.strip(), size, weight) > width:
            return None
        lines.append(line.strip())
        line = piece
    lines.append(line.strip())
    return lines if len(lines) <= most else None


def _pieces(text: str) -> list[str]:
    pieces, current = [], ""
    for letter in text:
        current += letter
        if letter in " -":
            pieces.append(current)
            current = ""
    return [*pieces, current] if current else pieces


def fitted(
    text: str, width: float, size: float, smallest: float = 5.5, most: int = 2, weight: str = "normal"
) -> tuple[list[str], float]:
    """Lines and the largest size (at most `size`) at which `text` fits `width` inches; cut off with an
    ellipsis only when even `smallest` points are too large."""
    while size > smallest:
        if lines := lines_that_fit(text, width, size, most, weight):
            return lines, size
        size -= 0.25
    if lines := lines_that_fit(text, width, smallest, most, weight):
        return lines, smallest
    return [cut(text, width, smallest, weight)], smallest


def cut(text: str, width: float, size: float, weight: str = "normal") -> str:
    """`text` shortened to `width` inches, with an ellipsis."""
    while text and text_width(text + "…", size, weight) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def cut_to(text: str, width: float, size: float, weight: str = "normal") -> str:
    """`text` whole where it fits `width` inches, else shortened with an ellipsis."""
    return text if text_width(text, size, weight) <= width else cut(text, width, size, weight)
