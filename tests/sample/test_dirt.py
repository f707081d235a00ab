"""The planted dirt, counted in the raw files without the suite's own reader."""

import re

import pytest

from evaluation.reference import municipalities, questionnaire

WAVES = ("2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3")
NAMES = set(municipalities()["name"]) | {
    "Asten", "Deurne", "Geldrop-Mierlo", "Gemert-Bakel", "Helmond", "Laarbeek", "Someren",
}  # fmt: skip


def test_orders(tables, truth):
    rows = tables["orders.csv"]
    seen: list[tuple] = []
    repeated = 0
    for row in rows:
        repeated += tuple(row.values()) in seen
        seen.append(tuple(row.values()))
    status = [row["Status"] for row in rows]
    postcode = re.compile(r"[1-9]\d{3} ?[a-zA-Z]{2}")
    assert truth["dirt"]["orders.csv"] == {
        "cancelled": status.count("Geannuleerd"),
        "refunded": status.count("Terugbetaald"),
        "failed": status.count("Mislukt"),
        "test_order": sum("TEST" in row["Klantnotitie"] for row in rows),
        "duplicate_row": repeated,
        "unknown_postcode": sum(not postcode.fullmatch(row["Postcode (verzending)"]) for row in rows),
    }
    assert all(truth["dirt"]["orders.csv"].values())


@pytest.mark.parametrize("wave", WAVES)
def test_survey(tables, truth, wave):
    rows = tables[f"survey_{wave}.csv"]
    complete = [row for row in rows if row["submitdate"]]
    education = {text["nl"] for text in questionnaire()["A4"].answers.values()}
    agree = {text["nl"] for text in questionnaire()["E2"].answers.values()}
    found = {
        "incomplete": len(rows) - len(complete),
        "duplicate_row": len(complete) - len({row["id"] for row in complete}),
        "unknown_municipality": sum(row["A3"] not in NAMES for row in complete),
        "unmapped_label": sum(row["A4"] not in education or row["E2"] not in agree for row in complete),
    }
    assert truth["dirt"][f"survey_{wave}.csv"] == {rule: n for rule, n in found.items() if n}


@pytest.mark.parametrize("wave", WAVES)
def test_personal_data_in_open_answers(tables, truth, wave):
    texts = [row["R1"] + row.get("M1", "") for row in tables[f"survey_{wave}.csv"]]
    found = {
        "email": sum("@" in text for text in texts),
        "phone": sum(bool(re.search(r"\b0\d[\d -]{7,}", text)) for text in texts),
    }
    assert truth["notes"].get(f"survey_{wave}.csv", {}) == {kind: n for kind, n in found.items() if n}


def test_a_refused_row_has_one_reason_only(tables):
    for wave in WAVES:
        complete = [row for row in tables[f"survey_{wave}.csv"] if row["submitdate"]]
        ids = [row["id"] for row in complete]
        doubled = {number for number in ids if ids.count(number) > 1}
        assert all(row["A3"] in NAMES for row in complete if row["id"] in doubled)
