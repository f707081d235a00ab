"""By whom totals of several quarters were corrected: what two corrections differ by is one, too."""

import pandas as pd
import pytest

from evaluation.disclosure.audit import Published
from evaluation.disclosure.corrected import FACT
from evaluation.indicators.tidy import AREA, fact
from evaluation.notebook import behind

EARLIER = [
    Published(wave, {("shipped", AREA, wave, "", "", "amount"): count}, frozenset(), ())
    for wave, count in (("2025Q4", 1000.0), ("2026Q1", 1900.0))
]


def _rows(first: float, second: float) -> pd.DataFrame:
    rows = [("shipped", AREA, "2026Q1", "", second, ""), ("shipped", AREA, "2025Q4", "", first, "")]
    return pd.DataFrame(rows, columns=["indicator", "region", "wave", "group_by", "count", "note"])


@pytest.mark.parametrize(
    ("later", "told"),
    [
        ({"A": -50, "B": -25, "C": -25}, "3:0.500000"),  # the same orders: nothing since
        ({"A": -50, "B": -25, "C": -25, "D": -100}, "1:1.000000"),  # one organisation's more
        ({"A": -100, "B": -75, "C": -75}, "3:0.400000"),  # as much again of each of them
    ],
)
def test_what_two_corrected_quarters_differ_by_is_judged_as_well(monkeypatch, later, told):
    first = pd.Series({"A": -50.0, "B": -25.0, "C": -25.0})
    second = pd.Series(later, dtype=float)
    by_wave = {"2025Q4": first, "2026Q1": second}
    monkeypatch.setattr(behind, "_moved", lambda campaign, past, key, now: by_wave[key[2]])
    monkeypatch.setattr(behind, "contributions", lambda campaign, wave: pd.DataFrame())
    rows, _ = behind.noted(_rows(1000 + first.sum(), 1900 + second.sum()), None, EARLIER)
    found = {row["wave"]: fact(row["note"], FACT) for row in rows.to_dict("records")}
    assert found == {"2025Q4": "3:0.500000", "2026Q1": told}
