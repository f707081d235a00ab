"""One treated area beside several without the campaign: is its change unusual among those of the others?"""

from collections.abc import Iterator

import numpy as np

from evaluation.estimation.areas import permutation_test, unit_means
from evaluation.indicators.question import Question
from evaluation.indicators.survey import Survey
from evaluation.indicators.tidy import AREA, facts

# With fewer areas the smallest p that can come out says nothing.
FEWEST_AREAS = 5
# An area with fewer answers in a wave would add noise, not a comparison.
FEWEST_ANSWERS = 10


def permutation_row(asked: Question) -> Iterator[dict]:
    """Measure "permutation": the change of the whole area less the mean change of the municipalities of the
    comparison area, each counting once, and the share (p) of the areas that would stand out as far if the
    campaign had been theirs (`estimation.areas.permutation_test`). The campaign was given to the area as a
    whole, so that the area is one unit, whatever number of parents answered there. Note: `areas`, `far` (how
    many stand out as far, the area itself included) and `least`, the smallest p that so many areas can give.
    """
    survey, (base, quarter) = asked.survey, asked.span
    unit = _units(survey)
    answered = ~np.isnan(asked.y)
    enough = [
        name
        for name in np.unique(unit[unit != ""])
        if all(
            (answered & (unit == name) & (survey.wave == wave)).sum() >= FEWEST_ANSWERS for wave in asked.span
        )
    ]
    if AREA not in enough or len(enough) < FEWEST_AREAS:
        return
    inside = np.isin(unit, enough)
    period = np.select([inside & (survey.wave == base), inside & (survey.wave == quarter)], [0, 1], -1)
    names, means = unit_means(asked.y, survey.design.weights, unit, period)
    changes, treated = means[:, 1] - means[:, 0], names == AREA
    p, count = permutation_test(changes, treated)
    n = [int((answered & inside & (survey.wave == wave)).sum()) for wave in (quarter, base)]
    yield asked.row(
        "permutation",
        estimate=float(changes[treated][0] - changes[~treated].mean()),
        p=p,
        n=n[0],
        n_before=n[1],
        clusters=min(survey.clinics(answered & inside & (survey.wave == wave)) for wave in asked.span),
        method="permutation_over_areas",
        note=facts(areas=str(count), far=str(round(p * count)), least=f"{1 / count:.4f}"),
    )


def _units(survey: Survey) -> np.ndarray:
    """(n) "area", the municipality in the comparison area, or "" where it is not known."""
    if "municipality" not in survey.answers:
        return np.where(survey.place == AREA, AREA, "")
    home = survey.answers["municipality"].fillna("").to_numpy(dtype=object)
    there = np.isin(home, list(survey.study.area.comparison_municipalities))
    return np.where(survey.place == AREA, AREA, np.where(there, home, ""))


def has_areas(survey: Survey) -> bool:
    """Whether enough municipalities of the comparison area have enough answers in both waves."""
    unit, span = _units(survey), (survey.study.baseline, survey.quarter)
    names = [name for name in np.unique(unit) if name not in ("", AREA)]
    enough = [
        all(((unit == name) & (survey.wave == wave)).sum() >= FEWEST_ANSWERS for wave in span)
        for name in names
    ]
    return sum(enough) + 1 >= FEWEST_AREAS
