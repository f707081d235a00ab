"""What parents tell of the leaflet: named unprompted, through which channel, which grade, which message."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from evaluation.estimation import scores
from evaluation.indicators.reach import RECOGNISED
from evaluation.indicators.rows import level_rows
from evaluation.indicators.survey import Survey
from evaluation.indicators.tidy import AREA, concat

# Open answers hold names, so they never come in; a study that wants these two codes them beforehand.
SPONTANEOUS, MESSAGE = "R1c", "M1c"
GRADE = "W1"
CHANNELS = ("clinic", "gp", "nursery", "playgroup", "online", "someone", "other")
GRADES = {"grade_6": 6.0, "grade_8": 8.0}
# Indicator -> the questions it needs.
NEEDS = {"grade": (GRADE,), **dict.fromkeys(GRADES, (GRADE,))}
NEEDS |= {f"channel_{name}": (RECOGNISED, f"R4_{name}") for name in CHANNELS}


def from_survey(survey: Survey) -> pd.DataFrame:
    """In the treated area in the quarter: indicators "spontaneous" (of all parents), "message" and
    "channel_*" (of those who recognise the leaflet; several channels may be ticked, so they do not add up to
    100 %), "grade" (measure "mean", 1 to 10), "grade_6" and "grade_8" (a grade of at least that), of readers.
    Absent where it was not asked."""
    here = (survey.place == AREA) & (survey.wave == survey.quarter)
    return concat(
        level_rows(survey, name, np.where(here, y, np.nan), kind, (survey.quarter,), places=("area",), **keys)
        for name, y, kind, keys in _asked(survey)
    )


def _asked(survey: Survey) -> Iterator[tuple[str, np.ndarray, str, dict[str, str]]]:
    if survey.asked(SPONTANEOUS):
        yield "spontaneous", scores.equals(survey.answers, SPONTANEOUS, {"yes"}), "share", {}
    if survey.asked(RECOGNISED):
        knows = scores.equals(survey.answers, RECOGNISED, {"yes"}) == 1
        if survey.asked(MESSAGE):
            named = scores.equals(survey.answers, MESSAGE, {"yes"})
            # Who says nothing names no message.
            yield "message", np.where(knows, np.nan_to_num(named), np.nan), "share", {}
        for name in CHANNELS:
            if survey.asked(f"R4_{name}"):
                ticked = survey.answers[f"R4_{name}"].eq("yes").to_numpy(dtype=float)
                yield f"channel_{name}", np.where(knows, ticked, np.nan), "share", {}
    if survey.asked(GRADE):
        grade = pd.to_numeric(survey.answers[GRADE], errors="coerce").to_numpy(dtype=float)
        yield "grade", grade, "points", {"measure": "mean", "unit": "grade"}
        for name, least in GRADES.items():
            yield name, np.where(np.isnan(grade), np.nan, grade >= least), "share", {}


def uncoded(survey: Survey | None) -> dict[str, str]:
    """The indicators that wait for somebody to code the open answers -> reason."""
    needs = {"spontaneous": SPONTANEOUS, "message": MESSAGE}
    if survey is None:
        return dict.fromkeys(needs, "no_responses")
    return {name: "not_coded" for name, item in needs.items() if not survey.asked(item)}
