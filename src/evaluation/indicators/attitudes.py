"""Attitude, self-efficacy, intention and behaviour: exploratory, beside the comparison area."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from evaluation.estimation import scores
from evaluation.indicators.rows import PLACES, change_rows, did_rows, level_rows
from evaluation.indicators.survey import Survey
from evaluation.indicators.tidy import concat

# H1 is worded the other way round: 1 is the best answer.
ATTITUDE, REVERSED = ("H1", "H2", "H3", "H4"), frozenset({"H1"})
EFFICACY = ("E1", "E2", "E3")
INTENTION, BEHAVIOUR, VISITED, GUILT = "I1", "G1", "clinic_visit", "H1"
HIGHEST, AGREES = 5, 4
BROAD = tuple(place for place in PLACES if place != "region")

NEEDS = {
    "attitude": ATTITUDE,
    "attitude_top2": ATTITUDE,
    "self_efficacy": EFFICACY,
    "intention": (INTENTION,),
    "behaviour": (BEHAVIOUR,),
    "guilt": (GUILT,),
}


def from_survey(survey: Survey) -> pd.DataFrame:
    """Means over statements (1 to 5, measure "mean", its change "mean_change" and difference in differences
    "mean_did") and shares (measures "level", "change", "did"), at the baseline and in the quarter."""
    base = survey.study.baseline
    waves = (base, survey.quarter) if base else (survey.quarter,)
    parts = []
    for name, y, is_mean in _asked(survey):
        kind = "points" if is_mean else "share"
        keys = {"unit": "scale_1_5"} if is_mean else {}
        measures = ("mean", "mean_change", "mean_did") if is_mean else ("level", "change", "did")
        keyed = [keys | ({"measure": measure} if is_mean else {}) for measure in measures]
        parts.append(level_rows(survey, name, y, kind, waves, places=BROAD, **keyed[0]))
        if base:
            parts.append(change_rows(survey, name, y, kind, places=BROAD, **keyed[1]))
            parts.append(did_rows(survey, name, y, kind, places=("area",), **keyed[2]))
    return concat(parts)


def _asked(survey: Survey) -> Iterator[tuple[str, np.ndarray, bool]]:
    if survey.asked(*ATTITUDE):
        mean = mean_of(survey.answers, ATTITUDE, REVERSED)
        yield "attitude", mean, True
        yield "attitude_top2", np.where(np.isnan(mean), np.nan, mean >= AGREES), False
    if survey.asked(*EFFICACY):
        yield "self_efficacy", mean_of(survey.answers, EFFICACY), True
    if survey.asked(INTENTION):
        yield "intention", scores.equals(survey.answers, INTENTION, {"4", "5"}), False
    if survey.asked(BEHAVIOUR):
        told = scores.equals(survey.answers, BEHAVIOUR, {"yes"})
        if VISITED in survey.answers:
            # Who did not come to the clinic had less occasion to.
            told = np.where(survey.answers[VISITED].eq("yes").to_numpy(dtype=bool), told, np.nan)
        yield "behaviour", told, False
    if survey.asked(GUILT):
        yield "guilt", scores.equals(survey.answers, GUILT, {"4", "5"}), False


def mean_of(
    answers: pd.DataFrame, items: tuple[str, ...], reversed_: frozenset[str] = frozenset()
) -> np.ndarray:
    """Mean (n; 1-5) of the statements that were answered, high is good; NaN when fewer than half were."""
    codes = answers[list(items)].apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)
    turned = np.array([item in reversed_ for item in items])
    codes = np.where(turned, HIGHEST + 1 - codes, codes)
    known = (~np.isnan(codes)).sum(axis=1)
    total = np.nansum(codes, axis=1)
    return np.where(2 * known >= len(items), total / np.maximum(known, 1), np.nan)
