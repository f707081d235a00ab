"""Quarters against the calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation import quarters


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1)))
def test_a_day_lies_in_its_quarter(day):
    quarter = quarters.quarter_of(day)
    assert quarters.first_day(quarter) <= day <= quarters.last_day(quarter)
    assert quarters.quarter_of(quarters.last_day(quarter) + timedelta(days=1)) == quarters.following(quarter)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2025Q3", "2026Q2", ("2025Q3", "2025Q4", "2026Q1", "2026Q2")),
        ("2026Q2", "2026Q2", ("2026Q2",)),
        ("2026Q2", "2026Q1", ()),
    ],
)
def test_a_span_holds_both_ends(first, last, expected):
    assert quarters.span(first, last) == expected


def test_words():
    assert quarters.label("2026Q3", "nl") == "3e kwartaal 2026"
    assert quarters.label("2026Q1", "en") == "first quarter of 2026"


@pytest.mark.parametrize("text", ["2026Q5", "2026q1", "26Q1", "2026Q1 ", ""])
def test_what_is_not_a_quarter(text):
    assert not quarters.is_quarter(text)
    with pytest.raises(ValueError, match="not a quarter"):
        quarters.first_day(text)
