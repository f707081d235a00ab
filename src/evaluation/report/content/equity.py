"""How far each group's reach lies from that of everybody: chart and table in the appendix."""

from __future__ import annotations

from evaluation.quarters import label
from evaluation.report.content import cells, facts
from evaluation.report.content.facts import Context, Estimate
from evaluation.report.content.parts import Part, appendix
from evaluation.report.figures.gaps import Gap, gap_chart
from evaluation.report.model import Figure, Table, figure, table

Listed = dict[str, list[Estimate]]


def part(context: Context) -> Part:
    """Figure and table of the gaps; empty when none may be shown, and for a region."""
    listed = _gaps(context)
    if not is_drawn(context):
        return Part()
    headline = _headline(context, listed)
    drawn, numbered = _figure(context, listed, headline), _table(context, listed, headline)
    blocks = [figure(drawn.id), table(numbered.id)]
    return Part(appendix("equity", context.words("section.equity"), blocks), (drawn,), (numbered,))


def is_drawn(context: Context) -> bool:
    """Whether this report has the gaps: that of the area does, when one of them may be shown."""
    return not context.region and any(item.has_range for items in _gaps(context).values() for item in items)


def _gaps(context: Context) -> Listed:
    found: Listed = {}
    for dimension in context.study.groups:
        rows = facts.rows(
            context, "reach", "gap", region=facts.AREA, wave=context.quarter, group_by=dimension
        )
        if len(rows):
            items = [facts.estimate(row) for _, row in rows.iterrows()]
            found[dimension] = sorted(
                items, key=lambda item: facts.group_order(context, dimension, item.group)
            )
    return found


def behind(context: Context) -> list[tuple[str, Estimate]]:
    """(dimension, gap) of every group of which the whole interval lies below the reach of everybody."""
    return [
        (dimension, item)
        for dimension, items in _gaps(context).items()
        for item in items
        if item.has_range and item.upper < 0
    ]


def _headline(context: Context, listed: Listed) -> str:
    words = context.words
    low = [(dimension, item) for dimension, item in behind(context)]
    if not low:
        return words("equity.none")
    names = words.listing(facts.group_label(context, dimension, item.group) for dimension, item in low)
    return words("equity.behind", groups=names)


def _subtitle(context: Context) -> str:
    quarter = label(context.quarter, context.language)
    return context.words("equity.subtitle", area=context.area, quarter=quarter)


def _figure(context: Context, listed: Listed, headline: str) -> Figure:
    words = context.words
    everybody = facts.find(context, "reach", "level", region=facts.AREA)
    pairs = []
    for dimension, items in listed.items():
        for item in items:
            name = facts.group_label(context, dimension, item.group)
            own = facts.find(context, "reach", "level", group_by=dimension, group=item.group)
            if item.has_range and own.shown and everybody.shown:
                pairs.append(Gap(name, own.value, everybody.value, item.value, item.lower, item.upper))
            else:
                pairs.append(Gap(name))
    drawn = gap_chart(pairs, words, "equity", headline, words("unit.pp"), words("unit.share_level"))
    source = context.source("survey")
    return Figure("equity", 0, headline, _subtitle(context), source, drawn.alt, drawn.svg, "equity-table")


def _table(context: Context, listed: Listed, headline: str) -> Table:
    words, unit = context.words, context.words("unit.pp")
    columns = (
        cells.text_column(context, "group"),
        cells.text_column(context, "dimension"),
        *(cells.number_column(context, name, unit) for name in ("gap", "lower", "upper")),
        cells.number_column(context, "n", decimals=0),
    )
    rows = tuple(
        {
            "group": cells.text(facts.group_label(context, dimension, item.group)),
            "dimension": cells.text(words(f"dimension.{dimension}")),
            "gap": cells.of(context, item, signed=True),
            "lower": cells.of(context, item, "lower", signed=True),
            "upper": cells.of(context, item, "upper", signed=True),
            "n": cells.of(context, item, "n", 0),
        }
        for dimension, items in listed.items()
        for item in items
    )
    notes = (words("equity.note"),)
    notes += cells.legend(context, *(item for items in listed.values() for item in items))
    return Table(
        "equity-table",
        0,
        headline,
        _subtitle(context),
        context.source("survey"),
        columns,
        "group",
        rows,
        notes,
    )
