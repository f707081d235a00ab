"""A checked table by the contract's columns, small enough to read."""

import numpy as np
import pandas as pd
from scipy.stats import t as student

from evaluation.indicators.tidy import estimate, table
from evaluation.reference import municipalities

QUARTER = "2026Q3"
REGIONS = ("Noord-Limburg", "Midden-Limburg", "Westelijke Mijnstreek", "Parkstad", "Maastricht-Heuvelland")
# (before, after, half the 95 % interval of the change) in percent
CHANGES = {
    "Noord-Limburg": (38.0, 45.0, 4.0),
    "Midden-Limburg": (41.0, 42.0, 6.0),
    "Westelijke Mijnstreek": (39.0, 43.5, 5.0),
    "Parkstad": (40.0, 39.5, 3.0),
    "Maastricht-Heuvelland": (44.0, 47.0, 5.0),
    "area": (40.2, 43.4, 2.1),
    "Helmond-De Peel": (41.0, 41.5, 3.0),
}


def level(indicator, region, value, half, wave=QUARTER, unit="share", n=240.0, **more):
    kind = "area" if region == "area" else "region"
    return estimate(
        indicator=indicator,
        measure=more.pop("measure", "level"),
        region=region,
        level=kind,
        wave=wave,
        unit=unit,
        estimate=value,
        lower=value - half,
        upper=value + half,
        n=n,
        count=n / 3,
        df=40.0,
        **more,
    )


def changed(region, change, half, df=40.0, measure="change", indicator="aware", **more):
    """A change of a share, in percentage points, with half its interval; a region's p is corrected for five
    regions (Bonferroni, which Holm never exceeds)."""
    p = 2 * student.sf(abs(change) / half * student.ppf(0.975, df), df)
    return estimate(
        indicator=indicator,
        measure=measure,
        region=region,
        level="region",
        wave=QUARTER,
        wave_before="2025Q3",
        unit="share",
        estimate=change / 100,
        lower=(change - half) / 100,
        upper=(change + half) / 100,
        df=df,
        n=240.0,
        n_before=360.0,
        p=p,
        p_adjusted=float("nan") if region == "area" else min(5 * p, 1.0),
        smallest_detectable=0.066,
        method="taylor_t",
        **more,
    )


def everything() -> pd.DataFrame:
    rows = []
    for region, (before, after, half) in CHANGES.items():
        rows += [
            level("aware", region, before / 100, 0.03, "2025Q3", n=360.0),
            level("aware", region, after / 100, 0.03),
            changed(region, after - before, half),
        ]
    rows.append(changed("area", 2.7, 3.9, measure="did"))
    rows.append(
        estimate(
            indicator="aware",
            measure="joint_test",
            region="area",
            level="area",
            wave=QUARTER,
            wave_before="2025Q3",
            unit="F",
            estimate=1.2,
            p=0.31,
        )
    )
    for region in ("area", *REGIONS):
        rows += [
            level("reach", region, 0.262, 0.04),
            level("foil", region, 0.07, 0.02),
            level("read_half", region, 0.585, 0.06),
            level("discussed", region, 0.57, 0.05),
            level("adverse", region, 0.054, 0.03),
            level("supply", region, 281.0, np.nan, unit="per_100_births", measure="ratio"),
        ]
    for group, value in (("high", 0.35), ("low", 0.15), ("middle", 0.26)):
        rows.append(level("reach", "area", value, 0.05, group_by="education", group=group))
    for place, code in enumerate(municipalities()["code"]):
        rows.append(
            estimate(
                indicator="supply",
                measure="ratio",
                region=code,
                level="municipality",
                wave=QUARTER,
                unit="per_100_births",
                estimate=20.0 + 5 * place,
                n=200.0,
            )
        )
    counts = {"printed": 33000, "ordered": 25050, "shipped": 24950, "handed_out": 6375}
    for indicator, value in counts.items():
        rows.append(level(indicator, "area", float(value), np.nan, unit="count", measure="count"))
    rows += [
        level("cost_total", "area", 51270.5, np.nan, unit="euro", measure="count"),
        level("cost_per_parent", "area", 2.9, 0.5, unit="euro", measure="ratio"),
        level("parents_reached", "area", 17683.0, 2650.0, unit="count", measure="count"),
    ]
    for number in range(1, 6):
        rows += [
            level(f"section_{number}", "area", 50.0 + 4 * number, 2.0, unit="points"),
            level(f"section_{number}", "area", 48.0 + 4 * number, 2.0, "2025Q3", unit="points"),
        ]
    frame = table(rows)
    return frame.assign(status="shown", reason="")


def texts_of(report) -> list[str]:
    """Every text of a report a reader sees."""
    found = [report.title, report.subtitle, *report.answer.__dict__.values(), *report.sources]
    for figure in report.key_figures:
        found += figure.__dict__.values()
    for section in report.sections:
        found.append(section.title)
        for block in section.blocks:
            found += [block.text or "", *(block.items or ())]
    for item in (*report.figures, *report.tables):
        found += [item.headline, item.subtitle, item.source]
    found += [figure.alt for figure in report.figures]
    for item in report.tables:
        found += [*item.notes, *(column.label for column in item.columns)]
        found += [cell.text for row in item.rows for cell in row.values()]
    return found


def hide(frame: pd.DataFrame, chosen) -> pd.DataFrame:
    """The table with the chosen rows suppressed, as the disclosure station does it."""
    frame = frame.copy()
    numbers = [
        "estimate",
        "se",
        "lower",
        "upper",
        "n",
        "n_before",
        "count",
        "count_before",
        "p",
        "p_adjusted",
        "smallest_detectable",
        "df",
    ]
    frame.loc[chosen, numbers] = np.nan
    frame.loc[chosen, ["status", "reason"]] = ["suppressed", "too_few_respondents"]
    return frame
