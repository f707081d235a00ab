"""Who is reached less than others, how long what was learnt lasts, and awareness in large municipalities."""

import numpy as np
import pandas as pd

from evaluation.estimation import scores
from evaluation.estimation.difference import Difference, mean_difference
from evaluation.estimation.levels import levels
from evaluation.indicators.awareness import KINDS, score
from evaluation.indicators.reach import FOIL, RECOGNISED
from evaluation.indicators.rows import UNKNOWN, groups_of
from evaluation.indicators.survey import Survey
from evaluation.indicators.tidy import AREA, concat, estimate, facts, table
from evaluation.indicators.tidy_rows import UNITS, level_row

RECEIVED, SINCE = "D1", "D4"
LONG_AGO = ("6-12", "12+")
RECEIPT = ("long_ago", "recent", "never")


def from_survey(survey: Survey) -> pd.DataFrame:
    """Measure "gap" of reach by group, the primary outcome by time since receipt and its gap ("maintenance"),
    and its level by municipality in the quarter."""
    return concat([reach_gaps(survey), maintenance(survey), municipal_levels(survey)])


def reach_gaps(survey: Survey) -> pd.DataFrame:
    """Reach of each group less that of the whole area, in the quarter, within the whole design: the group is
    part of the total, and the clinics are shared."""
    if not survey.asked(RECOGNISED, FOIL):
        return table([])
    net = scores.corrected_recognition(
        *(scores.equals(survey.answers, item, {"yes"}) for item in (RECOGNISED, FOIL))
    )
    here = _here(survey)
    rows = []
    for column in survey.study.groups:
        if not survey.splits(column):
            continue
        inside = here & ~np.isnan(net)
        group = groups_of(survey, column, inside)
        for name in sorted(set(group[inside]) - {UNKNOWN}):
            found = mean_difference(survey.design, net, here & (group == name), here)
            rows.append(_gap(survey, "reach", found, "share", group_by=column, group=name))
    return table(rows)


def maintenance(survey: Survey) -> pd.DataFrame:
    """The primary outcome in the quarter of parents who got the leaflet at least six months ago, more
    recently (or who do not say when), and never; and the first less the last."""
    outcome = survey.study.primary
    if not survey.asked(RECEIVED, SINCE, *outcome.items):
        return table([])
    y, kind, here = score(survey, outcome), KINDS[outcome.kind], _here(survey)
    got = survey.answers[RECEIVED].eq("yes").to_numpy(dtype=bool)
    long_ago = got & survey.answers[SINCE].isin(LONG_AGO).to_numpy(dtype=bool)
    group = np.select([long_ago, got], RECEIPT[:2], RECEIPT[2])
    found = levels(survey.design, np.where(here, y, np.nan), {"receipt": group}, kind)
    rows = [
        level_row(
            survey,
            outcome.id,
            kind,
            row | {"region": AREA, "wave": survey.quarter, "group_by": "receipt", "group": row["receipt"]},
        )
        for row in found.to_dict("records")
        if row["n"] > 0
    ]
    if (long_ago & here & ~np.isnan(y)).any():
        compared = mean_difference(survey.design, y, here & long_ago, here & ~got)
        rows.append(_gap(survey, "maintenance", compared, UNITS[kind]))
    return table(rows)


def received_long_ago(survey: Survey) -> bool:
    """Whether anybody in the area says in the quarter to have got the leaflet at least six months ago."""
    got = survey.answers[RECEIVED].eq("yes") & survey.answers[SINCE].isin(LONG_AGO)
    return bool((got.to_numpy(dtype=bool) & _here(survey)).any())


def municipal_levels(survey: Survey) -> pd.DataFrame:
    """The primary outcome in the quarter by municipality of the treated area; most have too few parents, and
    are left out when they are checked."""
    outcome = survey.study.primary
    if not survey.splits("municipality") or not survey.asked(*outcome.items):
        return table([])
    y, kind, here = score(survey, outcome), KINDS[outcome.kind], _here(survey)
    place = survey.answers["municipality"].fillna("").to_numpy(dtype=object)
    found = levels(survey.design, np.where(here, y, np.nan), {"region": place}, kind)
    rows = []
    for row in found.to_dict("records"):
        region = survey.study.region_of_municipality(row["region"])
        if row["n"] > 0 and region in survey.study.area.regions:
            made = level_row(survey, outcome.id, kind, row | {"wave": survey.quarter}, facts(region=region))
            rows.append(made | {"level": "municipality"})
    return table(rows)


def not_split(survey: Survey) -> dict[str, str]:
    """Breakdowns that are not made because too many answers were left out before storing, with the reason."""
    columns = [column for column in (*survey.study.groups, "municipality") if column in survey.answers]
    return {f"by_{name}": "left_out_for_privacy" for name in columns if not survey.splits(name)}


def _here(survey: Survey) -> np.ndarray:
    return (survey.place == AREA) & (survey.wave == survey.quarter)


def _gap(survey: Survey, indicator: str, found: Difference, unit: str, **keys: str) -> dict:
    return estimate(
        indicator=indicator,
        measure="gap",
        region=AREA,
        level="area",
        wave=survey.quarter,
        unit=unit,
        estimate=found.estimate,
        se=found.se,
        df=found.df,
        lower=found.lower,
        upper=found.upper,
        n=min(found.n, found.n_against),
        clusters=found.clusters if survey.study.design.cluster else np.nan,
        method="taylor_t",
        **keys,
    )
