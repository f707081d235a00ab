"""A tile map: one tile per municipality, its name and its value printed in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite, nan

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from evaluation.report.figures import style
from evaluation.report.figures.svg import Drawing, drawing
from evaluation.report.wording import Words, numbers
from evaluation.report.wording.marks import Registered

_TILE_HEIGHT, _GAP = 0.295, 0.03  # inches
_FILLS = style.FILLS
_DARK = _FILLS[-2:]


@dataclass(frozen=True)
class Tile:
    """One area of the map. value: NaN when there is none to show; marked: drawn with a heavy edge; elsewhere:
    drawn as a place without a value, because the map is about others."""

    name: str
    row: int
    column: int
    value: float = nan
    marked: bool = False
    elsewhere: bool = False


def tile_map(
    tiles: Sequence[Tile], words: Words, name: str, title: str, legend: str, write=numbers.number
) -> Drawing:
    """The map of `tiles`: supply, adoption, or awareness where it may be shown.

    legend: what the values are; write(value, language) prints a tile's value (numbers.percent for shares on
    the 0-100 scale). Rows count from the north, columns from the west.
    """
    with style.settings():
        rows, columns = 1 + max(tile.row for tile in tiles), 1 + max(tile.column for tile in tiles)
        height = rows * _TILE_HEIGHT + 0.1
        figure = style.new_figure(height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, style.WIDTH)
        axes.set_ylim(height, 0)
        width = style.WIDTH / columns
        edges = class_edges([tile.value for tile in tiles if isfinite(tile.value)])
        for tile in tiles:
            if tile.elsewhere:
                _draw_elsewhere(axes, tile, width)
            else:
                _draw(axes, tile, width, edges, _value(tile, words, write))
        _legend(axes, edges, tiles, words, legend, width)
        return drawing(figure, name, title, alt(tiles, words, write))


def alt(tiles: Sequence[Tile], words: Words, write=numbers.number) -> str:
    """The map in words and numbers, from the highest value down; of places elsewhere nothing."""
    told = [tile for tile in tiles if not tile.elsewhere]
    ordered = sorted(told, key=lambda tile: (-tile.value if isfinite(tile.value) else 1, tile.name))
    return words("supply.alt", lines=" ".join(_alt_line(tile, words, write) for tile in ordered))


def _alt_line(tile: Tile, words: Words, write) -> str:
    return words("supply.alt_row", name=tile.name, value=_value(tile, words, write))


def _value(tile: Tile, words: Words, write) -> str:
    return write(tile.value, words.language) if isfinite(tile.value) else words("chart.no_data")


def class_edges(values: Sequence[float]) -> list[float]:
    """At most six round edges that hold all values; the first class begins at or below the smallest."""
    if not values:
        return []
    edges = MaxNLocator(nbins=len(_FILLS) - 1, steps=[1, 1.5, 2, 2.5, 3, 4, 5, 10], integer=True).tick_values(
        min(values), max(values) if max(values) > min(values) else min(values) + 1
    )
    return [float(edge) for edge in edges][: len(_FILLS) + 1]


def fill_of(value: float, edges: Sequence[float]) -> str:
    """The fill of the class [edge, next edge) that holds `value`; the last class holds its upper edge."""
    place = sum(value >= edge for edge in edges[1:-1])
    return _FILLS[min(place, len(_FILLS) - 1)]


def _draw(axes: Axes, tile: Tile, width: float, edges: list[float], printed: str) -> None:
    x, y = tile.column * width + _GAP / 2, tile.row * _TILE_HEIGHT + 0.05 + _GAP / 2
    inner, high = width - _GAP, _TILE_HEIGHT - _GAP
    known = isfinite(tile.value)
    fill = fill_of(tile.value, edges) if known else "white"
    edge, line = (style.ORANGE, 2.2) if tile.marked else (style.GREY, 0.6)
    axes.add_patch(Rectangle((x, y), inner, high, facecolor=fill, edgecolor=edge, linewidth=line, zorder=1))
    if not known:
        axes.add_patch(
            Rectangle(
                (x, y),
                inner,
                high,
                facecolor="none",
                edgecolor=style.HATCH,
                hatch="////",
                linewidth=0,
                zorder=1,
            )
        )
    ink = "white" if fill in _DARK else style.INK
    lines, size = style.fitted(tile.name, inner - 0.12, style.SMALL - 0.5, most=1)
    value, weight = (printed, "bold") if known else ("–", "normal")
    centre = x + inner / 2
    backing = None if known else {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
    axes.text(
        centre,
        y + high * 0.27,
        lines[0],
        color=ink,
        fontsize=size,
        ha="center",
        va="center",
        bbox=backing,
        zorder=3,
    )
    axes.text(
        centre,
        y + high * 0.73,
        value,
        color=ink,
        fontsize=style.SIZE - 0.5,
        weight=weight,
        ha="center",
        va="center",
        bbox=backing,
        zorder=2,
    )


def _draw_elsewhere(axes: Axes, tile: Tile, width: float) -> None:
    x, y = tile.column * width + _GAP / 2, tile.row * _TILE_HEIGHT + 0.05 + _GAP / 2
    inner, high = width - _GAP, _TILE_HEIGHT - _GAP
    axes.add_patch(
        Rectangle((x, y), inner, high, facecolor="white", edgecolor=style.RULE, linewidth=0.6, zorder=0)
    )
    lines, size = style.fitted(tile.name, inner - 0.12, style.SMALL - 0.5, most=1)
    centre = {"ha": "center", "va": "center"}
    axes.text(x + inner / 2, y + high / 2, lines[0], color=style.GREY, fontsize=size, **centre)


def _legend(
    axes: Axes, edges: list[float], tiles: Sequence[Tile], words: Words, legend: str, width: float
) -> None:
    """The classes, in the north-western corner that Limburg leaves empty."""
    x, y = 0.05, 0.2
    lines = style.lines_that_fit(legend, width * 1.55, style.SIZE) or [legend]
    for line in lines:
        axes.text(x, y, line, fontsize=style.SIZE, weight="bold", va="center")
        y += 0.17
    y += 0.06
    entries = []
    for low, high in pairwise(edges):
        ends = {
            key: numbers.number(Registered(value, "axis|classes"), words.language)
            for key, value in (("lower", low), ("upper", high))
        }
        entries.append((fill_of(low, edges), None, words("key.range", **ends)))
    if any(not isfinite(tile.value) and not tile.elsewhere for tile in tiles):
        entries.append(("white", "////", words("chart.no_data")))
    for fill, hatch, label in entries:
        axes.add_patch(
            Rectangle(
                (x, y - 0.07), 0.26, 0.15, facecolor=fill, edgecolor=style.GREY, linewidth=0.6, hatch=hatch
            )
        )
        axes.text(x + 0.34, y, label, fontsize=style.SMALL, va="center")
        y += 0.19
