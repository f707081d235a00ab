"""How long a run may take and how much memory it may use, and what is said when it goes beyond that."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

# Names of the exceptions by which Python, numpy and pyarrow say that memory is short.
OUT_OF_MEMORY = ("MemoryError", "_ArrayMemoryError", "ArrowMemoryError")
OUT_OF_TIME = "OutOfTime"


@dataclass(frozen=True)
class Limits:
    """Of one run: seconds of the clock, megabytes of memory."""

    seconds: float = 900.0
    megabytes: int = 4096


class OutOfTime(BaseException):
    """A run took longer than it may. Not an Exception: a notebook that catches those must stop too."""


def limit_memory(megabytes: int) -> None:
    """Let this process and those it starts have no more memory of their own than this. Where the system
    cannot say so (Windows, macOS), nothing is limited."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        # Not the address space: libraries map far more of that than they use.
        resource.setrlimit(resource.RLIMIT_DATA, (megabytes << 20, megabytes << 20))


@contextmanager
def limited_time(seconds: float | None) -> Iterator[None]:
    """Raise OutOfTime in what runs meanwhile when it takes longer; None or no alarm clock: nothing.

    Code that never comes back to Python is not reached: the process that waits for it ends it a while later.
    """
    main = threading.current_thread() is threading.main_thread()
    if seconds is None or not main or not hasattr(signal, "SIGALRM"):
        yield
        return

    def ring(signum, frame):
        raise OutOfTime

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
