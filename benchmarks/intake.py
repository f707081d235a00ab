"""A million answers and 200,000 order lines taken in, beside pandas reading the same files, in the same run.

The rows are those of the sample campaign, its planted dirt included, again and again with a number and a
moment of their own. Each side works in a process of its own that keeps what it read, as taking in must.
Run by `make bench`, or alone: python benchmarks/intake.py.
"""

import csv
import io
import json
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import estimation
import readme

SAMPLE = Path(__file__).parents[1] / "data" / "sample"
ANSWERS, LINES = 1_000_000, 200_000
ROUNDS = 3
WANTED = 3
_TIME = re.compile(r"(?<=^\d{4}-\d\d-\d\d )\d\d:\d\d:\d\d$")


def write(folder: Path) -> Path:
    """The sample study in `folder` with so many answers and order lines; its study file."""
    for path in SAMPLE.iterdir():
        if path.is_file() and path.name not in ("truth.json", "README.md"):
            shutil.copy(path, folder / path.name)
    surveys = sorted(SAMPLE.glob("survey_*.csv"))
    for path in surveys:
        _repeat(path, folder / path.name, ANSWERS // len(surveys), ",", csv.QUOTE_ALL)
    _repeat(SAMPLE / "orders.csv", folder / "orders.csv", LINES, ";", csv.QUOTE_MINIMAL)
    return folder / "study.toml"


def _repeat(source: Path, target: Path, count: int, separator: str, quoting: int) -> None:
    text = io.StringIO(source.read_text(encoding="utf-8-sig"), newline="")
    headings, *rows = (row for row in csv.reader(text, delimiter=separator) if any(row))
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=separator, quoting=quoting)
        writer.writerow(headings)
        for number in range(count):
            moment = f"{number // 3600 % 24:02d}:{number // 60 % 60:02d}:{number % 60:02d}"
            row = rows[number % len(rows)][1:]
            writer.writerow([str(number + 1), *(_TIME.sub(moment, cell) for cell in row)])


def with_pandas(study: Path) -> dict:
    import pandas as pd

    surveys = sorted(study.parent.glob("survey_*.csv"))
    return _measured(lambda: [*map(pd.read_csv, surveys), pd.read_csv(study.parent / "orders.csv", sep=";")])


def with_intake(study: Path) -> dict:
    # Contracts load pandera, which pandas' reading has no part of.
    import evaluation.intake.contracts  # noqa: F401
    from evaluation.intake import take_in
    from evaluation.study import load_study

    loaded = load_study(study)
    return _measured(lambda: take_in(loaded))


def _measured(work) -> dict:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    kept = work()
    seconds = time.process_time() - start
    peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    rows = {name: len(table) for name, table in kept.tables.items()} if hasattr(kept, "tables") else {}
    return {"seconds": seconds, "megabytes": peak, "rows": rows}


def section() -> str:
    """The table: CPU seconds (least of three) and added memory of both, and the ratio."""
    best: dict[str, dict] = {}
    with tempfile.TemporaryDirectory() as folder:
        study = write(Path(folder))
        size = sum(path.stat().st_size for path in Path(folder).glob("*.csv")) >> 20
        for _ in range(ROUNDS):
            for side in ("pandas", "intake"):
                done = subprocess.run(
                    [sys.executable, __file__, side, study], capture_output=True, check=True, text=True
                )
                found = json.loads(done.stdout)
                if side not in best or found["seconds"] < best[side]["seconds"]:
                    best[side] = found
    ratio = best["intake"]["seconds"] / best["pandas"]["seconds"]
    accepted = best["intake"]["rows"]
    lines = [
        "## Intake beside pandas",
        f"{ANSWERS:,} answers in five files and {LINES:,} order lines ({size:,} MB), the sample's dirt "
        f"included: {accepted['responses']:,} answers and {accepted['orders']:,} lines are accepted. Seconds "
        f"of the processor, least of {ROUNDS} runs by turns, each in a process of its own that keeps what it "
        "read.",
        estimation.machine(),
        "| | CPU s | added MB |\n|---|---|---|\n"
        f"| `pandas.read_csv` of the same files | {_row(best['pandas'])} |\n"
        f"| recognised, read, checked by every rule, accepted or quarantined | {_row(best['intake'])} |",
        f"Intake takes {ratio:.1f} times pandas' time (wanted: at most {WANTED}).",
    ]
    return "\n\n".join(lines)


def _row(found: dict) -> str:
    return f"{found['seconds']:.1f} | {found['megabytes']:.0f}"


if __name__ == "__main__":
    if len(sys.argv) == 3:
        side = with_pandas if sys.argv[1] == "pandas" else with_intake
        print(json.dumps(side(Path(sys.argv[2]))))
    else:
        text = section()
        readme.write_part("intake", text)
        print(text)
