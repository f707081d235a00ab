"""Back to the release before: of the same quarter when it was replaced, else of the quarter before.

A release that is replaced or withdrawn is put away under `.earlier/<quarter>/<number>` in the folder of all
releases: what it showed stays known to the ledger, and it can be brought back. Of the older ones only the
entry in the ledger is kept.
"""

import shutil
from pathlib import Path

from evaluation.errors import PublishError
from evaluation.pipeline import manifest

EARLIER = ".earlier"
CELLS = "cells.json"
_WHOLE = 3  # versions of a quarter that are kept whole


def put_away(out: Path, release: Path, quarter: str) -> Path:
    """Put a folder that was a quarter's release away, as its newest earlier version."""
    shelf = out / EARLIER / quarter
    shelf.mkdir(parents=True, exist_ok=True)
    numbers = _numbers(shelf)
    place = shelf / str(max(numbers, default=0) + 1)
    release.rename(place)
    for number in sorted(numbers)[: 1 - _WHOLE]:
        _thin(shelf / str(number))
    return place


def newest_earlier(out: Path, quarter: str) -> Path | None:
    """The newest earlier version of a quarter that is kept whole."""
    shelf = out / EARLIER / quarter
    for number in sorted(_numbers(shelf), reverse=True):
        if manifest.read(shelf / str(number)):
            return shelf / str(number)
    return None


def pick(out: Path, quarter: str | None) -> tuple[str, Path | None]:
    """The quarter to take back (the newest when None) and the version of it to bring back, None when the
    quarter has no earlier one. Raises PublishError when there is nothing to take back or to bring back."""
    quarters = sorted(path.parent.name for path in out.glob("[0-9]*Q[1-4]/" + manifest.MANIFEST))
    quarter = quarter or (quarters[-1] if quarters else None)
    if quarter not in quarters:
        raise PublishError("pipeline.no_release", folder=out.name)
    earlier = newest_earlier(out, quarter)
    if earlier is not None and (wrong := manifest.verify(earlier)):
        (first, what), *_ = wrong
        raise PublishError("pipeline.not_whole", folder=quarter, count=len(wrong), first=first, what=what)
    if earlier is None and len(quarters) == 1:
        raise PublishError("pipeline.nothing_before", quarter=quarter, folder=out.name)
    return quarter, earlier


def _thin(version: Path) -> None:
    """Leave of a version only what the ledger needs."""
    for path in version.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != CELLS:
            path.unlink()


def _numbers(shelf: Path) -> list[int]:
    return [int(path.name) for path in shelf.glob("[0-9]*")] if shelf.is_dir() else []
