"""The accepted tables as pandera contracts: what intake promises to the stations after it.

Row rules have sorted the rows before; a table that breaks its contract is a fault of the mapping or of the
project, so it stops the work, and the message names the column only.
"""

import numpy as np
import pandas as pd
import pandera.pandas as pa

from evaluation.errors import DataError
from evaluation.intake.columns import BACKGROUND, answer_items
from evaluation.intake.values import as_texts, numbered
from evaluation.study import Study

SETTINGS = ("clinic", "gp", "nursery", "playgroup", "other")
COST_TYPES = ("design", "print", "translation", "shipping", "staff")
MUNICIPALITY = r"(?:GM\d{4})?"
QUARTER = r"20\d{2}Q[1-4]"


def contract_of(kind: str, study: Study) -> pa.DataFrameSchema:
    """The contract of one kind of accepted table in a study."""
    return pa.DataFrameSchema(_COLUMNS[kind](study), strict=True, coerce=False)


def hold_to(schema: pa.DataFrameSchema, frame: pd.DataFrame, kind: str) -> pd.DataFrame:
    """`frame` itself when it keeps to its contract; DataError naming the column (never a value) otherwise."""
    try:
        schema.validate(distinct(frame), lazy=True)
        return frame
    except pa.errors.SchemaErrors as error:
        # pandera's own error lists the cells that fail; `from None` keeps them out of the traceback.
        columns = sorted({str(name) for name in error.failure_cases["column"].dropna()}) or ["-"]
    raise DataError("intake.contract_broken", kind=kind, column=", ".join(columns))


def distinct(frame: pd.DataFrame) -> pd.DataFrame:
    """Every different value of every column (categories as text), each column repeated to the length of the
    longest: a contract judges value by value, and a million rows hold few different ones."""
    if frame.empty:
        return as_texts(frame)
    values = {}
    for name in frame:
        if isinstance(frame[name].dtype, pd.CategoricalDtype):
            values[name] = pd.Series(numbered(frame[name])[1], dtype="str")
        else:
            values[name] = frame[name].drop_duplicates().reset_index(drop=True)
    longest = max(map(len, values.values()))
    rows = np.arange(longest)
    return pd.DataFrame({name: column.take(rows % len(column)).array for name, column in values.items()})


def text(*codes: str, pattern: str | None = None, required: bool = True) -> pa.Column:
    """A column of text: one of `codes`, or of a pattern, or (with neither) not empty."""
    if codes:
        check = pa.Check.isin(codes)
    else:
        check = pa.Check.str_matches(f"^{pattern}$") if pattern else pa.Check.str_length(min_value=1)
    return pa.Column(str, check, required=required)


def number(dtype: type = float, above: float | None = None) -> pa.Column:
    """A column of numbers, from 0 or above `above`."""
    return pa.Column(dtype, pa.Check.ge(0) if above is None else pa.Check.gt(above))


def answer_columns(study: Study) -> dict[str, pa.Column]:
    """One column per item: its codes, or a number, or "" where not asked or not answered."""
    columns = {}
    for name in answer_items(study):
        item = study.items[name]
        if item.scale == "number":
            columns[name] = text(pattern=r"(?:-?[\d.]+(?:e[+-]\d+)?)?", required=False)
        else:
            columns[name] = text("", *item.answers, required=False)
    return columns


def background_columns() -> dict[str, pa.Column]:
    """One column per background question."""
    return {
        name: text(*dict.fromkeys((*item.answers, "unknown")), required=False)
        for name, item in BACKGROUND.items()
        if name != "municipality"
    }


def _responses(study: Study) -> dict[str, pa.Column]:
    return {
        "wave": text(*study.waves),
        "region": text(*study.all_regions),
        "municipality": text(pattern=MUNICIPALITY),
        "clinic": text(pattern="(?s:.+)" if study.design.cluster else "(?s:.*)"),
        "weight": pa.Column(float, pa.Check.gt(0), required=False),
        **background_columns(),
        **answer_columns(study),
    }


def _orders(study: Study) -> dict[str, pa.Column]:
    return {
        "order": text(),
        "date": pa.Column("datetime64[s]"),
        "shipped_date": pa.Column("datetime64[s]", nullable=True),
        "quarter": text(pattern=QUARTER),
        "shipped_quarter": text(pattern=f"(?:{QUARTER})?"),
        "organisation": text(pattern="(?s:.*)"),
        "setting": text(*SETTINGS, "unknown"),
        "municipality": text(pattern=MUNICIPALITY),
        "region": text(*study.all_regions, "outside"),
        "product": text("leaflet", "poster"),
        "language": text(*{product.language: None for product in study.products.values()}),
        "copies": number(int, above=0),
        "amount": number(),
        "shipped": pa.Column(bool),
    }


def _organisations(study: Study) -> dict[str, pa.Column]:
    return {
        "organisation": text(),
        "setting": text(*SETTINGS),
        "municipality": text(pattern=MUNICIPALITY),
        "region": text("", *study.all_regions),
    }


def _handouts(study: Study) -> dict[str, pa.Column]:
    return {
        "clinic": text(),
        "municipality": text(pattern=MUNICIPALITY),
        "region": text("", *study.all_regions),
        "quarter": text(pattern=QUARTER),
        "handed_out": number(int),
        "discussed": number(int),
    }


def _costs(study: Study) -> dict[str, pa.Column]:
    return {
        "quarter": text(pattern=QUARTER),
        "type": text(*COST_TYPES),
        "amount": number(),
        "copies": number(int),
    }


def _margins(study: Study) -> dict[str, pa.Column]:
    categories = [code for name in ("education", "language") for code in BACKGROUND[name].answers]
    return {
        "margin": text("region", "education", "language"),
        "region": text("", *study.all_regions),
        "category": text("", *categories),
        "population": number(),
    }


_COLUMNS = {
    "responses": _responses,
    "orders": _orders,
    "organisations": _organisations,
    "handouts": _handouts,
    "costs": _costs,
    "margins": _margins,
}
