"""Estimates of the survey as rows of the tidy table: levels, changes, joint test, did."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from evaluation.estimation.change import change_by_region
from evaluation.estimation.contrast import difference_in_differences, joint_test
from evaluation.estimation.levels import levels
from evaluation.indicators.survey import Survey
from evaluation.indicators.tidy import AREA, concat, estimate, table

# Kind of outcome in estimation -> unit of the tidy table.
UNITS = {"share": "share", "points": "points", "difference": "share"}
# The levels of the tidy table that the survey's estimates are made for.
PLACES = ("area", "region", "comparison")


def level_rows(
    survey: Survey,
    indicator: str,
    y: np.ndarray,
    kind: str,
    waves: tuple[str, ...],
    note: str = "",
    groups: tuple[str, ...] = (),
    places: tuple[str, ...] = PLACES,
    **keys: str,
) -> pd.DataFrame:
    """Levels of `y` in the area, every region and the comparison area, in each of `waves`.

    y (n; NaN = outside); kind as in estimation's `levels`. groups: background columns by which the last of
    the waves is broken down too, in the area only. places: which of PLACES are wanted. keys: another measure
    or unit than a level's own. Cells without anybody are absent.
    """
    inside = np.isin(survey.wave, waves)
    wave = np.where(inside, survey.wave, "")
    rows: list[dict] = []
    for place in (survey.place, _treated(survey)):
        found = levels(survey.design, y, {"wave": wave, "region": place}, kind)
        rows += [level_row(survey, indicator, kind, row, note) | keys for row in found.to_dict("records")]
    rows = [row for row in rows if row["level"] in places]
    last = np.where(survey.place == AREA, np.where(survey.wave == waves[-1], survey.wave, ""), "")
    for column in groups:
        group = groups_of(survey, column, (last != "") & ~np.isnan(y))
        found = levels(survey.design, y, {"wave": last, column: group}, kind)
        for row in found.to_dict("records"):
            keys = {"region": AREA, "group_by": column, "group": row[column]}
            rows.append(level_row(survey, indicator, kind, row | keys, note))
    rows.sort(key=lambda row: (row["group_by"], _order(survey, row["region"]), row["wave"]))
    return table(row for row in rows if row["n"] > 0)


UNKNOWN, OR_UNKNOWN = "unknown", "_or_unknown"


def groups_of(survey: Survey, column: str, inside: np.ndarray) -> np.ndarray:
    """Each respondent's group (n): the answer, "unknown" without one.

    Everybody is in a group, or a shown total would give away those who are in none. Too few of unknown group
    to be shown (of those `inside`, n bool) go with the largest group, which is then called so
    ("middle_or_unknown"): hidden, they would take the smallest group with them.
    """
    group = survey.answers[column].replace("", UNKNOWN).fillna(UNKNOWN).to_numpy(dtype=object)
    names, counts = np.unique(group[inside], return_counts=True)
    sizes = dict(zip(names, counts, strict=True))
    few = sizes.pop(UNKNOWN, 0)
    if not 0 < few < survey.study.disclosure.minimum_base or not sizes:
        return group
    largest = max(sizes, key=lambda name: (sizes[name], name))
    return np.where(np.isin(group, [UNKNOWN, largest]), largest + OR_UNKNOWN, group)


def change_rows(
    survey: Survey,
    indicator: str,
    y: np.ndarray,
    kind: str,
    note: str = "",
    places: tuple[str, ...] = PLACES,
    **keys: str,
) -> pd.DataFrame:
    """Changes from the baseline to the quarter: area, regions (with Holm over them), comparison area.

    places, keys: as in `level_rows`."""
    area, _ = _changes(survey, indicator, y, kind, survey.place, _known_places(survey, y), note)
    area = [row | keys for row in area if row["level"] in places]
    if "region" not in places:
        return table(area)
    regions, found = _changes(survey, indicator, y, kind, survey.region, _known_regions(survey, y), note)
    for row, adjusted in zip(regions, found, strict=True):
        row["p_adjusted"] = adjusted
    return table(sorted(area + regions, key=lambda row: _order(survey, row["region"])))


def contrast_rows(survey: Survey, indicator: str, y: np.ndarray, kind: str, note: str = "") -> pd.DataFrame:
    """The joint test that the regions' changes differ, and the did of the area and of every region."""
    rows = []
    regions = _known_regions(survey, y)
    if len(regions) > 1:
        found = joint_test(survey.design, y, survey.wave, survey.region, *_span(survey), regions, kind)
        asked = ~np.isnan(y) & np.isin(survey.region, regions)
        keys = _keys(survey, indicator, "joint_test", AREA)
        numbers = {"estimate": found.statistic, "df": found.df2, "p": found.p}
        numbers["n"] = int((asked & (survey.wave == survey.quarter)).sum())
        numbers["n_before"] = int((asked & (survey.wave == survey.study.baseline)).sum())
        rows.append(estimate(**keys, **numbers, unit="F", method=found.method, note=_notes(note, found.note)))
    return concat([table(rows), did_rows(survey, indicator, y, kind, note)])


def did_rows(
    survey: Survey,
    indicator: str,
    y: np.ndarray,
    kind: str,
    note: str = "",
    places: tuple[str, ...] = PLACES,
    **keys: str,
) -> pd.DataFrame:
    """The did of the area and of every region against the comparison area; empty without one. places, keys:
    as in `level_rows`."""
    comparison = survey.study.area.comparison
    rows: list[dict] = []
    if comparison in _known_places(survey, y):
        sides = {"area": (survey.place, [AREA]), "region": (survey.region, _known_regions(survey, y))}
        for place, names in (side for level, side in sides.items() if level in places):
            found = difference_in_differences(
                survey.design, y, survey.wave, place, *_span(survey), names, comparison, kind
            )
            several = len(names) > 1
            rows += [
                did_row(survey, indicator, kind, row, note, several) | keys
                for row in found.to_dict("records")
            ]
    return table(rows)


def did_row(
    survey: Survey,
    indicator: str,
    kind: str,
    row: Mapping,
    note: str = "",
    several: bool = False,
    **keys: str,
) -> dict:
    """One row of `difference_in_differences`; keys: what differs from a did of the quarter since the
    baseline."""
    return estimate(
        **(_keys(survey, indicator, "did", row["region"]) | keys),
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
        p_adjusted=row["p_holm"] if several else np.nan,
        smallest_detectable=row["smallest_detectable"],
        method=row["method"],
        note=_notes(note, row["note"]),
    )


def _changes(survey, indicator, y, kind, place, names, note) -> tuple[list[dict], list[float]]:
    if not names:
        return [], []
    table_ = change_by_region(survey.design, y, survey.wave, place, *_span(survey), names, kind)
    found = table_.to_dict("records")
    return [_change(survey, indicator, kind, row, note) for row in found], [row["p_holm"] for row in found]


def _change(survey: Survey, indicator: str, kind: str, row: Mapping, note: str) -> dict:
    return estimate(
        **_keys(survey, indicator, "change", row["region"]),
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
        note=_notes(note, row["note"]),
    )


def level_row(survey: Survey, indicator: str, kind: str, row: Mapping, note: str = "") -> dict:
    """One row of estimation's `levels` with its keys (region, wave, and group_by and group if any)."""
    own = ("estimate", "se", "df", "lower", "upper", "n", "count", "deff", "method")
    return estimate(
        **_keys(survey, indicator, "level", row["region"], row["wave"], ""),
        **{"group_by": row.get("group_by", ""), "group": row.get("group", "")},
        **{name: row[name] for name in own},
        clusters=_clusters(survey, row["clusters"]),
        unit=UNITS[kind],
        note=_notes(note, row["note"]),
    )


def _keys(
    survey: Survey, indicator: str, measure: str, region: str, wave: str = "", before: str | None = None
):
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


def _notes(*notes: str) -> str:
    return "; ".join(note for note in notes if note)


def _span(survey: Survey) -> tuple[str, str]:
    return survey.study.baseline, survey.quarter


def _treated(survey: Survey) -> np.ndarray:
    return np.where(survey.place == AREA, survey.region, "")


def _known_regions(survey: Survey, y: np.ndarray) -> list[str]:
    return [region for region in survey.study.area.regions if _in_both(survey, y, survey.region == region)]


def _known_places(survey: Survey, y: np.ndarray) -> list[str]:
    comparison = survey.study.area.comparison
    places = [AREA, comparison] if comparison else [AREA]
    return [place for place in places if _in_both(survey, y, survey.place == place)]


def _in_both(survey: Survey, y: np.ndarray, there: np.ndarray) -> bool:
    """Whether anybody there answered in the baseline and in the quarter."""
    answered = there & ~np.isnan(y)
    return all((answered & (survey.wave == wave)).any() for wave in _span(survey))


def _order(survey: Survey, region: str) -> int:
    return [AREA, *survey.study.all_regions].index(region)
