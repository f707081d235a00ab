"""A log of every refresh, in the folder work beside the study file: what ran, when, how long, how it ended.

It holds names of files and notebooks, times and the sentences of errors; never a value of a row.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from evaluation.errors import UserError
from evaluation.pipeline.settle import Progress

_KEPT = 40  # ten years of quarters


@contextmanager
def logged(study_path: Path, quarter: str | None, progress: Progress) -> Iterator[Progress]:
    """Gives a callback that writes to the log what it passes on to `progress`. Where no log can be written,
    the refresh goes on without."""
    started = time.perf_counter()
    moment = datetime.now(UTC)
    path = study_path.parent / "work" / "logs" / f"refresh-{moment:%Y%m%dT%H%M%S%f}.log"
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in sorted(path.parent.glob("refresh-*.log"))[: 1 - _KEPT]:
            old.unlink()

    def write(line: str) -> None:
        with suppress(OSError), path.open("a", encoding="utf-8") as file:
            file.write(f"{time.perf_counter() - started:9.3f} s  {line}\n")

    def report(stage: str, name: str, state: str, finished: int, total: int) -> None:
        write(f"{stage} {state} {finished}/{total} {name}".rstrip())
        progress(stage, name, state, finished, total)

    write(f"refresh of {study_path.name}, quarter {quarter or 'newest'}, {moment:%Y-%m-%d %H:%M:%S} UTC")
    try:
        yield report
    except UserError as error:
        write(f"refused ({error.key}): {error.text('en')}")
        raise
    except BaseException as error:
        write(f"stopped by {getattr(error, 'kind', type(error).__name__)}")
        raise
    write("published")
