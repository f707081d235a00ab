"""The fast way to read a table in text: when every row has as many cells as there are headings.

Arrow reads each column as the numbers of its different values, so that later steps work per value and not per
row. Anything it does not take as it stands is left to the patient reader in `text_table`.
"""

import numpy as np
import pandas as pd

from evaluation.intake.sheet import Sheet

_BLOCK = 1 << 23


def read_even(
    body: memoryview, encoding: str, separator: str, width: int, positions: list[int]
) -> Sheet | None:
    """The columns at `positions` as categories of text; None when a row has more or fewer than `width` cells
    or Arrow reads the text otherwise than a spreadsheet would."""
    import pyarrow as pa
    from pyarrow import csv

    wanted = sorted(set(positions))
    if not wanted or not width or _is_strange(body, separator):
        return None
    names = [str(position) for position in range(width)]
    kind = pa.dictionary(pa.int32(), pa.string())
    try:
        table = csv.read_csv(
            pa.BufferReader(pa.py_buffer(body)),
            csv.ReadOptions(use_threads=False, block_size=_BLOCK, column_names=names, encoding=encoding),
            csv.ParseOptions(delimiter=separator, newlines_in_values=True, ignore_empty_lines=False),
            csv.ConvertOptions(
                column_types={names[position]: kind for position in wanted},
                include_columns=[names[position] for position in wanted],
                strings_can_be_null=False,
            ),
        )
    except (pa.ArrowException, UnicodeDecodeError, LookupError):
        return None
    table = table.unify_dictionaries()
    columns = {}
    for position in wanted:
        column = table.column(names[position])
        chunks = [chunk.indices.to_numpy(zero_copy_only=False) for chunk in column.chunks]
        codes = np.concatenate(chunks) if chunks else np.empty(0, dtype=np.int32)
        values = column.chunk(0).dictionary.to_pandas() if chunks else pd.Series([], dtype="str")
        columns[position] = pd.Categorical.from_codes(codes, pd.Index(values, dtype="str"), validate=False)
    frame = pd.DataFrame(columns, index=pd.RangeIndex(2, 2 + table.num_rows))
    return Sheet(frame, np.zeros(len(frame), dtype=bool))


def _is_strange(body: memoryview, separator: str) -> bool:
    """Whether the text has signs that readers disagree on: a separator that is a quote, or a NUL."""
    return separator in '"\r\n' or not separator.isascii() or b"\x00" in bytes(body[:4096])
