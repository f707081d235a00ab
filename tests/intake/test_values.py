"""Numbers, dates, quarters, postcodes and identifiers as Dutch exports write them."""

import pandas as pd
import pytest

from evaluation.intake.detectors import count_hits, kinds_in
from evaluation.intake.values import normalise, parse_dates, parse_numbers, parse_quarters, quarters_of


def _text(*cells):
    return pd.Series(list(cells), dtype="str")


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-03-03 14:05:11", "2026-03-03"),
        ("2026-03-03T23:59:00+01:00", "2026-03-03"),
        ("2026-03-03", "2026-03-03"),
        ("4-5-2026 10:59:37", "2026-05-04"),
        ("31/12/2025", "2025-12-31"),
        ("3 mrt. 2026", "2026-03-03"),
        ("3\u00a0maart 2026", "2026-03-03"),
        ("29-2-2024", "2024-02-29"),
    ],
)
def test_dates(cell, day):
    assert parse_dates(_text(cell))[0] == pd.Timestamp(day)


@pytest.mark.parametrize(
    "cell", ["", "30-2-2026", "2026-13-01", "2026-02-30 10:00:00", "3-3-26", "maart 2026", "46000"]
)
def test_what_is_not_a_date(cell):
    assert pd.isna(parse_dates(_text(cell))[0])


def test_quarters_of_days():
    assert quarters_of(parse_dates(_text("2026-03-31", "1-4-2026", "-"))).tolist() == ["2026Q1", "2026Q2", ""]


def test_numbers_with_a_decimal_comma():
    cells = _text("12,50", "€\u00a01.234,50", "1.234", "-3", "7", "12,5,1", "1.23,4", "twaalf", "")
    assert parse_numbers(cells).fillna(-99).tolist() == [12.5, 1234.5, 1234, -3, 7, -99, -99, -99, -99]


def test_a_column_without_commas_and_with_decimals_has_decimal_points():
    assert parse_numbers(_text("0.75", "1.234", "2")).tolist() == [0.75, 1.234, 2]


def test_a_lone_decimal_point_among_commas_is_not_guessed():
    assert parse_numbers(_text("12,50", "12.5")).isna().tolist() == [False, True]


def test_quarters():
    cells = _text("2026Q3", "2026-K3", "Q3 2026", "3e kwartaal 2026", "2026Q5", "2026")
    assert parse_quarters(cells).tolist() == ["2026Q3"] * 4 + ["", ""]


def test_normalise_evens_case_quotes_and_spaces():
    assert normalise(" Don\u2019t\u00a0 KNOW ") == "don't know"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("mail naar jan@thuis.example graag", {"email"}),
        ("bel 06-00012345", {"phone"}),
        ("+31 6 12 34 56 78", {"phone"}),
        ("NL91 ABNA 0417 1643 00", {"iban"}),
        ("NL91ABNA0417164301", set()),
        ("mijn nummer is 111222333", {"bsn"}),
        ("123456782.", {"bsn"}),
        ("123456789", set()),
        ("van 192.0.2.17", {"ip"}),
        ("wij wonen op 6211 AB", {"postcode"}),
        ("6211ab", {"postcode"}),
        ("in 2026 gezien, 25 keer", set()),
        ("2025Q3", set()),
        ("GM0935", set()),
    ],
)
def test_identifiers_in_text(text, kinds):
    assert kinds_in(text) == kinds


def test_hits_are_counted_per_cell():
    assert count_hits(_text("a@b.example c@d.example", "a@b.example", "", "niets")) == {"email": 2}
