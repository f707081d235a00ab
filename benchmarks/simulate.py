"""Runs the simulation study and writes its tables as a page of the documentation.

python benchmarks/simulate.py docs/simulation.md [REPLICATES]
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd

from evaluation.estimation import simulate, simulate_starts

INTERVALS = (
    "| design | covers (%) | says risen (%) | bias (SE) | width (points) | refused (%) | method "
    "| level covers (%) | verdict |\n"
    "|---|---|---|---|---|---|---|---|---|"
)
JOINT = "| design | says they differ (%) | refused (%) | method |\n|---|---|---|---|"
# The coverage that is wanted, in percent; how far beyond a bar chance may put a number of so many replicates:
# two Monte-Carlo standard errors.
LOW, HIGH = 93.5, 96.5
RISEN = 2.5
WORKERS = 2
# With several starts the rate of "risen" lies so near its bar that four times as many surveys must tell.
MORE = 4


def percent(value: float) -> str:
    return "-" if value != value else f"{100 * value:.1f}"


def verdict(row, replicates: int) -> str:
    """Whether the coverage lies in the wanted band, and what a refusal means. Too wide an interval errs on
    the safe side; a level that is too wide is said apart, since no claim hangs on it."""
    if row.refused > 0.5:
        return "refused: no method covers"
    covers, risen = 100 * row.coverage, 100 * row.risen
    slack = 200 * np.sqrt(RISEN / 100 * (1 - RISEN / 100) / replicates)
    if covers < LOW:
        return "too narrow"
    if "risen" not in row.design and risen > RISEN + slack:
        return "says risen too often"
    if covers > HIGH:
        return "wider than need be"
    return "holds, level wide" if 100 * row.level > HIGH + 0.05 else "holds"


def _one(task) -> dict:
    design, replicates, seed = task
    if isinstance(design, simulate_starts.Starts):
        return simulate_starts.evaluate(design, replicates * MORE, seed)
    if isinstance(design, simulate.Regions):
        return simulate.joint(design, replicates, seed)
    return simulate.evaluate(design, replicates, seed)


def _tasks(designs, replicates: int, seed: int) -> list:
    seeds = np.random.SeedSequence(seed).generate_state(len(designs))
    return [(one, replicates, int(x)) for one, x in zip(designs, seeds, strict=True)]


def _run(tasks) -> pd.DataFrame:
    with ProcessPoolExecutor(WORKERS) as pool:
        return pd.DataFrame(pool.map(_one, tasks))


def intervals(replicates: int) -> pd.DataFrame:
    """Both studies of intervals, each design with the seed it has when they run alone."""
    tasks = _tasks(simulate.SCENARIOS, replicates, 20260701)
    return _run(tasks + _tasks(simulate_starts.STARTS, replicates, 20260704))


def interval_lines(replicates: int):
    for row in intervals(replicates).itertuples():
        numbers = [percent(row.coverage), percent(row.risen), f"{row.bias:.3f}", percent(row.width)]
        rest = [percent(row.refused), row.method, percent(row.level), verdict(row, replicates)]
        yield "| " + " | ".join([row.design, *numbers, *rest]) + " |"


def joint_lines(replicates: int):
    for row in _run(_tasks(simulate.JOINT, replicates, 20260702)).itertuples():
        yield f"| {row.design} | {percent(row.rejects)} | {percent(row.refused)} | {row.method} |"


def page(replicates: int) -> str:
    error = percent((0.95 * 0.05 / replicates) ** 0.5)
    own = percent((0.025 * 0.975 / replicates) ** 0.5)
    parts = [
        "# Simulation study: do the intervals cover what they promise?",
        "Written by `make simulate`; the seed is fixed, so that it gives the same numbers again. "
        f"{replicates} simulated surveys per design, of which the truth is known, go through the functions "
        "of the reports. [How the designs are drawn](../src/evaluation/estimation/simulate.py); "
        "[what follows from it](method.md).",
        "## Intervals\n\nNominal 95 %; where nothing changed, 'says risen' should be 2.5 %. Monte-Carlo "
        f"error (one standard error) of 95 % is {error} points, of 2.5 % {own} (with several starts, of four "
        f"times as many surveys, half that). Wanted: {LOW} to {HIGH} % covered, and 'risen' said at most "
        f"{RISEN} % of the time plus two errors of 2000 surveys. In a design that is refused the "
        "report gives no interval for the difference from the comparison area, and so no claim (the numbers "
        "are of the few surveys in which it is not); in one that is wider than need be it errs on the safe "
        "side.",
        "\n".join([INTERVALS, *interval_lines(replicates)]),
        "## The joint test\n\nWhere the regions change alike, the test at 5 % should say that they differ "
        "5 % of the time or less.",
        "\n".join([JOINT, *joint_lines(replicates)]),
    ]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(int(sys.argv[2]) if len(sys.argv) > 2 else 2000), encoding="utf-8")
