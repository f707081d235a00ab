"""Rows that a later export of the same tool corrects: of two versions of one record, the last counts.

Files are in the order of their names, so that `orders_2.csv` is later than `orders.csv`.
"""

import re

import numpy as np
import pandas as pd

from evaluation.intake.read import Raw
from evaluation.intake.values import is_blank, numbered, parse_dates, parse_moments, stripped, together

_CLOCK = re.compile(r"\b(\d{1,2}):(\d{2})(?::\d{2})?")


def superseded(
    raw: Raw, free: np.ndarray, name: str, moment: str, added: np.ndarray | None = None
) -> np.ndarray:
    """Which free rows (n bool) belong to a record that a later file gives otherwise: with other cells, or
    with more or fewer rows. A record that is the same in both is left to the rule against repeated rows.

    name, moment: columns that together tell which record it is (order and its date, answer and when it was
    sent), since two exports may each number from 1. Rows without one of them are nobody's record.
    added: (n bool) rows that add to a record (what came back of an order): a file that has nothing else of a
    record gives no version of it.
    """
    found = np.zeros(len(free), dtype=bool)
    if len(raw.files) < 2:
        return found
    rows = np.flatnonzero(free & ~is_blank(raw.frame[name]) & ~is_blank(raw.frame[moment]))
    names, _ = pd.factorize(stripped(raw.frame[name].iloc[rows]))
    record = together([names, _minutes(raw.frame[moment].iloc[rows])])
    if added is not None and len(rows):
        whole = pd.Series(~added[rows]).groupby([record, raw.file[rows]]).transform("any").to_numpy()
        rows, record = rows[whole], record[whole]
    # Most records are in one file only; what they hold needs no comparing.
    twice = _in_two_files(record, raw.file[rows])
    rows, record = rows[twice], record[twice]
    if not len(rows):
        return found
    text, file = raw.frame.iloc[rows], raw.file[rows]
    content = together([numbered(text[column])[0] for column in text])
    # The sum of a random number per content tells which contents a record has in a file, and how often each.
    marks = np.random.default_rng(0).integers(1 << 62, size=content.max() + 1, dtype=np.uint64)
    versions = pd.DataFrame({"record": record, "file": file, "mark": marks[content]})
    sums = versions.groupby(["record", "file"])["mark"].sum()
    last = sums.groupby(level="record").transform("last")
    other = sums.ne(last)
    found[rows] = other.loc[pd.MultiIndex.from_frame(versions[["record", "file"]])].to_numpy()
    return found


def _in_two_files(which: np.ndarray, file: np.ndarray) -> np.ndarray:
    pairs = pd.DataFrame({"which": which, "file": file}).drop_duplicates()
    return np.bincount(pairs["which"], minlength=which.max(initial=0) + 1)[which] > 1


def _minutes(moments: pd.Series) -> np.ndarray:
    """(n int64, from 0) one number per day and minute, however a spreadsheet wrote them anew; one per day
    where there is no time, and per text where there is no day."""
    whole = parse_moments(moments).to_numpy().astype("datetime64[m]")
    found = whole.astype(np.int64)
    rest = np.flatnonzero(np.isnat(whole))
    if len(rest):
        codes, values = numbered(moments.iloc[rest])
        days = parse_dates(pd.Series(values, dtype="str")).to_numpy()
        keys: dict[object, int] = {}
        found[rest] = np.array(
            [_minute(text, day, keys) for text, day in zip(values, days, strict=True)], dtype=np.int64
        )[codes]
    return pd.factorize(found)[0]


def _minute(text: str, day: np.datetime64, keys: dict[object, int]) -> int:
    clock = _CLOCK.search(text)
    if np.isnat(day) or not clock:
        return -2 - keys.setdefault(text if np.isnat(day) else day, len(keys))
    return int(day.astype("datetime64[m]").astype(np.int64)) + 60 * int(clock[1]) + int(clock[2])
