"""Files with the same bytes on every machine."""

import csv
import io
import json
import zipfile
from datetime import datetime

import xlsxwriter

BOM = "\ufeff"


def table(
    headings: list[str], rows: list[list], separator: str = ";", mark: bool = False, quote: bool = False
) -> bytes:
    """A CSV file in UTF-8 with line feeds; mark: starts with a byte order mark; quote: every cell quoted."""
    text = io.StringIO()
    quoting = csv.QUOTE_ALL if quote else csv.QUOTE_MINIMAL
    writer = csv.writer(text, delimiter=separator, quoting=quoting, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows(rows)
    return ((BOM if mark else "") + text.getvalue()).encode("utf-8")


def workbook(sheet: str, headings: list[str], rows: list[list]) -> bytes:
    """An XLSX file with one sheet; text stays text, numbers numbers."""
    raw = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(raw, options)
    book.set_properties(
        {"created": datetime(2025, 10, 1), "author": "", "title": "Voorbeeldgegevens (verzonnen)"}
    )
    page = book.add_worksheet(sheet)
    for number, row in enumerate([headings, *rows]):
        page.write_row(number, 0, row)
    book.close()
    return _stored(raw.getvalue())


def _stored(archive: bytes) -> bytes:
    """The same archive without compression: compressed bytes differ between versions of zlib."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            new.writestr(entry, old.read(name))
    return packed.getvalue()


def document(content: dict) -> bytes:
    """JSON, indented, in the order given."""
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
