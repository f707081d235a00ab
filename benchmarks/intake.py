"""Taking in a million answers and 200,000 order lines, beside pandas reading the same files in the same run.

The rows are the synthetic sample's over and over, each with a number and a second of its own, as real ones
have; some are sent twice and some cells hold what people put there. Run by `make bench`; writes its part of
README.md. Each side runs in a process of its own, so that its peak of memory is its own (Linux).
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import estimation
import numpy as np
import pandas as pd
import readme

SAMPLE = Path(__file__).parents[1] / "data" / "sample"
ANSWERS, LINES = 1_000_000, 200_000
WANTED = 3
# Shares of the rows: sent a second time; one cell spoiled.
TWICE, SPOILED = 0.005, 0.01
DIRT = ("", "\u00a0", "?", "31-02-2026", "=1+1", "<b>x</b>", "1e999", "niet bekend", 'zei "ja"\nen ging')
MOMENT = r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$"


def write_study(folder: Path, answers: int = ANSWERS, lines: int = LINES, dirty: bool = True) -> Path:
    """Write a study with `answers` survey rows and `lines` order lines into `folder`; its study file."""
    for path in SAMPLE.iterdir():
        if path.is_file() and path.name not in ("truth.json", "README.md"):
            shutil.copy(path, folder)
    rng = np.random.default_rng(1) if dirty else None
    surveys = sorted(folder.glob("survey_*.csv"))
    for path in surveys:
        _lengthen(path, answers // len(surveys), ",", "all_valid", rng)
    _lengthen(folder / "orders.csv", lines, ";", "needed", rng)
    return folder / "study.toml"


def _lengthen(path: Path, count: int, separator: str, quoting: str, rng: np.random.Generator | None) -> None:
    import pyarrow as pa
    from pyarrow import csv

    once = pd.read_csv(path, sep=separator, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    rows = once.take(np.arange(count) % len(once)).reset_index(drop=True)
    second = pd.to_datetime(pd.Series(np.arange(count)), unit="s").dt.strftime(" %H:%M:%S")
    for name in rows:
        whole = rows[name].str.match(MOMENT)
        if whole.any():
            rows[name] = rows[name].where(~whole, rows[name].str.slice(0, 10) + second)
    rows.iloc[:, 0] = np.arange(1, count + 1).astype(str)
    if rng is not None:
        _spoil(rows, rng)
    how = csv.WriteOptions(delimiter=separator, quoting_style=quoting)
    with path.open("wb") as file:
        file.write(b"\xef\xbb\xbf")
        csv.write_csv(pa.Table.from_pandas(rows, preserve_index=False), file, how)


def _spoil(rows: pd.DataFrame, rng: np.random.Generator) -> None:
    count = len(rows)
    again = rng.choice(np.arange(1, count), round(TWICE * count), replace=False)
    rows.iloc[again] = rows.iloc[again - 1].to_numpy()
    spoiled = rng.choice(count, round(SPOILED * count), replace=False)
    for column, places in enumerate(np.array_split(spoiled, rows.shape[1])):
        rows.iloc[places, column] = rng.choice(DIRT, len(places))


def _pandas(folder: Path) -> dict:
    warnings.simplefilter("ignore", pd.errors.DtypeWarning)
    frames = [pd.read_csv(path) for path in sorted(folder.glob("survey_*.csv"))]
    frames.append(pd.read_csv(folder / "orders.csv", sep=";"))
    return {"read": sum(map(len, frames))}


def _intake(folder: Path) -> dict:
    from evaluation.intake import take_in
    from evaluation.study import load_study

    receipts = take_in(load_study(folder / "study.toml")).receipts
    lost = [one.file for one in receipts if one.read != one.accepted + sum(one.quarantined.values())]
    assert not lost, lost
    big = [one for one in receipts if one.file.startswith(("survey_", "orders"))]
    return {"read": sum(one.read for one in big), "accepted": sum(one.accepted for one in big)}


SIDES = {"pandas": _pandas, "intake": _intake}


def measure(side: str, folder: Path) -> dict:
    """CPU seconds of one side, and the megabytes it added at its peak."""
    import evaluation.intake.contracts  # noqa: F401  (loading the libraries is not what is measured)

    before = estimation._memory("VmRSS", reset=True)
    start = time.process_time()
    found = SIDES[side](folder)
    return found | {"cpu": time.process_time() - start, "added": estimation._memory("VmHWM") - before}


def section(answers: int = ANSWERS, lines: int = LINES) -> str:
    """The results as Markdown: of sound files, the harder measure, and of dirty ones."""
    rows = [_case(name, dirty, answers, lines) for name, dirty in (("sound", False), ("dirty", True))]
    return "\n".join(
        [
            "## Taking in exports beside pandas",
            "",
            f"{answers:,} survey rows and {lines:,} order lines; pandas {pd.__version__}. Dirty: {TWICE:.1%} "
            f"of the rows sent twice, a spoiled cell in {SPOILED:.1%}.",
            "",
            "| files | accepted | CPU s intake | CPU s pandas | times | added MB intake | added MB pandas |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
            f"Wanted: at most {WANTED} times the CPU time of pandas reading the same files.",
        ]
    )


def _case(name: str, dirty: bool, answers: int, lines: int) -> str:
    with tempfile.TemporaryDirectory() as folder:
        write_study(Path(folder), answers, lines, dirty)
        ours, theirs = (_in_own_process(side, folder) for side in ("intake", "pandas"))
    return (
        f"| {name} | {ours['accepted'] / ours['read']:.1%} | {ours['cpu']:.1f} | {theirs['cpu']:.1f} | "
        f"{ours['cpu'] / theirs['cpu']:.2f} | {ours['added']:.0f} | {theirs['added']:.0f} |"
    )


def _in_own_process(side: str, folder: str) -> dict:
    call = [sys.executable, __file__, side, folder]
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    said = subprocess.run(call, env=environment, stdout=subprocess.PIPE, check=True, text=True).stdout
    return json.loads(said)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]))))
    else:
        text = section()
        readme.write_part("intake", text)
        print(text)
