"""The same tasks on the workers of a Dask scheduler, each in a process of its own there too.

What tasks have in common is sent once: files that a run is given to read travel to the workers by their key,
and stay there until the last task that needs them has finished.
"""

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from evaluation.errors import NotebookError, PublishError
from evaluation.pipeline import kept, pool
from evaluation.pipeline.limits import Limits

_WAIT = 20.0  # seconds to find the scheduler
_AHEAD = 4  # tasks sent ahead per core of the cluster, so that what waits does not fill its memory


def finished(
    tasks: Sequence[pool.Task],
    starting: Callable[[int], None],
    *,
    address: str,
    limits: Limits,
) -> Iterator[tuple[int, Any]]:
    """As `pool.finished`. address: of the scheduler, as "tcp://host:8786". Raises PublishError when Dask is
    not installed or the scheduler or its workers do not answer."""
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise PublishError("pipeline.no_dask") from None
    try:
        client = Client(address, timeout=_WAIT, set_as_default=False)
    except (OSError, ValueError, TimeoutError):
        raise PublishError("pipeline.no_scheduler", address=address) from None
    with client:
        cores = sum(client.nthreads().values())
        if not cores:
            raise PublishError("pipeline.no_dask_workers", address=address)
        parcels = _Parcels(client, tasks)
        waiting = list(range(len(tasks)))[::-1]
        queue = as_completed(loop=client.loop)
        numbers: dict[Any, int] = {}
        while waiting or numbers:
            while waiting and len(numbers) < _AHEAD * cores:
                number = waiting.pop()
                starting(number)
                name, function, arguments = tasks[number]
                future = client.submit(
                    _isolated, name, function, parcels.packed(arguments), limits, pure=False, retries=1
                )
                numbers[future] = number
                queue.add(future)
            future = next(queue)
            number = numbers.pop(future)
            error = future.exception()
            value = _lost(tasks[number][0]) if error is not None else future.result()
            future.release()
            parcels.used(tasks[number][2])
            yield number, value


class _Parcels:
    """Files that tasks name by (folder, key), sent to the workers once, forgotten after their last task."""

    def __init__(self, client, tasks: Sequence[pool.Task]):
        self._client = client
        self._left = Counter(
            argument for *_, arguments in tasks for argument in arguments if _is_key(argument)
        )
        self._sent: dict[tuple, Any] = {}

    def packed(self, arguments: tuple) -> list:
        return [self._send(argument) if _is_key(argument) else argument for argument in arguments]

    def _send(self, argument: tuple):
        if argument not in self._sent:
            files = kept.get(*argument)
            [self._sent[argument]] = self._client.scatter([files], hash=False)
        return self._sent[argument]

    def used(self, arguments: tuple) -> None:
        for argument in arguments:
            if _is_key(argument):
                self._left[argument] -= 1
                if not self._left[argument]:
                    self._sent.pop(argument).release()


def _is_key(argument: object) -> bool:
    return isinstance(argument, tuple) and len(argument) == 2 and isinstance(argument[0], Path)


def _lost(name: str) -> NotebookError:
    return NotebookError("pipeline.dask_worker_gone", task=name)


def _isolated(name: str, function: Callable[..., Any], arguments: list, limits: Limits) -> Any:
    """On a worker: the task in a process of its own, as on one machine."""
    # A worker that has a nanny may not have children of its own; these end before the task does.
    multiprocessing.current_process()._config["daemon"] = False
    [(_, value)] = pool.finished([(name, function, tuple(arguments))], 1, limits)
    return value
