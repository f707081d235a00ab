"""Can it be due to the campaign? What the design carries, and what speaks for and against it."""

from __future__ import annotations

from math import isfinite

from evaluation.quarters import label
from evaluation.report.content import answer, cells, facts
from evaluation.report.content.facts import Context, Estimate
from evaluation.report.content.parts import Part, appendix
from evaluation.report.figures.bars import Dot, dot_chart
from evaluation.report.model import Figure, Table, bullets, figure, paragraph, table
from evaluation.report.wording import numbers
from evaluation.report.wording.verdict import SIGNIFICANT

# A row of the chart: its name, and its estimate or None for a heading.
Row = tuple[str, Estimate | None]


def part(context: Context) -> Part:
    """The verdict with its reasons, then the event study, the specification curve and the placebos."""
    words = context.words
    judged = answer.judged(context)
    said = [words(f"cause.{judged.claim}"), *(_say(context, reason) for reason in judged.reasons)]
    title = words("section.attribution")
    found = [_sensitivity(context), _curve(context), _placebos(context), _dose(context)]
    found = [line for line in found if line]
    blocks = [paragraph(" ".join(said)), *([bullets(found)] if found else [])]
    rows = _rows(context)
    if not answer.did(context).has_range or len(rows) < 3:
        return Part(appendix("attribution", title, blocks))
    drawn, numbered = _figure(context, rows), _table(context, rows)
    blocks += [figure(drawn.id), table(numbered.id)]
    return Part(appendix("attribution", title, blocks), (drawn,), (numbered,))


def _say(context: Context, key: str, **texts: str) -> str:
    comparison = context.study.area.comparison
    names = {"area": context.area, "comparison": context.name(comparison) if comparison else ""}
    return context.words(f"cause.{key}", **names, **texts)


def _sensitivity(context: Context) -> str:
    found = facts.change(context, context.primary.id, measure="breakdown")
    if not found.shown:
        return ""
    if found.value == 0:
        return _say(context, "breakdown_none")
    value, unit = numbers.number(found.value, context.language, 1), facts.change_unit(context)
    said = _say(context, "breakdown", value=value, unit=unit)
    times = facts.find(context, context.primary.id, "breakdown", group_by="unit", group="pre_trend")
    if not times.shown:
        return said
    return (
        f"{said} {_say(context, 'breakdown_times', value=numbers.number(times.value, context.language, 1))}"
    )


def _listed(context: Context, measure: str, indicator: str | None = None) -> list[tuple[str, str, Estimate]]:
    """(indicator, group, estimate) of the quarter's rows of a measure that may be shown."""
    table_ = context.checked[context.checked["measure"].eq(measure)]
    table_ = table_[table_["wave"].eq(context.quarter)]
    if indicator:
        table_ = table_[table_["indicator"].eq(indicator)]
    listed = [(row["indicator"], row["group"], facts.estimate(row)) for _, row in table_.iterrows()]
    return [item for item in listed if item[2].has_range]


def _curve(context: Context) -> str:
    found = [item for _, _, item in _listed(context, "specification", context.primary.id)]
    if not found:
        return ""
    low, high = (numbers.signed(end(item.value for item in found), context.language) for end in (min, max))
    shown = [item for item in found if item.lower > 0 or item.upper < 0]
    unit = facts.change_unit(context)
    return _say(
        context,
        "curve",
        n=facts.count(context, found),
        low=low,
        high=high,
        unit=unit,
        shown=facts.count(context, shown),
    )


def _placebos(context: Context) -> str:
    found = [item for _, _, item in _listed(context, "placebo")]
    moved = [item for item in found if item.p_adjusted < SIGNIFICANT]
    if not found:
        return ""
    said = _say(context, "placebos", n=facts.count(context, found), moved=facts.count(context, moved))
    return f"{said} {_say(context, 'placebos_holm')}" if len(found) > 1 else said


def _dose(context: Context) -> str:
    found = facts.change(context, context.primary.id, measure="dose_response")
    if not found.has_range:
        return ""
    texts = facts.change_facts(context, found)
    unit = facts.change_unit(context)
    said = _say(context, "dose", value=texts["change"], lower=texts["lower"], upper=texts["upper"], unit=unit)
    return f"{said} {_say(context, 'dose_caution')}"


def _rows(context: Context) -> list[Row]:
    words, primary = context.words, context.primary.id
    waves = []
    for wave in context.study.waves:
        found = facts.find(context, primary, "did", wave=wave)
        if found.has_range and wave <= context.quarter:
            waves.append((label(wave, context.language), found))
    choices = [
        (_choice(context, group), item) for _, group, item in _listed(context, "specification", primary)
    ]
    placebos = [(words.label(f"choice.{name}", name), item) for name, _, item in _listed(context, "placebo")]
    quarter = label(context.quarter, context.language)
    heads = [words("cause.per_wave"), words("cause.choices", quarter=quarter), words("cause.untouched")]
    rows: list[Row] = []
    for head, listed in zip(heads, (waves, choices, placebos), strict=True):
        rows += [(head, None), *listed] if listed else []
    return rows


def _choice(context: Context, group: str) -> str:
    if group.startswith("item_"):
        return context.words("choice.item", item=group.removeprefix("item_"))
    if group.startswith("without:"):
        return context.words("choice.without", region=context.name(group.removeprefix("without:")))
    return context.words.label(f"choice.{group}", group)


def _headings(context: Context) -> tuple[str, str]:
    title = context.primary.label[context.language]
    unit = facts.change_unit(context)
    return _say(context, "headline"), _say(context, "subtitle", label=title, unit=unit)


def _figure(context: Context, rows: list[Row]) -> Figure:
    words = context.words
    headline, subtitle = _headings(context)
    dots = [
        Dot(name, heading=True) if found is None else Dot(name, found.value, found.lower, found.upper)
        for name, found in rows
    ]
    lines = [
        _say(
            context,
            "alt_row",
            name=dot.name,
            **{
                key: numbers.signed(getattr(dot, key), context.language)
                for key in ("value", "lower", "upper")
            },
        )
        for dot in dots
        if isfinite(dot.value)
    ]
    alt = _say(context, "alt", n=facts.count(context, lines), lines=" ".join(lines))
    unit, zero = facts.change_unit(context), (words("cause.no_difference"), 0.0)
    drawn = dot_chart(dots, words, "attribution", headline, alt, unit, zero, numbers.signed)
    source = context.source("survey")
    return Figure("attribution", 0, headline, subtitle, source, drawn.alt, drawn.svg, "attribution-table")


def _table(context: Context, rows: list[Row]) -> Table:
    unit = facts.change_unit(context)
    columns = (
        cells.text_column(context, "choice"),
        *(cells.number_column(context, name, unit) for name in ("change", "lower", "upper")),
        cells.number_column(context, "n", decimals=0),
    )
    found = [(name, item) for name, item in rows if item is not None]
    headline, subtitle = _headings(context)
    return Table(
        "attribution-table",
        0,
        headline,
        subtitle,
        context.source("survey"),
        columns,
        "choice",
        tuple(
            {
                "choice": cells.text(name),
                "change": cells.of(context, item, signed=True),
                "lower": cells.of(context, item, "lower", signed=True),
                "upper": cells.of(context, item, "upper", signed=True),
                "n": cells.of(context, item, "n", 0),
            }
            for name, item in found
        ),
        (context.words("cause.note"), *cells.legend(context, *(item for _, item in found))),
    )
