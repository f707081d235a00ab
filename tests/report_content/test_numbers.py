"""Numbers in Dutch and English: the CLDR forms, one rounding, and limits that never hide behind a zero."""

import re

from hypothesis import given
from hypothesis import strategies as st

from evaluation.report.wording import numbers


def test_dutch_and_english_forms():
    assert numbers.percent(41.25, "nl") == "41,2%"
    assert numbers.percent(41.35, "en") == "41.4%"  # half to even
    assert numbers.number(1234567.5, "nl", 1) == "1.234.567,5"
    assert numbers.number(1234567.5, "en", 1) == "1,234,567.5"
    assert numbers.euro(1234.5, "nl") == "€\N{NO-BREAK SPACE}1.234,50"
    assert numbers.euro(1234.5, "en", 0) == "€1,234"
    assert numbers.signed(4.24, "nl") == "+4,2"
    assert numbers.signed(-4.24, "en") == "−4.2"
    assert numbers.signed(-0.04, "nl") == "0,0"
    assert numbers.p_value(0.0004, "nl") == "< 0,001"


def test_a_limit_next_to_zero_gets_decimals():
    assert numbers.limit(0.04, "nl") == "+0,04"
    assert numbers.limit(-0.004, "en") == "−0.004"
    assert numbers.limit(0.4, "nl") == "+0,4"


@given(st.floats(-1e6, 1e6), st.integers(0, 3), st.sampled_from(["nl", "en"]))
def test_text_and_value_are_the_same_number(value, decimals, language):
    text = numbers.number(value, language, decimals)
    digits = re.sub(r"\D", "", text)
    assert digits == re.sub(r"\D", "", f"{abs(numbers.rounded(value, decimals)):.{decimals}f}")
    assert abs(numbers.rounded(value, decimals) - value) <= 0.5 * 10**-decimals + 1e-9


@given(st.floats(0.000001, 100), st.sampled_from(["nl", "en"]))
def test_a_positive_limit_is_printed_above_zero(value, language):
    assert numbers.limit(value, language).startswith("+")
