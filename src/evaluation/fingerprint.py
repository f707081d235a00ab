"""Fingerprints (sha256) of files and of the package's code: equal fingerprints, equal results.

Reads files only and imports nothing heavy, so that what did not change is recognised in a moment.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def of_text(*parts: str) -> str:
    """The sha256 of texts, told apart from one another."""
    return hashlib.sha256("".join(f"{len(part)}:{part}" for part in parts).encode()).hexdigest()


def of_file(path: Path) -> str:
    """The sha256 of a file's bytes. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def of_folder(root: Path, paths: Iterable[Path]) -> str:
    """The sha256 over the names (below `root`) and contents of files, whatever order they come in."""
    named = sorted((path.relative_to(root).as_posix(), path) for path in paths)
    return of_text(*(part for name, path in named for part in (name, of_file(path))))


def of_package(*leaving_out: str) -> str:
    """The sha256 over the package but for some rooms or modules, such as "cli" or "report/writers"."""
    out = {PACKAGE / name for name in leaving_out} | {
        (PACKAGE / name).with_suffix(".py") for name in leaving_out
    }
    return of_folder(
        PACKAGE,
        (
            path
            for path in PACKAGE.rglob("*")
            if path.is_file() and path.suffix != ".pyc" and not out & {path, *path.parents}
        ),
    )


def of_rooms(*rooms: str) -> str:
    """The sha256 over the files of some rooms of the package; of the whole package when none is named."""
    tops = [PACKAGE / room for room in rooms] or [PACKAGE]
    files = {path for top in tops for path in (top.rglob("*") if top.is_dir() else [top.with_suffix(".py")])}
    return of_folder(PACKAGE, (path for path in files if path.is_file() and path.suffix != ".pyc"))
