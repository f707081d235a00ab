"""A corrected export that is put beside the first takes its rows in, and counts nothing twice."""

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from evaluation import cli
from evaluation.intake import take_in
from evaluation.intake.corrected import superseded
from evaluation.study import load_study

from .fixtures import shops, surveys
from .test_tools import PERSON, _bytes, _rows

ORDERS = shops.MORE.replace("bestand.*", "bestand*.csv")
ANSWERS = surveys.more_for("limesurvey").replace("bestand.*", "bestand*.csv")


def _checked(study) -> dict[str, tuple[int, int, int]]:
    """File -> rows read, accepted and refused, as `evaluation check` prints them."""
    shown = CliRunner().invoke(cli.main, ["check", str(study.path)], env={"EVALUATION_LANG": "nl"})
    assert shown.exit_code == 0, shown.output
    assert PERSON not in shown.output
    lines = re.findall(r"^(bestand\S*\.csv):? (.*)$", shown.output, re.MULTILINE)
    return {name.rstrip(":"): tuple(int(n) for n in re.findall(r"\d+", text)[:3]) for name, text in lines}


@pytest.fixture
def orders(study_of):
    """An export with an unknown article in line 2, an order not yet sent, and one with a wrong quantity."""
    rows = _rows(shops.SHOPS["shopify"](PERSON))
    at = {heading: place for place, heading in enumerate(rows[0])}
    wrong = [list(row) for row in rows]
    wrong[1][at["Lineitem sku"]] = "FOL-XX"
    wrong[3][at["Lineitem quantity"]] = "40"
    study = study_of({"bestand.csv": _bytes(wrong)}, ORDERS)
    right = [list(row) for row in rows]
    for row in right[1:]:
        if row[0] == "#1004":  # sent meanwhile
            row[at["Fulfillment Status"]], row[at["Fulfilled at"]] = "fulfilled", "2025-12-20 10:00:00 +0100"
    return study, right, at


def _copies(study) -> tuple[int, int]:
    taken = take_in(load_study(study.path)).tables["orders"]
    return int(taken["copies"].sum()), int(taken.loc[taken["shipped"], "copies"].sum())


def test_a_corrected_export_of_orders_beside_the_first(orders):
    study, right, _ = orders
    # By hand, of the lines of `people`: 100 leaflets and 2 posters, 25, 50 and 1, 25 not sent, 25 to Aachen.
    before = _checked(study)
    assert _copies(study) == (2 + 40 * 25 + 51 + 25 + 25, 2 + 40 * 25 + 51 + 25)
    (study.folder / "bestand_2.csv").write_bytes(_bytes(right))
    after = _checked(study)
    assert _copies(study) == (102 + 25 + 51 + 25 + 25,) * 2
    assert before["bestand.csv"][0] == after["bestand.csv"][0] == after["bestand_2.csv"][0] == 8
    assert sum(accepted for _, accepted, _ in after.values()) == 7  # one line was cancelled
    assert all(read == accepted + refused for read, accepted, refused in after.values())


def test_an_order_cancelled_later_and_a_line_taken_off_count_no_more(orders):
    study, right, at = orders
    later = [right[0]]
    for row in right[1:]:
        if row[0] == "#1002":
            row[at["Cancelled at"]] = "2025-12-24 10:00:00 +0100"
        if not (row[0] == "#1001" and row[at["Lineitem sku"]] == "POS-NL-1"):
            later.append(row)
    (study.folder / "bestand_2.csv").write_bytes(_bytes(later))
    assert _copies(study) == (100 + 51 + 25 + 25,) * 2


def test_the_same_number_on_another_day_is_another_order(orders):
    study, right, at = orders
    for row in right[1:]:
        row[at["Created at"]] = row[at["Created at"]].replace("2025-1", "2024-1")
    (study.folder / "bestand_2.csv").write_bytes(_bytes(right))
    rules = take_in(load_study(study.path)).quarantine["rule"]
    assert "superseded" not in set(rules)


def test_a_corrected_export_of_answers_beside_the_first(study_of):
    right = _rows(surveys.limesurvey(PERSON))
    at = {heading: place for place, heading in enumerate(right[0])}
    wrong = [list(row) for row in right]
    wrong[2][at["K1"]] = "Wara"
    wrong[3][at["K2"]] = "Waar"
    study = study_of({"bestand.csv": _bytes(wrong)}, ANSWERS)
    assert _checked(study)["bestand.csv"] == (81, 79, 2)
    # Saved by a spreadsheet: the moments are spelled anew.
    saved = [list(row) for row in right]
    for row in saved[1:]:
        if row[at["submitdate"]]:
            day, clock = row[at["submitdate"]].split(" ")
            year, month, number = day.split("-")
            hour, minute, _ = clock.split(":")
            row[at["submitdate"]] = f"{int(number)}-{int(month)}-{year} {int(hour)}:{minute}"
    (study.folder / "bestand_2.csv").write_bytes(_bytes(saved))
    found = _checked(study)
    assert (found["bestand.csv"][1], found["bestand_2.csv"]) == (0, (81, 80, 1))
    alone = take_in(study_of({"bestand.csv": _bytes(right)}, surveys.more_for("limesurvey")))
    (study.folder / "bestand_2.csv").unlink()
    both = study_of({"bestand.csv": _bytes(wrong), "bestand_2.csv": _bytes(right)}, ANSWERS)
    columns = ["K1", "K2", "H1", "wave", "municipality"]
    got = take_in(both).tables["responses"][columns].to_numpy().tolist()
    assert sorted(got) == sorted(alone.tables["responses"][columns].to_numpy().tolist())


def test_two_files_without_a_number_or_moment_hold_no_versions_of_one_record():
    raw = SimpleNamespace(
        frame=pd.DataFrame({"order": ["", ""], "date": ["", ""]}, dtype="str"),
        file=np.array([0, 1]),
        files=("a", "b"),
    )
    assert superseded(raw, np.array([True, True]), "order", "date").tolist() == [False, False]


def test_two_moments_of_one_day_are_two_records_however_they_are_written():
    pairs = (
        ("2025-10-06 09:05:11 +0200", "2025-10-06 10:05:11 +0200"),
        ("6 okt. 2025 9:05", "6-10-2025 10:05"),
    )
    for early, late in pairs:
        raw = SimpleNamespace(
            frame=pd.DataFrame({"order": ["1", "1"], "date": [early, late], "sku": ["A", "B"]}, dtype="str"),
            file=np.array([0, 1]),
            files=("a", "b"),
        )
        assert superseded(raw, np.array([True, True]), "order", "date").tolist() == [False, False]
        raw.frame["date"] = [early, early]
        assert superseded(raw, np.array([True, True]), "order", "date").tolist() == [True, False]
