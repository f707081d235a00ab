"""Runs the simulation study (2,000 surveys per design, about four minutes) and prints its table as Markdown.

python benchmarks/estimation_simulate.py [REPLICATES] > benchmarks/estimation_simulation.md
"""

import sys

from evaluation.estimation.simulate import study

HEADER = (
    "| design | covers (%) | says risen (%) | bias (SE) | width (points) | refused (%) | method "
    "| level covers (%) |\n"
    "|---|---|---|---|---|---|---|---|"
)


def percent(value: float) -> str:
    return "-" if value != value else f"{100 * value:.1f}"


if __name__ == "__main__":
    replicates = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    print("# Simulation study of the intervals\n")
    print(f"{replicates} simulated surveys per design, nominal 95 %.")
    print("Where nothing changed, 'says risen' should be 2.5 %.")
    print(
        "Monte-Carlo error (one standard error) of 95 % is",
        percent((0.95 * 0.05 / replicates) ** 0.5),
        "points.\n",
    )
    print(HEADER)
    for row in study(replicates).itertuples():
        cells = [
            row.design,
            percent(row.coverage),
            percent(row.risen),
            f"{row.bias:.3f}",
            f"{100 * row.width:.1f}",
        ]
        print("|", " | ".join([*cells, percent(row.refused), row.method, percent(row.level)]), "|")
