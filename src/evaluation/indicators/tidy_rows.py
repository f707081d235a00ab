"""One row of what the estimates return as a row of the tidy table."""

from collections.abc import Mapping

import numpy as np

from evaluation.indicators.survey import Survey
from evaluation.indicators.tidy import AREA, estimate

# Kind of outcome in estimation -> unit of the tidy table.
UNITS = {"share": "share", "points": "points", "difference": "share"}


def did_row(survey: Survey, indicator: str, kind: str, row: Mapping, note: str = "", **keys: str) -> dict:
    """One row of `difference_in_differences`; keys: what differs from a did of the quarter since the
    baseline."""
    return estimate(
        **(keys_of(survey, indicator, "did", row["region"]) | keys),
        unit=UNITS[kind],
        estimate=row["did"],
        se=row["did_se"],
        df=row["df"],
        lower=row["did_lower"],
        upper=row["did_upper"],
        n=row["n_after"],
        n_before=row["n_before"],
        clusters=_clusters(survey, row["clusters"], row["clusters_comparison"]),
        p=row["p"],
        smallest_detectable=row["smallest_detectable"],
        method=row["method"],
        note=notes(note, row["note"]),
    )


def change_row(survey: Survey, indicator: str, kind: str, row: Mapping, note: str, base: str) -> dict:
    """One row of `change_by_region`, counted from the wave `base`."""
    return estimate(
        **keys_of(survey, indicator, "change", row["region"], before=base),
        unit=UNITS[kind],
        estimate=row["change"],
        se=row["change_se"],
        df=row["df"],
        lower=row["change_lower"],
        upper=row["change_upper"],
        n=row["n_after"],
        n_before=row["n_before"],
        count=row["count_after"],
        count_before=row["count_before"],
        clusters=_clusters(survey, row["clusters_before"], row["clusters_after"]),
        deff=row["deff"],
        p=row["p"],
        smallest_detectable=row["smallest_detectable"],
        method=row["method"],
        note=notes(note, row["note"]),
    )


def level_row(survey: Survey, indicator: str, kind: str, row: Mapping, note: str = "") -> dict:
    """One row of estimation's `levels` with its keys (region, wave, and group_by and group if any)."""
    own = ("estimate", "se", "df", "lower", "upper", "n", "count", "deff", "method")
    return estimate(
        **keys_of(survey, indicator, "level", row["region"], row["wave"], ""),
        **{"group_by": row.get("group_by", ""), "group": row.get("group", "")},
        **{name: row[name] for name in own},
        clusters=_clusters(survey, row["clusters"]),
        unit=UNITS[kind],
        note=notes(note, row["note"]),
    )


def keys_of(
    survey: Survey, indicator: str, measure: str, region: str, wave: str = "", before: str | None = None
) -> dict:
    """The keys of a number of the survey; without `wave` and `before` of the quarter since the baseline."""
    comparison = survey.study.area.comparison
    return {
        "indicator": indicator,
        "measure": measure,
        "region": region,
        "level": "area" if region == AREA else "comparison" if region == comparison else "region",
        "wave": wave or survey.quarter,
        "wave_before": survey.study.baseline if before is None else before,
    }


def _clusters(survey: Survey, *counts: float) -> float:
    """The fewest clinics in any wave or area that a number rests on; NaN when clinics are not known."""
    return min(counts) if survey.study.design.cluster else np.nan


def notes(*parts: str) -> str:
    """The notes that say something, as one."""
    return "; ".join(part for part in parts if part)
