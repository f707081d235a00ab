"""Where the leaflets went: shipped copies by kind of organisation and by language, as chart and table."""

from __future__ import annotations

from math import nan

from evaluation.quarters import label
from evaluation.report.content import cells, facts
from evaluation.report.content.facts import Context, Estimate
from evaluation.report.content.parts import Part, appendix
from evaluation.report.figures.stages import Stage, StageGroup, stage_chart
from evaluation.report.model import Figure, Table, figure, table
from evaluation.report.wording import numbers

_SPLITS = ("setting", "language")
Listed = dict[str, list[tuple[str, Estimate]]]


def part(context: Context) -> Part:
    """Chart and table in the appendix; empty for a region and where no copies may be shown."""
    listed = _listed(context)
    if context.region or not any(found.shown for items in listed.values() for _, found in items):
        return Part()
    drawn, numbered = _figure(context, listed), _table(context, listed)
    title = context.words("section.tables_destinations")
    return Part(
        appendix("destinations", title, [figure(drawn.id), table(numbered.id)]), (drawn,), (numbered,)
    )


def _listed(context: Context) -> Listed:
    """Split -> (group as readers know it, its copies), from many to few; those not shown come last."""
    found: Listed = {}
    for split in _SPLITS:
        rows = facts.rows(
            context, "shipped", "count", region=facts.AREA, wave=context.quarter, group_by=split
        )
        if len(rows):
            items = [(name(context, split, row["group"]), facts.estimate(row)) for _, row in rows.iterrows()]
            found[split] = sorted(items, key=lambda pair: (-pair[1].value if pair[1].shown else 1.0, pair[0]))
    return found


def name(context: Context, split: str, group: str) -> str:
    if split == "language":
        return context.words.label(f"leaflet_language.{group}", group)
    return facts.group_label(context, split, group)


def _headline(context: Context, listed: Listed) -> str:
    """The kind of organisation that got most, named only when no hidden one could have got more."""
    words, settings = context.words, listed.get("setting", [])
    whole = facts.find(context, "shipped", "count")
    if whole.shown and settings and all(found.shown for _, found in settings):
        name, most = settings[0]
        texts = {
            "value": numbers.number(most.value, context.language),
            "total": numbers.number(whole.value, context.language),
        }
        return words("destinations.headline", setting=name, **texts)
    return words("destinations.headline_plain")


def _subtitle(context: Context) -> str:
    quarter = label(context.quarter, context.language)
    return context.words("destinations.subtitle", area=context.area, quarter=quarter)


def _figure(context: Context, listed: Listed) -> Figure:
    groups = [
        StageGroup(
            context.words(f"destinations.{split}"),
            tuple(Stage(name, found.value if found.shown else nan) for name, found in items),
        )
        for split, items in listed.items()
    ]
    headline = _headline(context, listed)
    drawn = stage_chart(groups, context.words, "destinations", headline)
    source = context.source("orders")
    return Figure(
        "destinations", 0, headline, _subtitle(context), source, drawn.alt, drawn.svg, "destinations-table"
    )


def _table(context: Context, listed: Listed) -> Table:
    columns = (
        cells.text_column(context, "went_to"),
        cells.text_column(context, "dimension"),
        cells.number_column(context, "number", context.words("unit.copies"), 0),
    )
    rows = tuple(
        {
            "went_to": cells.text(name),
            "dimension": cells.text(context.words(f"destinations.{split}")),
            "number": cells.of(context, found, decimals=0),
        }
        for split, items in listed.items()
        for name, found in items
    )
    notes = (context.words("supply.not_reach"),)
    notes += cells.legend(context, *(found for items in listed.values() for _, found in items))
    headline, source = _headline(context, listed), context.source("orders")
    return Table(
        "destinations-table", 0, headline, _subtitle(context), source, columns, "went_to", rows, notes
    )
