"""Tasks in processes of their own, a few at a time, each forked from one that has everything imported.

One task, one process: what a notebook does to builtins, the environment, rcParams, pandas options, the random
state or the working directory ends with it. Where there is no fork (Windows) each process starts afresh.
"""

import multiprocessing
import os
import signal
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from evaluation.errors import NotebookError, UserError
from evaluation.pipeline.environment import environment

# One thread per process, because the processes already fill the cores; a fixed hash seed, because the order
# of a set must not reach a report; no windows.
_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "agg",
}

Task = tuple[str, Callable[..., Any], tuple]


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


def run_all(
    tasks: Sequence[Task], workers: int, progress: Callable[[str, bool], None] = lambda name, finished: None
) -> list[Any]:
    """What each task (name, function, arguments) returns, in the order of the tasks.

    progress(name, finished) is called when a task starts and when it has finished. The first task that
    raises stops the others: UserError as it was raised, anything else as WorkerError.
    """
    context = multiprocessing.get_context("forkserver" if can_fork() else "spawn")
    if can_fork():
        context.set_forkserver_preload(["evaluation.pipeline.preload"])
    results: list[Any] = [None] * len(tasks)
    waiting = list(enumerate(tasks))[::-1]
    running: dict[Connection, tuple[int, Any]] = {}
    with environment(**_ENVIRONMENT):
        try:
            while waiting or running:
                while waiting and len(running) < workers:
                    number, (name, function, arguments) = waiting.pop()
                    ours, theirs = context.Pipe(duplex=False)
                    process = context.Process(target=_work, args=(theirs, function, arguments))
                    running[ours] = number, process
                    progress(name, False)
                    process.start()
                    theirs.close()
                for ready in wait(list(running)):
                    number, process = running[ready]
                    results[number] = _receive(ready, process, tasks[number][0])
                    del running[ready]
                    process.join()
                    progress(tasks[number][0], True)
        finally:
            started = [process for _, process in running.values() if process.pid]
            for process in started:
                process.terminate()
            for process in started:
                process.join()
    return results


def _work(connection: Connection, function: Callable[..., Any], arguments: tuple) -> None:
    # Ctrl-C reaches the whole group; the parent decides, and ends us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        answer = "done", function(*arguments)
    except UserError as error:
        answer = "refused", error
    except BaseException as error:
        answer = "broken", WorkerError(type(error).__name__, places(error))
    with suppress(OSError):  # the parent may be gone
        connection.send(answer)
    connection.close()


def _receive(connection: Connection, process, name: str) -> Any:
    try:
        outcome, value = connection.recv()
    except EOFError:
        process.join()
        raise NotebookError("pipeline.worker_gone", task=name, code=process.exitcode) from None
    connection.close()
    if outcome == "done":
        return value
    raise value


def places(error: BaseException) -> tuple[str, ...]:
    """Where an exception came from: "file:line in function" per frame, without any value or folder."""
    frames = traceback.extract_tb(error.__traceback__)
    return tuple(
        f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno} in {frame.name}" for frame in frames
    )
