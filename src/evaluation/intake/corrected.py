"""Rows that a later export of the same tool corrects: of two versions of one record, the last counts.

Files are in the order of their names, so that `orders_2.csv` is later than `orders.csv`.
"""

import numpy as np
import pandas as pd

from evaluation.intake.read import Raw
from evaluation.intake.values import as_text, is_blank, numbered, parse_dates, stripped


def superseded(raw: Raw, free: np.ndarray, name: str, moment: str) -> np.ndarray:
    """Which free rows (n bool) belong to a record that a later file gives otherwise: with other cells, or
    with more or fewer rows. A record that is the same in both is left to the rule against repeated rows.

    name, moment: columns that together tell which record it is (order and its date, answer and when it was
    sent), since two exports may each number from 1. Rows without one of them are nobody's record.
    """
    found = np.zeros(len(free), dtype=bool)
    if len(raw.files) < 2:
        return found
    free = free & ~is_blank(raw.frame[name]) & ~is_blank(raw.frame[moment])
    rows = np.flatnonzero(free)[_in_two_files(stripped(raw.frame[name][free]), raw.file[free])]
    if not len(rows):
        return found
    text, file = raw.frame.iloc[rows], raw.file[rows]
    record = _together([pd.factorize(stripped(text[name]))[0], pd.factorize(_minutes(text[moment]))[0]])
    content = _together([numbered(text[column])[0] for column in text])
    # The sum of a random number per content tells which contents a record has in a file, and how often each.
    marks = np.random.default_rng(0).integers(1 << 62, size=content.max() + 1, dtype=np.uint64)
    versions = pd.DataFrame({"record": record, "file": file, "mark": marks[content]})
    sums = versions.groupby(["record", "file"])["mark"].sum()
    last = sums.groupby(level="record").transform("last")
    other = sums.ne(last)
    found[rows] = other.loc[pd.MultiIndex.from_frame(versions[["record", "file"]])].to_numpy()
    return found


def _in_two_files(names: pd.Series, file: np.ndarray) -> np.ndarray:
    which = pd.factorize(names)[0]
    pairs = pd.DataFrame({"which": which, "file": file}).drop_duplicates()
    return np.bincount(pairs["which"], minlength=1)[which] > 1


def _together(codes: list[np.ndarray]) -> np.ndarray:
    """One number per row (from 0), equal for rows with equal codes."""
    number = np.zeros(len(codes[0]), dtype=np.int64)
    for column in codes:
        # Numbered anew after each column, so that the product of many never overflows.
        number = pd.factorize(number * (int(column.max()) + 1) + column)[0]
    return number


def _minutes(moments: pd.Series) -> pd.Series:
    """Day and minute in one spelling, since a spreadsheet writes both anew; as written without a day."""
    text = as_text(moments)
    days = parse_dates(moments)
    clock = text.str.extract(r"\b(\d{1,2}:\d{2})(?::\d{2})?")[0].fillna("").str.zfill(5)
    return (days.dt.strftime("%Y-%m-%d") + " " + clock).where(days.notna(), text)
