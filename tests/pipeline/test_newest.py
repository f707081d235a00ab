"""Which quarter a refresh takes when none is asked for: the newest with a percentage in every region."""

from types import SimpleNamespace

import pandas as pd
import pytest

from evaluation.pipeline.ready import _complete, _waves_with_data

AFTER = ("2025Q4", "2026Q1", "2026Q2")
STUDY = SimpleNamespace(after=AFTER, disclosure=SimpleNamespace(minimum_base=30))


def _tables(answers: dict[tuple[str, str], int] | None, orders: tuple[str, ...] = ()) -> dict:
    """answers: (wave, region) -> parents."""
    tables = {"orders": pd.DataFrame({"quarter": list(orders)}, dtype="str")} if orders else {}
    if answers is not None:
        rows = [place for place, times in answers.items() for _ in range(times)]
        tables["responses"] = pd.DataFrame(rows, columns=["wave", "region"], dtype="str")
    return tables


FULL = {(wave, region): 30 for wave in AFTER for region in ("Noord", "Zuid")}


@pytest.mark.parametrize(
    ("answers", "newest"),
    [
        (FULL, "2026Q2"),
        (FULL | {("2026Q2", "Zuid"): 29}, "2026Q1"),  # one short of a percentage
        ({place: 30 for place in FULL if place != ("2026Q2", "Zuid")}, "2026Q1"),  # no answers there at all
        ({place: 30 for place in FULL if place[0] != "2026Q2"}, "2026Q1"),
        (dict.fromkeys(FULL, 29), "2026Q2"),  # none is complete: what there is, newest first
        (FULL | {("2025Q3", "Oost"): 40}, "2026Q2"),  # nor here: one region stopped answering
    ],
)
def test_the_newest_complete_quarter(answers, newest):
    tables = _tables(answers)
    assert _complete(STUDY, tables, _waves_with_data(AFTER, tables)) == newest


def test_without_a_survey_the_newest_quarter_with_orders():
    tables = _tables(None, orders=("2025Q4", "2026Q1"))
    assert _waves_with_data(AFTER, tables) == ["2025Q4", "2026Q1"]
    assert _complete(STUDY, tables, _waves_with_data(AFTER, tables)) == "2026Q1"
