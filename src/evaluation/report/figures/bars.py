"""Two plain charts: counts as bars, and estimates with their intervals as dots under headings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, nan

from evaluation.report.figures import style
from evaluation.report.figures.svg import Drawing, drawing
from evaluation.report.wording import Words, numbers
from evaluation.report.wording.marks import unmarked


def bar_chart(
    bars: Sequence[tuple[str, float]], words: Words, name: str, title: str, alt: str, write=numbers.number
) -> Drawing:
    """Counts as horizontal bars, each with its number; the axis begins at zero and needs no ticks.

    write(value, language) prints a value (numbers.euro for money).
    """
    with style.settings():
        height = 0.34 * len(bars) + 0.1
        figure = style.new_figure(height)
        labels = max(style.text_width(label, style.SIZE) for label, _ in bars)
        left = min(labels + 0.15, 2.4) / style.WIDTH
        axes = figure.add_axes((left, 0.02, 0.87 - left, 0.96))
        style.quiet(axes, ("left",))
        axes.set_xlim(0, max([value for _, value in bars] + [1]))
        axes.set_ylim(len(bars) - 0.5, -0.5)
        axes.set_xticks([])
        axes.set_yticks(range(len(bars)), [_fitted(label, left * style.WIDTH - 0.12) for label, _ in bars])
        for y, (_, value) in enumerate(bars):
            axes.barh(y, value, height=0.62, color=style.BLUE)
            axes.annotate(
                write(value, words.language),
                (value, y),
                (5, 0),
                textcoords="offset points",
                va="center",
                fontsize=style.SIZE,
                weight="bold",
            )
        return drawing(figure, name, title, alt)


def _fitted(label: str, width: float) -> str:
    """A bar's label, cut off when it is longer than its room."""
    return label if style.text_width(label, style.SIZE) <= width else style.cut(label, width, style.SIZE)


@dataclass(frozen=True)
class Dot:
    """One estimate on the 0-100 scale (NaN when not shown), or a heading (only a name)."""

    name: str
    value: float = nan
    lower: float = nan
    upper: float = nan
    heading: bool = False


def dot_chart(
    dots: Sequence[Dot],
    words: Words,
    name: str,
    title: str,
    alt: str,
    unit: str,
    mean: tuple[str, float] | None = None,
    write=numbers.number,
) -> Drawing:
    """Estimates with 95 % intervals, printed right of the picture; `mean`, a
    name and a value, is drawn as a line to compare with."""
    with style.settings():
        head = 0.22 if mean else 0.05
        height = 0.25 * len(dots) + 0.45 + head
        figure = style.new_figure(height)
        labels = max(
            style.text_width(dot.name, style.SIZE, "bold" if dot.heading else "normal") for dot in dots
        )
        left, right = min(labels + 0.2, 3.0) / style.WIDTH, 1.5 / style.WIDTH
        axes = figure.add_axes((left, 0.45 / height, 1 - left - right, 1 - (0.45 + head) / height))
        style.quiet(axes)
        known = [x for dot in dots for x in (dot.value, dot.lower, dot.upper) if isfinite(x)]
        low, high = (min(known), max(known)) if known else (0.0, 100.0)
        pad = max((high - low) * 0.05, 0.5)
        axes.set_xlim(max(low - pad, 0) if low >= 0 else low - pad, high + pad)
        axes.set_ylim(len(dots) - 0.5, -0.5)
        axes.set_yticks([])
        style.babel_axis(axes.xaxis, words.language, ticks=5)
        axes.tick_params(axis="x", labelsize=style.SMALL)
        axes.set_xlabel(unit, fontsize=style.SMALL)
        if mean:
            axes.axvline(mean[1], color=style.GREY, linewidth=1, linestyle=(0, (3, 2)), zorder=0)
            axes.annotate(
                unmarked(mean[0]),
                (mean[1], 1),
                (0, 3),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                fontsize=style.SMALL,
                ha="center",
                va="bottom",
            )
        for y, dot in enumerate(dots):
            _dot(axes, y, dot, words, write, left * style.WIDTH - 0.1)
        return drawing(figure, name, title, alt)


def _dot(axes, y: int, dot: Dot, words: Words, write, width: float) -> None:
    lines, size = style.fitted(dot.name, width, style.SIZE, most=1)
    axes.annotate(
        lines[0],
        (0, y),
        (-6, 0),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        va="center",
        ha="right",
        fontsize=size,
        weight="bold" if dot.heading else "normal",
    )
    if dot.heading:
        axes.axhline(y - 0.5, color=style.RULE, linewidth=0.6, zorder=0)
        return
    printed = words("chart.hidden")
    if isfinite(dot.value):
        axes.plot(dot.value, y, "o", color=style.BLUE, markersize=6, zorder=3)
        printed = write(dot.value, words.language, 1)
        if isfinite(dot.lower) and isfinite(dot.upper):
            axes.plot([dot.lower, dot.upper], [y, y], color=style.BLUE, linewidth=1.6, marker="|", zorder=2)
            ends = {
                # A sign belongs to both limits, a percent sign only to the last.
                "lower": (write if write is numbers.signed else numbers.number)(dot.lower, words.language, 1),
                "upper": write(dot.upper, words.language, 1),
            }
            printed += f" ({words('key.range', **ends)})"
    axes.annotate(
        printed,
        (1, y),
        (8, 0),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        va="center",
        fontsize=style.SMALL,
        color=style.INK if isfinite(dot.value) else style.GREY,
    )
