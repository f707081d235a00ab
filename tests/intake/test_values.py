"""Numbers, dates, quarters, postcodes and identifiers as Dutch exports write them."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        ("ik ben geboren op 3 maart 1988", {"birth_date"}),
        ("Geboortedatum: 03-03-1988", {"birth_date"}),
        ("geb. 3/3/88", {"birth_date"}),
        ("onze zoon is op 1-4-2024 geboren", {"birth_date"}),
        ("born on 3rd of March 1988", {"birth_date"}),
        ("date of birth: March 3, 1988", {"birth_date"}),
        ("1988-03-03", {"birth_date"}),
        ("3 mrt. 1988", {"birth_date"}),
        ("gezien op 3 maart 2026", set()),
        ("3-3-2026", set()),
        ("2026-03-03 10:59:37", set()),
        ("geboren in Heerlen, folder gekregen in 2026", set()),
        ("toen hij geboren was kreeg ik 3 folders", set()),
        ("50.8882, 5.9795", {"coordinates"}),
        ("wij wonen op 50,88821;5,97953", {"coordinates"}),
        ("https://maps.example/@50.88821,5.97953,17z", {"coordinates"}),
        ("lat: 50.8882", {"coordinates"}),
        ("50°53'17\"N 5°58'46\"O", {"coordinates"}),
        ("51.2", set()),
        ("51.2345", set()),
        ("ik geef een 7.5, mijn man 51,2", set()),
        ("tussen 50.5 en 6.25 euro", set()),
        ("locatie 5.123", set()),
    ],
)
def test_identifiers_in_text(text, kinds):
    assert kinds_in(text) == kinds


def test_hits_are_counted_per_cell():
    assert count_hits(_text("a@b.example c@d.example", "a@b.example", "", "niets")) == {"email": 2}


def test_a_column_of_degrees_is_where_people_were():
    north = [f"50.8{n}82" for n in range(10, 30)]
    assert count_hits(_text(*north)) == {"coordinates": 20}
    assert count_hits(_text(*north, "weet niet", "", "goed")) == {"coordinates": 20}
    assert not count_hits(_text(*north[:4]))  # four numbers are no column
    assert not count_hits(_text(*(f"50.{n}" for n in range(10, 30))))  # marks with two decimals
    assert not count_hits(_text(*north[:6], *(f"woord {n}" for n in "abcdefgh")))


WORDS = """de folder over een goede band was geboren baby jarig leuk 3 12 2026 51.2 7,5 50.5 1988 vijf maart
mei locatie lat gps euro 6.25 (4-7) 2-3 1-2-2026 lengte keer per week"""


@given(st.lists(st.sampled_from(WORDS.split()), max_size=12))
def test_words_and_loose_numbers_are_no_place(words):
    assert "coordinates" not in kinds_in(" ".join(words))


@given(st.dates(date(2010, 1, 1), date(2040, 1, 1)), st.sampled_from(["%d-%m-%Y", "%Y-%m-%d", "%-d/%-m/%Y"]))
def test_the_day_of_a_visit_is_no_date_of_birth(day, form):
    for text in ("{}", "gezien op {} bij de balie", "{} om 10:59", "op {} kreeg ik de folder"):
        assert "birth_date" not in kinds_in(text.format(day.strftime(form)))


@given(st.floats(0, 300), st.integers(0, 6), st.floats(0, 300), st.integers(0, 2))
def test_two_numbers_with_few_decimals_are_no_place(one, decimals, other, few):
    assert not kinds_in(f"{one:.{decimals}f}") - {"bsn"}
    assert not kinds_in(f"{one:.{min(decimals, 2)}f}, {other:.{few}f}")


@given(st.floats(50.5, 53.6), st.floats(3.2, 7.3), st.integers(3, 7), st.sampled_from([", ", ",", " ", "; "]))
def test_every_place_in_the_netherlands_is_told(north, east, decimals, between):
    assert kinds_in(f"ik woon op {north:.{decimals}f}{between}{east:.{decimals}f} hoor") == {"coordinates"}


@given(st.dates(date(1930, 1, 1), date(2030, 1, 1)), st.sampled_from(["%d-%m-%Y", "%Y-%m-%d", "%-d/%-m/%Y"]))
def test_every_date_beside_a_word_for_birth_is_told(day, form):
    for text in ("geboren op {}", "mijn geboortedatum is {} en verder niets", "born {}"):
        assert "birth_date" in kinds_in(text.format(day.strftime(form)))
