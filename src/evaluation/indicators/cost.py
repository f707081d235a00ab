"""What the campaign cost to date, how many parents it reached, and what one of them cost."""

from math import isnan

import pandas as pd

from evaluation.indicators.reach import reach
from evaluation.indicators.tidy import AREA, concat, estimate, table
from evaluation.privacy import Campaign
from evaluation.study import Study


def cost(campaign: Campaign, quarter: str) -> pd.DataFrame:
    """Tidy table: cost_total (and by type), parents_reached, cost_per_parent.

    Parents reached = reach x parents in the population; cost per parent = cost / parents reached; both have
    the interval of reach. Cost per parent is left out when that interval touches zero (the interval of its
    inverse would have no upper end). quarter: a wave after the start (StudyError
    otherwise).
    """
    return from_reach(campaign, quarter, reach(campaign, quarter))


def from_reach(campaign: Campaign, quarter: str, reached: pd.DataFrame) -> pd.DataFrame:
    """As `cost`, with the tidy table of `reach` of the same quarter."""
    study, tables = campaign.study, campaign.tables
    parts = []
    spent = total_cost(tables["costs"], quarter) if "costs" in tables else None
    if spent is not None:
        parts.append(_costs(tables["costs"], quarter, spent))
    level, parents = reach_level(reached, quarter), population(study, tables.get("margins"))
    if level is not None and parents is not None:
        parts.append(table([_parents(level, parents)]))
        if spent is not None and above_zero(level):
            parts.append(table([_per_parent(level, parents, spent)]))
    return concat(parts)


def total_cost(costs: pd.DataFrame, quarter: str) -> float:
    """Euro spent to the end of the quarter."""
    return float(costs.loc[costs["quarter"] <= quarter, "amount"].sum())


def population(study: Study, margins: pd.DataFrame | None) -> float | None:
    """Parents in the treated area: the first of the margins that covers it whole; None when there is none."""
    if margins is None:
        return None
    for margin in margins["margin"].unique():
        rows = margins[margins["margin"] == margin]
        whole = rows[rows["region"] == ""]
        if len(whole):
            return float(whole["population"].sum())
        if set(study.area.regions) <= set(rows["region"]):
            return float(rows.loc[rows["region"].isin(study.area.regions), "population"].sum())
    return None


def reach_level(reached: pd.DataFrame, quarter: str) -> dict | None:
    """The row of corrected reach of the whole area in the quarter; None when it was not asked."""
    rows = reached[
        (reached["indicator"] == "reach")
        & (reached["measure"] == "level")
        & (reached["region"] == AREA)
        & (reached["wave"] == quarter)
        & (reached["group_by"] == "")
    ]
    return None if rows.empty or isnan(rows.iloc[0]["estimate"]) else rows.iloc[0].to_dict()


def above_zero(level: dict) -> bool:
    """Whether the interval of a level lies above zero; an unknown interval does not."""
    return level["lower"] > 0


def _costs(costs: pd.DataFrame, quarter: str, spent: float) -> pd.DataFrame:
    until = costs[costs["quarter"] <= quarter]
    by_type = until.groupby("type")["amount"].sum().sort_index()
    return table(
        [_euro(quarter, spent), *(_euro(quarter, euro, "type", kind) for kind, euro in by_type.items())]
    )


def _euro(quarter: str, amount: float, group_by: str = "", group: str = "") -> dict:
    return estimate(
        indicator="cost_total",
        measure="count",
        region=AREA,
        level="area",
        wave=quarter,
        group_by=group_by,
        group=group,
        unit="euro",
        estimate=float(amount),
        method="sum",
    )


# The counts behind reach go with what is made of it, so that the disclosure rules judge the same respondents.
_BASIS = ("region", "level", "wave", "df", "n", "count", "clusters", "deff")


def _parents(level: dict, parents: float) -> dict:
    # Fewer than no parents cannot be reached, though corrected reach may fall below zero by chance.
    numbers = {name: parents * max(level[name], 0.0) for name in ("estimate", "lower", "upper")}
    numbers["se"] = parents * level["se"]
    basis = {name: level[name] for name in _BASIS}
    return estimate(
        indicator="parents_reached",
        measure="count",
        unit="count",
        method="reach x population",
        **basis,
        **numbers,
    )


def _per_parent(level: dict, parents: float, spent: float) -> dict:
    basis = {name: level[name] for name in _BASIS}
    # The dearest parent belongs to the smallest reach.
    return estimate(
        indicator="cost_per_parent",
        measure="ratio",
        unit="euro",
        method="cost / parents reached",
        estimate=spent / (parents * level["estimate"]),
        lower=spent / (parents * level["upper"]),
        upper=spent / (parents * level["lower"]),
        **basis,
    )
