"""The refused rows as staff open them: with reason and remedy, and nothing that a spreadsheet runs."""

import csv
import io

import pandas as pd
import pytest

from evaluation.reference import quarantine_rules
from evaluation.report.writers.quarantine import write_quarantine

ROWS = pd.DataFrame(
    [
        ("=HYPERLINK(1).csv", 3, "@som", "bad_date"),
        ("orders.csv", 9, "Naam; \"plaats\"", "missing_value"),
        ("orders.csv", 12, "\t=1+1", "duplicate_row"),
        ("orders.csv", 14, "", "broken_row"),
    ],
    columns=["file", "row", "column", "rule"],
)  # fmt: skip


def read(content, language):
    assert content.startswith(b"\xef\xbb\xbf")
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    return list(csv.reader(text, delimiter=";" if language == "nl" else ","))


@pytest.mark.parametrize(
    ("language", "first"),
    [
        ("nl", ["bestand", "rij", "kolom", "regel", "wat er mis is", "wat te doen"]),
        ("en", ["file", "row", "column", "rule", "what is wrong", "what to do"]),
    ],
)
def test_every_row_says_where_it_is_what_is_wrong_and_what_to_do(language, first):
    heading, *rows = read(write_quarantine(ROWS, language), language)
    assert heading == first
    assert [row[1] for row in rows] == ["3", "9", "12", "14"]
    assert rows[1][2] == 'Naam; "plaats"'
    for row, rule in zip(rows, ROWS["rule"], strict=True):
        known = quarantine_rules()[rule]
        assert row[3:] == [rule, known[language], known[f"remedy_{language}"]]


def test_no_cell_is_a_formula():
    for row in read(write_quarantine(ROWS, "nl"), "nl"):
        assert not [cell for cell in row if cell.lstrip()[:1] in tuple("=+-@")]
    assert read(write_quarantine(ROWS, "nl"), "nl")[1][0] == "'=HYPERLINK(1).csv"


def test_without_refused_rows_there_are_only_headings():
    assert len(read(write_quarantine(ROWS[:0], "nl"), "nl")) == 1
