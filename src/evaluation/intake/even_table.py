"""The fast way to read a table in text: when every row has as many cells as there are headings.

Arrow reads a column of few different values as the numbers of those values, so that later steps work per
value and not per row. Anything it does not take as it stands is left to the patient reader in `text_table`.
"""

import numpy as np
import pandas as pd

from evaluation.intake.sheet import Sheet

# A block of rows that stays in the processor's cache while its columns are made: measured.
_BLOCK = 1 << 21
# How much of a file is looked at to tell which columns hold few different values.
_GLANCE = 1 << 18


def read_even(
    body: memoryview, encoding: str, separator: str, width: int, positions: list[int]
) -> Sheet | None:
    """The columns at `positions` as text or categories of text; None when a row has more or fewer than
    `width` cells or Arrow cannot read the text."""
    import pyarrow as pa

    wanted = sorted(set(positions))
    if not wanted or not width or separator in '"\r\n' or not separator.isascii():
        return None
    try:
        kinds = dict.fromkeys(wanted, pa.dictionary(pa.int32(), pa.string()))
        if len(body) > _GLANCE:
            kinds |= _of_many_values(body, encoding, separator, width, kinds)
        table = _parsed(body, encoding, separator, width, kinds)
    except (pa.ArrowException, UnicodeDecodeError, LookupError):
        return None
    columns = {position: _column(table.column(str(position))) for position in wanted}
    frame = pd.DataFrame(columns)
    frame.index = pd.RangeIndex(2, 2 + table.num_rows)
    return Sheet(frame, np.zeros(len(frame), dtype=bool))


def _parsed(body: memoryview, encoding: str, separator: str, width: int, kinds: dict):
    import pyarrow as pa
    from pyarrow import csv

    return csv.read_csv(
        pa.BufferReader(pa.py_buffer(body)),
        csv.ReadOptions(
            use_threads=False,
            block_size=_BLOCK,
            column_names=[str(position) for position in range(width)],
            encoding=encoding,
        ),
        csv.ParseOptions(delimiter=separator, newlines_in_values=True, ignore_empty_lines=False),
        csv.ConvertOptions(
            column_types={str(position): kind for position, kind in kinds.items()},
            include_columns=[str(position) for position in kinds],
            strings_can_be_null=False,
        ),
        # Arrow's own pool asks for huge pages, which take longer to get than to fill.
        memory_pool=pa.system_memory_pool(),
    )


def _of_many_values(body: memoryview, encoding: str, separator: str, width: int, kinds: dict) -> dict:
    """The columns whose cells are mostly different, as plain text; none when the first part does not tell."""
    import pyarrow as pa

    part = body[: bytes(body[:_GLANCE]).rfind(b"\n") + 1]
    try:
        table = _parsed(part, encoding, separator, width, kinds)
    except (pa.ArrowException, UnicodeDecodeError):
        return {}
    half = table.num_rows / 2
    return {p: pa.large_string() for p in kinds if len(table.column(str(p)).unique()) > half}


def _column(column) -> pd.Series:
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
        chunks = [chunk.indices.to_numpy(zero_copy_only=False) for chunk in column.chunks]
        codes = np.empty(len(column), dtype=np.int32)
        if chunks:
            small = np.min_scalar_type(-len(column.chunk(0).dictionary) - 1)
            codes = np.concatenate(chunks, dtype=small, casting="unsafe")
        values = column.chunk(0).dictionary if chunks else pa.array([], pa.string())
        values = pd.Index(_text(values), dtype="str")
        return pd.Series(pd.Categorical.from_codes(codes, values, validate=False))
    return _text(column)


def _text(column) -> pd.Series:
    return column.to_pandas(types_mapper=lambda kind: pd.StringDtype(na_value=np.nan)).astype("str")
