"""Made-up orders and answers of eight quarters, as the tidy tables of their releases."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from evaluation.indicators.tidy import estimate, facts, table

QUARTERS = ("2024Q1", "2024Q2", "2024Q3", "2024Q4", "2025Q1", "2025Q2", "2025Q3", "2025Q4")
PLACES = {"North": ("N1", "N2", "N3", "N4", "N5"), "South": ("S1", "S2", "S3", "S4")}


def quarters_of_orders(seed: int):
    """Tidy tables of supply to date and awareness of eight quarters, and the orders behind them:
    (place, quarter) -> {organisation: copies}."""
    rng = np.random.default_rng(seed)
    orders = {
        (place, quarter): {
            f"{place}-{int(o)}": 25 * int(rng.integers(1, 4))
            for o in rng.choice(9, size=int(rng.choice([0, 1, 2, 3, 5])), replace=False)
        }
        for places in PLACES.values()
        for place in places
        for quarter in QUARTERS
    }
    people = {
        (region, quarter): (int(n := rng.integers(20, 90)), int(rng.integers(2, n - 2)))
        for region in PLACES
        for quarter in QUARTERS
    }
    return [tidy(orders, people, quarter) for quarter in QUARTERS], orders


def tidy(orders, people, quarter):
    rows = []
    for region, places in [("area", sum(PLACES.values(), ())), *PLACES.items()]:
        rows.append(_supply(orders, region, places, quarter, "area" if region == "area" else "region"))
        if region != "area":
            rows += [_supply(orders, place, (place,), quarter, "municipality", region) for place in places]
    for wave in [q for q in QUARTERS if q <= quarter]:
        cells = {region: people[region, wave] for region in PLACES}
        cells["area"] = tuple(sum(cell[i] for cell in cells.values()) for i in (0, 1))
        for region, (n, count) in cells.items():
            rows.append(
                estimate(
                    indicator="aware",
                    measure="level",
                    region=region,
                    wave=wave,
                    unit="share",
                    level="area" if region == "area" else "region",
                    estimate=count / n,
                    n=n,
                    count=count,
                )
            )
    return table(rows)


def _supply(orders, name, places, quarter, level, region=""):
    until = [
        (q, o, c) for (p, q), own in orders.items() if p in places and q <= quarter for o, c in own.items()
    ]
    by_site: dict[str, int] = {}
    for _, site, copies in until:
        by_site[site] = by_site.get(site, 0) + copies
    total = sum(by_site.values())
    since = " ".join(f"{q}:{len({o for w, o, _ in until if w >= q})}" for q in sorted({q for q, *_ in until}))
    found = {"region": region} if region else {}
    if total:
        found |= {"largest": f"{max(by_site.values()) / total:.6f}", "since": since}
    return estimate(
        indicator="supply", measure="ratio", region=name, level=level, wave=quarter, unit="per_100_births",
        estimate=float(total), n=100, count=float(total), clusters=float(len(by_site)), note=facts(**found),
    )  # fmt: skip


def restated(orders, quarter: str, corrected: str = "") -> pd.DataFrame:
    """The row of another quarter's total; corrected: the fact of by whom it differs ("sites:largest")."""
    every = sum(PLACES.values(), ())
    row = _supply(orders, "area", every, quarter, "area") | {"indicator": "shipped", "measure": "restated"}
    if corrected:
        row["note"] = "; ".join(filter(None, (row["note"], facts(corrected=corrected))))
    return table([row])


def total(orders: Mapping, quarter: str) -> float:
    """Copies to the end of a quarter."""
    return float(sum(sum(own.values()) for (_, q), own in orders.items() if q <= quarter))
