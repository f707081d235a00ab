"""Charts: same bytes, ids of their own, no mathtext, every label inside the picture, enough contrast."""

import re
from datetime import date
from math import nan
from xml.etree import ElementTree

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from evaluation.reference import tile_grid
from evaluation.report.figures import style
from evaluation.report.figures.bars import Dot, bar_chart, dot_chart
from evaluation.report.figures.change import ChangeRow, change_chart
from evaluation.report.figures.columns import Series, column_chart
from evaluation.report.figures.curves import Curve, Panel, curve_chart
from evaluation.report.figures.gaps import Gap, gap_chart
from evaluation.report.figures.stages import Stage, StageGroup, stage_chart
from evaluation.report.figures.tiles import Tile, class_edges, fill_of, tile_map
from evaluation.report.figures.trend import Course, trend_chart
from evaluation.report.wording import numbers, words

LONG = "Een heel lange naam van een regio met $x^2$ en nog veel meer woorden erachter"
ROWS = (
    ChangeRow("Noord-Limburg", "region", 38.1, 43.2, 5.1, 1.2, 9.0),
    ChangeRow(LONG, "region", 41.0, 40.6, -0.4, -5.0, 4.2),
    ChangeRow("Parkstad", "region"),
    ChangeRow("Heel Limburg", "area", 40.2, 43.3, 3.1, 1.1, 5.1),
    ChangeRow("Helmond-De Peel (vergelijking)", "comparison", 41.5, 41.5, 0.0, -2.0, 2.0),
    ChangeRow("Verschil in verandering", "difference", change=12.6, lower=-10.3, upper=35.5),
)
POINTS = (("2025Q3", 40.2, 38.0, 42.4), ("2026Q1", 41.5, 39.0, 44.0), ("2026Q3", 43.2, 41.0, 45.5))


def charts(language):
    say = words(language)
    tiles = [
        Tile(tile.name, tile.row, tile.col, nan if place % 7 == 0 else 8.0 + 17 * place, marked=place < 3)
        for place, tile in enumerate(tile_grid().itertuples(index=False))
    ]
    dots = [Dot("Opleiding", heading=True), Dot("laag", 22.1, 18, 26.2), Dot(LONG, 31, 28, 34), Dot("hoog")]
    bars = [("Gedrukt", 33000.0), ("Verzonden", 24950.0), (LONG, 6375.0)]
    courses = [Course("Limburg", POINTS), Course(LONG, POINTS[:1] + POINTS[2:])]
    falling = tuple((float(x), 100 / x) for x in range(3, 61))
    lower = tuple((x, y * 0.96) for x, y in falling)
    panel = Panel("Voor en na", (Curve("20 ouders", falling), Curve("40 ouders", lower, True)), (30.0, 3.2))
    panels = [panel, Panel(LONG, panel.curves, (30.0, nan))]
    gaps = [
        Gap("lage opleiding t.o.v. hoge", 22.1, 30.2, -8.1, -13.5, -2.7),
        Gap("vader t.o.v. moeder"),
        Gap(LONG, 31.0, 28.0, 3.0, -2.0, 8.0),
        Gap("Limburg", 26.0, 26.0, 0.0, -1.0, 1.0, overall=True),
    ]
    copies = (Stage("Gedrukt", 33000.0, source="kosten"), Stage(LONG, 6375.0, source=LONG), Stage("Weg"))
    asked = (Stage("Gekregen", 97.0, 93.1, 100.0), Stage("Gelezen", 58.5, 52.4, 64.4, "enquête"))
    stages = [
        StageGroup("Folders", copies),
        StageGroup(LONG, asked, numbers.percent, 1, full=100.0),
        StageGroup("Kosten", (Stage("Per ouder", 2.9, 2.53, 3.41),), numbers.euro, 2),
    ]
    quarters = ("2025Q4", "2026Q1", "2026Q2", "2026Q3")
    series = [
        Series(channel, (4500.0 / part, 5200.0 / part, nan, 1234567.0))
        for part, channel in enumerate(("huisarts", "clinic", LONG, "Turks"), 1)
    ]
    return {
        "gaps": lambda: gap_chart(gaps, say, "gaps", "T", "procentpunt", "%"),
        "stages": lambda: stage_chart(stages, say, "stages", "T"),
        "columns": lambda: column_chart(series, quarters, say, "columns", "T", "folders"),
        "shares": lambda: tile_map(tiles, say, "shares", "T", "Aandeel ouders", write=numbers.percent),
        "curves": lambda: curve_chart(panels, say, "curves", "T", "alt", "Locaties", "Stijging"),
        "change": lambda: change_chart(ROWS, say, "change", "T", "procentpunt", "%"),
        "supply": lambda: tile_map(tiles, say, "supply", "T", say("chart.legend")),
        "dots": lambda: dot_chart(dots, say, "dots", "T", "alt", "%", ("Limburg: 26,2%", 26.2)),
        "bars": lambda: bar_chart(bars, say, "bars", "T", "alt"),
        "trend": lambda: trend_chart(courses, date(2025, 10, 1), say, "trend", "T", "%"),
    }


NAMES = ("change", "supply", "dots", "bars", "trend", "curves", "gaps", "stages", "columns", "shares")


@pytest.mark.parametrize("name", NAMES)
def test_same_numbers_same_bytes_and_ids_of_its_own(name):
    draw = charts("nl")[name]
    svg = draw().svg
    assert svg == draw().svg
    root = ElementTree.fromstring(svg)
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    assert all(one.startswith(f"{name}-") for one in ids)
    assert set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg)) <= set(ids)
    assert [child.tag.rpartition("}")[2] for child in root][:2] == ["title", "desc"]
    assert not re.search(r"<metadata|<!DOCTYPE|<dc:date|matplotlib\.org", svg)
    assert "<text" not in svg  # letters are paths: they look the same everywhere


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_no_text_leaves_the_picture_or_meets_mathtext(name, language, monkeypatch):
    seen = []
    monkeypatch.setattr(Figure, "savefig", _watch(seen, Figure.savefig))
    charts(language)[name]()
    figure, boxes = seen[0]
    width, height = figure.bbox.width, figure.bbox.height
    for text, box, mathtext in boxes:
        assert not mathtext, text
        assert min(box.x0, box.y0, width - box.x1, height - box.y1) > -2, (text, box)


def _watch(seen, save):
    def savefig(figure, *args, **kwargs):
        renderer, drawn, draw = FigureCanvasAgg(figure).get_renderer(), [], Text.draw

        def note(text, *rest):
            drawn.append(text)
            return draw(text, *rest)

        Text.draw = note
        try:
            figure.draw(renderer)
        finally:
            Text.draw = draw
        boxes = [
            (text.get_text(), text.get_window_extent(renderer), text.get_parse_math())
            for text in drawn
            if text.get_text() and text.get_visible()
        ]
        seen.append((figure, boxes))
        return save(figure, *args, **kwargs)

    return savefig


@pytest.mark.parametrize("name", NAMES)
def test_texts_do_not_overlap(name, monkeypatch):
    seen = []
    monkeypatch.setattr(Figure, "savefig", _watch(seen, Figure.savefig))
    charts("nl")[name]()
    _, boxes = seen[0]
    for place, (text, box, _) in enumerate(boxes):
        for other, other_box, _ in boxes[place + 1 :]:
            apart = box.y0 >= other_box.y1 - 1.5 or other_box.y0 >= box.y1 - 1.5
            assert apart or box.x1 <= other_box.x0 or other_box.x1 <= box.x0, (text, other)


def _luminance(colour):
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    """WCAG 2.1, 1.4.3."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_colours_have_enough_contrast():
    for colour in (style.BLUE, style.ORANGE, style.GREEN, style.PURPLE, style.GREY, style.INK):
        assert contrast(colour, "#FFFFFF") >= 4.5
    for value in range(0, 600, 30):
        fill = fill_of(value, [0, 150, 300, 450, 600])
        ink = "#FFFFFF" if fill in style.FILLS[-2:] else style.INK
        assert contrast(fill, ink) >= 4.5


def test_classes_hold_every_value():
    for values in ([8.0, 142.0], [121.0, 593.0], [5.0], [0.0, 0.0], [3.2, 4.1, 2.2]):
        edges = class_edges(values)
        assert edges[0] <= min(values)
        assert edges[-1] >= max(values)
        assert 2 <= len(edges) <= 6
    assert class_edges([]) == []


def test_the_alternative_text_holds_the_numbers():
    alt = charts("en")["change"]().alt
    assert "Noord-Limburg: from 38.1 to 43.2, change +5.1 (+1.2 to +9.0)." in alt
    assert "Parkstad: cannot be shown." in alt


def test_charts_say_their_numbers_and_what_is_hidden():
    drawn = {name: charts("nl")[name]().alt for name in ("gaps", "stages", "columns")}
    lagging = "lage opleiding t.o.v. hoge: 22,1 tegen 30,2, verschil −8,1 (−13,5 tot −2,7)."
    assert lagging in drawn["gaps"]
    assert "vader t.o.v. moeder: niet te tonen." in drawn["gaps"]
    assert "Gedrukt: 33.000." in drawn["stages"]
    assert "Weg: niet te tonen." in drawn["stages"]
    assert "Gelezen: 58,5% (52,4% tot 64,4%)." in drawn["stages"]
    assert "Per ouder: €\xa02,90 (€\xa02,53 tot €\xa03,41)." in drawn["stages"]
    assert "huisarts: 4.500 in K4 2025; 5.200 in K1 2026; niet te tonen in K2 2026" in drawn["columns"]
