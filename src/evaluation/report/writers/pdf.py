"""The report as one PDF that is both PDF/UA-1 and PDF/A-2a, the same bytes each time it is written."""

from __future__ import annotations

import atexit
import json
import re
import shutil
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime, time
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import matplotlib
import pikepdf
import typst

from evaluation import quarters
from evaluation.report.figures.style import FAMILY
from evaluation.report.model import Report, to_dict
from evaluation.report.writers import look
from evaluation.report.writers.html import PLAIN
from evaluation.report.writers.layout import HASH_SHOWN, inputs_table, loose_tables
from evaluation.study import Style

STANDARDS = ["ua-1", "a-2a"]
# Points, as a drawing says of itself: a sixth of what a page holds.
TALL = 120.0
# How much of the room between rows and between points is kept: the first that leaves no last page of which
# less than LEAST is used, so that a few lines do not stand on a page alone.
SPACES = (1.0, 0.85, 0.7)
LEAST = 0.3
_HEIGHT = re.compile(r'<svg\b[^>]*?\bheight="([\d.]+)pt"')


def write(report: Report, style: Style = PLAIN) -> bytes:
    """The report as PDF in a study's own style, dated on the last day of its quarter. Raises ModelError when
    the model does not hold together, and typst.TypstError when a picture cannot be drawn."""
    files_read = inputs_table(report)
    model = to_dict(report)
    for item in model["figures"]:
        item["tall"] = _height(item["svg"]) > TALL
    content = model | {
        "loose_tables": [asdict(item) for item in loose_tables(report)],
        "inputs_table": asdict(files_read) if files_read else None,
        "hash_shown": HASH_SHOWN,
        "look": {
            "accent": style.accent,
            "link": look.variables(style)["light"]["link"],
            "fonts": [*([style.font_name] if style.font else []), FAMILY],
            "logo": look.logo_svg(style),
            "logo_text": (style.logo_text or {}).get(report.language, ""),
        },
    }
    timestamp = datetime.combine(quarters.last_day(report.quarter), time(), tzinfo=UTC)
    drawn = _drawn(content, _fonts(style.font, style.font_bold), timestamp)
    return _with_row_headers(drawn, _row_header_places(report))


def _drawn(content: dict, fonts: typst.Fonts, timestamp: datetime) -> bytes:
    """The pages as typst writes them, as wide as can be without a last page that is nearly empty."""
    source = files(__package__).joinpath("report.typ").read_bytes()
    found = []
    for space in SPACES:
        given = {
            "sys_inputs": {"report": json.dumps(content), "space": str(space)},
            "font_paths": fonts,
            "ignore_system_fonts": True,
        }
        drawn = typst.compile(source, format="pdf", pdf_standards=STANDARDS, timestamp=timestamp, **given)
        page, used = json.loads(typst.query(source, "<end>", field="value", one=True, **given))
        if page == 1 or used >= LEAST:
            return drawn
        found.append(drawn)
    return found[0]


def _height(svg: str) -> float:
    """How high a drawing is, in points; 0 when it does not say so."""
    found = _HEIGHT.search(svg)
    return float(found[1]) if found else 0.0


@cache
def _fonts(*own: Path | None) -> typst.Fonts:
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    if not any(own):
        return typst.Fonts(include_system_fonts=False, font_paths=[str(folder)])
    # A folder of their own, as long as this process lives: what else lies beside a study's fonts is no
    # business of the report, and typst opens a font only when it needs it.
    only = tempfile.mkdtemp(prefix="evaluation-fonts-")
    atexit.register(shutil.rmtree, only, ignore_errors=True)
    for path in filter(None, own):
        shutil.copy(path, only)
    return typst.Fonts(include_system_fonts=False, font_paths=[only, str(folder)])


def _row_header_places(report: Report) -> list[int]:
    """Which column names the row, for each table in the order in which the pages print them."""
    placed = [
        report.table(block.ref)
        for part in ("main", "appendix")
        for section in report.sections
        if section.part == part
        for block in section.blocks
        if block.type == "table"
    ]
    last = inputs_table(report)
    printed = [*placed, *loose_tables(report), *([last] if last else [])]
    return [[column.id for column in item.columns].index(item.row_header) for item in printed]


def _with_row_headers(document: bytes, places: list[int]) -> bytes:
    """Mark the cell that names each row as a row header, which typst has no word for.

    typst also lists each cell's column headings by id; that list would hide the row headings from a
    screen reader, so the cells keep the scope of their headings only (PDF/UA-1, 7.5).
    """
    with pikepdf.open(BytesIO(document)) as pdf:
        tables = [item for item in _elements(pdf.Root.StructTreeRoot) if item.get("/S") == "/Table"]
        for table, place in zip(tables, places, strict=True):
            _without_foot(table)
            for row in (item for item in _elements(table) if item.get("/S") == "/TR"):
                cells = list(row.K)
                for at, cell in enumerate(cells):
                    attributes = _attributes(cell)
                    for attribute in attributes:
                        if "/Headers" in attribute:
                            del attribute["/Headers"]
                    attributes = [item for item in attributes if set(item.keys()) != {"/O"}]
                    if at == place and cell.S == "/TD":
                        cell.S = pikepdf.Name.TH
                        attributes.append(pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Row))
                    cell.A = pikepdf.Array(attributes)
        return _saved(pdf)


def _without_foot(table: pikepdf.Dictionary) -> None:
    """Rows that typst kept together at the end of a table are rows of its body like the others."""
    parts = {str(part.S): part for part in table.K}
    if (foot := parts.get("/TFoot")) is None:
        return
    body = parts["/TBody"]
    for row in foot.K:
        row.P = body
        body.K.append(row)
    table.K = pikepdf.Array([part for part in table.K if part.S != "/TFoot"])


def _saved(pdf: pikepdf.Pdf) -> bytes:
    """The document's bytes. Where the packed content of a page happens to end with a carriage return, a
    strict reader counts one byte less than it says: such content gets a blank behind it."""
    out = BytesIO()
    pdf.save(out, deterministic_id=True)
    if b"\r\nendstream" not in out.getvalue():
        return out.getvalue()
    with pikepdf.open(out) as again:
        content = [
            item
            for item in again.objects
            if isinstance(item, pikepdf.Stream) and item.read_raw_bytes().endswith(b"\r")
            # A font (Length1) and a picture stay as they are.
            if "/Length1" not in item and item.get("/Subtype", "/Form") == "/Form"
        ]
        for item in content:
            item.write(item.read_bytes() + b" ")
        return _saved(again) if content else out.getvalue()


def _elements(parent: pikepdf.Dictionary):
    """Every structure element under `parent`, in reading order."""
    kids = parent.get("/K")
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from _elements(kid)


def _attributes(cell: pikepdf.Dictionary) -> list:
    value = cell.get("/A")
    if value is None:
        return []
    return list(value) if isinstance(value, pikepdf.Array) else [value]
