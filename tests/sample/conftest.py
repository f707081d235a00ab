"""The sample campaign, written once for these tests, and its raw tables read without the suite's reader."""

import csv
import json
from pathlib import Path

import pytest

from evaluation.sample import write_sample

WAVES = ("2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3")


@pytest.fixture(scope="session")
def written(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "campaign"
    write_sample(folder)
    return folder


@pytest.fixture(scope="session")
def truth(written) -> dict:
    return json.loads((written / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def tables(written) -> dict[str, list[dict[str, str]]]:
    found = {}
    for path in written.glob("*.csv"):
        separator = "," if path.name.startswith("survey") else ";"
        with path.open(newline="", encoding="utf-8-sig") as file:
            found[path.name] = list(csv.DictReader(file, delimiter=separator))
    return found


@pytest.fixture(scope="session")
def answers(tables) -> dict[str, list[dict[str, str]]]:
    """The sound rows of each wave: complete, once, at a place that exists, with answers that exist."""
    sound = {}
    for wave in WAVES:
        once = {row["id"]: row for row in tables[f"survey_{wave}.csv"] if row["submitdate"]}
        strange = ("Dorpersveld", "Mbo, weet niet welk niveau", "Dat ligt eraan")
        sound[wave] = [row for row in once.values() if not any(text in strange for text in row.values())]
    return sound
