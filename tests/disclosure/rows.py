"""Rows of hand-worked releases."""

from math import nan

from evaluation.indicators.tidy import estimate

WAVES = ("2025Q3", "2026Q3")


def level(region, n, count, wave="2026Q3", indicator="aware", unit="share", clusters=nan, note="", **keys):
    kind = {"area": "area", "Elsewhere": "comparison"}.get(region, "region")
    scale = 100.0 if unit == "points" else 1.0
    counted = count if unit == "share" else nan
    return estimate(
        indicator=indicator,
        measure="level",
        region=region,
        level=kind,
        wave=wave,
        unit=unit,
        estimate=scale * count / n if n else nan,
        lower=0.0,
        upper=scale,
        n=n,
        count=counted,
        clusters=clusters,
        method="logit",
        note=note,
        **keys,
    )


def change(region, before, after, indicator="aware"):
    (n_before, count_before), (n, count) = before, after
    return estimate(
        indicator=indicator,
        measure="change",
        region=region,
        level={"area": "area", "Elsewhere": "comparison"}.get(region, "region"),
        wave="2026Q3",
        wave_before="2025Q3",
        unit="share",
        estimate=(count / n if n else 0) - (count_before / n_before if n_before else 0),
        n=n,
        n_before=n_before,
        count=count,
        count_before=count_before,
        p=0.03,
        p_adjusted=0.06,
        method="taylor_t",
    )


def did(region="area"):
    return estimate(
        indicator="aware", measure="did", region=region, level="area", wave="2026Q3", wave_before="2025Q3",
        unit="share", estimate=0.05, n=500, n_before=500,
    )  # fmt: skip


def copies(region, count, sites, level="region", indicator="supply", note=""):
    return estimate(
        indicator=indicator, measure="ratio", region=region, level=level, wave="2026Q3", estimate=count / 2.0,
        n=200, count=count, clusters=sites, unit="per_100_births", note=note,
    )  # fmt: skip


def status(checked, **keys):
    rows = checked
    for column, value in keys.items():
        rows = rows[rows[column] == value]
    return dict(zip(rows["region"], rows["status"], strict=True))
