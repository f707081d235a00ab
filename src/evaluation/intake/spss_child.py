"""A program of its own: reads an SPSS file from standard input and writes its table to standard output.

The library that knows the format can crash the program that calls it, or ask for gigabytes, on a damaged
file; what happens here stays here. Only this program's own pickle comes back. Exit code 0: done; 3: declares
too much; anything else: not readable.
"""

import io
import pickle
import sys

TOO_LARGE = 3
MEMORY = 4 << 30


def main() -> int:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    except (ImportError, OSError, ValueError):
        pass  # Windows, or a stricter limit is set already
    import pyreadstat

    most_rows, most_columns, most_cells = map(int, sys.argv[1:])
    raw = sys.stdin.buffer.read()
    _, about = pyreadstat.read_sav(io.BytesIO(raw), metadataonly=True)
    rows, columns = about.number_rows or 0, about.number_columns or 0
    if rows > most_rows or columns > most_columns or rows * columns > most_cells:
        return TOO_LARGE
    frame, about = pyreadstat.read_sav(
        io.BytesIO(raw), apply_value_formats=True, user_missing=False, row_limit=most_rows
    )
    pickle.dump((frame, list(about.column_labels or [])), sys.stdout.buffer, protocol=5)
    return 0


if __name__ == "__main__":
    sys.exit(main())
