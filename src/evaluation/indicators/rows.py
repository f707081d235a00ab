"""Estimates of the survey as rows of the tidy table: levels, changes, joint test, did."""

import numpy as np
import pandas as pd

from evaluation.estimation.change import change_by_region
from evaluation.estimation.contrast import difference_in_differences, joint_test
from evaluation.estimation.levels import levels
from evaluation.estimation.multiple import holm
from evaluation.indicators.survey import Survey
from evaluation.indicators.tidy import AREA, concat, estimate, table
from evaluation.indicators.tidy_rows import change_row, did_row, keys_of, level_row, notes

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
    """Changes up to the quarter: area, regions (with Holm over them), comparison area. From the baseline; in
    a region with a start of its own from the last wave before it; the comparison area from each of these.

    places, keys: as in `level_rows`."""
    names, comparison = _known_places(survey, y), survey.study.area.comparison
    rows = _changes(survey, indicator, y, kind, survey.place, names, note)
    since = {base for base in _since(survey, y) if base != survey.study.baseline}
    for base in sorted(since) if comparison in names else ():
        rows += _changes(survey, indicator, y, kind, survey.place, [comparison], note, base)
    rows = [row | keys for row in rows if row["level"] in places]
    regions = _known_regions(survey, y) if "region" in places else []
    if not regions:
        return table(rows)
    wave, span = survey.wave, _span(survey)
    if survey.study.staggered:
        wave, span = survey.period, ("before", "after")
    found = change_by_region(survey.design, y, wave, survey.region, *span, regions, kind)
    for row in found.to_dict("records"):
        own = change_row(survey, indicator, kind, row, note, survey.study.before(row["region"]))
        rows.append(own | {"p_adjusted": row["p_holm"]} | keys)
    return table(sorted(rows, key=lambda row: (_order(survey, row["region"]), row["wave_before"])))


def contrast_rows(survey: Survey, indicator: str, y: np.ndarray, kind: str, note: str = "") -> pd.DataFrame:
    """The joint test that the regions' changes differ, and the did of the area and of every region."""
    rows = []
    regions = _known_regions(survey, y)
    if len(regions) > 1:
        wave, span = survey.wave, _span(survey)
        if survey.study.staggered:
            wave, span = survey.period, ("before", "after")
        found = joint_test(survey.design, y, wave, survey.region, *span, regions, kind)
        asked = ~np.isnan(y) & np.isin(survey.region, regions)
        keys = keys_of(survey, indicator, "joint_test", AREA)
        numbers = {"estimate": found.statistic, "df": found.df2, "p": found.p}
        numbers["n"] = int((asked & (wave == span[1])).sum())
        numbers["n_before"] = int((asked & (wave == span[0])).sum())
        rows.append(estimate(**keys, **numbers, unit="F", method=found.method, note=notes(note, found.note)))
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
    if comparison not in _known_places(survey, y):
        return table([])
    rows: list[dict] = []
    if "area" in places:
        rows += _dids(survey, indicator, y, kind, survey.place, [AREA], survey.study.baseline, note)
    own = []
    for base, names in _since(survey, y).items() if "region" in places else ():
        there = (survey.place == comparison) & ~np.isnan(y) & (survey.wave == base)
        own += _dids(survey, indicator, y, kind, survey.region, names, base, note) if there.any() else []
    if len(own) > 1:
        for row, adjusted in zip(own, holm([row["p"] for row in own]), strict=True):
            row["p_adjusted"] = adjusted
    rows += sorted(own, key=lambda row: _order(survey, row["region"]))
    return table(row | keys for row in rows)


def _dids(survey: Survey, indicator, y, kind, place, names, base: str, note: str) -> list[dict]:
    comparison = survey.study.area.comparison
    found = difference_in_differences(
        survey.design, y, survey.wave, place, base, survey.quarter, names, comparison, kind
    )
    return [did_row(survey, indicator, kind, row, note, wave_before=base) for row in found.to_dict("records")]


def _since(survey: Survey, y: np.ndarray) -> dict[str, list[str]]:
    """The wave from which changes are counted -> the regions for which it is that one."""
    since: dict[str, list[str]] = {}
    for region in _known_regions(survey, y):
        since.setdefault(survey.study.before(region), []).append(region)
    return since


def _changes(survey, indicator, y, kind, place, names, note, base: str | None = None) -> list[dict]:
    if not names:
        return []
    base = base or survey.study.baseline
    found = change_by_region(survey.design, y, survey.wave, place, base, survey.quarter, names, kind)
    return [change_row(survey, indicator, kind, row, note, base) for row in found.to_dict("records")]


def _span(survey: Survey) -> tuple[str, str]:
    return survey.study.baseline, survey.quarter


def _treated(survey: Survey) -> np.ndarray:
    return np.where(survey.place == AREA, survey.region, "")


def _known_regions(survey: Survey, y: np.ndarray) -> list[str]:
    """The regions where distribution had started by the quarter and somebody answered before and then."""
    study = survey.study
    return [
        region
        for region in study.area.regions
        if study.started(region, survey.quarter)
        and _in_both(survey, y, survey.region == region, study.before(region))
    ]


def _known_places(survey: Survey, y: np.ndarray) -> list[str]:
    comparison = survey.study.area.comparison
    places = [AREA, comparison] if comparison else [AREA]
    return [place for place in places if _in_both(survey, y, survey.place == place, survey.study.baseline)]


def _in_both(survey: Survey, y: np.ndarray, there: np.ndarray, base: str) -> bool:
    """Whether anybody there answered in the wave `base` and in the quarter."""
    answered = there & ~np.isnan(y)
    return all((answered & (survey.wave == wave)).any() for wave in (base, survey.quarter))


def _order(survey: Survey, region: str) -> int:
    return [AREA, *survey.study.all_regions].index(region)
