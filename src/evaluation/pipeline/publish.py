"""A release appears whole or not at all, and replaces an earlier one of its quarter in one switch.

Everything is written into a staging folder beside the releases and synced to disk. Then
1. the next index is laid ready under a hidden name that carries the release's key;
2. the release is switched: a new quarter by one rename; an existing one by an atomic exchange of the two
   folders where the system has it (Linux), else by two renames, the first of which is undone at the next
   start if the second never came (Windows, macOS, some network drives);
3. what it replaced is put away as an earlier version (`evaluation.pipeline.earlier`);
4. the next index takes the place of the old by one rename.
Killed anywhere, `recover` at the next start finishes steps 3 and 4 or undoes step 2, and sweeps what is left.
Folders of other quarters are never opened for writing.
"""

import ctypes
import errno
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from evaluation.errors import PublishError
from evaluation.pipeline import earlier, manifest

_STAGING = ".staging-"
_PREVIOUS = ".previous-"
_INDEX = re.compile(r"\.index-(\d{4}Q[1-4])-([0-9a-f]{64})\.html")
_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2)
_HERE = -100  # AT_FDCWD
_DENIED = (errno.EACCES, errno.EPERM, errno.EROFS)


@contextmanager
def output_folder(out: Path) -> Iterator[None]:
    """Hold the output folder for one refresh at a time, put right what a killed one left.

    Raises PublishError when another refresh holds it or it cannot be written.
    """
    from filelock import FileLock, Timeout

    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
        lock = FileLock(out / ".lock", timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise PublishError("pipeline.busy", folder=out.name) from None
    try:
        with writing(out):
            recover(out)
        yield
    finally:
        lock.release()


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """Say in a sentence why something under `out` could not be written. Raises PublishError."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise PublishError("pipeline.disk_full", folder=out.name) from None
        if error.errno in _DENIED and os.name == "nt":
            raise PublishError("pipeline.file_open", folder=out.name) from None
        if error.errno in _DENIED:
            raise PublishError("pipeline.not_writable", folder=out.name) from None
        raise PublishError(
            "pipeline.cannot_write", folder=out.name, code=errno.errorcode.get(error.errno, "?")
        ) from None


def publish(out: Path, quarter: str, files: dict[str, bytes], index: bytes) -> Path:
    """Write the files of a release and switch to it. Returns the release's folder.

    files: path within the release -> content, with its manifest. Call inside `output_folder`. Raises
    PublishError, after which the release and the index are as they were.
    """
    with writing(out):
        staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=out))
        try:
            # mkdtemp makes a folder only its owner may open; a report is for others to read.
            staging.chmod(0o777 & ~_umask())
            for name, content in files.items():
                _write(staging / name, content)
            for folder in [staging, *(path for path in staging.rglob("*") if path.is_dir())]:
                _sync(folder)
            key = manifest.read(staging)["key"]
            _write(out / f".index-{quarter}-{key}.html", index)
            _sync(out)
            release = out / quarter
            _switch(staging, release)
        finally:
            recover(out)
    return release


def go_back(
    out: Path, quarter: str | None, index: Callable[[str, Path | None], bytes]
) -> tuple[str, str | None]:
    """Bring back the release before: the earlier version of the quarter (the newest quarter when None), or,
    when it has none, withdraw the quarter. Gives the quarter and the key of the version brought back.

    index(quarter, version): the page over all quarters with that version in the quarter's place, None for
    without the quarter. Call inside `output_folder`. Raises PublishError, also when there is nothing before.
    """
    with writing(out):
        quarter, version = earlier.pick(out, quarter)
        page = index(quarter, version)
        if version is None:
            # The index first: what it points to is there at every moment.
            _write(out / ".index.html", page)
            (out / ".index.html").replace(out / "index.html")
            earlier.put_away(out, out / quarter, quarter)
            _sync(out)
            return quarter, None
        key = manifest.read(version)["key"]
        staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=out))
        try:
            shutil.copytree(version, staging, dirs_exist_ok=True)
            staging.chmod(0o777 & ~_umask())
            for path in staging.rglob("*"):
                _sync(path)
            _write(out / f".index-{quarter}-{key}.html", page)
            _sync(out)
            _switch(staging, out / quarter)
        finally:
            recover(out)
        # What was brought back is not an earlier version any more.
        shutil.rmtree(version)
    return quarter, key


def _switch(staging: Path, release: Path) -> None:
    if not release.exists():
        staging.rename(release)
    elif not _exchange(staging, release):
        previous = release.with_name(_PREVIOUS + release.name)
        release.rename(previous)
        staging.rename(release)
    _sync(release.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step. False where the system or the file system cannot."""
    rename = getattr(ctypes.CDLL(None), "renameat2", None) if os.name == "posix" else None
    return rename is not None and rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0


def recover(out: Path) -> None:
    """Put right what a killed refresh left: the release or index between two steps, and leftovers."""
    for previous in sorted(out.glob(_PREVIOUS + "*")):
        quarter = previous.name.removeprefix(_PREVIOUS)
        if (out / quarter).exists():
            earlier.put_away(out, previous, quarter)
        else:
            previous.rename(out / quarter)
    for waiting in sorted(out.glob(".index-*")):
        match = _INDEX.fullmatch(waiting.name)
        release = manifest.read(out / match[1]) if match else None
        if release is not None and release["key"] == match[2]:
            _put_replaced_away(out, match[1], release)
            waiting.replace(out / "index.html")
            _sync(out)
        else:
            waiting.unlink()
    for staging in sorted(out.glob(_STAGING + "*")):
        shutil.rmtree(staging)


def _put_replaced_away(out: Path, quarter: str, release: dict) -> None:
    """After an exchange the staging folder holds what was replaced. A staging folder with the same outputs as
    the release is a copy that was never switched."""
    for staging in sorted(out.glob(_STAGING + "*")):
        found = manifest.read(staging)
        if found and found["quarter"] == quarter and found["outputs"] != release["outputs"]:
            earlier.put_away(out, staging, quarter)


def keep_failed(out: Path, quarter: str, notebooks: dict[str, bytes]) -> Path:
    """Keep the executed copies of notebooks that failed, for staff, in place of those of an earlier time.
    Not part of any release and not in the index. Returns their folder."""
    folder = out / f"failed-{quarter}"
    with writing(out):
        clear_failed(out, quarter)
        for name, content in notebooks.items():
            _write(folder / name, content)
    return folder


def clear_failed(out: Path, quarter: str) -> None:
    """Remove the copies that an earlier, failed refresh of this quarter kept."""
    if (folder := out / f"failed-{quarter}").exists():
        shutil.rmtree(folder)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    if os.name == "nt":
        return  # a folder cannot be synced there; its files were
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
