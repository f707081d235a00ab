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
    found = [_staggered(context), _areas(context), _sensitivity(context), _curve(context)]
    found += [_placebos(context), _dose(context)]
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


def _staggered(context: Context) -> str:
    """The mean over regions and quarters with the campaign, where regions started in different quarters."""
    if not context.study.staggered:
        return ""
    found = facts.change(context, context.primary.id, measure="staggered")
    if not found.has_range:
        return _say(context, "staggered_none")
    unit = facts.change_unit(context)
    texts = facts.change_facts(context, found)
    key = (
        "staggered_shown"
        if found.lower > 0
        else "staggered_opposite"
        if found.upper < 0
        else "staggered_open"
    )
    said = _say(
        context, "staggered", did=texts["change"], lower=texts["lower"], upper=texts["upper"], unit=unit
    )
    return f"{said} {_say(context, key)}"


def _areas(context: Context) -> str:
    """The place of the area among the areas without the campaign, and what so few areas can show."""
    found = facts.change(context, context.primary.id, measure="permutation")
    if not (found.shown and {"areas", "far", "least"} <= set(found.notes)):
        return ""
    p = numbers.p_value(found.p, context.language)
    counts = {name: numbers.number(found.notes[name], context.language) for name in ("areas", "far")}
    said = _say(context, "areas", p=p, **counts)
    least = found.notes["least"]
    if least < SIGNIFICANT:
        return said
    return f"{said} {_say(context, 'areas_few', least=numbers.p_value(least, context.language))}"


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
    texts = {"n": facts.count(context, found), "low": low, "high": high, "unit": facts.change_unit(context)}
    if not shown:
        return _say(context, "curve_none", **texts)
    return _say(context, "curve", shown=facts.count(context, shown), **texts)


def _placebos(context: Context) -> str:
    found = [item for _, _, item in _listed(context, "placebo")]
    moved = [item for item in found if item.p_adjusted < SIGNIFICANT]
    if not found:
        return ""
    texts = {"moved": facts.count(context, moved)} if moved else {}
    said = _say(context, "placebos" if moved else "placebos_none", n=facts.count(context, found), **texts)
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
    heads = [words("cause.per_wave"), words("cause.per_start"), words("cause.choices", quarter=quarter)]
    heads.append(words("cause.untouched"))
    rows: list[Row] = []
    for head, listed in zip(heads, (waves, _since_start(context), choices, placebos), strict=True):
        rows += [(head, None), *listed] if listed else []
    return rows


def _since_start(context: Context) -> list[Row]:
    """The mean of all starts, then by quarters since the start; empty in a study with one start."""
    words = context.words
    return [
        (words("cause.since_start", n=group) if group else words("cause.all_starts"), item)
        for _, group, item in _listed(context, "staggered", context.primary.id)
    ]


def _choice(context: Context, group: str) -> str:
    if group.startswith("item_"):
        return context.words("choice.item", item=group.removeprefix("item_"))
    if group.startswith("without_margin:"):
        margin = group.removeprefix("without_margin:")
        return context.words("choice.without_margin", margin=context.words.label(f"margin.{margin}", margin))
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
