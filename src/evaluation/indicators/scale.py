"""How the knowledge questions behave together: described for the researcher, never a gate.

Knowledge questions form a formative set: they need not hang together to be worth asking.
"""

import numpy as np
import pandas as pd

from evaluation.errors import DataError
from evaluation.estimation import models, reliability, scores
from evaluation.estimation.multiple import holm
from evaluation.indicators.awareness import items_of
from evaluation.indicators.survey import Survey
from evaluation.indicators.tidy import AREA, estimate, table

# The name of the whole set in the column `indicator`.
SCALE = "knowledge"
FEWEST_ITEMS = 3


def from_survey(survey: Survey) -> pd.DataFrame:
    """In the area in the quarter, unweighted, of those who answered every question: measures "alpha" and
    "omega" of the set, "item_rest" of each question (its correlation with the others' sum; its difficulty is
    its level). Measure "comparability": did a question become easier between baseline and quarter than its
    fellows? log odds of the wave given the others' sum, design-based (`models.fit`), Holm over the questions;
    in the comparison area, where the leaflet taught nothing, if there is one. Empty for fewer than three
    questions; a number that the answers do not carry is absent."""
    items = items_of(survey)
    if len(items) < FEWEST_ITEMS:
        return table([])
    keys = {item: survey.study.items[item].key for item in items}
    right = pd.DataFrame({item: scores.correct(survey.answers, item, key) for item, key in keys.items()})
    here = (survey.place == AREA) & (survey.wave == survey.quarter)
    whole = right[here].dropna()
    sites = survey.clinics(here & right.notna().all(axis=1).to_numpy())
    keys = {"region": AREA, "level": "area", "wave": survey.quarter, "unit": "ratio"}
    keys |= {"n": float(len(whole)), "clusters": sites}
    values = [(SCALE, "alpha", reliability.alpha(whole)), (SCALE, "omega", reliability.omega(whole))]
    each = reliability.item_table(whole) if len(whole) else pd.DataFrame(columns=["item", "item_rest"])
    values += [(f"item_{row.item}", "item_rest", row.item_rest) for row in each.itertuples()]
    rows = [
        estimate(indicator=name, measure=measure, estimate=float(value), method="unweighted", **keys)
        for name, measure, value in values
        if np.isfinite(value)
    ]
    return table(rows + _comparability(survey, right))


def _comparability(survey: Survey, right: pd.DataFrame) -> list[dict]:
    study = survey.study
    place = study.area.comparison if (survey.place == study.area.comparison).any() else AREA
    if study.baseline is None:
        return []
    span = np.isin(survey.wave, (study.baseline, survey.quarter))
    inside = (survey.place == place) & span & right.notna().all(axis=1).to_numpy()
    after = (survey.wave == survey.quarter).astype(float)
    rows = []
    for item in right:
        rest = right.drop(columns=item).sum(axis=1).to_numpy(dtype=float)
        y = np.where(inside, right[item], np.nan)
        x = np.column_stack([np.ones(len(y)), after, rest])
        try:
            fitted = models.fit(survey.design, y, x, ["constant", "after", "rest"], "logistic")
        except DataError:
            # Everybody or nobody knows it, or too few clinics: nothing to compare.
            continue
        lower, upper = fitted.interval()
        rows.append(
            estimate(
                indicator=f"item_{item}",
                measure="comparability",
                region=place,
                level="area" if place == AREA else "comparison",
                wave=survey.quarter,
                wave_before=study.baseline,
                unit="log_odds",
                estimate=float(fitted.coefficients[1]),
                se=float(fitted.se[1]),
                df=float(fitted.df),
                lower=float(lower[1]),
                upper=float(upper[1]),
                n=float((inside & (survey.wave == survey.quarter)).sum()),
                n_before=float((inside & (survey.wave == study.baseline)).sum()),
                clusters=survey.clinics(inside),
                p=float(fitted.p[1]),
                method="svyglm_t",
            )
        )
    for row, adjusted in zip(rows, holm([row["p"] for row in rows]) if rows else [], strict=True):
        row["p_adjusted"] = float(adjusted)
    return rows
