"""The tidy table of estimates: one row per published number, the same columns for every indicator."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

KEYS = ("indicator", "measure", "region", "level", "wave", "wave_before", "group_by", "group")
NUMBERS = (
    "estimate",
    "se",
    "df",
    "lower",
    "upper",
    "n",
    "n_before",
    "count",
    "count_before",
    "clusters",
    "deff",
    "p",
    "p_adjusted",
    "smallest_detectable",
)
TEXTS = (*KEYS, "unit", "method", "note")
COLUMNS = (*KEYS, "unit", *NUMBERS, "method", "note")

AREA = "area"


def estimate(**cells: object) -> dict[str, object]:
    """One row: absent numbers are NaN, absent texts "". Raises TypeError for a column that is not one."""
    if unknown := sorted(set(cells) - set(COLUMNS)):
        raise TypeError(f"not columns of the tidy table: {unknown}")
    return dict.fromkeys(NUMBERS, np.nan) | dict.fromkeys(TEXTS, "") | cells


def table(rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """The rows as a tidy table, in their order, with exactly COLUMNS; numbers are float64."""
    rows = list(rows)
    columns = {name: [row[name] for row in rows] for name in COLUMNS}
    numbers = {name: np.array(columns[name], dtype="float64") for name in NUMBERS}
    # One conversion for all texts together: a conversion per column takes longer than the estimates.
    texts = pd.array([str(cell) for name in TEXTS for cell in columns[name]], dtype="str")
    sliced = {name: texts[i * len(rows) : (i + 1) * len(rows)] for i, name in enumerate(TEXTS)}
    return pd.DataFrame({name: (numbers | sliced)[name] for name in COLUMNS})


def concat(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Several tidy tables below one another."""
    filled = [frame for frame in tables if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else table([])


def facts(**values: str) -> str:
    """A note that later rooms read: what a number is made of, e.g. "items=K1,K2" or "region=Parkstad"."""
    return "; ".join(f"{name}={value}" for name, value in values.items())


def fact(note: str, name: str) -> str | None:
    """The value of one fact in a note, None when it is not there."""
    pairs = (part.partition("=") for part in note.split("; "))
    return next((value for key, _, value in pairs if key == name), None)
