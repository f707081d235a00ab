"""Turns text columns into numbers, dates, quarters and postcodes; what does not parse becomes missing.

Every function takes a Series of text (dtype str) and works per different value, not per row, where parsing
is slow: a million rows hold few different dates.
"""

import re
import unicodedata

import numpy as np
import pandas as pd
import pyarrow as pa

_MONTHS = {
    **dict.fromkeys(("jan", "januari", "january"), 1),
    **dict.fromkeys(("feb", "februari", "february"), 2),
    **dict.fromkeys(("mrt", "mar", "maart", "march"), 3),
    **dict.fromkeys(("apr", "april"), 4),
    **dict.fromkeys(("mei", "may"), 5),
    **dict.fromkeys(("jun", "juni", "june"), 6),
    **dict.fromkeys(("jul", "juli", "july"), 7),
    **dict.fromkeys(("aug", "augustus", "august"), 8),
    **dict.fromkeys(("sep", "sept", "september"), 9),
    **dict.fromkeys(("okt", "oct", "oktober", "october"), 10),
    **dict.fromkeys(("nov", "november"), 11),
    **dict.fromkeys(("dec", "december"), 12),
}
_TIME = r"(?:[ T,]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?(?:Z|[+-]\d{2}:?\d{2}))?)?"
_ISO = re.compile(rf"((?:19|20)\d{{2}})-(\d{{1,2}})-(\d{{1,2}}){_TIME}")
_DUTCH = re.compile(rf"(\d{{1,2}})[-/.](\d{{1,2}})[-/.]((?:19|20)\d{{2}}){_TIME}")
_WORDS = re.compile(rf"(\d{{1,2}})[- ]([a-z]+)\.?[- ]((?:19|20)\d{{2}}){_TIME}")
_QUARTER = (
    re.compile(r"(20\d{2})[ -]?[qk]([1-4])"),
    re.compile(r"[qk]([1-4])[ -]?(20\d{2})"),
    re.compile(r"([1-4])e kwartaal (?:van )?(20\d{2})"),
)
_THOUSANDS = r"[1-9]\d{0,2}(?:\.\d{3})+"
_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00b4": "'", "`": "'"})


def numbered(text: pd.Series, only_used: bool = True) -> tuple[np.ndarray, pd.Index]:
    """Per row (n) the position of its value among the different values, and those values.

    only_used=False may give values that no row has: enough where each value is judged by itself.
    """
    if isinstance(text.dtype, pd.CategoricalDtype):
        codes, values = text.cat.codes.to_numpy(), text.cat.categories
        if not only_used:
            return codes, values
        used = np.zeros(len(values), dtype=bool)
        used[codes] = True
        if not used.all():
            codes, values = (np.cumsum(used) - 1)[codes], values[used]
        return codes, values
    return pd.factorize(text, use_na_sentinel=False)


def listed(text: pd.Series) -> tuple[np.ndarray | slice, pd.Series]:
    """Where each row's value stands in a list of values (str), and that list: for categories the different
    ones, for plain text the rows themselves, because looking for those alike costs more than it saves."""
    if isinstance(text.dtype, pd.CategoricalDtype):
        codes, values = numbered(text, only_used=False)
        return codes, pd.Series(values, dtype="str")
    return slice(None), as_text(text).reset_index(drop=True)


def together(columns) -> np.ndarray:
    """(n) one number per row, from 0, equal for rows that are equal in every one of `columns` (each n numbers
    from 0)."""
    number = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        # Numbered anew after each column, so that the product of many columns never overflows.
        number = pd.factorize(number * (int(column.max(initial=0)) + 1) + column)[0]
    return number


def per_value(text: pd.Series, function) -> pd.Series:
    """`function` of every different value of `text`, spread over the rows again: text (str) when every result
    is text."""
    codes, values = numbered(text, only_used=False)
    results = [function(value) for value in values.tolist()]
    kind = "str" if all(isinstance(result, str) for result in results) else "object"
    return pd.Series(pd.array(results, dtype=kind).take(codes), index=text.index)


def as_text(column: pd.Series) -> pd.Series:
    """A column of text (str), whatever way it was read."""
    if column.dtype == "str":
        return column
    codes, values = numbered(column, only_used=False)
    # Arrow takes by int32 in half the time that it needs for the int8 of categories.
    text = pd.array(values, dtype="str").take(codes.astype(np.int32))
    return pd.Series(text, index=column.index, name=column.name)


def as_texts(frame: pd.DataFrame) -> pd.DataFrame:
    """A table with its categories as text."""
    categories = frame.select_dtypes("category").columns
    return frame.assign(**{name: as_text(frame[name]) for name in categories})


def stripped(text: pd.Series) -> pd.Series:
    """Text (str) without blanks around it."""
    where, values = listed(text)
    return values.str.strip().iloc[where].set_axis(text.index)


def is_blank(text: pd.Series) -> np.ndarray:
    """(n) bool: nothing but blanks."""
    where, values = listed(text)
    return values.str.strip().eq("").to_numpy(dtype=bool)[where]


def holds(text: pd.Series, pattern: str, whole: bool = False) -> np.ndarray:
    """(n) bool: the pattern (upper and lower case alike) occurs in the text, or is the whole of it."""
    expression = re.compile(pattern, re.IGNORECASE)
    found = expression.fullmatch if whole else expression.search
    codes, values = numbered(text, only_used=False)
    hits = np.fromiter((found(value) is not None for value in values.tolist()), bool, len(values))
    return hits[codes]


def normalise(text: str) -> str:
    """A label or a name in the form in which it is compared: without case, quotes and spaces evened."""
    plain = unicodedata.normalize("NFC", text).replace("\u00a0", " ").translate(_QUOTES)
    return " ".join(plain.split()).casefold()


def ranks(text: pd.Series) -> np.ndarray:
    """(n) numbers that sort as the text does."""
    codes, values = numbered(text)
    rank = np.empty(len(values), dtype=np.int32)
    rank[np.argsort(values.to_numpy(dtype=object), kind="stable")] = np.arange(len(values))
    return rank[codes]


def parse_dates(text: pd.Series) -> pd.Series:
    """Calendar days (datetime64) from `2026-03-03 14:05:11`, `3-3-2026`, `3 mrt. 2026`; else NaT.

    A time and an offset are read over: the day counts as it was written.
    """
    where, moments = listed(text)
    whole = moments.str.fullmatch(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}")
    which, days = pd.factorize(moments.str.slice(0, 10).where(whole, moments), use_na_sentinel=False)
    found = np.array([_day(day) for day in days], dtype="datetime64[s]")
    return pd.Series(found[which[where]] if len(found) else found, index=text.index)


def _day(text: str) -> np.datetime64:
    text = normalise(text)
    if match := _ISO.fullmatch(text.upper()):
        year, month, day = match[1], int(match[2]), int(match[3])
    elif match := _DUTCH.fullmatch(text.upper()):
        day, month, year = int(match[1]), int(match[2]), match[3]
    elif match := _WORDS.fullmatch(text):
        day, month, year = int(match[1]), _MONTHS.get(match[2], 0), match[3]
    else:
        return np.datetime64("NaT")
    try:
        return np.datetime64(f"{year}-{month:02d}-{day:02d}", "s")
    except ValueError:
        return np.datetime64("NaT")


def parse_moments(text: pd.Series) -> pd.Series:
    """Moments (datetime64) from `2026-03-03 14:05:11`, as survey tools write them, or `3-3-2026 14:05`, as
    Excel writes them anew; NaT for anything else, also for a day without a time."""
    where, values = listed(text)
    whole = values.str.fullmatch(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}")
    try:
        # Arrow reads this form five times as fast; one impossible moment and it reads none.
        found = values.where(whole).array.__arrow_array__().cast("timestamp[s]").to_pandas()
    except pa.ArrowInvalid:
        found = pd.to_datetime(values, errors="coerce", format="%Y-%m-%d %H:%M:%S")
    rest = values[found.isna() & values.ne("")]
    if len(rest):
        clock = rest.str.extract(r"^(\d{1,2}-\d{1,2}-\d{4} \d{1,2}:\d{2})(:\d{2})?$")
        anew = pd.to_datetime(clock[0] + clock[1].fillna(":00"), errors="coerce", format="%d-%m-%Y %H:%M:%S")
        found = found.fillna(anew)
    return found.iloc[where].set_axis(text.index)


_SHORT_DAY = re.compile(r"(\d{1,2})[- ]([a-z]{3,4})\.?|([a-z]{3,4})\.?[- ](\d{1,2})")


def day_and_month(text: str) -> tuple[int, int] | None:
    """Day and month of a normalised cell that Excel made a date of (`2-mrt`, `2026-03-02 00:00:00`)."""
    if match := _SHORT_DAY.fullmatch(text):
        day, month = int(match[1] or match[4]), _MONTHS.get(match[2] or match[3])
        return (day, month) if month else None
    if match := _ISO.fullmatch(text.upper()):
        return int(match[3]), int(match[2])
    if match := _DUTCH.fullmatch(text.upper()):
        return int(match[1]), int(match[2])
    return None


def quarters_of(days: pd.Series) -> pd.Series:
    """The quarter (`2026Q3`) of every day, "" for a missing one."""
    which, known = pd.factorize(days)
    names = [*(f"{day.year}Q{day.quarter}" for day in pd.DatetimeIndex(known)), ""]
    return pd.Series(pd.array(names, dtype="str").take(which % len(names)), index=days.index)


def parse_quarters(text: pd.Series) -> pd.Series:
    """Quarters (`2026Q3`) from `2026Q3`, `2026-K3`, `Q3 2026`, `3e kwartaal 2026`; "" for anything else."""
    return per_value(text, _quarter).astype("str")


def _quarter(text: str) -> str:
    text = normalise(text)
    for position, pattern in enumerate(_QUARTER):
        if match := pattern.fullmatch(text):
            year, number = (match[1], match[2]) if position == 0 else (match[2], match[1])
            return f"{year}Q{number}"
    return ""


def parse_numbers(text: pd.Series) -> pd.Series:
    """Numbers (float) from `12,50`, `€ 1.234,50`, `-3` or `12.5`; NaN for anything else.

    The column decides what a point means: thousands (`1.234` is 1234), unless some number of it has no
    comma and a point that cannot stand for thousands.
    """
    codes, values = numbered(text)
    plain = pd.Series(values, dtype="str").str.replace(r"[\s\u00a0€]|EUR", "", regex=True)
    point = plain.str.fullmatch(r"-?(?:\d+\.\d{1,2}|\d+\.\d{4,}|0+\.\d+|\d{4,}\.\d+)")
    if point.any() and not plain.str.contains(",", regex=False).any():
        valid = plain.str.fullmatch(r"-?\d+(?:\.\d+)?")
    else:
        valid = plain.str.fullmatch(rf"-?(?:\d+|{_THOUSANDS})(?:,\d+)?")
        plain = plain.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    found = pd.to_numeric(plain.where(valid), errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    return pd.Series(found[codes], index=text.index)


def postcode_area(text: pd.Series) -> pd.Series:
    """The four digits of Dutch postcodes (`6211 AB`, `'6211ab`, `6211`), "" for anything else."""
    tidy = as_text(text).str.replace(r"[\s\u00a0'\u2019]", "", regex=True)
    return tidy.str.extract(r"^([1-9]\d{3})(?:[A-Za-z]{2})?$", expand=False).fillna("").astype("str")
