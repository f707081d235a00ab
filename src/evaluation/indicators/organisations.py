"""Organisations that take part: municipalities covered, areas that lag, orders repeated and waited for.

Everything is counted from the start to the end of the quarter, of the organisations in the register.
"""

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from evaluation.indicators.tidy import AREA, concat, estimate, facts, table
from evaluation.quarters import last_day
from evaluation.reference import municipalities
from evaluation.study import Study

# The thirds of the municipalities by share of inhabitants with a low education, few of them first. It stands
# in for the scores of social position that Statistics Netherlands has per neighbourhood.
THIRDS = ("fewest", "middle", "most")
APART = pd.Timedelta(days=90)
FOLLOWED = pd.Timedelta(days=180)


def from_register(study: Study, orders: pd.DataFrame, register: pd.DataFrame, quarter: str) -> pd.DataFrame:
    """Coverage of municipalities, adoption by municipality and by third of municipalities.

    orders: those placed by the end of the quarter. Empty without a geography."""
    if study.area.geography is None:
        return table([])
    register = register[register["region"].isin(study.area.regions)]
    ordered = register["organisation"].isin(orders["organisation"])
    return concat(
        [
            table([_coverage(study, register, ordered, quarter)]),
            table(_by_municipality(study, register, ordered, quarter)),
            table(_by_third(study, register, ordered, quarter)),
        ]
    )


def _covered(study: Study) -> pd.DataFrame:
    """The treated municipalities (code, name, region, births, postcodes)."""
    return study.places[study.places["region"].isin(study.area.regions)]


def _coverage(study: Study, register: pd.DataFrame, ordered: pd.Series, quarter: str) -> dict:
    """Municipalities with at least one organisation that ordered / municipalities."""
    known = _covered(study)
    n, count = len(known), int(known["code"].isin(register.loc[ordered, "municipality"]).sum())
    keys = {"indicator": "coverage", "measure": "coverage", "region": AREA, "level": "area", "wave": quarter}
    return estimate(**keys, unit="share", estimate=count / n, n=n, count=count, method="count")


def _by_municipality(study: Study, register: pd.DataFrame, ordered: pd.Series, quarter: str) -> list[dict]:
    rows = []
    for code, region in _covered(study)[["code", "region"]].itertuples(index=False):
        inside = register["municipality"] == code
        if inside.any():
            note = facts(region=region)
            rows.append(share("adoption", quarter, code, "municipality", ordered[inside], note=note))
    return rows


def _by_third(study: Study, register: pd.DataFrame, ordered: pd.Series, quarter: str) -> list[dict]:
    """Adoption by third of the municipalities, and the most less the fewest (Newcombe 1998, Stat. Med.
    17:873, method 10). Empty where education is not known: of Limburg's municipalities alone it is."""
    if study.area.geography != "limburg":
        return []
    known = municipalities().set_index("code")["pct_education_low_2021"].astype(float)
    known = known[known.index.isin(register["municipality"])]
    if len(known) < len(THIRDS):
        return []
    place = np.ceil(known.rank(method="first") * len(THIRDS) / len(known)).astype(int) - 1
    third = register["municipality"].map(place).map(dict(enumerate(THIRDS)))
    rows = [
        share("adoption", quarter, AREA, "area", ordered[third == name], group_by="low_education", group=name)
        for name in THIRDS
    ]
    few, most = rows[0], rows[-1]
    lower, upper = confint_proportions_2indep(
        most["count"], most["n"], few["count"], few["n"], compare="diff", method="newcomb"
    )
    smaller = min(few, most, key=lambda row: row["count"])
    keys = {
        name: most[name] for name in ("indicator", "region", "level", "wave", "group_by", "group", "unit")
    }
    numbers = {"estimate": most["estimate"] - few["estimate"], "lower": lower, "upper": upper}
    numbers |= {"n": smaller["n"], "count": smaller["count"]}
    return [*rows, estimate(**keys, **numbers, measure="gap", method="newcombe")]


def reorder(study: Study, orders: pd.DataFrame, quarter: str) -> pd.DataFrame:
    """Organisations that ordered again at least 90 days after their first order, of those whose first order
    is at least 180 days old at the end of the quarter; 95 % Wilson interval. Empty when there are none.

    orders: those placed by the end of the quarter, with a date."""
    lines = orders[orders["region"].isin(study.area.regions) & (orders["product"] == "leaflet")]
    dates = pd.to_datetime(lines["date"]).groupby(lines["organisation"].astype(str))
    first, last = dates.min(), dates.max()
    old = first <= pd.Timestamp(last_day(quarter)) - FOLLOWED
    if not old.any():
        return table([])
    return table([share("reorder", quarter, AREA, "area", (last - first >= APART)[old])])


def waiting(study: Study, orders: pd.DataFrame, quarter: str) -> pd.DataFrame:
    """Days from order to shipment, over the treated area's shipped orders: measures "median" and "p90" (the
    least number of days within which nine in ten had left). n counts orders, not lines. Empty without dates.
    """
    lines = orders[orders["region"].isin(study.area.regions) & orders["shipped"]]
    lines = lines[lines["shipped_quarter"].fillna("").astype(str).between("0", quarter)]
    sent = lines.assign(
        days=(pd.to_datetime(lines["shipped_date"], errors="coerce") - pd.to_datetime(lines["date"])).dt.days
    )
    sent = sent[sent["days"] >= 0]
    # An order in several parcels has waited until the last of them.
    days = sent.groupby(sent["order"].astype(str))["days"].max()
    if days.empty:
        return table([])
    keys = {"indicator": "delivery_time", "region": AREA, "level": "area", "wave": quarter, "unit": "days"}
    keys |= {"n": len(days), "clusters": sent["organisation"].nunique()}
    ranked = {"median": float(days.median()), "p90": float(np.quantile(days, 0.9, method="inverted_cdf"))}
    return table(
        estimate(**keys, measure=measure, estimate=value, method="order_statistic")
        for measure, value in ranked.items()
    )


def gaps(study: Study, orders: pd.DataFrame, quarter: str) -> dict[str, str]:
    """What the orders do not carry -> reason."""
    if not {"date", "shipped_date"} <= set(orders):
        return dict.fromkeys(("reorder", "delivery_time"), "no_dates")
    placed = orders[orders["quarter"] <= quarter]
    found = {"reorder": "too_early", "delivery_time": "no_dates"}
    return {
        name: found[name]
        for name, rows in (
            ("reorder", reorder(study, placed, quarter)),
            ("delivery_time", waiting(study, placed, quarter)),
        )
        if rows.empty
    }


def share(indicator: str, quarter: str, region: str, level: str, has: pd.Series, **keys: str) -> dict:
    """The share of organisations that have something (n bool), with its 95 % Wilson interval."""
    n, count = len(has), int(has.sum())
    lower, upper = proportion_confint(count, n, method="wilson") if n else (np.nan, np.nan)
    numbers = {"estimate": count / n if n else np.nan, "lower": lower, "upper": upper}
    place = {"indicator": indicator, "measure": "ratio", "region": region, "level": level, "wave": quarter}
    return estimate(**place, **numbers, **keys, unit="share", n=n, count=count, method="wilson")
