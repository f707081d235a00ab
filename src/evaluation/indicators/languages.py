"""Languages: which languages the leaflets were in, beside the languages that parents speak at home.

The need is the population's, from the margins: the survey is weighted to those, so its own shares say nothing
more, and a language that few speak would give away how few of them answered.
"""

import pandas as pd

from evaluation.indicators.delivery import shares_of_copies
from evaluation.indicators.tidy import AREA, estimate, table
from evaluation.study import Study

LANGUAGE = "language"


def need(study: Study, margins: pd.DataFrame | None) -> dict[str, float]:
    """Share of the parents in the treated area by language at home (adds up to 1); {} when the margins do
    not tell. Parts for single regions are added where the whole area has none."""
    if margins is None:
        return {}
    rows = margins[margins["margin"] == LANGUAGE]
    whole = rows[rows["region"] == ""]
    if whole.empty:
        if set(rows["region"]) & set(study.area.regions) != set(study.area.regions):
            return {}
        whole = rows[rows["region"].isin(study.area.regions)]
    counts = whole.groupby("category")["population"].sum()
    return (counts / counts.sum()).to_dict() if counts.sum() > 0 else {}


def languages(study: Study, orders: pd.DataFrame, margins: pd.DataFrame | None, quarter: str) -> pd.DataFrame:
    """Indicators "language_need" (measure "margin"), "language_supply" (share of the leaflets shipped,
    "ratio") and the gap between the two (measure "gap": supplied less needed), by language. Empty without
    margins by language. No interval: all three are counts, not samples."""
    wanted = need(study, margins)
    if not wanted:
        return table([])
    keys = {"region": AREA, "level": "area", "wave": quarter, "unit": "share", "group_by": LANGUAGE}
    rows = [
        estimate(
            **keys, indicator="language_need", measure="margin", group=name, estimate=value, method="margin"
        )
        for name, value in wanted.items()
    ]
    # Only languages that both lists name: "other" is no language one can print in.
    placed = orders[orders["quarter"] <= quarter]
    for row in shares_of_copies(study, placed, quarter, LANGUAGE):
        rows.append(row)
        if row["group"] in wanted:
            gap = row["estimate"] - wanted[row["group"]]
            rows.append(row | {"measure": "gap", "estimate": gap})
    return table(rows)
