"""Bars in groups, each group on a scale of its own from zero: the funnel of delivery, and the costs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import isfinite, nan

from matplotlib.axes import Axes

from evaluation.report.figures import style
from evaluation.report.figures.svg import Drawing, drawing
from evaluation.report.wording import Words, numbers
from evaluation.report.wording.marks import unmarked

_ROW, _SOURCE, _HEAD, _GAP = 0.26, 0.125, 0.25, 0.12  # inches
_COLOURS = (style.BLUE, style.ORANGE, style.GREEN)

# write(value, language, decimals) -> text, as those of wording.numbers
Write = Callable[[float, str, int], str]


@dataclass(frozen=True)
class Stage:
    """One bar: its name, value, interval (NaN: none) and where the number comes from ("": not printed).
    A value of NaN may not be shown; the bar then says so."""

    name: str
    value: float = nan
    lower: float = nan
    upper: float = nan
    source: str = ""


@dataclass(frozen=True)
class StageGroup:
    """Bars that share a heading with their unit, a scale and a way of writing numbers.

    full: the value of a bar of full length (100 for shares); None: the largest in the group.
    """

    heading: str
    stages: tuple[Stage, ...]
    write: Write = numbers.number
    decimals: int = 0
    full: float | None = None


def stage_chart(groups: Sequence[StageGroup], words: Words, name: str, title: str) -> Drawing:
    """The groups from top to bottom: copies counted, then parents asked; or costs, then cost per parent.

    Numbers of different groups are different things: each group has its own colour, heading and scale.
    """
    with style.settings():
        groups = [replace(group, heading=unmarked(group.heading)) for group in groups]
        heights = [_HEAD + sum(map(_height, group.stages)) for group in groups]
        height = sum(heights) + _GAP * (len(groups) - 1) + 0.08
        figure = style.new_figure(height)
        stages = [stage for group in groups for stage in group.stages]
        widest = max(
            [style.text_width(stage.name, style.SIZE) for stage in stages]
            + [style.text_width(stage.source, style.SMALL - 1) for stage in stages]
        )
        left = min(widest + 0.15, 2.5)
        printed = max(
            style.text_width(_printed(stage, group, words), style.SIZE)
            for group in groups
            for stage in group.stages
        )
        room = style.WIDTH - left - min(printed + 0.2, 2.4)
        top = height - 0.04
        for place, (group, high) in enumerate(zip(groups, heights, strict=True)):
            area = (left / style.WIDTH, (top - high) / height, room / style.WIDTH, (high - _HEAD) / height)
            _group(figure.add_axes(area), group, words, _COLOURS[place % len(_COLOURS)], left - 0.1)
            figure.text(
                0.0,
                (top - 0.07) / height,
                style.cut_to(group.heading, style.WIDTH, style.SIZE, "bold"),
                fontsize=style.SIZE,
                weight="bold",
                va="center",
            )
            top -= high + _GAP
        return drawing(figure, name, title, alt(groups, words))


def alt(groups: Sequence[StageGroup], words: Words) -> str:
    """The chart in words and numbers."""
    lines = []
    for group in groups:
        lines.append(f"{group.heading}:")
        lines += [_alt_line(stage, group, words) for stage in group.stages]
    return words("figure.stage_alt", lines=" ".join(lines))


def _alt_line(stage: Stage, group: StageGroup, words: Words) -> str:
    if not isfinite(stage.value):
        return words("figure.alt_hidden", name=stage.name)
    return words("figure.alt_value", name=stage.name, value=_printed(stage, group, words))


def _printed(stage: Stage, group: StageGroup, words: Words) -> str:
    if not isfinite(stage.value):
        return words("chart.hidden")
    value, lower, upper = (
        group.write(number, words.language, group.decimals) if isfinite(number) else ""
        for number in (stage.value, stage.lower, stage.upper)
    )
    return f"{value} ({words('key.range', lower=lower, upper=upper)})" if lower and upper else value


def _height(stage: Stage) -> float:
    return _ROW + (_SOURCE if stage.source else 0.0)


def _group(axes: Axes, group: StageGroup, words: Words, colour: str, width: float) -> None:
    axes.set_axis_off()
    known = [
        number
        for stage in group.stages
        for number in (stage.value, stage.lower, stage.upper)
        if isfinite(number)
    ]
    axes.set_xlim(0, group.full or max([*known, 0.0]) or 1)
    total = sum(map(_height, group.stages))
    axes.set_ylim(total, 0)
    y = 0.0
    for stage in group.stages:
        middle = y + _height(stage) / 2
        axes.plot([0, 0], [y, y + _height(stage)], color=style.GREY, linewidth=0.8, clip_on=False)
        _names(axes, stage, middle, width)
        known_value = isfinite(stage.value)
        reach = 0.0
        if known_value:
            axes.barh(middle, stage.value, height=_ROW * 0.66, color=colour, zorder=2)
            reach = stage.value
        if known_value and isfinite(stage.lower) and isfinite(stage.upper):
            # White below ink: the interval is seen on the bar and beside it.
            for ink, line in (("white", 3.2), (style.INK, 1.3)):
                axes.plot(
                    [stage.lower, stage.upper],
                    [middle, middle],
                    color=ink,
                    linewidth=line,
                    zorder=3,
                    solid_capstyle="butt",
                )
            axes.plot([stage.lower, stage.upper], [middle, middle], "|", color=style.INK, zorder=4, ms=6)
            reach = max(stage.value, stage.upper)
        axes.annotate(
            _printed(stage, group, words),
            (reach, middle),
            (5, 0),
            textcoords="offset points",
            va="center",
            fontsize=style.SIZE,
            weight="bold" if known_value and not isfinite(stage.lower) else "normal",
            color=style.INK if known_value else style.GREY,
            annotation_clip=False,
        )
        y += _height(stage)


def _names(axes: Axes, stage: Stage, middle: float, width: float) -> None:
    lift = _SOURCE / 2 if stage.source else 0.0
    lines, size = style.fitted(stage.name, width, style.SIZE, smallest=7.0, most=1)
    entries = [(lines[0], size, -lift, style.INK)]
    if stage.source:
        small = style.SMALL - 1
        entries.append((style.cut_to(stage.source, width, small), small, _ROW / 2, style.GREY))
    for text, size, shift, colour in entries:
        axes.annotate(
            text,
            (0, middle + shift),
            (-6, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=size,
            color=colour,
            annotation_clip=False,
        )
