"""The report's tables as a workbook: cover, contents, notes, and one real table on each sheet.

A number cell holds the number with the decimals it is printed with; a number that may not be shown holds its
mark. Everything else is text, also when it begins like a formula or looks like a link.
"""

from __future__ import annotations

import warnings
from datetime import datetime, time
from io import BytesIO

import pandas as pd
from gptables.core.gptable import FormatList, GPTable
from gptables.core.wrappers import GPWorkbook

from evaluation import quarters
from evaluation.report.model import Cell, Column, Report, Table, to_dict
from evaluation.report.writers.layout import HASH_SHOWN, inputs_table

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_WIDEST = 60
# Excel would read text that begins so as a formula as soon as somebody edits the cell.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write(report: Report) -> bytes:
    """The report's tables as XLSX, dated on the last day of its quarter. Raises ModelError when the model
    does not hold together."""
    to_dict(report)
    words = report.labels
    tables = sorted(report.tables, key=lambda item: item.number)
    sheets = {f"{words['table']} {item.number}": _sheet(item, report) for item in tables}
    if files_read := inputs_table(report):
        sheets[words["provenance"][:31]] = _sheet(files_read, report)

    out = BytesIO()
    book = GPWorkbook(out, options=_OPTIONS)
    book.set_properties(
        {
            "title": report.title,
            "subject": report.quarter_label,
            "created": datetime.combine(quarters.last_day(report.quarter), time()),
        }
    )
    _write_cover(book, report)
    _write_table(book, words["contents"], _contents(book, sheets, report))
    if any(item.notes for item in tables):
        _write_table(book, words["notes"], _notes(tables, report))
    for label, sheet in sheets.items():
        _write_table(book, label, sheet)
    book.close()
    return out.getvalue()


def _write_cover(book: GPWorkbook, report: Report) -> None:
    """gptables' own cover has English headings; this one has the report's."""
    words, theme = report.labels, book.theme
    sheet = book.add_worksheet(words["cover"])
    styles = (theme.cover_title_format, theme.cover_subtitle_format, theme.cover_text_format)
    title, heading, text = map(book.add_format, styles)
    answer = report.answer
    provenance = report.provenance
    lines = [
        (report.title, title),
        (report.subtitle, text),
        (report.synthetic, heading),
        (f"{words['area']}: {report.region or report.area}", text),
        (f"{words['quarter']}: {report.quarter_label}", text),
        (words["answer"], heading),
        (answer.sentence, text),
        (answer.range, text),
        (f"{words['certainty']}: {answer.certainty}" if answer.certainty else "", text),
        (words["sources"] if report.sources else "", heading),
        *((source, text) for source in report.sources),
        (words["provenance"], heading),
        (f"{words['package_version']}: {provenance.package_version}", text),
        (f"{words['study_sha256']}: {provenance.study_sha256[:HASH_SHOWN]}", text),
    ]
    for row, (line, style) in enumerate((line, style) for line, style in lines if line):
        sheet.write_string(row, 0, line, style)
    sheet.set_column(0, 0, 85)
    _print_whole(sheet)


def _contents(book: GPWorkbook, sheets: dict[str, GPTable], report: Report) -> GPTable:
    words = report.labels
    return book.make_table_of_contents(
        sheets,
        column_names=[words["sheet"], words["description"]],
        table_name="contents_table",
        title=words["contents"],
        subtitles=[],
        instructions=words["one_table"],
    )


def _notes(tables: list[Table], report: Report) -> GPTable:
    words = report.labels
    rows = [(_text(f"{words['table']} {item.number}"), _text(note)) for item in tables for note in item.notes]
    return GPTable(
        table=pd.DataFrame(rows, columns=[words["table"], words["note"]]),
        table_name="notes_table",
        title=words["notes"],
        instructions=words["one_table"],
        index_columns={},
    )


def _sheet(item: Table, report: Report) -> GPTable:
    words = report.labels
    numbered = f"{words['table']} {item.number}. " if item.number else ""
    headings = _headings(item.columns)
    table = pd.DataFrame(
        {
            heading: pd.Series([_content(column, row[column.id]) for row in item.rows], dtype=object)
            for heading, column in zip(headings, item.columns, strict=True)
        }
    )
    formats = [
        {"column": {"columns": [place], "format": _number_style(column.decimals)}}
        for place, column in enumerate(item.columns)
        if column.kind == "number"
    ]
    formats += [
        # The headings are the first line.
        {"cell": {"cells": (line, place), "format": _number_style(own)}}
        for line, row in enumerate(item.rows, start=1)
        for place, column in enumerate(item.columns)
        if (own := row[column.id].decimals) is not None
    ]
    return GPTable(
        table=table,
        table_name=f"data_{item.id.replace('-', '_')}",
        title=_plain(numbered + item.headline),
        subtitles=[_plain(line) for line in (item.subtitle, report.synthetic) if line],
        instructions=words["one_table"],
        legend=[_plain(note) for note in item.notes],
        source=_plain(f"{words['source']}: {item.source}") if item.source else None,
        index_columns={1: [column.id for column in item.columns].index(item.row_header)},
        additional_formatting=formats,
    )


def _headings(columns: tuple[Column, ...]) -> list[str]:
    """Column headings with their unit; a heading that occurs before gets its number, as a table needs."""
    headings: list[str] = []
    for column in columns:
        heading = _neutral(f"{column.label}\n({column.unit})" if column.unit else column.label)
        same = sum(1 for earlier in headings if earlier.lower() == heading.lower())
        headings.append(f"{heading} {same + 1}" if same else heading)
    return headings


def _content(column: Column, cell: Cell) -> float | int | FormatList | None:
    if column.kind == "number" and cell.value is not None:
        return cell.value
    shown = cell.mark or cell.text
    return _text(shown) if shown.strip() else None


def _text(text: str) -> FormatList:
    """Text that gptables passes on as it is: in a plain str it would read links and refuse a lone dash."""
    return FormatList([{"quote_prefix": True} if text.startswith(_FORMULA_STARTS) else {}, _neutral(text)])


def _plain(text: str) -> list:
    return [{}, _neutral(text)]


def _neutral(text: str) -> str:
    """gptables reads $$...$$ as a reference to a note; a word joiner between the signs stops that."""
    return text.replace("$$", "$\u2060$")


def _number_style(decimals: int) -> dict[str, str]:
    return {"num_format": "#,##0" + ("." + "0" * decimals if decimals else ""), "align": "right"}


def _write_table(book: GPWorkbook, label: str, table: GPTable) -> None:
    sheet = book.add_worksheet(label)
    with warnings.catch_warnings():
        # gptables warns of each empty cell, but an empty flag is an answer here; and it uses what pandas is
        # about to drop, which the lock keeps.
        warnings.filterwarnings("ignore", module=r"gptables\.")
        sheet.write_gptable(table, True, [])
    for place in range(table.table.shape[1]):
        longest = max(
            [len(part) for part in table.table.columns[place].split("\n")]
            + [_length(value) for value in table.table.iloc[:, place]]
        )
        sheet.set_column(place, place, min(max(12, longest + 2), _WIDEST))
    sheet.freeze_panes(table.data_range[0] + 1, 0)
    _print_whole(sheet)


def _length(value: object) -> int:
    """How many letters a cell is wide; the contents keep theirs in a list, and a link as {text: target}."""
    parts = value if isinstance(value, list | dict) else [value]
    texts = [part if isinstance(part, str) else getattr(part, "string", "") for part in parts]
    return max(map(len, texts), default=0)


def _print_whole(sheet) -> None:
    """On A4 in landscape, as wide as the page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
