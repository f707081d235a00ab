"""Supply: leaflets shipped per 100 births, on a tile map with its table. Never called reach."""

from __future__ import annotations

from dataclasses import dataclass

from evaluation.quarters import label
from evaluation.reference import tile_grid
from evaluation.report.content import cells, facts
from evaluation.report.content.facts import Context, Estimate
from evaluation.report.content.parts import Part, appendix, main
from evaluation.report.figures.tiles import Tile, tile_map
from evaluation.report.model import Figure, Table, figure, paragraph, table
from evaluation.report.wording import numbers

_NAMED = 2  # municipalities named at either end


@dataclass(frozen=True)
class Municipality:
    code: str
    name: str
    region: str
    row: int
    column: int
    supply: Estimate


def municipalities(context: Context) -> list[Municipality]:
    """The treated municipalities with an estimate of supply, shown or not, from high to low; [] without."""
    if context.study.area.geography is None or facts.rows(context, "supply", level="municipality").empty:
        return []
    found = []
    for tile in tile_grid().itertuples(index=False):
        region = context.study.region_of_municipality(tile.code)
        if region in context.study.area.regions:
            supply = facts.find(context, "supply", "ratio", region=tile.code)
            found.append(Municipality(tile.code, tile.name, region, tile.row, tile.col, supply))
    return sorted(found, key=lambda item: (-item.supply.value if item.supply.shown else 1, item.name))


def part(context: Context) -> Part:
    """The section on supply and its table; empty without orders or a map."""
    every = municipalities(context)
    own = [item for item in every if context.region in (None, item.region)]
    if not own:
        return Part()
    drawn, numbered = _figure(context, every, own), _table(context, own)
    blocks = [paragraph(" ".join(_sentences(context, own))), figure(drawn.id)]
    return Part(
        main("supply", context.words("section.supply"), blocks)
        + appendix("supply-numbers", context.words("section.tables_supply"), [table(numbered.id)]),
        (drawn,),
        (numbered,),
    )


def lowest(context: Context) -> list[str]:
    """The names of the municipalities with the lowest supply that may be shown."""
    own = [item for item in municipalities(context) if context.region in (None, item.region)]
    return [item.name for item in own if item.supply.shown][-_NAMED:][::-1]


def _sentences(context: Context, own: list[Municipality]) -> list[str]:
    words = context.words
    whole = facts.find(context, "supply", "ratio", region=context.scope)
    shown = [item.name for item in own if item.supply.shown]
    said = []
    if whole.shown:
        value = numbers.number(whole.value, context.language)
        said.append(words("supply.area", area=context.place, value=value))
    if len(shown) > 2 * _NAMED:
        most, least = words.listing(shown[:_NAMED]), words.listing(shown[: -_NAMED - 1 : -1])
        said.append(words("supply.most", most=most, least=least))
    hidden = [item for item in own if not item.supply.shown]
    if hidden:
        said.append(words("supply.gap", n=facts.count(context, hidden), total=facts.count(context, own)))
    return [*said, words("supply.not_reach")]


def _headline(context: Context, own: list[Municipality]) -> str:
    shown = [item.supply.value for item in own if item.supply.shown]
    if not shown:
        return context.words("supply.region_headline", region=context.place)
    same = numbers.rounded(min(shown), 0) == numbers.rounded(max(shown), 0)
    low, high = (numbers.number(value, context.language) for value in (min(shown), max(shown)))
    return context.words("supply.headline_same" if same else "supply.headline", low=low, high=high)


def _figure(context: Context, every: list[Municipality], own: list[Municipality]) -> Figure:
    tiles = [
        Tile(item.name, item.row, item.column, item.supply.value, marked=item.region == context.region)
        for item in sorted(every, key=lambda item: (item.row, item.column))
    ]
    headline = _headline(context, own)
    drawn = tile_map(tiles, context.words, "supply", headline, context.words("chart.legend"))
    return Figure(
        "supply",
        0,
        headline,
        _subtitle(context),
        context.source("births"),
        drawn.alt,
        drawn.svg,
        "supply-table",
    )


def _subtitle(context: Context) -> str:
    return context.words("supply.subtitle", quarter=label(context.quarter, context.language))


def _table(context: Context, own: list[Municipality]) -> Table:
    unit = context.words("unit.per_100_births")
    columns = (
        cells.text_column(context, "municipality"),
        cells.text_column(context, "region"),
        cells.number_column(context, "supply", unit, 0, context.words("column.supply")),
    )
    rows = tuple(
        {
            "municipality": cells.text(item.name),
            "region": cells.text(context.name(item.region)),
            "supply": cells.of(context, item.supply, decimals=0),
        }
        for item in own
    )
    notes = (context.words("supply.not_reach"), context.words("supply.note_births"))
    notes += cells.legend(context, *(item.supply for item in own))
    return Table(
        "supply-table",
        0,
        _headline(context, own),
        _subtitle(context),
        context.source("births"),
        columns,
        "municipality",
        rows,
        notes,
    )
