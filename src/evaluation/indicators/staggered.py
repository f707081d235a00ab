"""Regions that started in different quarters: the mean effect where and when the campaign ran."""

from collections.abc import Iterator

import numpy as np
from scipy import optimize, special

from evaluation.errors import DataError
from evaluation.estimation.staggered import StaggeredSurvey, staggered_survey
from evaluation.indicators.question import Question, number, scaled
from evaluation.indicators.tidy import AREA, facts


def staggered_rows(asked: Question, found: StaggeredSurvey | None) -> Iterator[dict]:
    """Measure "staggered" (Callaway-Sant'Anna): the mean over all regions and quarters with the campaign, and
    with group_by "quarters" the mean per number of quarters since the start (group; negative: before it).
    Comparison: the comparison area. found: `effects` of the question."""
    if found is None:
        return
    rows = [("", found.overall.to_dict())]
    rows += [(f"{row['relative']:+.0f}", row) for row in found.by_time.to_dict("records")]
    before = int((_rows(asked) & (asked.survey.wave == asked.span[0])).sum())
    for group, row in rows:
        yield asked.row(
            "staggered",
            group_by="quarters" if group else "",
            group=group,
            n_before=before,
            **{name: row[name] for name in ("estimate", "se", "df", "lower", "upper", "p", "n")},
            clusters=row["clusters"] if asked.survey.study.design.cluster else np.nan,
            method=f"callaway_santanna_{row['method']}" if row["method"] != "none" else "none",
            note="; ".join(filter(None, (facts(starts=str(_starts(asked))), found.note))),
        )


def before_starts(asked: Question, found: StaggeredSurvey | None) -> Iterator[dict]:
    """Measure "pre_trend" from the waves between the baseline and the later starts: did regions that were yet
    to start run like the comparison area? Power as in `event.pre_trend`, against a drift that would make the
    smallest change of interest between the baseline and the quarter."""
    if found is None or found.pre is None:
        return
    statistic, df1, df2, p, unit = found.pre
    base, quarter = (number(wave) for wave in asked.span)
    drift = scaled(asked, asked.survey.study.primary.smallest_change) / (quarter - base)
    limit = special.fdtri(df1, df2, 0.95)

    def power(size: float) -> float:
        return float(1 - special.ncfdtr(df1, df2, unit * size**2, limit))

    most = 20 / np.sqrt(unit)
    waves = [wave for wave in asked.survey.waves if wave < max(_firsts(asked).values())]
    n = [int((_rows(asked) & (asked.survey.wave == wave)).sum()) for wave in (waves[-1], asked.span[0])]
    yield asked.row(
        "pre_trend",
        wave=asked.span[0],
        wave_before=asked.span[0],
        unit="F",
        estimate=statistic,
        df=df2,
        p=p,
        n=n[0],
        n_before=n[1],
        smallest_detectable=float(optimize.brentq(lambda size: power(size) - 0.8, 1e-9 * most, most)),
        method="adjusted_wald_f",
        note=facts(power=f"{power(drift):.3f}", of="later starts"),
    )


def _firsts(asked: Question) -> dict[str, str]:
    """Region -> the quarter in which it started, of those that had by the report's quarter."""
    study = asked.survey.study
    regions = [region for region in study.area.regions if study.started(region, asked.survey.quarter)]
    return {region: study.first_quarter(region) for region in regions}


def _starts(asked: Question) -> int:
    return len(set(_firsts(asked).values()))


def _rows(asked: Question) -> np.ndarray:
    return ~np.isnan(asked.y) & (asked.survey.place == AREA)


def effects(asked: Question) -> StaggeredSurvey | None:
    """The estimates behind both; None in a study with one start, or while only one has been."""
    survey, firsts = asked.survey, _firsts(asked)
    if _starts(asked) < 2:
        return None
    comparison = survey.study.area.comparison
    baseline = survey.study.baseline
    first = np.array([number(firsts.get(region, "0000Q0")) for region in survey.region.tolist()])
    inside = ((first > 0) | (survey.region == comparison)) & (survey.wave >= baseline)
    time = np.array([number(wave) for wave in survey.wave.tolist()])
    # The earlier waves have a test of their own; a region yet to start takes no part.
    y = np.where(inside, asked.y, np.nan)
    if (first == number(baseline)).any():
        return None
    try:
        return staggered_survey(survey.design, y, time, first, asked.kind)
    except DataError:
        return None
