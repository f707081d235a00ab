"""How far a refresh is: a live table on a terminal, plain lines elsewhere, nothing when asked to be quiet."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from evaluation.pipeline.settle import Progress

Sentence = Callable[..., str]


@contextmanager
def shown(say: Sentence, quiet: bool = False) -> Iterator[Progress]:
    """Gives the callback that `refresh` reports to. say(name) gives the words for a stage or a state."""
    if quiet:
        yield lambda stage, name, state, finished, total: None
    elif sys.stderr.isatty():
        with _live(say) as report:
            yield report
    else:
        yield _plain(say)


def of_files(report: Progress, stage: str = "intake") -> Callable[[int, int, str], None]:
    """Passes on to `report` what `evaluation.intake.take_in` tells: the file at hand, how many are done."""
    at_hand: list[str] = []

    def told(done: int, total: int, file: str) -> None:
        if at_hand:
            report(stage, at_hand.pop(), "done", done, total)
        else:
            report(stage, "", "begun", done, total)
        if done < total:
            at_hand.append(file)
            report(stage, file, "started", done, total)

    return told


def _plain(say: Sentence) -> Progress:
    kept: dict[str, int] = {}

    def report(stage: str, name: str, state: str, finished: int, total: int) -> None:
        line = None
        if state == "begun":
            line = say("stage_" + stage)
        elif state == "kept":
            kept[stage] = kept.get(stage, 0) + 1
        elif state in ("done", "failed") and total > 1:
            line = f"  {finished}/{total} {name}" + (f": {say('state_failed')}" if state == "failed" else "")
        if kept.get(stage) and (state != "kept" or finished == total):
            count = kept.pop(stage)
            print("  " + say("state_kept", count=count), file=sys.stderr, flush=True)
        if line:
            print(line, file=sys.stderr, flush=True)

    return report


@contextmanager
def _live(say: Sentence) -> Iterator[Progress]:
    from rich.console import Console, Group
    from rich.live import Live
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.progress import (
        Progress as Bars,
    )
    from rich.table import Table
    from rich.text import Text

    bars = Bars(
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}", markup=False),
    )
    stages: dict[str, int] = {}
    running: dict[str, float] = {}
    kept: dict[str, int] = {}

    class Shown:
        def __rich__(self) -> Group:
            table = Table.grid(padding=(0, 2))
            for name, started in list(running.items()):
                table.add_row("   ", Text(name), f"{time.monotonic() - started:.0f} s")
            return Group(bars, table)

    def report(stage: str, name: str, state: str, finished: int, total: int) -> None:
        if state == "begun":
            stages[stage] = bars.add_task(say("stage_" + stage), total=total, note="")
        elif state == "started":
            running[name] = time.monotonic()
        elif state == "kept":
            kept[stage] = kept.get(stage, 0) + 1
            bars.update(stages[stage], note=say("state_kept", count=kept[stage]))
        elif state in ("done", "failed"):
            running.pop(name, None)
        bars.update(stages[stage], completed=finished)
        if state == "failed":
            live.console.print(Text(f"{name}: {say('state_failed')}"))

    with Live(Shown(), console=Console(stderr=True), refresh_per_second=5) as live:
        yield report
