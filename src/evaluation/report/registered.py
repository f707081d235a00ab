"""Every number that may be printed has a name; a table value without one, or with another value, is refused.

Names are those of rows of the checked tidy table, "indicator|measure|region|...:field", with fields on the
scale that reports print; of receipts of what was read; and of the published results of other campaigns.
"""

import json
from collections.abc import Iterable, Mapping
from math import isfinite

import pandas as pd

from evaluation.reference import benchmarks
from evaluation.report.wording.numbers import rounded

KEYS = ("indicator", "measure", "region", "level", "wave", "wave_before", "group_by", "group")
# Field of an Estimate -> column of the tidy table, and whether it is on the scale of the estimate.
FIELDS = {
    "value": ("estimate", True),
    "lower": ("lower", True),
    "upper": ("upper", True),
    "detectable": ("smallest_detectable", True),
    "n": ("n", False),
    "n_before": ("n_before", False),
    "p": ("p", False),
    "p_adjusted": ("p_adjusted", False),
}


def row_name(row: Mapping) -> str:
    """The name of a row of the tidy table."""
    return "|".join(str(row[key]) for key in KEYS)


def receipt_name(kind: str, rule: str) -> str:
    """The name of how many rows of a kind of export a rule refused."""
    return f"receipt|{kind}|{rule}"


def published_name(row) -> str:
    """The name of another campaign's published result (a row of `reference.benchmarks`, as attributes)."""
    return f"published|{row.campaign}|{row.country}|{row.year}|{row.source}"


def registered(checked: pd.DataFrame, receipts: Iterable[Mapping]) -> dict[str, float]:
    """Name -> number of everything that may be printed. checked: of suppressed rows nothing is registered."""
    found: dict[str, float] = {}
    for row in checked[checked["status"] != "suppressed"].to_dict("records"):
        scale = 100.0 if row["unit"] == "share" else 1.0
        for name, (column, scaled) in FIELDS.items():
            value = float(row[column]) * (scale if scaled else 1.0)
            if isfinite(value):
                found[f"{row_name(row)}:{name}"] = value
    for receipt in receipts:
        for rule, count in receipt["quarantined"].items():
            name = receipt_name(receipt["kind"], rule)
            found[name] = found.get(name, 0.0) + count
    for row in benchmarks().itertuples(index=False):
        value = pd.to_numeric(row.change, errors="coerce")
        if isfinite(value):
            found[published_name(row)] = float(value)
    return found


def unregistered(model_text: str, known: Mapping[str, float]) -> list[tuple[str, str]]:
    """(table, column) of every table value of a report model that is not a registered number, rounded."""
    found = []
    for table in json.loads(model_text)["tables"]:
        decimals = {column["id"]: column["decimals"] for column in table["columns"]}
        for row in table["rows"]:
            for column, cell in row.items():
                if cell["value"] is None:
                    continue
                number = known.get(cell.get("registered") or "")
                if number is None or rounded(number, decimals[column] or 0) != cell["value"]:
                    found.append((table["id"], column))
    return found
