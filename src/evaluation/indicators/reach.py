"""Reach: what parents say they recognise, received, read and discussed, and whether reading did harm.

Reach is the share that recognises the leaflet less the share that "recognises" an invented one, a difference
within the same respondents. The questions are those of the questionnaire "bond"; a study without them has no
reach.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from evaluation.estimation import scores
from evaluation.indicators.rows import level_rows
from evaluation.indicators.survey import Survey, read_survey
from evaluation.indicators.tidy import concat, table
from evaluation.privacy import Campaign

RECOGNISED, FOIL = "R3", "R3f"


@dataclass(frozen=True)
class Share:
    """An indicator that is the share of certain answers to one question, among those who were asked it."""

    indicator: str
    item: str
    codes: tuple[str, ...]
    asked_after: bool = True


SHARES = (
    Share("recognised", RECOGNISED, ("yes",), asked_after=False),
    Share("foil", FOIL, ("yes",), asked_after=False),
    Share("received", "D1", ("yes",)),
    Share("read_half", "D3", ("all", "most")),
    Share("discussed", "D2", ("extensive", "brief")),
    Share("adverse", "N1", ("worried", "guilty")),
)


def reach(campaign: Campaign, quarter: str) -> pd.DataFrame:
    """Tidy table of reach and what follows it; empty without a survey, an indicator absent when not asked.

    quarter: a wave after the start (StudyError otherwise). Levels cover every wave up
    to the quarter in which the question was asked; reach in the quarter is also broken down by the study's
    groups, for the whole area.
    """
    survey = read_survey(campaign, quarter)
    return table([]) if survey is None else from_survey(survey)


def from_survey(survey: Survey) -> pd.DataFrame:
    """As `reach`, from a survey that has been read."""
    parts = []
    if survey.asked(RECOGNISED, FOIL):
        seen = scores.equals(survey.answers, RECOGNISED, {"yes"})
        net = scores.corrected_recognition(seen, scores.equals(survey.answers, FOIL, {"yes"}))
        groups = tuple(filter(survey.splits, survey.study.groups))
        # No counts: with the recognised ones and reach, the false recognition, often a handful of parents,
        # could be computed where it may not be shown.
        rows = level_rows(survey, "reach", net, "difference", survey.waves, groups=groups)
        parts.append(not_below_zero(rows))
    for share in SHARES:
        if survey.asked(share.item):
            y = scores.equals(survey.answers, share.item, set(share.codes))
            if share.item in (RECOGNISED, FOIL) and survey.asked(RECOGNISED, FOIL):
                # The same respondents as reach, so that the three agree to the last digit.
                y = np.where(np.isnan(net), np.nan, y)
            after = tuple(wave for wave in survey.waves if wave in survey.study.after)
            waves = after if share.asked_after else survey.waves
            parts.append(level_rows(survey, share.indicator, y, "share", waves))
    return concat(parts)


def not_below_zero(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with limits that no reach can have cut off at zero; se and df stay as they are. An estimate
    that chance put below zero stays too (with its limits), or a mean over areas would lie too high."""
    possible = rows["estimate"] >= 0
    return rows.assign(lower=rows["lower"].mask(possible, rows["lower"].clip(lower=0.0)))
