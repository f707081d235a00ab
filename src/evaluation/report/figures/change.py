"""Change per region: where it stood, where it stands, and the change with its 95 % interval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite, nan

from matplotlib.axes import Axes

from evaluation.report.figures import style
from evaluation.report.figures.svg import Drawing, drawing
from evaluation.report.wording import Words, numbers
from evaluation.report.wording.marks import tally

_ROW, _HEAD, _FOOT = 0.235, 0.28, 0.40  # inches


@dataclass(frozen=True)
class ChangeRow:
    """One row; levels and changes on the 0-100 scale, NaN when not shown. kind: region | area | comparison |
    difference (the difference in change, which has no levels)."""

    name: str
    kind: str
    before: float = nan
    after: float = nan
    change: float = nan
    lower: float = nan
    upper: float = nan


_COLOURS = {"region": style.BLUE, "area": style.PURPLE, "comparison": style.GREY, "difference": style.ORANGE}
_MARKS = {"region": "o", "area": "D", "comparison": "s", "difference": "^"}


def change_chart(
    rows: Sequence[ChangeRow], words: Words, name: str, title: str, unit: str, level_unit: str
) -> Drawing:
    """The chart of `rows`, from top to bottom. unit: of the changes; level_unit: of the levels."""
    return paired_chart(
        rows,
        words,
        name,
        title,
        lambda: alt(rows, words),
        legend=(words("chart.before"), words("chart.after")),
        level_label=words("chart.level", unit=level_unit),
        change_label=words("chart.change", unit=unit),
    )


def paired_chart(
    rows: Sequence[ChangeRow],
    words: Words,
    name: str,
    title: str,
    alt: Callable[[], str],
    legend: tuple[str, str],
    level_label: str,
    change_label: str,
) -> Drawing:
    """Two levels per row joined by a line, and their difference with its interval in pictures and numbers.

    alt: makes the alternative text, while the chart is drawn; legend: what the hollow and the filled mark
    are; the labels stand below the two panels.
    """
    with style.settings():
        height = _HEAD + _FOOT + _ROW * len(rows)
        figure = style.new_figure(height)
        names = max(style.text_width(row.name, style.SIZE, "bold") for row in rows)
        left = min(names + 0.14, 2.1) / style.WIDTH
        numbers_width = 1.6 / style.WIDTH
        room = 1 - left - numbers_width
        bottom, top = _FOOT / height, 1 - _HEAD / height
        levels = figure.add_axes((left, bottom, room * 0.53, top - bottom))
        changes = figure.add_axes((left + room * 0.58, bottom, room * 0.40, top - bottom))
        _levels(levels, rows, words, level_label)
        _legend(levels, legend)
        _changes(changes, rows, words, change_label)
        _names(levels, rows, left * style.WIDTH - 0.08)
        _printed(changes, rows, words)
        return drawing(figure, name, title, alt())


def alt(rows: Sequence[ChangeRow], words: Words) -> str:
    """The chart in words and numbers."""
    return words(
        "change.alt",
        n=numbers.number(tally(rows), words.language),
        lines=" ".join(_alt_line(row, words) for row in rows),
    )


def _alt_line(row: ChangeRow, words: Words) -> str:
    if not isfinite(row.change):
        return words("change.alt_hidden", region=row.name)
    facts = {
        "region": row.name,
        "change": numbers.signed(row.change, words.language),
        "lower": numbers.signed(row.lower, words.language),
        "upper": numbers.signed(row.upper, words.language),
    }
    if not (isfinite(row.before) and isfinite(row.after)):
        return words("change.alt_change", **facts)
    levels = {key: numbers.number(getattr(row, key), words.language, 1) for key in ("before", "after")}
    return words("change.alt_row", **facts, **levels)


def _rows_on(axes: Axes, rows: Sequence[ChangeRow]) -> None:
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks([])
    style.quiet(axes)
    for y in range(1, len(rows)):
        axes.axhline(y - 0.5, color=style.RULE, linewidth=0.6, zorder=0)


def _levels(axes: Axes, rows: Sequence[ChangeRow], words: Words, label: str) -> None:
    known = [value for row in rows for value in (row.before, row.after) if isfinite(value)]
    low, high = (min(known), max(known)) if known else (0.0, 100.0)
    pad = max((high - low) * 0.38, 2.5)
    axes.set_xlim(low - pad, high + pad)
    _rows_on(axes, rows)
    style.babel_axis(axes.xaxis, words.language, ticks=4)
    axes.set_xlabel(label, fontsize=style.SMALL)
    axes.tick_params(axis="x", labelsize=style.SMALL)
    for y, row in enumerate(rows):
        colour, mark = _COLOURS[row.kind], _MARKS[row.kind]
        ends = [(row.before, "white"), (row.after, colour)]
        if isfinite(row.before) and isfinite(row.after):
            axes.plot(
                [row.before, row.after], [y, y], color=colour, linewidth=2, solid_capstyle="butt", zorder=2
            )
        leftmost = min((value for value, _ in ends if isfinite(value)), default=nan)
        for value, fill in ends:
            if isfinite(value):
                axes.plot(
                    value, y, mark, markersize=6, markerfacecolor=fill, markeredgecolor=colour, zorder=3
                )
                side = -1 if value == leftmost else 1
                axes.annotate(
                    numbers.number(value, words.language, 1),
                    (value, y),
                    (side * 6, 0),
                    textcoords="offset points",
                    ha="right" if side < 0 else "left",
                    va="center",
                    fontsize=style.SMALL,
                )
                if row.before == row.after:
                    break


def _legend(axes: Axes, labels: tuple[str, str]) -> None:
    """What the hollow and the filled mark mean, above the panel."""
    x = 0.0
    width = axes.get_position().width * style.WIDTH
    for label, fill in zip(labels, ("white", style.BLUE), strict=True):
        axes.plot(
            x + 0.06 / width,
            1 + 0.14 / _panel_height(axes),
            "o",
            transform=axes.transAxes,
            clip_on=False,
            markersize=6,
            markerfacecolor=fill,
            markeredgecolor=style.BLUE,
        )
        axes.text(
            x + 0.15 / width,
            1 + 0.14 / _panel_height(axes),
            label,
            transform=axes.transAxes,
            va="center",
            fontsize=style.SMALL,
        )
        x += (style.text_width(label, style.SMALL) + 0.32) / width


def _panel_height(axes: Axes) -> float:
    return axes.get_position().height * axes.figure.get_figheight()


def _changes(axes: Axes, rows: Sequence[ChangeRow], words: Words, label: str) -> None:
    known = [value for row in rows for value in (row.change, row.lower, row.upper) if isfinite(value)]
    low, high = min([*known, 0.0]), max([*known, 0.0])
    pad = max((high - low) * 0.06, 0.5)
    axes.set_xlim(low - pad, high + pad)
    _rows_on(axes, rows)
    axes.axvline(0, color=style.INK, linewidth=0.9, zorder=1)
    style.babel_axis(axes.xaxis, words.language, signed=True, ticks=4)
    axes.set_xlabel(label, fontsize=style.SMALL)
    axes.tick_params(axis="x", labelsize=style.SMALL)
    for y, row in enumerate(rows):
        if isfinite(row.change):
            colour = _COLOURS[row.kind]
            axes.plot([row.lower, row.upper], [y, y], color=colour, linewidth=1.6, zorder=2)
            axes.plot([row.lower, row.upper], [y, y], "|", color=colour, markersize=6, zorder=2)
            axes.plot(row.change, y, _MARKS[row.kind], color=colour, markersize=6, zorder=3)


def _names(axes: Axes, rows: Sequence[ChangeRow], width: float) -> None:
    for y, row in enumerate(rows):
        weight = "normal" if row.kind == "region" else "bold"
        lines, size = style.fitted(row.name, width, style.SIZE, most=1, smallest=7.0, weight=weight)
        if lines[0] != row.name:
            lines, size = style.fitted(row.name, width, 7.5, most=2, weight=weight)
        axes.annotate(
            "\n".join(lines),
            (0, y),
            (-6, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=size,
            linespacing=0.95,
            weight=weight,
        )


def _printed(axes: Axes, rows: Sequence[ChangeRow], words: Words) -> None:
    """The change and its interval as numbers, right of their picture."""
    for y, row in enumerate(rows):
        if isfinite(row.change):
            change, lower, upper = (
                numbers.signed(value, words.language) for value in (row.change, row.lower, row.upper)
            )
            first, second = change, f"({words('key.range', lower=lower, upper=upper)})"
        else:
            first, second = "", words("chart.hidden")
        for text, offset, align, weight in ((first, 36, "right", "bold"), (second, 40, "left", "normal")):
            axes.annotate(
                text,
                (1, y),
                (offset - (0 if first else 30), 0),
                xycoords=("axes fraction", "data"),
                textcoords="offset points",
                ha=align,
                va="center",
                fontsize=style.SMALL,
                weight=weight,
                color=style.INK if first else style.GREY,
            )
