"""Numbers as readers of Dutch and English expect them (Babel), rounded once.

`rounded` is the only rounding in the reports: a text and the value beside it come from the same number.
A registered number (`wording.marks`) keeps its name in the text that is made of it.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from babel.numbers import format_currency, format_decimal

from evaluation.report.wording.marks import marked

MINUS = "\N{MINUS SIGN}"
_MOST_DECIMALS = 6


def rounded(value: float, decimals: int) -> float:
    """`value` rounded half to even in decimal notation; minus zero becomes zero."""
    exact = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)
    return float(exact) + 0.0


def number(value: float, language: str, decimals: int = 0) -> str:
    """1234.5 -> "1.234,5" (nl) or "1,234.5" (en), with exactly `decimals` decimals."""
    return marked(_number(value, language, decimals), value)


def _number(value: float, language: str, decimals: int) -> str:
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    text = format_decimal(Decimal(repr(rounded(value, decimals))), format=pattern, locale=language)
    return text.replace("-", MINUS)


def signed(value: float, language: str, decimals: int = 1) -> str:
    """A change: "+4,2", "−1,0", and "0,0" without a sign."""
    text = _number(value, language, decimals)
    return marked(f"+{text}" if rounded(value, decimals) > 0 else text, value)


def percent(value: float, language: str, decimals: int = 1) -> str:
    """A percentage, 0-100 -> "41,3%"."""
    return marked(_number(value, language, decimals) + "%", value)


def limit(value: float, language: str, decimals: int = 1) -> str:
    """A limit of an interval around a change, on which a word such as "risen" hangs.

    A limit that is not zero is not printed as zero: it gets more decimals, so that the word and
    the number beside it agree.
    """
    while decimals < _MOST_DECIMALS and value and rounded(value, decimals) == 0:
        decimals += 1
    return signed(value, language, decimals)


def euro(value: float, language: str, decimals: int = 2) -> str:
    """An amount: "€ 1.234,50" (nl) or "€1,234.50" (en)."""
    number_format = "¤\N{NO-BREAK SPACE}#,##0" if language == "nl" else "¤#,##0"
    text = format_currency(
        Decimal(repr(rounded(value, decimals))),
        "EUR",
        format=number_format + ("." + "0" * decimals if decimals else ""),
        locale=language,
        currency_digits=False,
    )
    return marked(text.replace("-", MINUS), value)


def p_value(value: float, language: str) -> str:
    """ "0,012", and "< 0,001" for anything smaller."""
    if value < 0.001:
        return marked(f"< {_number(0.001, language, 3)}", value)
    return number(value, language, 3)
