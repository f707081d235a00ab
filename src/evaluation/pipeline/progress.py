"""How far a refresh is: a live display on a terminal, plain lines elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Sentence = Callable[..., str]


@contextmanager
def shown(say: Sentence) -> Iterator[Callable[[str, str, int, int], None]]:
    """Gives the callback that `refresh` reports to. say(name) gives the words for a stage."""
    if sys.stderr.isatty():
        with _live(say) as report:
            yield report
    else:
        yield _plain(say)


def _plain(say: Sentence) -> Callable[[str, str, int, int], None]:
    reported: dict[str, int] = {}

    def report(stage: str, name: str, finished: int, total: int) -> None:
        if stage not in reported:
            print(say("stage_" + stage), file=sys.stderr, flush=True)
        elif finished > reported[stage]:
            print(f"  {finished}/{total} {name}", file=sys.stderr, flush=True)
        reported[stage] = finished

    return report


@contextmanager
def _live(say: Sentence) -> Iterator[Callable[[str, str, int, int], None]]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[what]}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True)) as display:
        bars: dict[str, int] = {}

        def report(stage: str, name: str, finished: int, total: int) -> None:
            if stage not in bars:
                for bar in bars.values():
                    display.update(bar, completed=display.tasks[bar].total, what="")
                bars[stage] = display.add_task(say("stage_" + stage), total=total, what=name)
            display.update(bars[stage], completed=finished, what="" if finished == total else name)

        yield report
        for bar in bars.values():
            display.update(bar, completed=display.tasks[bar].total, what="")
