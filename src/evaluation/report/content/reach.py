"""Reach, and who is not reached: by the study's groups, with the gap named only where it is clear."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

from evaluation.quarters import label
from evaluation.report.content import cells, equity, facts
from evaluation.report.content.facts import Context, Estimate
from evaluation.report.content.parts import Part, appendix, main
from evaluation.report.figures.bars import Dot, dot_chart
from evaluation.report.model import Figure, Table, figure, paragraph, table
from evaluation.report.wording import marks, numbers, rules


@dataclass(frozen=True)
class Gap:
    """Within one dimension: the group reached least, and one that is reached clearly more."""

    dimension: str
    low: Estimate
    high: Estimate


def groups(context: Context) -> dict[str, list[Estimate]]:
    """Dimension -> its groups with their reach in the quarter, in the order of the table; "unknown" is not a
    group that anybody can reach."""
    found = facts.rows(context, "reach", "level", region=context.scope, wave=context.quarter)
    listed: dict[str, list[Estimate]] = {}
    for dimension in context.study.groups:
        rows = found[found["group_by"].eq(dimension) & found["group"].ne("unknown")]
        if len(rows):
            items = [facts.estimate(row) for _, row in rows.iterrows()]
            listed[dimension] = sorted(
                items, key=lambda item: facts.group_order(context, dimension, item.group)
            )
    return listed


def gaps(context: Context) -> list[Gap]:
    """Per dimension, its lowest and highest group when their intervals do not overlap."""
    named = []
    for dimension, listed in groups(context).items():
        known = sorted((item for item in listed if item.has_range), key=lambda item: item.value)
        if len(known) > 1 and rules.apart(known[0].lower, known[0].upper, known[-1].lower, known[-1].upper):
            named.append(Gap(dimension, known[0], known[-1]))
    return named


def part(context: Context) -> Part:
    """The section on reach with its chart and table in the appendix; says so when it was not asked."""
    words = context.words
    level = facts.find(context, "reach", "level", region=context.scope)
    listed = groups(context)
    if level.status == "missing" and not listed:
        return Part(main("reach", words("section.reach"), [paragraph(words("reach.none"))]))
    section = main("reach", words("section.reach"), [paragraph(" ".join(_sentences(context, level, listed)))])
    if not listed:
        return Part(section)
    # The picture of the gaps shows these levels too; where there is none, they have one of their own.
    drawn = () if equity.is_drawn(context) else (_figure(context, level, listed),)
    numbered = _table(context, level, listed)
    blocks = [*(figure(item.id) for item in drawn), table(numbered.id)]
    return Part(
        section + appendix("reach-numbers", words("section.tables_reach"), blocks), drawn, (numbered,)
    )


def _sentences(context: Context, level: Estimate, listed: dict[str, list[Estimate]]) -> list[str]:
    words, said = context.words, []
    if level.has_range:
        said.append(words("reach.level", area=context.place, **facts.percent_facts(context, level)))
    foil = facts.find(context, "foil", "level", region=context.scope)
    if foil.shown:
        said.append(words("reach.foil", value=numbers.percent(foil.value, context.language)))
    clear = {gap.dimension: gap for gap in gaps(context)}
    unclear = []
    for dimension, items in listed.items():
        title = words(f"dimension.{dimension}")
        if gap := clear.get(dimension):
            said.append(words("reach.gap", dimension=title, **_gap_facts(context, gap)))
        elif sum(item.has_range for item in items) > 1:
            unclear.append(title[:1].lower() + title[1:])
    if unclear:
        said.append(words("reach.no_gap", dimensions=words.listing(unclear)))
    hidden = [item for items in listed.values() for item in items if item.status == "suppressed"]
    if hidden:
        said.append(words.counted("reach.hidden_groups", marks.tally(hidden)))
    return said or [words("reach.none")]


def _gap_facts(context: Context, gap: Gap) -> dict[str, str]:
    return {
        "low": facts.group_label(context, gap.dimension, gap.low.group),
        "high": facts.group_label(context, gap.dimension, gap.high.group),
        "low_value": numbers.percent(gap.low.value, context.language),
        "high_value": numbers.percent(gap.high.value, context.language),
    }


def _headline(context: Context) -> str:
    clear = gaps(context)
    if not clear:
        return context.words("reach.headline_none")
    widest = max(clear, key=lambda gap: gap.high.value - gap.low.value)
    texts = _gap_facts(context, widest)
    return context.words("reach.headline_gap", low=texts["low"], high=texts["high"])


def _subtitle(context: Context) -> str:
    quarter = label(context.quarter, context.language)
    return context.words("reach.subtitle", population=context.population, area=context.place, quarter=quarter)


def _figure(context: Context, level: Estimate, listed: dict[str, list[Estimate]]) -> Figure:
    words = context.words
    dots, lines = [], []
    for dimension, items in listed.items():
        dots.append(Dot(words(f"dimension.{dimension}"), heading=True))
        for item in items:
            name = facts.group_label(context, dimension, item.group)
            ends = (item.value, item.lower, item.upper) if item.shown else (nan, nan, nan)
            dots.append(Dot(name, *ends))
            lines.append(_alt_line(context, name, item))
    alt = words("change.alt", n=facts.count(context, lines), lines=" ".join(lines))
    mean = None
    if level.shown:
        mean = (f"{context.place}: {numbers.percent(level.value, context.language)}", level.value)
    headline = _headline(context)
    drawn = dot_chart(dots, words, "reach", headline, alt, "%", mean)
    source = context.source("survey")
    return Figure("reach", 0, headline, _subtitle(context), source, drawn.alt, drawn.svg, "reach-table")


def _alt_line(context: Context, name: str, item: Estimate) -> str:
    if not item.has_range:
        return context.words("change.alt_hidden", region=name)
    texts = facts.percent_facts(context, item)
    return context.words(
        "change.alt_level", region=name, after=texts["value"], lower=texts["lower"], upper=texts["upper"]
    )


def _table(context: Context, level: Estimate, listed: dict[str, list[Estimate]]) -> Table:
    words, percent = context.words, context.words("unit.share_level")
    columns = (
        cells.text_column(context, "group"),
        cells.text_column(context, "dimension"),
        cells.number_column(context, "reach", percent),
        cells.number_column(context, "lower", percent),
        cells.number_column(context, "upper", percent),
        cells.number_column(context, "n", decimals=0),
    )
    named = [(words("row.area", area=context.place), words("mark.missing"), level)]
    named += [
        (facts.group_label(context, dimension, item.group), words(f"dimension.{dimension}"), item)
        for dimension, items in listed.items()
        for item in items
    ]
    rows = tuple(
        {
            "group": cells.text(name),
            "dimension": cells.text(dimension),
            "reach": cells.of(context, item),
            "lower": cells.of(context, item, "lower"),
            "upper": cells.of(context, item, "upper"),
            "n": cells.of(context, item, "n", 0),
        }
        for name, dimension, item in named
    )
    notes = (
        words("reach.note_foil"),
        words("reach.note_apart"),
        *cells.legend(context, *(item for *_, item in named)),
    )
    return Table(
        "reach-table",
        0,
        _headline(context),
        _subtitle(context),
        context.source("survey"),
        columns,
        "group",
        rows,
        notes,
    )
