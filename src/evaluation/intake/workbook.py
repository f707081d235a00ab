"""Reads a table from an Excel workbook (.xlsx), after checking that it is safe and small enough to open."""

import io
import re
import zipfile
from datetime import date, datetime, time

import numpy as np
import pandas as pd
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from evaluation.errors import InputError
from evaluation.intake.files import MAX_COLUMNS, Export
from evaluation.intake.sheet import OPENING, Sheet, clean_heading

MAX_UNPACKED = 100 << 20
MAX_SHEET_ROWS = 1_048_576
MAX_CELLS = 20_000_000
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension[^>]*\bref="([A-Z0-9:$]+)"')


def open_workbook(export: Export, sheet: str | None = None) -> "WorkbookTable":
    """Check a workbook and read one sheet of it (`sheet` by name, else the first that is not hidden).

    Raises InputError for macros, something else than a workbook, an unpacked size, a declared dimension or
    a number of rows or columns over the limits, or a sheet that does not exist.
    """
    _check_package(export)
    try:
        book = load_workbook(io.BytesIO(export.raw), read_only=True, data_only=True, keep_links=False)
    except Exception:  # openpyxl passes on whatever its parsers raise, with pieces of the file in it
        raise InputError("intake.workbook_broken", file=export.name) from None
    try:
        names = [page.title for page in book.worksheets if page.sheet_state == "visible"]
        name = sheet or (names[0] if names else None)
        if name not in names:
            raise InputError(
                "intake.sheet_missing", file=export.name, sheet=name or "-", known=", ".join(names)
            )
        return WorkbookTable(export, _rows(export, book[name]))
    finally:
        book.close()


class WorkbookTable:
    """One sheet, its cells turned to text as a Dutch export would write them."""

    def __init__(self, export: Export, rows: list[tuple[int, list[str]]]):
        self.export = export
        self._rows = rows[1:]
        self.opening = [cells for _, cells in self._rows[:OPENING]]
        width = (
            max((position + 1 for position, cell in enumerate(rows[0][1]) if cell), default=0) if rows else 0
        )
        self.headings = [clean_heading(cell) for cell in rows[0][1][:width]] if rows else []

    def read(self, positions: list[int]) -> Sheet:
        """The columns at `positions` as text; a row with more cells than headings is marked as broken."""
        wanted, width = sorted(set(positions)), len(self.headings)
        cells = {p: [row[p] if p < len(row) else "" for _, row in self._rows] for p in wanted}
        frame = pd.DataFrame(
            cells, index=pd.Index([number for number, _ in self._rows], dtype="int64"), dtype="str"
        )
        broken = np.array([any(row[width:]) for _, row in self._rows], dtype=bool)
        return Sheet(frame, broken)


def _check_package(export: Export) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(export.raw)) as package:
            parts = package.infolist()
            names = {part.filename for part in parts}
            unpacked = sum(part.file_size for part in parts)
            if "xl/workbook.xml" not in names:
                raise InputError("intake.file_not_what_it_says", file=export.name, says=".xlsx", found="zip")
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise InputError("intake.workbook_macros", file=export.name)
            if unpacked > MAX_UNPACKED:
                raise InputError(
                    "intake.workbook_unpacks", file=export.name, size=unpacked >> 20, limit=MAX_UNPACKED >> 20
                )
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    _check_part(export, package, part)
    except InputError:
        raise
    except Exception:  # a damaged package fails in many ways: BadZipFile, ValueError, zlib.error, ...
        raise InputError("intake.workbook_broken", file=export.name) from None


def _check_part(export: Export, package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    with package.open(part) as stream:
        head = stream.read(4096)
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise InputError("intake.workbook_broken", file=export.name)
    declared = _DIMENSION.search(head)
    if declared:
        try:
            _, _, columns, rows = range_boundaries(declared[1].decode("ascii"))
        except (ValueError, TypeError):
            raise InputError("intake.workbook_broken", file=export.name) from None
        if (columns or 0) > MAX_COLUMNS or (rows or 0) > MAX_SHEET_ROWS:
            _too_large(export)


def _rows(export: Export, page) -> list[tuple[int, list[str]]]:
    """(row number, cells) of every row that holds anything."""
    page.reset_dimensions()
    rows, total = [], 0
    try:
        for number, cells in enumerate(page.iter_rows(values_only=True), 1):
            last = max((p for p, cell in enumerate(cells) if cell is not None), default=-1)
            total += last + 1
            if last >= MAX_COLUMNS or total > MAX_CELLS or number > MAX_SHEET_ROWS:
                _too_large(export)
            if last >= 0:
                rows.append((number, [cell_text(cell) for cell in cells[: last + 1]]))
    except InputError:
        raise
    except Exception:  # as above: the parser's message may hold pieces of the file
        raise InputError("intake.workbook_broken", file=export.name) from None
    return rows


def _too_large(export: Export):
    raise InputError(
        "intake.table_too_large", file=export.name, rows=f"{MAX_SHEET_ROWS:,}", columns=MAX_COLUMNS
    ) from None


def cell_text(cell: object) -> str:
    """A typed cell as text: dates ISO, numbers with a decimal comma and without thousands."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "ja" if cell else "nee"
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell).replace(".", ",")
    return str(cell)
