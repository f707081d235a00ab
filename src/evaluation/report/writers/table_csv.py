"""One table as CSV, as the reader's own spreadsheet opens it in columns."""

from __future__ import annotations

import base64
import csv
import io
import re
from collections.abc import Iterable

from evaluation.report.model import Cell, Column, Report, Table

# (between cells, decimal mark): what Excel expects in that language.
_LOCALE = {"nl": (";", ","), "en": (",", ".")}
_FORMULA = re.compile(r"\s*[=+\-@\t\r]")


def write(table: Table, language: str) -> bytes:
    """The headings with their units, then the rows; UTF-8 with a byte-order mark. A number that may not be
    shown is its mark; text that begins like a formula gets a ' before it."""
    rows = [[_content(column, row[column.id], language) for column in table.columns] for row in table.rows]
    return as_csv([[_heading(column) for column in table.columns], *rows], language)


def as_csv(rows: Iterable[Iterable[str]], language: str) -> bytes:
    """Rows of text that is harmless already, as a spreadsheet in that language opens them in columns."""
    out = io.StringIO()
    csv.writer(out, delimiter=_LOCALE[language][0], lineterminator="\r\n").writerows(rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def data_uri(table: Table, language: str) -> str:
    """The CSV as an address that asks nothing of a network."""
    return "data:text/csv;charset=utf-8;base64," + base64.b64encode(write(table, language)).decode("ascii")


def file_name(table: Table, report: Report) -> str:
    """Under which name a browser saves it: "province.nl.2026Q3.change-table.csv"."""
    place = re.sub(r"[^a-z0-9]+", "-", (report.region or report.kind).lower()).strip("-")
    return f"{place or report.kind}.{report.language}.{report.quarter}.{table.id}.csv"


def _heading(column: Column) -> str:
    return harmless(f"{column.label} ({column.unit})" if column.unit else column.label)


def _content(column: Column, cell: Cell, language: str) -> str:
    if column.kind == "number" and cell.value is not None:
        return f"{cell.value:.{cell.decimals_in(column)}f}".replace(".", _LOCALE[language][1])
    return harmless(cell.mark or cell.text)


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula: one that begins like it gets a ' before it."""
    return f"'{text}" if _FORMULA.match(text) else text
