"""Curves side by side over one scale, each named at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.report.figures import style
from evaluation.report.figures.svg import Drawing, drawing
from evaluation.report.wording import Words, numbers

_DASHES = ((0, (1, 1.5)), "-", (0, (4, 2)))
_COLOURS = (style.GREY, style.BLUE, style.ORANGE)
# The highest value shown is this many times that of the point the reader chose, so that its surroundings are
# legible.
_CEILING = 2.5


@dataclass(frozen=True)
class Curve:
    """Its name, its points (x, y) and whether it is the one chosen."""

    name: str
    points: tuple[tuple[float, float], ...]
    chosen: bool = False


@dataclass(frozen=True)
class Panel:
    """A title, at most three curves, and the chosen point (x, y; y NaN: none)."""

    title: str
    curves: tuple[Curve, ...]
    mark: tuple[float, float]


def curve_chart(
    panels: Sequence[Panel], words: Words, name: str, title: str, alt: str, x_label: str, y_label: str
) -> Drawing:
    """The panels beside one another with the same vertical scale from zero."""
    marks = [panel.mark[1] for panel in panels if panel.mark[1] == panel.mark[1]]
    highest = max((y for panel in panels for curve in panel.curves for _, y in curve.points), default=1.0)
    ceiling = min(highest, _CEILING * max(marks)) if marks else highest
    with style.settings():
        figure = style.new_figure(3.0)
        width = 0.88 / len(panels)
        for place, panel in enumerate(panels):
            axes = figure.add_axes((0.09 + place * (width + 0.02), 0.2, width - 0.13, 0.62))
            style.quiet(axes, ("bottom", "left"))
            _draw(axes, panel, ceiling, words)
            axes.set_ylim(0, ceiling * 1.05)
            style.babel_axis(axes.xaxis, words.language, ticks=5)
            style.babel_axis(axes.yaxis, words.language, ticks=5)
            axes.tick_params(labelsize=style.SMALL)
            axes.grid(axis="y", color=style.RULE, linewidth=0.6)
            axes.set_axisbelow(True)
            axes.set_xlabel(x_label, fontsize=style.SMALL)
            lines, size = style.fitted(panel.title, width * style.WIDTH, style.SIZE, most=1, weight="bold")
            axes.set_title("\n".join(lines), fontsize=size, weight="bold", loc="left")
        figure.text(0.012, 0.965, y_label, fontsize=style.SMALL, va="center", ha="left")
        return drawing(figure, name, title, alt)


def _draw(axes, panel: Panel, ceiling: float, words: Words) -> None:
    ends = []
    for place, curve in enumerate(panel.curves):
        points = [(x, y) for x, y in curve.points if y <= ceiling * 1.05]
        if not points:
            continue
        colour = _COLOURS[place % len(_COLOURS)]
        x, y = zip(*points, strict=True)
        axes.plot(x, y, color=colour, linewidth=2.0 if curve.chosen else 1.4, linestyle=_DASHES[place % 3])
        ends.append((y[-1], curve.name, colour))
    # Names pushed apart so that they never print over one another: 11 points of the axis' height.
    gap, last = ceiling * 1.05 * 11 / (0.62 * 3.0 * 72), None
    for y, name, colour in sorted(ends):
        at = y if last is None else max(y, last + gap)
        axes.annotate(
            name,
            (1, at),
            (4, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            color=colour,
            fontsize=style.SMALL - 0.5,
            va="center",
            annotation_clip=False,
        )
        last = at
    x, y = panel.mark
    if y == y and y <= ceiling * 1.05:
        axes.plot([x], [y], "o", color=style.BLUE, markersize=6)
        axes.annotate(
            numbers.number(y, words.language, 1),
            (x, y),
            (6, 7),
            textcoords="offset points",
            fontsize=style.SMALL,
            weight="bold",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
        )
