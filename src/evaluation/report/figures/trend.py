"""The course over the waves: levels with their 95 % intervals, and when distribution began."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from matplotlib.axes import Axes

from evaluation.quarters import first_day, span
from evaluation.report.figures import style
from evaluation.report.figures.svg import Drawing, drawing
from evaluation.report.wording import Words, numbers

_MARKS = ("o", "s")
_COLOURS = (style.BLUE, style.ORANGE)
_LINES = ("-", (0, (4, 2)))


@dataclass(frozen=True)
class Course:
    """One line: its name and, per wave shown, (quarter, level, lower, upper) on the 0-100 scale."""

    name: str
    points: tuple[tuple[str, float, float, float], ...]


def trend_chart(
    courses: Sequence[Course],
    start: date,
    words: Words,
    name: str,
    title: str,
    unit: str,
    write=numbers.number,
) -> Drawing:
    """At most two courses over the quarters, with a line where distribution began.

    write(value, language, decimals) prints a level.
    """
    with style.settings():
        figure = style.new_figure(2.7)
        waves = sorted({point[0] for course in courses for point in course.points})
        quarters = span(waves[0], waves[-1])
        labels = max(style.text_width(course.name, style.SMALL, "bold") for course in courses)
        right = min(labels + 0.5, 2.2) / style.WIDTH
        axes = figure.add_axes((0.09, 0.2, 0.90 - right, 0.66))
        style.quiet(axes, ("bottom", "left"))
        for place, course in enumerate(courses):
            _draw(axes, course, quarters, place, len(courses), words, write)
        _labels(axes, courses, right * style.WIDTH - 0.28)
        _quarter_axis(axes, quarters, words)
        style.babel_axis(axes.yaxis, words.language, ticks=5)
        axes.set_ylabel(unit, fontsize=style.SMALL)
        axes.tick_params(labelsize=style.SMALL)
        axes.grid(axis="y", color=style.RULE, linewidth=0.6)
        axes.set_axisbelow(True)
        _start(axes, start, quarters, words)
        return drawing(figure, name, title, alt(courses, words, write))


def alt(courses: Sequence[Course], words: Words, write=numbers.number) -> str:
    lines = [
        words(
            "trend.alt_row",
            area=course.name,
            quarter=quarter_mark(quarter, words.language).replace("\n", " "),
            value=write(level, words.language, 1),
            lower=write(lower, words.language, 1),
            upper=write(upper, words.language, 1),
        )
        for course in courses
        for quarter, level, lower, upper in course.points
    ]
    return words("trend.alt", lines=" ".join(lines))


def quarter_mark(quarter: str, language: str) -> str:
    """A quarter as it stands below an axis: "K3" (nl) or "Q3" (en), and the year below it."""
    return format_date(first_day(quarter), "QQQ\nyyyy", locale=language)


def _quarter_axis(axes: Axes, quarters: tuple[str, ...], words: Words) -> None:
    axes.set_xticks(range(len(quarters)), [quarter_mark(quarter, words.language) for quarter in quarters])
    axes.set_xlim(-0.5, len(quarters) - 0.5)


def _draw(
    axes: Axes, course: Course, quarters: tuple[str, ...], place: int, count: int, words: Words, write
) -> None:
    shift = 0.08 * (place - (count - 1) / 2)
    x = [quarters.index(point[0]) + shift for point in course.points]
    levels = [point[1] for point in course.points]
    colour = _COLOURS[place]
    axes.plot(x, levels, color=colour, linewidth=1.6, linestyle=_LINES[place], zorder=2)
    axes.plot(x, levels, _MARKS[place], color=colour, markersize=6, zorder=3)
    for at, (_, _level, lower, upper) in zip(x, course.points, strict=True):
        axes.plot([at, at], [lower, upper], color=colour, linewidth=1.2, marker="_", markersize=5, zorder=1)


def _labels(axes: Axes, courses: Sequence[Course], width: float) -> None:
    """Each line's name at its end; pushed apart where two lines end close together."""
    low, high = axes.get_ylim()
    points = axes.get_position().height * axes.figure.get_figheight() * 72 / (high - low)
    names = [style.fitted(course.name, width, style.SMALL, most=2) for course in courses]
    ends = [course.points[-1][1] for course in courses]
    push = [0.0] * len(courses)
    if len(courses) > 1:
        needed = sum(len(lines) * size * 1.2 for lines, size in names) / 2 + 2
        short = max(needed - abs(ends[0] - ends[1]) * points, 0.0) / 2
        push = [short, -short] if ends[0] >= ends[1] else [-short, short]
    for place, ((lines, size), end) in enumerate(zip(names, ends, strict=True)):
        axes.annotate(
            "\n".join(lines),
            (1, end),
            (6, push[place]),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            color=_COLOURS[place],
            fontsize=size,
            weight="bold",
            va="center",
        )


def _start(axes: Axes, start: date, quarters: tuple[str, ...], words: Words) -> None:
    x = start_place(start, quarters)
    if x is None:
        return
    axes.axvline(x, color=style.INK, linewidth=1, linestyle=(0, (2, 2)), zorder=1)
    axes.annotate(
        words("chart.start"),
        (x, 1),
        (4, 2),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        fontsize=style.SMALL,
        va="bottom",
        ha="left",
    )


def start_place(start: date, quarters: Sequence[str]) -> float | None:
    """Where a date falls on an axis of quarters at 0, 1, ...; None outside it."""
    first = first_day(quarters[0])
    months = (start.year - first.year) * 12 + start.month - first.month + (start.day - 1) / 31
    x = months / 3 - 0.5
    return x if start >= first and x <= len(quarters) - 0.5 else None
