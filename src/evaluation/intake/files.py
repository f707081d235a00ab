"""Opens an export: what it is by its first bytes, and whether it is small enough to parse at all."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from evaluation.errors import InputError

MAX_BYTES = 1 << 30
MAX_COLUMNS = 2_000
MAX_ROWS = 5_000_000

_ZIP = b"PK\x03\x04"
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SUFFIXES = {
    ".xlsx": "workbook", ".xlsm": "workbook", ".parquet": "parquet", ".sav": "spss", ".zsav": "spss",
}  # fmt: skip
_KINDS = {"workbook": "zip/xlsx", "parquet": "Parquet", "spss": "SPSS", "text": "CSV"}
_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
# What a "save as" or a failed download leaves under the name of an export.
_FOREIGN = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"\x1f\x8b": "gzip",
    b"{\\rtf": "RTF",
}
_PARQUET = b"PAR1"
_SPSS = (b"$FL2", b"$FL3")


@dataclass(frozen=True)
class Export:
    """The bytes of one export, read once: what is parsed is what was hashed.

    kind: "text", "workbook", "parquet" or "spss", by what the bytes are.
    """

    name: str
    raw: bytes
    sha256: str
    kind: str


def open_export(path: Path, name: str) -> Export:
    """Read the export at `path`, called `name` in receipts and messages.

    Raises InputError when it is missing, empty, too large, or not the text or workbook its name says.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InputError("intake.file_too_large", file=name, size=_mb(size), limit=_mb(MAX_BYTES))
        raw = path.read_bytes()
    except FileNotFoundError:
        raise InputError("intake.file_missing", file=name) from None
    except OSError:
        raise InputError("intake.file_unreadable", file=name) from None
    if not raw[:4096].removeprefix(_BOM).strip() and not raw.removeprefix(_BOM).strip():
        raise InputError("intake.file_empty", file=name)
    return Export(name, raw, hashlib.sha256(raw).hexdigest(), _kind(raw, path.suffix.lower(), name))


def _kind(raw: bytes, suffix: str, name: str) -> str:
    if raw.startswith(_OLE2):
        raise InputError("intake.file_encrypted" if _ENCRYPTED in raw else "intake.file_old_excel", file=name)
    if raw.startswith(_ZIP):
        kind = "workbook"
    elif raw.startswith(_PARQUET):
        kind = "parquet"
    elif raw.startswith(_SPSS):
        kind = "spss"
    else:
        kind = "text"
    # A file under another kind's name was saved by mistake: better asked about than guessed.
    says = _SUFFIXES.get(suffix, "text")
    found = _foreign(raw) if kind == "text" else None
    if found or kind != says:
        raise InputError(
            "intake.file_not_what_it_says", file=name, says=suffix or "-", found=found or _KINDS[kind]
        )
    return kind


def _foreign(raw: bytes) -> str | None:
    """The kind of file `raw` is when it is not a table in text."""
    for magic, kind in _FOREIGN.items():
        if raw.startswith(magic):
            return kind
    opening = raw[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if opening.startswith((b"<!doctype html", b"<html", b"<?xml", b"<")):
        return "HTML/XML"
    if b"\x00" in raw and not raw.startswith(_UTF16):
        return "binary"
    return None


def _mb(size: int) -> str:
    return f"{size / 1_048_576:.0f} MB"
