"""Delivery: printed, ordered, shipped, handed out; supply per 100 births; which organisations take part.

Everything is counted from the start of the campaign to the end of the quarter. `count` is the number itself,
`clusters` the number of organisations (clinics) that it comes from, which the disclosure rules judge.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from evaluation.indicators import organisations
from evaluation.indicators.tidy import AREA, concat, estimate, facts, table
from evaluation.privacy import Campaign
from evaluation.study import Study

OUTSIDE = "outside"


def delivery(campaign: Campaign, quarter: str) -> pd.DataFrame:
    """Tidy table of everything that is counted rather than asked; indicators without data are absent.

    quarter: a wave after the start (StudyError otherwise).
    """
    study, tables = campaign.study, campaign.tables
    study.require_quarter(quarter)
    until = {kind: until_quarter(frame, kind, quarter) for kind, frame in tables.items() if kind in _QUARTER}
    parts: list[pd.DataFrame] = []
    if "costs" in until:
        parts.append(_printed(until["costs"], quarter))
    if "orders" in until:
        orders = until["orders"]
        parts += [part(study, orders, quarter) for part in (_orders, _outside, supply)]
        if {"date", "shipped_date"} <= set(orders):
            parts += [part(study, orders, quarter) for part in (organisations.reorder, organisations.waiting)]
        if "organisations" in tables:
            register = tables["organisations"]
            parts.append(adoption(study, orders, register, quarter))
            parts.append(organisations.from_register(study, orders, register, quarter))
    if "handouts" in until:
        parts.append(_handed_out(study, until["handouts"], quarter))
    return concat(parts)


_QUARTER = {"orders": "quarter", "costs": "quarter", "handouts": "quarter"}


def until_quarter(frame: pd.DataFrame, kind: str, quarter: str) -> pd.DataFrame:
    """The rows of a table ("orders", "costs", "handouts") until the end of a quarter."""
    return frame[frame[_QUARTER[kind]] <= quarter]


def shipped_by(orders: pd.DataFrame, quarter: str) -> pd.DataFrame:
    """The lines, of those ordered by the end of the quarter, that were shipped by then.

    A shipped line without a shipping date counts from the quarter in which it was ordered.
    """
    return orders[orders["shipped"] & (orders["shipped_quarter"].fillna("").astype(str) <= quarter)]


def supply(study: Study, orders: pd.DataFrame, quarter: str) -> pd.DataFrame:
    """Leaflets shipped to date per 100 births a year, by municipality, region and area ("aanbod", not reach).

    orders: those placed by the end of the quarter. Births: live births of one year by mother's municipality
    (`Study.places`). n holds the births, count the leaflets. Empty without a geography.
    """
    if study.area.geography is None:
        return table([])
    known = study.places[study.places["region"].isin(study.area.regions)]
    lines = leaflets(shipped_by(orders, quarter))
    lines = lines[lines["region"].isin(study.area.regions)]
    rows = [
        _supply(quarter, AREA, "area", lines, known["births"].sum(), ""),
        *(
            _supply(quarter, region, "region", lines[lines["region"] == region], births, "")
            for region, births in _births_of(study, known)
        ),
        *(
            _supply(
                quarter,
                code,
                "municipality",
                lines[lines["municipality"] == code],
                births,
                region,
            )
            for code, region, births in zip(known["code"], known["region"], known["births"], strict=True)
        ),
    ]
    return table(rows)


def supply_of_municipalities(study: Study, orders: pd.DataFrame, quarter: str) -> dict[str, float]:
    """Leaflets shipped by the end of the quarter per 100 births a year, by code of municipality."""
    found = supply(study, until_quarter(orders, "orders", quarter), quarter)
    found = found[found["level"].eq("municipality")]
    return dict(zip(found["region"], found["estimate"], strict=True))


def adoption(study: Study, orders: pd.DataFrame, register: pd.DataFrame, quarter: str) -> pd.DataFrame:
    """Organisations with at least one valid order / organisations in the register, by setting and region.

    95 % Wilson interval (n = organisations in the register, count = those that ordered).
    """
    register = register[register["region"].isin(study.area.regions)]
    ordered = register["organisation"].isin(orders["organisation"])
    rows = []
    for region, level, inside in _places(study, register):
        rows.append(organisations.share("adoption", quarter, region, level, ordered[inside]))
        for setting in sorted(register["setting"].unique()):
            chosen = inside & (register["setting"] == setting)
            if chosen.any():
                keys = {"group_by": "setting", "group": setting}
                rows.append(organisations.share("adoption", quarter, region, level, ordered[chosen], **keys))
    return table(rows)


def _printed(costs: pd.DataFrame, quarter: str) -> pd.DataFrame:
    copies = costs.loc[costs["type"] == "print", "copies"].sum()
    return table([_count("printed", quarter, AREA, "area", copies)])


def _orders(study: Study, orders: pd.DataFrame, quarter: str) -> pd.DataFrame:
    """Ordered and shipped copies: leaflets by region, language and setting; posters for the whole area."""
    inside = orders[orders["region"].isin(study.area.regions)]
    sent = shipped_by(inside, quarter)
    rows = []
    for indicator, lines in (("ordered", leaflets(inside)), ("shipped", leaflets(sent))):
        for region, level, place in _places(study, lines):
            rows.append(copies_of(indicator, quarter, region, level, lines[place]))
        for group_by in ("language", "setting"):
            for group in sorted(lines[group_by].unique()):
                chosen = lines[lines[group_by] == group]
                rows.append(
                    copies_of(indicator, quarter, AREA, "area", chosen, group_by=group_by, group=group)
                )
    rows.append(copies_of("posters_shipped", quarter, AREA, "area", sent[sent["product"] == "poster"]))
    return table(rows)


def shares_of_copies(study: Study, orders: pd.DataFrame, quarter: str, group_by: str) -> list[dict]:
    """Rows "language_supply": the share of the treated area's leaflets that each group has, of those shipped
    by the end of the quarter; count: its copies, and the facts for the disclosure rules as of `shipped`."""
    lines = leaflets(shipped_by(orders[orders["region"].isin(study.area.regions)], quarter))
    total = lines["copies"].sum()
    rows = []
    for group in sorted(lines[group_by].unique()) if total > 0 else ():
        chosen = lines[lines[group_by] == group]
        row = copies_of("shipped", quarter, AREA, "area", chosen, group_by=group_by, group=group)
        share = {"indicator": f"{group_by}_supply", "measure": "ratio", "unit": "share"}
        rows.append(row | share | {"estimate": row["count"] / total})
    return rows


def _outside(study: Study, orders: pd.DataFrame, quarter: str) -> pd.DataFrame:
    """Leaflets ordered from outside the area, and what was paid for all orders from there."""
    lines = orders[~orders["region"].isin(study.area.regions)]
    paid, sites = lines["amount"].sum(), lines["organisation"].nunique()
    return table(
        [
            copies_of("ordered_outside", quarter, AREA, "area", leaflets(lines)),
            _count(
                "paid_outside",
                quarter,
                AREA,
                "area",
                paid,
                unit="euro",
                clusters=sites,
                note=_behind(lines, "organisation", lines["quarter"], size="amount"),
            ),
        ]
    )


def _handed_out(study: Study, handouts: pd.DataFrame, quarter: str) -> pd.DataFrame:
    handouts = handouts[handouts["region"].isin(study.area.regions)]
    rows = []
    for region, level, place in _places(study, handouts):
        lines = handouts[place]
        copies, clinics = lines["handed_out"].sum(), lines["clinic"].nunique()
        note = _behind(lines, "clinic", lines["quarter"], size="handed_out")
        rows.append(_count("handed_out", quarter, region, level, copies, clusters=clinics, note=note))
    return table(rows)


def _places(study: Study, frame: pd.DataFrame) -> Iterable[tuple[str, str, pd.Series]]:
    """The whole area and each region: name, level, and which rows of `frame` lie in it."""
    yield AREA, "area", pd.Series(True, index=frame.index)
    for region in study.area.regions:
        yield region, "region", frame["region"] == region


def _births_of(study: Study, known: pd.DataFrame) -> Iterable[tuple[str, float]]:
    return ((region, known.loc[known["region"] == region, "births"].sum()) for region in study.area.regions)


def leaflets(orders: pd.DataFrame) -> pd.DataFrame:
    return orders[orders["product"] == "leaflet"]


def _supply(quarter: str, region: str, level: str, lines: pd.DataFrame, births: float, within: str) -> dict:
    copies = lines["copies"].sum()
    return estimate(
        indicator="supply",
        measure="ratio",
        region=region,
        level=level,
        wave=quarter,
        unit="per_100_births",
        estimate=100 * copies / births if births else np.nan,
        n=births,
        count=copies,
        clusters=lines["organisation"].nunique(),
        method="count / births of one year",
        note=_behind(lines, "organisation", when_shipped(lines), within),
    )


def copies_of(
    indicator: str, quarter: str, region: str, level: str, lines: pd.DataFrame, **keys: str
) -> dict:
    """The row of how many copies some lines hold together; keys: its group_by and group."""
    sites = lines["organisation"].nunique()
    when = lines["quarter"] if indicator in BY_ORDER else when_shipped(lines)
    note = _behind(lines, "organisation", when)
    return _count(indicator, quarter, region, level, lines["copies"].sum(), clusters=sites, note=note, **keys)


# Counted from the quarter of the order, not of the shipment.
BY_ORDER = frozenset({"ordered", "ordered_outside"})


def when_shipped(lines: pd.DataFrame) -> pd.Series:
    """The quarter in which each line was shipped, or was ordered when no date of shipping is known."""
    return lines["shipped_quarter"].where(lines["shipped_quarter"].fillna("").ne(""), lines["quarter"])


def _behind(lines: pd.DataFrame, site: str, when: pd.Series, within: str = "", size: str = "copies") -> str:
    """Facts for the disclosure rules, which take them off again: the largest site's share, and how many
    sites there are in each quarter and all later ones ("2026Q1:5 2026Q2:3"), and what share of those the
    largest has (`most`)."""
    if lines.empty:
        return facts(region=within) if within else ""
    found = {"region": within} if within else {}
    if lines[size].sum() > 0:
        found["largest"] = f"{_largest(lines, site, size):.6f}"
    quarters = sorted(set(when.astype(str)))
    later = {quarter: lines[when.astype(str) >= quarter] for quarter in quarters}
    found["since"] = " ".join(f"{quarter}:{part[site].nunique()}" for quarter, part in later.items())
    found["most"] = " ".join(f"{quarter}:{_largest(part, site, size):.6f}" for quarter, part in later.items())
    return facts(**found)


def _largest(lines: pd.DataFrame, site: str, size: str) -> float:
    """The largest site's share of the sum; 0 when that is nothing."""
    own = lines.groupby(site, observed=True)[size].sum()
    return own.max() / own.sum() if own.sum() > 0 else 0.0


def _count(
    indicator: str, quarter: str, region: str, level: str, value: float, unit: str = "count", **cells: object
) -> dict:
    return estimate(
        indicator=indicator,
        measure="count",
        region=region,
        level=level,
        wave=quarter,
        unit=unit,
        estimate=float(value),
        count=float(value),
        method="count",
        **cells,
    )
