"""Tasks in processes of their own, a few at a time, each forked from one that has everything imported.

One task, one process: what a notebook does to builtins, the environment, rcParams, pandas options, the random
state or the working directory ends with it. Where there is no fork (Windows) each process starts afresh.
"""

import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from evaluation.errors import NotebookError, UserError
from evaluation.pipeline.environment import environment
from evaluation.pipeline.interrupts import held_back
from evaluation.pipeline.limits import Limits, limit_memory

# One thread per process, because the processes already fill the cores; a fixed hash seed, because the order
# of a set must not reach a report; no windows.
_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "agg",
}
# A process that ought to have stopped by itself gets this long before it is ended.
_GRACE = 10.0
# The environment belongs to the whole process, and more than one thread may start tasks.
_STARTING = threading.Lock()

Task = tuple[str, Callable[..., Any], tuple]
# In a worker: where its task tells how far it is.
_parent: Connection | None = None


class WorkerError(Exception):
    """An unexpected error in a task: its type and where it came from, never its text."""

    def __init__(self, kind: str, places: tuple[str, ...]):
        super().__init__(kind, places)
        self.kind = kind
        self.places = places


def can_fork() -> bool:
    return "forkserver" in multiprocessing.get_all_start_methods()


def default_workers() -> int:
    """As many as there are cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def tell(*facts: Any) -> None:
    """Called by a task: passes facts on to `heard` of whoever runs it; to nobody outside a worker."""
    if _parent is not None:
        with suppress(OSError):  # the parent may be gone; its workers end with it
            _parent.send(("told", facts))


def run_all(
    tasks: Sequence[Task],
    workers: int,
    limits: Limits | None = None,
    heard: Callable[..., None] = lambda *facts: None,
) -> list[Any]:
    """What each task (name, function, arguments) returns, in the order of the tasks. heard: called with what
    a task tells (`tell`) while it runs.

    The first task that raises stops the others: UserError as it was raised, anything else as WorkerError.
    """
    results: list[Any] = [None] * len(tasks)
    for number, value in finished(tasks, workers, limits, heard=heard):
        if isinstance(value, UserError | WorkerError):
            raise value
        results[number] = value
    return results


def finished(
    tasks: Sequence[Task],
    workers: int,
    limits: Limits | None = None,
    starting: Callable[[int], None] = lambda number: None,
    heard: Callable[..., None] = lambda *facts: None,
) -> Iterator[tuple[int, Any]]:
    """(number of the task, what it returned or the UserError or WorkerError it raised), as they finish.

    starting(number) is called when a task starts, heard(*facts) when it tells how far it is. When the caller
    stops asking, tasks that run are ended.
    """
    waiting = list(enumerate(tasks))[::-1]
    running: dict[Connection, tuple[int, Any, float]] = {}
    if can_fork():
        with held_back():
            # Its start lets interrupts through again, so it must not be the start of a worker that starts it.
            resource_tracker.ensure_running()
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                number, (_, function, arguments) = waiting.pop()
                starting(number)
                with held_back():
                    connection, process = _start(function, arguments, limits)
                    running[connection] = number, process, time.monotonic()
            for ready in wait(list(running), timeout=0.2 if limits else None):
                number, process, _ = running[ready]
                kind, value = _receive(ready, process, tasks[number][0])
                if kind == "told":
                    heard(*value)
                    continue
                del running[ready]
                ready.close()
                process.join()
                yield number, value
            for late in _late(running, limits):
                number, process, _ = running.pop(late)
                process.kill()
                process.join()
                late.close()
                yield number, out_of_time(tasks[number][0], limits)
    finally:
        for _, process, _ in running.values():
            process.terminate()
        for _, process, _ in running.values():
            process.join()


def _start(function: Callable[..., Any], arguments: tuple, limits: Limits | None) -> tuple[Connection, Any]:
    context = multiprocessing.get_context("forkserver" if can_fork() else "spawn")
    if can_fork():
        context.set_forkserver_preload(["evaluation.pipeline.preload"])
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(theirs, function, arguments, limits))
    with _STARTING, environment(**_ENVIRONMENT):
        process.start()
    theirs.close()
    return ours, process


def _late(running: dict[Connection, tuple[int, Any, float]], limits: Limits | None) -> list[Connection]:
    if limits is None:
        return []
    latest = time.monotonic() - limits.seconds - _GRACE
    return [connection for connection, (_, _, started) in running.items() if started < latest]


def out_of_time(task: str, limits: Limits) -> NotebookError:
    """The error of a task that had to be ended."""
    return NotebookError("pipeline.time_limit", task=task, seconds=f"{limits.seconds:g}")


def _work(
    connection: Connection, function: Callable[..., Any], arguments: tuple, limits: Limits | None
) -> None:
    # Ctrl-C reaches the whole group; the parent decides, and ends us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if limits:
        limit_memory(limits.megabytes)
    global _parent
    _parent = connection
    try:
        answer = "done", function(*arguments)
    except UserError as error:
        answer = "refused", error
    except BaseException as error:
        answer = "broken", WorkerError(type(error).__name__, places(error))
    with suppress(OSError):  # the parent may be gone
        connection.send(answer)
    connection.close()


def _receive(connection: Connection, process, name: str) -> tuple[str, Any]:
    try:
        return connection.recv()
    except (EOFError, OSError):
        process.join()
        return "gone", NotebookError("pipeline.worker_gone", task=name, code=process.exitcode)


def places(error: BaseException) -> tuple[str, ...]:
    """Where an exception came from: "file:line in function" per frame, without any value or folder."""
    frames = traceback.extract_tb(error.__traceback__)
    return tuple(
        f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno} in {frame.name}" for frame in frames
    )
