"""The primary outcome over all waves, beside the comparison area."""

from __future__ import annotations

from evaluation.quarters import label
from evaluation.report.content import cells, facts
from evaluation.report.content.change import level_unit
from evaluation.report.content.facts import Context, Estimate
from evaluation.report.content.parts import Part, appendix
from evaluation.report.figures.trend import Course, trend_chart
from evaluation.report.model import Figure, Table, figure, table
from evaluation.report.wording import numbers


def part(context: Context) -> Part:
    """The course of the area (or region) and the comparison area; empty with fewer than two waves shown."""
    words = context.words
    named = [(context.scope, context.place)]
    if comparison := context.study.area.comparison:
        named.append((comparison, context.name(comparison)))
    courses = [(name, _waves(context, region)) for region, name in named]
    courses = [(name, waves) for name, waves in courses if waves]
    if not courses or courses[0][0] != context.place or len(courses[0][1]) < 2:
        return Part()
    shown = [
        Course(name, tuple((item.wave, item.value, item.lower, item.upper) for item in waves))
        for name, waves in courses
    ]
    first, last = (facts.level_text(context, courses[0][1][place].value) for place in (0, -1))
    names = {"label": context.primary.label[context.language], "area": context.place}
    headline = words("trend.headline", first=first, last=last, **names)
    measure = words("change.measure_share" if facts.is_share(context.primary) else "change.measure_points")
    subtitle = words("trend.subtitle", label=names["label"], measure=measure)
    write = numbers.percent if facts.is_share(context.primary) else numbers.number
    drawn = trend_chart(
        shown,
        context.study.area.starts.get(context.scope, context.study.start),
        words,
        "trend",
        headline,
        level_unit(context),
        write,
    )
    source = context.source("survey")
    return Part(
        appendix("trend", words("section.trend"), [figure("trend"), table("trend-table")]),
        (Figure("trend", 0, headline, subtitle, source, drawn.alt, drawn.svg, "trend-table"),),
        (_table(context, headline, subtitle, courses),),
    )


def _waves(context: Context, region: str) -> list[Estimate]:
    listed = [
        facts.find(context, context.primary.id, "level", region=region, wave=wave)
        for wave in context.study.waves
        if wave <= context.quarter
    ]
    return [item for item in listed if item.has_range]


def _table(
    context: Context, headline: str, subtitle: str, courses: list[tuple[str, list[Estimate]]]
) -> Table:
    unit = level_unit(context)
    columns = (
        cells.text_column(context, "quarter"),
        cells.text_column(context, "area"),
        *(cells.number_column(context, name, unit) for name in ("estimate", "lower", "upper")),
        cells.number_column(context, "n", decimals=0),
    )
    rows = tuple(
        {
            "quarter": cells.text(label(item.wave, context.language)),
            "area": cells.text(name),
            "estimate": cells.of(context, item),
            "lower": cells.of(context, item, "lower"),
            "upper": cells.of(context, item, "upper"),
            "n": cells.of(context, item, "n", 0),
        }
        for name, waves in courses
        for item in waves
    )
    notes = (
        context.words("trend.note"),
        *cells.legend(context, *(item for _, waves in courses for item in waves)),
    )
    return Table(
        "trend-table", 0, headline, subtitle, context.source("survey"), columns, "quarter", rows, notes
    )
