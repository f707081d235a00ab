"""Carries out the steps of a refresh: what is kept is taken from there, the rest is run, and kept at once.

That is also how a refresh that failed or was killed takes up where it stopped.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.errors import UserError
from evaluation.pipeline import kept
from evaluation.pipeline.kept import Files
from evaluation.pipeline.pool import Task, WorkerError

# (tasks, what to call when one starts) -> (number, result or error) as they finish; see `pool.finished`.
Runner = Callable[[Sequence[Task], Callable[[int], None]], Iterable[tuple[int, Any]]]
# (stage, name, state, finished, total); state: "begun", "started", "done", "kept" or "failed".
Progress = Callable[[str, str, str, int, int], None]


@dataclass(frozen=True)
class Step:
    """One piece of work: a function in another process that returns an `Outcome`. key: of its result."""

    name: str
    key: str
    function: Callable[..., "Outcome"]
    arguments: tuple


@dataclass(frozen=True)
class Outcome:
    """The files a step made. error: why it stopped, None when it ran to its end; then it is not kept."""

    files: Files
    error: UserError | None = None


def settle(
    steps: Sequence[Step], folder: Path, run: Runner, stage: str, progress: Progress
) -> tuple[list[Outcome], set[int]]:
    """The outcome of every step, in their order, and the numbers of those that were kept.

    folder: of the kept results. A step that fails does not stop the others. Raises WorkerError for an error
    that nobody foresaw.
    """
    progress(stage, "", "begun", 0, len(steps))
    outcomes: dict[int, Outcome] = {}
    for number, step in enumerate(steps):
        if (files := kept.get(folder, step.key)) is not None:
            outcomes[number] = Outcome(files)
            progress(stage, step.name, "kept", len(outcomes), len(steps))
    known = set(outcomes)
    waiting = [number for number in range(len(steps)) if number not in known]

    def started(place: int) -> None:
        progress(stage, steps[waiting[place]].name, "started", len(outcomes), len(steps))

    for number, outcome in _run(steps, waiting, run, started):
        outcomes[number] = outcome
        if outcome.error is None:
            with suppress(OSError):  # not kept, so computed again next time
                kept.put(folder, steps[number].key, outcome.files)
        state = "failed" if outcome.error else "done"
        progress(stage, steps[number].name, state, len(outcomes), len(steps))
    return [outcomes[number] for number in range(len(steps))], known


def _run(
    steps: Sequence[Step], waiting: list[int], run: Runner, started: Callable[[int], None]
) -> Iterator[tuple[int, Outcome]]:
    tasks = [(steps[number].name, steps[number].function, steps[number].arguments) for number in waiting]
    for place, value in run(tasks, started):
        if isinstance(value, WorkerError):
            raise value
        yield waiting[place], Outcome({}, value) if isinstance(value, UserError) else value
