"""How fast a refresh is, as ratios in one run on two cores; writes its part of README.md.

`python benchmarks/pipeline.py` takes about ten minutes on two idle cores; --quick leaves the 1,368 national
runs out.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import readme

from evaluation.pipeline import pool, ready, work
from evaluation.pipeline.limits import Limits

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
SHEET, PLACE = "11_region_factsheet.ipynb", "12_municipality_factsheet.ipynb"
REGIONS = ("Noord-Limburg", "Midden-Limburg", "Westelijke Mijnstreek", "Parkstad", "Maastricht-Heuvelland")
QUARTER = "2026Q3"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        study = _sample(Path(folder) / "sample")
        rows = [*sheets(study), *refreshes(study, Path(folder)), help_beside_pandas()]
        if "--quick" not in sys.argv:
            rows.append(national(Path(folder) / "national"))
    names = ("papermill", "pandas", "matplotlib", "distributed")
    packages = ", ".join(f"{name} {version(name)}" for name in names)
    load = f"; load {os.getloadavg()[0]:.1f} at the end" if hasattr(os, "getloadavg") else ""
    text = "\n".join(
        [
            "## The refresh",
            "",
            f"{os.cpu_count()} processors, {platform.system()}, Python {platform.python_version()},",
            f"{packages}{load}.",
            "",
            "| what | against | found | wanted |",
            "|---|---|---|---|",
            *(f"| {' | '.join(row)} |" for row in rows),
        ]
    )
    readme.write_part("refresh", text)
    print(text)


def _sample(folder: Path) -> Path:
    shutil.copytree(ROOT / "data" / "sample", folder, ignore=shutil.ignore_patterns("work"))
    return folder / "study.toml"


# What one run costs, measured in the process that does it.


def measured(*arguments) -> float:
    """CPU seconds of a run of a notebook. Raises the error it stopped with."""
    began = time.process_time()
    outcome = work.run_notebook(*arguments)
    if outcome.error:
        raise outcome.error
    return time.process_time() - began


def by_papermill(study: str, region: str) -> None:
    import papermill

    parameters = {"study": study, "quarter": QUARTER, "region": region, "language": "nl"}
    papermill.execute_notebook(ROOT / "notebooks" / SHEET, None, parameters, progress_bar=False)


def bare(study: str, times: int) -> list[float]:
    """CPU seconds of the functions alone, in one warm process: each fact sheet made and checked."""
    from evaluation import notebook
    from evaluation.report.model import to_dict

    found = notebook.findings(notebook.open_campaign(study), QUARTER)
    to_dict(found.region_factsheet(REGIONS[0], "nl"))
    seconds = []
    for number in range(times):
        began = time.process_time()
        to_dict(found.region_factsheet(REGIONS[number % len(REGIONS)], "nl"))
        seconds.append(time.process_time() - began)
    return seconds


def sheets(study: Path) -> list[tuple[str, ...]]:
    """40 fact sheets beside papermill and beside the bare functions."""
    keep = study.parent / "work" / "kept"
    [prepared] = pool.run_all([("x", ready.prepare, (study, QUARTER, study.parent / "none", keep))], 1)
    given = {
        run.parameters.get("region"): key for run, key in zip(prepared.runs, prepared.given, strict=True)
    }
    source = (ROOT / "notebooks" / SHEET).read_bytes()

    def tasks(count: int) -> list[pool.Task]:
        found = []
        for number in range(count):
            region = REGIONS[number % len(REGIONS)]
            parameters = {"study": study.name, "quarter": QUARTER, "language": "nl", "region": region}
            arguments = (SHEET, source, parameters, (keep, given[region]), "evaluation", True)
            found.append((region, measured, arguments))
        return found

    walls, cpu = {}, []
    for count in (2, 8, 40):  # the first starts the process that the others are forked from
        began = time.perf_counter()
        cpu = pool.run_all(tasks(count), 2, Limits())
        walls[count] = time.perf_counter() - began
    marginal = (walls[40] - walls[8]) / 32
    command = [
        BIN / "papermill",
        ROOT / "notebooks" / SHEET,
        study.parent / "out.ipynb",
        "-p",
        "study",
        study,
    ]
    began = time.perf_counter()
    for region in REGIONS[:3]:
        subprocess.run([*command, "-p", "region", region], check=True, capture_output=True)
    one_by_one = (time.perf_counter() - began) / 3
    with ProcessPoolExecutor(2, get_context("spawn")) as two:
        list(two.map(by_papermill, [str(study)] * 2, REGIONS[:2]))
        began = time.perf_counter()
        list(two.map(by_papermill, [str(study)] * 8, [REGIONS[i % 5] for i in range(8)]))
        side_by_side = (time.perf_counter() - began) / 8
    [alone] = pool.run_all([("bare", bare, (str(study), 20))], 1)
    times_bare = (sum(cpu) / len(cpu)) / (sum(alone) / len(alone))
    what = f"40 fact sheets, {marginal:.2f} s each"
    return [
        (what, f"papermill's command, {one_by_one:.1f} s each", f"{one_by_one / marginal:.1f} times", "8"),
        (
            what,
            f"two processes of papermill's API, {side_by_side:.1f} s each",
            f"{side_by_side / marginal:.1f} times",
            "2.5",
        ),
        (
            f"CPU seconds of each, {sum(cpu) / len(cpu):.2f}",
            "the bare functions",
            f"{times_bare:.2f} times",
            "at most 1.5",
        ),
    ]


def refreshes(study: Path, folder: Path) -> list[tuple[str, ...]]:
    """A full refresh, one with nothing changed, and one with one corrected order row."""
    command = [BIN / "evaluation", "refresh", study, "--quarter", QUARTER, "--lang", "en", "--out"]
    shutil.rmtree(study.parent / "work", ignore_errors=True)
    seconds = []
    for _ in range(2):
        began = time.perf_counter()
        subprocess.run([*command, folder / "reports"], check=True, capture_output=True)
        seconds.append(time.perf_counter() - began)
    full, nothing = seconds
    orders = study.parent / "orders.csv"
    lines = orders.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    number = next(i for i, line in enumerate(lines) if ";Afgerond;" in line and ";1;0,00;" in line)
    lines[number] = lines[number].replace(";1;0,00;", ";2;0,00;")
    orders.write_text("\ufeff" + "".join(lines), encoding="utf-8")
    began = time.perf_counter()
    told = subprocess.run([*command, folder / "corrected"], check=True, capture_output=True, text=True).stderr
    corrected = time.perf_counter() - began
    # The first such line is that of the notebooks; the next is that of the reports.
    kept = int(next((line.split()[0] for line in told.splitlines() if "unchanged" in line), "0"))
    runs = len(json.loads((folder / "corrected" / QUARTER / "manifest.json").read_bytes())["runs"])
    less = f"{full / nothing:.0f} times, {nothing:.2f} s"
    one = f"{runs - kept} of {runs} notebooks run; {corrected:.1f} s"
    return [
        ("a refresh with nothing changed", f"the full refresh, {full:.1f} s", less, "50, under 2 s"),
        ("one corrected order row", "the full refresh", one, "only what depends on it"),
    ]


def help_beside_pandas() -> tuple[str, ...]:
    def least(*command: object) -> float:
        seconds = []
        for _ in range(5):
            began = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            seconds.append(time.perf_counter() - began)
        return min(seconds)

    helped, imported = least(BIN / "evaluation", "--help"), least(sys.executable, "-c", "import pandas")
    return ("`evaluation --help`", "`import pandas`", f"{helped:.2f} s against {imported:.2f} s", "faster")


def national(folder: Path) -> tuple[str, ...]:
    """1,368 runs of a national study on a LocalCluster of two: the sheets of its 342 municipalities, four
    times."""
    from distributed import LocalCluster

    from evaluation.pipeline import cluster
    from evaluation.sample import write_national

    write_national(folder)
    study, keep = folder / "study.toml", folder / "work" / "kept"
    [prepared] = pool.run_all([("x", ready.prepare, (study, None, folder / "none", keep))], 1)
    source = (ROOT / "notebooks" / PLACE).read_bytes()
    own = [
        (run.executed, work.run_notebook, (PLACE, source, run.parameters, (keep, key), "evaluation", True))
        for run, key in zip(prepared.runs, prepared.given, strict=True)
        if run.notebook == PLACE
    ]
    assert len(own) == 342

    def seconds(count: int, address: str) -> float:
        tasks = [own[number % len(own)] for number in range(count)]
        began = time.perf_counter()
        for _, outcome in cluster.finished(tasks, lambda number: None, address=address, limits=Limits()):
            if getattr(outcome, "error", outcome):
                raise outcome.error or outcome
        return time.perf_counter() - began

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as local:
        seconds(4, local.scheduler_address)
        small = seconds(40, local.scheduler_address)
        before = sum(worker.memory.process for worker in local.scheduler.workers.values())
        large = seconds(1368, local.scheduler_address)
        after = sum(worker.memory.process for worker in local.scheduler.workers.values())
    ratio = large / small / (1368 / 40)
    memory = f"memory {before >> 20} to {after >> 20} MB"
    found = f"{ratio:.2f} times; {memory}"
    return ("1,368 national runs, LocalCluster of 2", f"40, {small:.0f} s", found, "at most 1.2, memory flat")


if __name__ == "__main__":
    main()
