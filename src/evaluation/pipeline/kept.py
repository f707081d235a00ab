"""Results kept beside the store of a study, by the key of everything that decides them.

A result is a few files in one archive that begins with its own sha256. What is damaged, cut short or put
under another key is not believed: it is computed again.
"""

import hashlib
import io
import os
import tempfile
import time
import zipfile
from contextlib import suppress
from pathlib import Path

Files = dict[str, bytes]

_DAYS = 120  # longer than a quarter
_DIGEST = 64


def folder_of(study_path: Path) -> Path:
    """The folder of kept results of a study."""
    return study_path.parent / "work" / "kept"


def get(folder: Path, key: str) -> Files | None:
    """The files kept under a key, None when there are none or they are not whole."""
    try:
        content = (folder / key).read_bytes()
    except OSError:
        return None
    if content[:_DIGEST].decode("ascii", "replace") != _digest(key, content[_DIGEST:]):
        return None
    with zipfile.ZipFile(io.BytesIO(content[_DIGEST:])) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def put(folder: Path, key: str, files: Files) -> None:
    """Keep files under a key, whole or not at all. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    content = packed.getvalue()
    handle, staging = tempfile.mkstemp(prefix=".", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_digest(key, content).encode() + content)
        Path(staging).replace(folder / key)
    except OSError:
        Path(staging).unlink(missing_ok=True)
        raise


def key_of(files: Files) -> str:
    """The key of files that decide themselves: one sha256 over names and contents."""
    parts = [f"{name}:{hashlib.sha256(content).hexdigest()}" for name, content in sorted(files.items())]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def used(folder: Path, keys: set[str]) -> None:
    """Note that these results were used today, and remove those that were not for four months and what an
    interrupted `put` left."""
    oldest = time.time() - _DAYS * 86_400
    with suppress(OSError):
        for path in folder.iterdir():
            if path.name in keys:
                os.utime(path)
            elif path.name.startswith(".") or path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)


def _digest(key: str, content: bytes) -> str:
    return hashlib.sha256(key.encode() + b"\n" + content).hexdigest()
