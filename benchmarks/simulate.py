"""Runs the simulation study and writes its tables as a page of the documentation.

python benchmarks/simulate.py docs/simulation.md [REPLICATES]
"""

import sys
from pathlib import Path

from evaluation.estimation.simulate import joint_study, study

INTERVALS = (
    "| design | covers (%) | says risen (%) | bias (SE) | width (points) | refused (%) | method "
    "| level covers (%) | verdict |\n"
    "|---|---|---|---|---|---|---|---|---|"
)
JOINT = "| design | says they differ (%) | refused (%) | method |\n|---|---|---|---|"
# The coverage that is wanted, in percent.
LOW, HIGH = 93.5, 96.5


def percent(value: float) -> str:
    return "-" if value != value else f"{100 * value:.1f}"


def verdict(*coverages: float) -> str:
    """Whether every coverage lies in the wanted band; too wide an interval errs on the safe side."""
    known = [round(100 * value, 1) for value in coverages if value == value]
    if min(known) < LOW:
        return "too narrow"
    return "wider than need be" if max(known) > HIGH else "holds"


def interval_lines(replicates: int):
    for row in study(replicates).itertuples():
        numbers = [percent(row.coverage), percent(row.risen), f"{row.bias:.3f}", f"{100 * row.width:.1f}"]
        rest = [percent(row.refused), row.method, percent(row.level), verdict(row.coverage, row.level)]
        yield "| " + " | ".join([row.design, *numbers, *rest]) + " |"


def joint_lines(replicates: int):
    for row in joint_study(replicates).itertuples():
        yield f"| {row.design} | {percent(row.rejects)} | {percent(row.refused)} | {row.method} |"


def page(replicates: int) -> str:
    error = percent((0.95 * 0.05 / replicates) ** 0.5)
    parts = [
        "# Simulation study: do the intervals cover what they promise?",
        "Written by `make simulate`; the seed is fixed, so that it gives the same numbers again. "
        f"{replicates} simulated surveys per design, of which the truth is known, go through the functions "
        "of the reports. [How the designs are drawn](../src/evaluation/estimation/simulate.py); "
        "[what follows from it](method.md).",
        "## Intervals\n\nNominal 95 %; where nothing changed, 'says risen' should be 2.5 %. Monte-Carlo "
        f"error (one standard error) of 95 % is {error} points. Wanted: {LOW} to {HIGH}.",
        "\n".join([INTERVALS, *interval_lines(replicates)]),
        "## The joint test\n\nWhere the regions change alike, the test at 5 % should say that they differ "
        "5 % of the time or less.",
        "\n".join([JOINT, *joint_lines(replicates)]),
    ]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(int(sys.argv[2]) if len(sys.argv) > 2 else 2000), encoding="utf-8")
