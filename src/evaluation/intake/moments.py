"""Finds dates of birth and places on the map in text, by shape, range and the words beside them.

A date alone may be the day of a visit, and a number such as 51.2 a mark: neither is told by its shape only.
"""

import re

_MONTHS = (
    "jan(?:uari|uary)?|feb(?:ruari|ruary)?|mrt|maart|mar(?:ch)?|apr(?:il)?|mei|may|juni?|june?|juli?|july?"
    "|aug(?:ustus|ust)?|sept?(?:ember)?|okt(?:ober)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_DAY, _MONTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"


def _dates(year: str) -> str:
    """A full date with a year of this pattern, in figures (day, month, year or year, month, day) or words."""
    return (
        rf"(?:{_DAY}[-/. ]{_MONTH}[-/. ]{year}|{year}[-/.]{_MONTH}[-/.]{_DAY}"
        rf"|{_DAY}(?:e|th|st|nd|rd)?[ -](?:of )?(?:{_MONTHS})\.?,?[ -]{year}"
        rf"|(?:{_MONTHS})\.? {_DAY}(?:th|st|nd|rd)?,? {year})"
    )


_BORN = (
    r"\b(?:ge?boren|geboorte(?:datum|dag|jaar)?|geb|jarig|verjaar(?:t|dag)|leeftijd|born|birth(?:day|date)?"
    r"|date of birth|d\.?o\.?b)\b"
)
_ANY_YEAR = r"(?:(?:19|20)\d\d|\d\d)"
_FULL = rf"(?<![\d.,/-]){_dates(_ANY_YEAR)}(?!\d|[-/.,]\d)"
_BIRTH = re.compile(rf"{_BORN}[^\d\n]{{0,30}}{_FULL}|{_FULL}[^\d\n]{{0,15}}{_BORN}", re.IGNORECASE)
# No campaign was then: a text that is nothing but such a date is when somebody was born.
_LONG_AGO = re.compile(rf"\s*{_dates(r'(?:19[0-9]{2}|200[0-9])')}\s*", re.IGNORECASE)

# The Netherlands and just over the border, in degrees north and east; three decimals are some 100 m.
_NORTH, _EAST = r"5[0-3][.,]\d{3,}", r"[3-7][.,]\d{3,}"
_PAIR = re.compile(rf"(?<![\d.,]){_NORTH}\s?°?\s?[NnEeOo]?[,;/ ]\s*{_EAST}(?!\d|\.\d)")
_SEXAGESIMAL = re.compile(
    r"\d{1,2}\s?°\s?\d{1,2}\s?['\u2019\u2032]\s?(?:\d{1,2}(?:[.,]\d+)?\s?(?:\"|''|[\u201d\u2033]))?\s?[NSEWOZ]\b"
)
_NAMED = re.compile(
    r"\b(?:lat(?:itude)?|long?(?:gitude|itude)?|lng|breedtegraad|lengtegraad|gps|co[oö]rdina(?:a?t|te)\w*)\b"
    r"[^\d\n]{0,15}-?\d{1,3}[.,]\d{3,}",
    re.IGNORECASE,
)
_DEGREES = re.compile(r"\s*(?:5[0-3]|[3-7])[.,]\d{4,}\s*")


def holds_birth_date(text: str) -> bool:
    """Whether a full date stands beside a word for being born, or is all there is and lies before 2010."""
    return bool(_BIRTH.search(text) or _LONG_AGO.fullmatch(text))


def holds_coordinates(text: str) -> bool:
    """Whether a place on the map is given: a pair in degrees in and around the Netherlands with three or more
    decimals, degrees with minutes and a point of the compass, or a number with three decimals by its name."""
    return bool(_PAIR.search(text) or _SEXAGESIMAL.search(text) or _NAMED.search(text))


def is_degrees(cell: str) -> bool:
    """Whether a cell can be one half of such a pair, in four decimals or more. Alone it says nothing."""
    return _DEGREES.fullmatch(cell) is not None
