"""One look for all charts: colours with enough contrast, DejaVu Sans, sizes in points, Babel on every axis.

Colours on white: BLUE 5.2:1, ORANGE 5.0:1, GREEN 5.7:1, PURPLE 11:1, GREY 5.7:1 (WCAG 2.1: 4.5:1 for text).
Colour never carries a meaning alone: shapes, hatching or printed numbers carry it too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from matplotlib import rc_context, rcdefaults, rcParams
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath
from matplotlib.ticker import FuncFormatter, MaxNLocator

from evaluation.report.wording import marks, numbers

BLUE, ORANGE, GREEN, PURPLE = "#0072B2", "#B85300", "#117733", "#12436D"
GREY, RULE, INK = "#5A6570", "#D5DAE0", "#1B1F24"
WIDTH = 6.7  # inches: the text width of an A4 page with margins of 2 cm
SIZE = 9.0
SMALL = 8.0

_SETTINGS = {
    "text.parse_math": False,  # a "$...$" in a name is a name
    "font.family": "DejaVu Sans",
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
        rcParams.update(_SETTINGS)
        with marks.plain():
            yield


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
    name = f"axis|{axis.axes.figure.axes.index(axis.axes)}{axis.axis_name}"

    def label(value: float, _position: int) -> str:
        decimals = next((d for d in (0, 1) if abs(numbers.rounded(value, d) - value) < 1e-9), 2)
        return write(marks.Registered(value, name), language, decimals)

    axis.set_major_formatter(FuncFormatter(label))


def text_width(text: str, size: float, weight: str = "normal") -> float:
    """The width of `text` in inches when printed at `size` points."""
    return _width_at_one_point(text, weight) * size / 72


@lru_cache(maxsize=4096)
def _width_at_one_point(text: str, weight: str) -> float:
    if not text.strip():
        return 0.0
    font = FontProperties(family="DejaVu Sans", weight=weight)
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
