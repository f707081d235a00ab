"""Reads tables from Parquet and SPSS files, after checking what they declare about their size."""

import io
import pickle
import subprocess
import sys

import numpy as np
import pandas as pd

from evaluation.errors import InputError
from evaluation.intake import spss_child
from evaluation.intake.files import MAX_COLUMNS, MAX_ROWS, Export
from evaluation.intake.sheet import OPENING, Sheet, clean_heading
from evaluation.intake.values import per_value
from evaluation.intake.workbook import cell_text

MAX_CELLS = 200_000_000
MAX_UNPACKED = 4 << 30
# A file within the limits takes a minute at most; a damaged one can keep its reader busy for ever.
SECONDS = 300


class FrameTable:
    """A table with typed columns, turned to text as a Dutch export would write it.

    aliases: position -> other headings of the column (the question behind an SPSS variable).
    """

    def __init__(self, export: Export, frame: pd.DataFrame, aliases: dict[int, tuple[str, ...]]):
        self.export, self._frame, self.aliases = export, frame, aliases
        self.headings = [clean_heading(name) for name in frame.columns]
        self.opening = [
            list(row)
            for row in zip(*(_text(frame.iloc[:OPENING, p]) for p in range(frame.shape[1])), strict=True)
        ]

    def read(self, positions: list[int]) -> Sheet:
        """The columns at `positions` as text; the first row is number 2, as below headings."""
        cells = {p: _text(self._frame.iloc[:, p]).to_numpy() for p in sorted(set(positions))}
        frame = pd.DataFrame(cells, index=pd.RangeIndex(2, 2 + len(self._frame)), dtype="str")
        return Sheet(frame, np.zeros(len(frame), dtype=bool))


def open_parquet(export: Export) -> FrameTable:
    """A Parquet file. Raises InputError when it is damaged or declares too much."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(export.raw))
        about = file.metadata
        unpacked = sum(about.row_group(group).total_byte_size for group in range(about.num_row_groups))
        _check_size(export, about.num_rows, about.num_columns, unpacked)
        table = file.read()
        table.validate(full=True)
        frame = table.to_pandas()
    except InputError:
        raise
    except (pa.ArrowException, OSError, ValueError, TypeError, KeyError, OverflowError, MemoryError):
        raise InputError("intake.binary_broken", file=export.name, kind="Parquet") from None
    return FrameTable(export, frame.reset_index(drop=True), {})


def open_spss(export: Export) -> FrameTable:
    """An SPSS file: value labels instead of codes, user-missing codes as no answer. Read in a process of its
    own, which a damaged file can bring down.

    Raises InputError when it is damaged or declares too much.
    """
    limits = map(str, (MAX_ROWS, MAX_COLUMNS, MAX_CELLS))
    try:
        child = subprocess.run(
            [sys.executable, "-I", spss_child.__file__, *limits],
            input=export.raw,
            capture_output=True,  # its messages can quote the file and go no further
            timeout=SECONDS,
            check=False,
        )
        if child.returncode == spss_child.TOO_LARGE:
            raise _too_large(export)
        frame, labels = pickle.loads(child.stdout) if child.returncode == 0 else (None, [])
    except (subprocess.TimeoutExpired, pickle.UnpicklingError, EOFError):
        frame, labels = None, []
    if frame is None:
        raise InputError("intake.binary_broken", file=export.name, kind="SPSS")
    aliases = {p: (clean_heading(label),) for p, label in enumerate(labels) if label}
    return FrameTable(export, frame, aliases)


def _check_size(export: Export, rows: int, columns: int, unpacked: int) -> None:
    if rows > MAX_ROWS or columns > MAX_COLUMNS or rows * columns > MAX_CELLS or unpacked > MAX_UNPACKED:
        raise _too_large(export)


def _too_large(export: Export) -> InputError:
    return InputError("intake.table_too_large", file=export.name, rows=f"{MAX_ROWS:,}", columns=MAX_COLUMNS)


def _text(column: pd.Series) -> pd.Series:
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype("object")
    if pd.api.types.is_string_dtype(column.dtype) and column.dtype != object:
        return column.fillna("").astype("str")
    return per_value(column, lambda cell: "" if _is_missing(cell) else cell_text(_plain(cell))).astype("str")


def _is_missing(cell: object) -> bool:
    return cell is None or cell is pd.NaT or cell is pd.NA or (isinstance(cell, float) and cell != cell)


def _plain(cell: object) -> object:
    """A numpy scalar as the Python value that a spreadsheet's cell would be."""
    return cell.item() if isinstance(cell, np.generic) and not isinstance(cell, np.datetime64) else cell
