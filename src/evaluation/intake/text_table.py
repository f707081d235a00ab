"""Reads a table in text (CSV): encoding, separator and headings are found out, every cell stays text."""

import codecs
import csv
import io
import re

import pandas as pd

from evaluation.errors import InputError
from evaluation.intake.even_table import read_even
from evaluation.intake.files import MAX_COLUMNS, MAX_ROWS, Export
from evaluation.intake.sheet import OPENING, Sheet, clean_heading

_SEPARATORS = ";,\t|"
_SEP_LINE = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)
_HEADING_BYTES = 1 << 20
_PIECE = 1 << 20


def open_text(export: Export, encoding: str | None = None, separator: str | None = None) -> "TextTable":
    """Find the encoding, the separator and the headings of a CSV export without parsing its rows.

    Raises InputError when the text cannot be decoded or the table has too many rows or columns.
    """
    raw, encoding = _decodable(export, encoding)
    opening = bytes(raw[:_HEADING_BYTES]).decode(encoding, errors="ignore")
    said = _SEP_LINE.match(opening)
    start = said.end() if said else 0
    try:
        separator = separator or (said[1] if said else None) or _separator(opening[start:])
        headings, length = _heading_record(opening[start:], separator)
    except csv.Error:
        raise InputError("intake.file_broken", file=export.name) from None
    if len(headings) > MAX_COLUMNS or export.raw.count(b"\n") > MAX_ROWS:
        raise InputError(
            "intake.table_too_large", file=export.name, rows=f"{MAX_ROWS:,}", columns=MAX_COLUMNS
        )
    body = memoryview(raw)[len(opening[: start + length].encode(encoding)) :]
    return TextTable(
        export, headings, body, encoding, separator, _first_rows(opening[start + length :], separator)
    )


class TextTable:
    """A CSV export of which only the heading row has been read. body: bytes under the heading row."""

    def __init__(self, export, headings, body, encoding, separator, opening):
        self.export, self.headings, self.opening = export, headings, opening
        self._body, self._encoding, self._separator = body, encoding, separator

    def read(self, positions: list[int]) -> Sheet:
        """The columns at `positions` as text; a row with more cells than headings is marked as broken."""
        columns = read_even(self._body, self._encoding, self._separator, len(self.headings), positions)
        return self._read_uneven(positions) if columns is None else columns

    def _read_uneven(self, positions: list[int]) -> Sheet:
        extra = len(self.headings)
        wanted = sorted({*positions, extra})
        # Our own heading row is one cell wider than the file's, so that pandas has room for a cell too many
        # instead of dropping it: such a row has its values in the wrong columns.
        ours = self._separator.join(map(str, range(extra + 1))) + "\n"
        try:
            frame = pd.read_csv(
                io.BytesIO(ours.encode(self._encoding) + bytes(self._body)),
                sep=self._separator,
                encoding=self._encoding,
                usecols=wanted,
                dtype=str,
                keep_default_na=False,
                na_filter=False,
                index_col=False,
                skip_blank_lines=False,
            )
        except (pd.errors.ParserError, UnicodeDecodeError, ValueError):
            # The parser's own message can quote the row; it goes no further.
            raise InputError("intake.file_broken", file=self.export.name) from None
        frame.columns = [int(name) for name in frame.columns]
        frame.index = pd.RangeIndex(2, 2 + len(frame))
        broken = (frame.pop(extra) != "").to_numpy()
        return Sheet(frame, broken)


def _decodable(export: Export, encoding: str | None) -> tuple[bytes | memoryview, str]:
    """The bytes without a byte order mark, and the encoding that reads them."""
    raw = export.raw
    if raw.startswith(b"\xef\xbb\xbf"):
        return memoryview(raw)[3:], "utf-8"
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    for candidate in [encoding] if encoding else ["utf-8", "cp1252"]:
        try:
            if candidate == "utf-16":
                return raw.decode(candidate).encode("utf-8"), "utf-8"
            _try_to_decode(raw, candidate)
        except (UnicodeDecodeError, LookupError):
            continue
        return raw, candidate
    raise InputError("intake.encoding_unknown", file=export.name, encoding=encoding or "UTF-8, Windows-1252")


def _try_to_decode(raw: bytes, encoding: str) -> None:
    """Decode piece by piece: the text itself is not wanted here, and a whole file of it fills the memory."""
    decoder, view = codecs.getincrementaldecoder(encoding)(), memoryview(raw)
    for start in range(0, len(raw), _PIECE):
        decoder.decode(view[start : start + _PIECE])
    decoder.decode(b"", final=True)


def _first_rows(text: str, separator: str) -> list[list[str]]:
    """The first rows under the headings, to recognise the layout by."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        return [row for _, row in zip(range(OPENING), rows, strict=False)]
    except csv.Error:
        return []


def _separator(opening: str) -> str:
    """The separator that cuts the heading row into most cells; a semicolon when none does."""
    return max(_SEPARATORS, key=lambda mark: len(_heading_record(opening, mark)[0]))


def _heading_record(opening: str, separator: str) -> tuple[list[str], int]:
    """The heading row's cells, and its length in characters (a quoted heading may hold line ends)."""
    lines = io.StringIO(opening, newline="")
    cells = next(csv.reader(lines, delimiter=separator), [])
    return [clean_heading(cell) for cell in cells], lines.tell()
