"""Counts per quarter as small panels of columns, one per channel or language, all on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, isfinite

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from evaluation.report.figures import style
from evaluation.report.figures.svg import Drawing, drawing
from evaluation.report.figures.trend import quarter_mark
from evaluation.report.wording import Words, numbers

_PANEL, _HEAD, _FOOT, _ACROSS = 0.62, 0.34, 0.36, 3  # inches; panels beside one another


@dataclass(frozen=True)
class Series:
    """One panel: its name and a count per quarter, NaN where it may not be shown."""

    name: str
    counts: tuple[float, ...]


def column_chart(
    series: Sequence[Series],
    quarters: Sequence[str],
    words: Words,
    name: str,
    title: str,
    unit: str,
) -> Drawing:
    """Supply over time, by channel or by language: each count is printed on its column.

    Panels instead of a stack: every series starts at zero and can be read, a hidden count gives nothing
    away, and no colour has to tell one from another. quarters: of the counts, in
    order; unit: of the counts, said in the alternative text.
    """
    with style.settings():
        across = min(_ACROSS, len(series))
        down = ceil(len(series) / across)
        height = down * (_PANEL + _HEAD) + _FOOT + 0.02
        figure = style.new_figure(height)
        width, gap = 1 / across, 0.022
        known = [count for one in series for count in one.counts if isfinite(count)]
        most = max([*known, 1.0])
        for place, one in enumerate(series):
            row, column = divmod(place, across)
            last = place + across >= len(series)
            bottom = height - (row + 1) * (_PANEL + _HEAD) - 0.02
            axes = figure.add_axes((column * width + gap / 2, bottom / height, width - gap, _PANEL / height))
            _panel(axes, one, quarters, words, most, last)
            room = (width - gap) * style.WIDTH
            lines, size = style.fitted(one.name, room, style.SIZE, smallest=7.0, most=1, weight="bold")
            axes.text(
                0,
                1 + 0.17 / _PANEL,
                lines[0],
                transform=axes.transAxes,
                fontsize=size,
                weight="bold",
                va="center",
            )
        return drawing(figure, name, title, alt(series, quarters, words, unit))


def alt(series: Sequence[Series], quarters: Sequence[str], words: Words, unit: str) -> str:
    """The chart in words and numbers."""
    lines = [f"{one.name}: {'; '.join(_alt_parts(one, quarters, words))}." for one in series]
    return words("figure.column_alt", unit=unit, lines=" ".join(lines))


def _alt_parts(one: Series, quarters: Sequence[str], words: Words) -> list[str]:
    return [
        words(
            "figure.column_part",
            count=_count(count, words),
            quarter=quarter_mark(quarter, words.language).replace("\n", " "),
        )
        for quarter, count in zip(quarters, one.counts, strict=True)
    ]


def _count(count: float, words: Words) -> str:
    return numbers.number(count, words.language) if isfinite(count) else words("chart.hidden")


def _panel(
    axes: Axes, one: Series, quarters: Sequence[str], words: Words, most: float, labelled: bool
) -> None:
    style.quiet(axes)
    axes.set_yticks([])
    axes.set_xlim(-0.5, len(quarters) - 0.5)
    axes.set_ylim(0, most * 1.18)
    marks = [quarter_mark(quarter, words.language) for quarter in quarters] if labelled else []
    axes.set_xticks(range(len(quarters)), marks or [""] * len(quarters))
    axes.tick_params(axis="x", length=0, labelsize=style.SMALL - 1)
    step = (1 / min(_ACROSS, 3)) * style.WIDTH / len(quarters)
    for x, count in enumerate(one.counts):
        if not isfinite(count):
            axes.add_patch(
                Rectangle(
                    (x - 0.36, 0),
                    0.72,
                    most * 0.16,
                    facecolor="none",
                    edgecolor=style.GREY,
                    hatch="////",
                    linewidth=0.6,
                )
            )
            axes.annotate("–", (x, most * 0.17), (0, 1), textcoords="offset points", ha="center", fontsize=7)
            continue
        axes.bar(x, count, width=0.72, color=style.BLUE)
        text = numbers.number(count, words.language)
        size = style.fitted(text, step * 1.02, style.SMALL - 0.5, smallest=5.5, most=1)[1]
        axes.annotate(
            text,
            (x, count),
            (0, 2),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=size,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
        )
