"""Beside each change: equivalence, trend over all waves, pooled change of small regions, dose-response."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import special

from evaluation.estimation.areas import unit_means
from evaluation.estimation.dose import dose_response, pair_size
from evaluation.estimation.equivalence import equivalence
from evaluation.estimation.pooling import fay_herriot
from evaluation.estimation.trend import trend
from evaluation.indicators.delivery import supply_of_municipalities
from evaluation.indicators.question import Question, number, scaled
from evaluation.indicators.survey import Survey
from evaluation.indicators.tidy import AREA, facts

DOSE_UNIT = 100.0  # leaflets per 100 births


def dose_row(asked: Question, tables: dict[str, pd.DataFrame]) -> Iterator[dict]:
    """Change of the outcome per 100 leaflets more per 100 births, over the area's municipalities."""
    survey, (base, quarter) = asked.survey, asked.span
    if not has_doses(survey, tables):
        return
    dose = supply_of_municipalities(survey.study, tables["orders"], quarter)
    place = survey.answers["municipality"].fillna("").to_numpy()
    inside = np.isin(place, list(dose)) & (survey.place == AREA)
    period = np.select([inside & (survey.wave == base), inside & (survey.wave == quarter)], [0, 1], -1)
    codes, means = unit_means(asked.y, survey.design.weights, place, period)
    counts = np.array(
        [
            [int(((place == code) & (period == when) & ~np.isnan(asked.y)).sum()) for when in (0, 1)]
            for code in codes
        ]
    ).reshape(-1, 2)
    doses = np.array([dose[code] for code in codes]) / DOSE_UNIT
    found = dose_response(doses, means[:, 1] - means[:, 0], pair_size(counts[:, 0], counts[:, 1]))
    if not np.isfinite(found.se):
        return
    used = counts[(counts > 0).all(axis=1)].sum(axis=0)
    yield asked.row(
        "dose_response",
        estimate=found.slope,
        se=found.se,
        df=found.df,
        lower=found.lower,
        upper=found.upper,
        p=found.p,
        n=used[1],
        n_before=used[0],
        clusters=found.units,
        method="weighted_least_squares",
        note=facts(per="100 leaflets per 100 births", units=str(found.units)),
    )


def pooled(asked: Question) -> Iterator[dict]:
    """Each region's change drawn towards the regions' mean, beside the direct one."""
    direct = asked.changes("region")
    if len(direct) < 3:
        return
    found = fay_herriot(direct["estimate"], direct["se"] ** 2)
    for i, row in enumerate(direct.to_dict("records")):
        half = special.ndtri(0.975) * found.rmse[i]
        yield asked.row(
            "pooled",
            region=row["region"],
            level="region",
            wave_before=row["wave_before"],
            estimate=found.estimate[i],
            se=found.rmse[i],
            lower=found.estimate[i] - half,
            upper=found.estimate[i] + half,
            n=row["n"],
            n_before=row["n_before"],
            clusters=row["clusters"],
            method="fay_herriot_reml",
            note=facts(weight=f"{found.weight[i]:.3f}"),
        )


def equivalences(asked: Question) -> Iterator[dict]:
    """Is a change shown to be smaller than the smallest change that matters?"""
    changed = asked.changes("area", "region", "comparison")
    smallest = scaled(asked, asked.survey.study.primary.smallest_change)
    tested = equivalence(changed["estimate"], changed["se"], changed["df"], smallest)
    for row, found in zip(changed.to_dict("records"), tested.to_dict("records"), strict=True):
        yield asked.row(
            "equivalence",
            region=row["region"],
            level=row["level"],
            wave_before=row["wave_before"],
            estimate=row["estimate"],
            se=row["se"],
            df=row["df"],
            lower=found["lower"],
            upper=found["upper"],
            p=found["p"],
            n=row["n"],
            n_before=row["n_before"],
            clusters=row["clusters"],
            method="two_one_sided_tests",
            note="interval=90",
        )


def trends(asked: Question) -> Iterator[dict]:
    """The slope over all waves from the baseline on, per quarter: area, regions, comparison area. In a region
    with a start of its own from the last wave before it."""
    survey, study = asked.survey, asked.survey.study
    since: dict[str, list[str]] = {}
    for region in study.all_regions:
        since.setdefault(study.before(region), []).append(region)
    groups = [(survey.place, [AREA], asked.span[0])]
    groups += [(survey.region, names, base) for base, names in since.items()]
    for place, names, base in groups:
        waves = [wave for wave in survey.waves if wave >= base]
        names = [name for name in names if _in_all(asked, place == name, waves)]
        if not names or len(waves) < 3:
            continue
        times = [number(wave) for wave in waves]
        found = trend(survey.design, asked.y, survey.wave, place, waves, names, asked.kind, times)
        for row in found.to_dict("records"):
            answered = ~np.isnan(asked.y) & (place == row["region"])
            n = [int((answered & (survey.wave == wave)).sum()) for wave in waves]
            level = "area" if row["region"] == AREA else "region"
            level = "comparison" if row["region"] == survey.study.area.comparison else level
            yield asked.row(
                "trend",
                region=row["region"],
                level=level,
                wave_before=base,
                estimate=row["slope"],
                se=row["se"],
                df=row["df"],
                lower=row["lower"],
                upper=row["upper"],
                p=row["p"],
                n=min(n),
                n_before=n[0],
                method=row["method"],
                note="; ".join(filter(None, ("per=quarter", row["note"]))),
            )


def _in_all(asked: Question, there: np.ndarray, waves: list[str]) -> bool:
    answered = there & ~np.isnan(asked.y)
    return all((answered & (asked.survey.wave == wave)).any() for wave in waves)


def has_doses(survey: Survey, tables: dict[str, pd.DataFrame]) -> bool:
    """Whether orders and parents can be laid side by side per municipality."""
    placed = survey.study.area.geography is not None and "municipality" in survey.answers
    return placed and "orders" in tables
