"""Supply: leaflets shipped per 100 births, on a tile map with its table. Never called reach."""

from __future__ import annotations

from dataclasses import dataclass, replace

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
    tile: tuple[int, int] | None
    supply: Estimate


def municipalities(context: Context) -> list[Municipality]:
    """The treated municipalities with an estimate of supply, shown or not, from high to low; [] without."""
    if context.study.area.geography is None or facts.rows(context, "supply", level="municipality").empty:
        return []
    # Only Limburg has a tile map; elsewhere the table stands alone.
    grid = tile_grid() if context.study.area.geography == "limburg" else tile_grid().iloc[:0]
    tiles = {tile.code: (tile.row, tile.col) for tile in grid.itertuples(index=False)}
    found = []
    for place in context.study.places.itertuples(index=False):
        if place.region in context.study.area.regions:
            supply = facts.find(context, "supply", "ratio", region=place.code)
            found.append(Municipality(place.code, place.name, place.region, tiles.get(place.code), supply))
    return sorted(found, key=lambda item: (-item.supply.value if item.supply.shown else 1, item.name))


def part(context: Context) -> Part:
    """The section on supply and its table; empty without orders or a map."""
    every = municipalities(context)
    own = [item for item in every if context.region in (None, item.region)]
    if not own:
        return Part()
    drawn = (_figure(context, every, own),) if all(item.tile for item in every) else ()
    numbered = _table(context, own)
    blocks = [paragraph(" ".join(_sentences(context, own))), *(figure(item.id) for item in drawn)]
    return Part(
        main("supply", context.words("section.supply"), blocks)
        + appendix("supply-numbers", context.words("section.tables_supply"), [table(numbered.id)]),
        drawn,
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
    hidden = [item for item in own if not item.supply.shown]
    said = []
    if whole.shown:
        value = numbers.number(whole.value, context.language)
        said.append(words("supply.area", area=context.place, value=value))
    if len(shown) > 2 * _NAMED:
        most, least = words.listing(shown[:_NAMED]), words.listing(shown[: -_NAMED - 1 : -1])
        # A municipality that is hidden may have more than the most, or less than the least, of those shown.
        said.append(words("supply.most_shown" if hidden else "supply.most", most=most, least=least))
    if hidden:
        said.append(words("supply.gap", n=facts.count(context, hidden), total=facts.count(context, own)))
    return [*said, words("supply.not_reach")]


def _headline(context: Context, own: list[Municipality]) -> str:
    shown = [item.supply.value for item in own if item.supply.shown]
    if not shown or context.municipality:
        # A municipality's map shows all of its region.
        name = context.name(context.region) if context.municipality else context.place
        return context.words("supply.region_headline", region=name)
    same = numbers.rounded(min(shown), 0) == numbers.rounded(max(shown), 0)
    low, high = (numbers.number(value, context.language) for value in (min(shown), max(shown)))
    key = "headline_same" if same else "headline"
    if len(shown) < len(own):
        key += "_shown"
    return context.words(f"supply.{key}", low=low, high=high)


def map_figure(context: Context) -> Figure | None:
    """The map of the area with the report's own municipality (or region) marked; None without a map."""
    every = municipalities(context)
    own = [item for item in every if _is_own(context, item)]
    mapped = own and all(item.tile for item in every)
    return replace(_figure(context, every, own), table="place-table") if mapped else None


def _is_own(context: Context, item: Municipality) -> bool:
    return item.code == context.municipality if context.municipality else item.region == context.region


def _figure(context: Context, every: list[Municipality], own: list[Municipality]) -> Figure:
    tiles = [
        Tile(item.name, *item.tile, item.supply.value, marked=_is_own(context, item))
        if context.region in (None, item.region)
        else Tile(item.name, *item.tile, elsewhere=True)
        for item in sorted(every, key=lambda item: item.tile)
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
