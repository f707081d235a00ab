"""The survey core beside R's `survey`, in the same run: CPU seconds and added memory.

Each case runs in a process of its own; the peak of its memory is set back after the data are made (Linux),
so that only what the estimation takes is counted. R is installed on demand (Debian, as root).
"""

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
COLUMNS = ("stratum", "cluster", "domain", "y", "weight")


def million_rows() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(1)
    n = 1_000_000
    stratum = rng.integers(0, 100, n)
    cluster = stratum * 20 + rng.integers(0, 20, n)
    values = (stratum, cluster, rng.integers(0, 40, n), rng.random(n), rng.uniform(0.5, 2, n))
    return dict(zip(COLUMNS, values, strict=True))


def one_outcome():
    from evaluation.estimation import SurveyDesign
    from evaluation.estimation.linear import domain_means, variance

    data = million_rows()

    def run():
        design = SurveyDesign(data["weight"], data["stratum"], data["cluster"])
        found = domain_means(design, data["y"], data["domain"], 40)
        return found.estimate, np.sqrt(variance(design, found.influence))

    return run


def all_outcomes(text: bool):
    from evaluation.estimation import SurveyDesign, levels

    rng = np.random.default_rng(1)
    n = 10_000
    municipality, quarter = rng.integers(0, 31, n), rng.integers(0, 5, n)
    clinic = municipality * 2 + rng.integers(0, 2, n)
    outcomes = (rng.random((20, n)) < 0.4).astype(float)
    weights = rng.uniform(0.5, 2, n)
    place, wave = municipality, quarter
    if text:
        place = np.array([f"GM{code:04d}" for code in municipality], dtype=object)
        wave = np.array(["2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3"], dtype=object)[quarter]
    design = SurveyDesign(weights, municipality % 5, clinic)

    def run():
        return [levels(design, y, {"municipality": place, "wave": wave}, "share") for y in outcomes]

    return run


CASES = {
    "1,000,000 rows, 40 domains, 100 strata, 2,000 clusters": one_outcome,
    "31 municipalities x 5 waves x 20 outcomes, 10,000 rows": lambda: all_outcomes(False),
    "the same with text labels": lambda: all_outcomes(True),
}


def measure(case: str, times: int = 3) -> dict:
    """Least CPU seconds of some runs, megabytes added at the peak of the first, and what it found."""
    run = CASES[case]()
    before = _memory("VmRSS", reset=True)
    seconds, added = [], 0.0
    for i in range(times):
        start = time.process_time()
        found = run()
        seconds.append(time.process_time() - start)
        added = _memory("VmHWM") - before if i == 0 else added
    values = [part.tolist() for part in found] if case.startswith("1,000,000") else []
    return {"cpu": min(seconds), "added": added, "values": values}


def _memory(field: str, reset: bool = False) -> float:
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    line = next(line for line in status.read_text().splitlines() if line.startswith(field))
    return int(line.split()[1]) / 1024


def in_own_process(case: str) -> dict:
    call = [sys.executable, __file__, case]
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    return json.loads(
        subprocess.run(call, env=environment, capture_output=True, check=True, text=True).stdout
    )


def in_r() -> dict | None:
    """The million rows in R, or None where R's survey cannot be had."""
    if not _has_r():
        return None
    with tempfile.TemporaryDirectory() as folder:
        for name, values in million_rows().items():
            (Path(folder) / name).write_bytes(np.asarray(values, dtype="<f8").tobytes())
        call = ["Rscript", "--vanilla", str(HERE / "estimation.R"), folder]
        said = subprocess.run(call, capture_output=True, check=True, text=True).stdout
    return json.loads(said.strip().splitlines()[-1])


def _has_r() -> bool:
    asked = ["Rscript", "--vanilla", "-e", "library(survey)"]
    if shutil.which("Rscript") and subprocess.run(asked, capture_output=True).returncode == 0:
        return True
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return False
    installed = subprocess.run(
        ["apt-get", "install", "--yes", "--no-install-recommends", "r-cran-survey"], capture_output=True
    )
    return installed.returncode == 0


def section() -> str:
    """The results as Markdown."""
    lines = ["| case | CPU s | added MB |", "|---|---|---|"]
    found = {case: in_own_process(case) for case in CASES}
    lines += [f"| {case} | {one['cpu']:.3f} | {one['added']:.0f} |" for case, one in found.items()]
    other = in_r()
    if other is None:
        return "\n".join(
            [*lines, "", "R's survey was not installed and could not be (needs Debian and root)."]
        )
    own = found["1,000,000 rows, 40 domains, 100 strata, 2,000 clusters"]
    apart = max(
        np.max(np.abs(np.array(a) / np.array(b) - 1))
        for a, b in zip(own["values"], other["values"], strict=True)
    )
    lines.append(f"| the million rows in {other['version']} | {other['cpu']:.1f} | {other['added']:.0f} |")
    return "\n".join(
        [
            *lines,
            "",
            f"Of R's, this takes 1/{other['cpu'] / own['cpu']:.0f} of the CPU time (wanted: at most 1/10), "
            f"1/{other['added'] / own['added']:.1f} of the added memory (wanted: at most 1/5). "
            f"Estimates and standard errors differ by at most {apart:.0e} (relative).",
        ]
    )


def machine() -> str:
    """The processor and the versions that the numbers belong to."""
    import pandas
    import scipy

    model = platform.processor() or platform.machine()
    known = Path("/proc/cpuinfo")
    if known.exists():
        named = [line for line in known.read_text().splitlines() if line.startswith("model name")]
        model = named[0].split(":", 1)[1].strip() if named else model
    versions = (
        f"Python {platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__}, "
        f"pandas {pandas.__version__}"
    )
    return f"{model}, {os.cpu_count()} processors, {platform.system()}; {versions}; one thread."


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1])))
