"""How fast the survey core is: CPU seconds and added memory on the two sizes that the design names.

python benchmarks/estimation.py          prints a Markdown table
"""

import platform
import resource
import time

import numpy as np

from evaluation.estimation import SurveyDesign, levels
from evaluation.estimation.linear import domain_means, variance


def million_rows(rng):
    n = 1_000_000
    stratum = rng.integers(0, 100, n)
    cluster = stratum * 20 + rng.integers(0, 20, n)
    domain, y, weights = rng.integers(0, 40, n), rng.random(n), rng.uniform(0.5, 2, n)

    def run():
        design = SurveyDesign(weights, stratum, cluster)
        return variance(design, domain_means(design, y, domain, 40).influence)

    return run


def all_outcomes(rng):
    n = 10_000
    municipality = rng.integers(0, 31, n)
    wave = np.array(["2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3"], dtype=object)[rng.integers(0, 5, n)]
    design = SurveyDesign(rng.uniform(0.5, 2, n), municipality % 5, municipality * 2 + rng.integers(0, 2, n))
    outcomes = (rng.random((20, n)) < 0.4).astype(float)

    def run():
        return [levels(design, y, {"municipality": municipality, "wave": wave}, "share") for y in outcomes]

    return run


def measure(make) -> tuple[float, float]:
    """Least CPU seconds of five runs, and megabytes the peak grew by."""
    run = make(np.random.default_rng(1))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds = []
    for _ in range(5):
        start = time.process_time()
        run()
        seconds.append(time.process_time() - start)
    return min(seconds), (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


if __name__ == "__main__":
    print(f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}\n")
    print("| case | CPU s | added MB |\n|---|---|---|")
    cases = (
        ("31 municipalities x 5 waves x 20 outcomes, 10,000 rows", all_outcomes),
        ("1,000,000 rows, 40 domains, 100 strata, 2,000 clusters", million_rows),
    )
    for name, make in cases:
        cpu, memory = measure(make)
        print(f"| {name} | {cpu:.3f} | {memory:.0f} |")
