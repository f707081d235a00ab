"""Awareness: the study's outcomes, what changed since the baseline, and the questions they are made of."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from evaluation.estimation import scores
from evaluation.indicators.rows import change_rows, contrast_rows, level_rows
from evaluation.indicators.survey import Survey, read_survey
from evaluation.indicators.tidy import concat, facts, table
from evaluation.privacy import Campaign
from evaluation.study import Outcome

# Kind of outcome in the study file -> kind in estimation.
KINDS = {"all_correct": "share", "percent_correct": "points"}


def awareness(campaign: Campaign, quarter: str) -> pd.DataFrame:
    """Tidy table of outcomes (levels, changes, joint test, did), items, sections and "don't know".

    quarter: a wave after the start (StudyError otherwise). Levels cover every wave up
    to the quarter; changes are those from the baseline. Empty without a survey.
    """
    survey = read_survey(campaign, quarter)
    return table([]) if survey is None else from_survey(survey)


def from_survey(survey: Survey) -> pd.DataFrame:
    """As `awareness`, from a survey that has been read."""
    has_baseline = survey.study.baseline is not None
    parts = []
    for outcome in survey.study.outcomes:
        if survey.asked(*outcome.items):
            y, kind, note = score(survey, outcome), KINDS[outcome.kind], _made_of(outcome)
            parts.append(level_rows(survey, outcome.id, y, kind, survey.waves, note))
            if has_baseline:
                parts.append(change_rows(survey, outcome.id, y, kind, note))
                parts.append(contrast_rows(survey, outcome.id, y, kind))
    for indicator, y, kind, note in _parts(survey):
        parts.append(level_rows(survey, indicator, y, kind, survey.waves, note))
        if has_baseline:
            parts.append(change_rows(survey, indicator, y, kind, note))
    return concat(parts)


def score(survey: Survey, outcome: Outcome) -> np.ndarray:
    """The outcome per respondent (n): 0 or 1, or 0-100; NaN without an answer."""
    keys = {item: survey.study.items[item].key for item in outcome.items}
    score = scores.all_correct if outcome.kind == "all_correct" else scores.percent_correct
    return score(survey.answers, keys)


def _made_of(outcome: Outcome) -> str:
    """Which questions an outcome is the mean of; all-correct over several questions is no sum of them."""
    is_sum = outcome.kind == "percent_correct" or len(outcome.items) == 1
    return facts(items=",".join(outcome.items)) if is_sum else ""


def items_of(survey: Survey) -> list[str]:
    """The questions behind the outcomes that were asked, in the study's order."""
    wanted = {item for outcome in survey.study.outcomes for item in outcome.items}
    return [item for item in survey.study.items if item in wanted and survey.asked(item)]


def _parts(survey: Survey) -> Iterator[tuple[str, np.ndarray, str, str]]:
    items = items_of(survey)
    keys = {item: survey.study.items[item].key for item in items}
    for item in items:
        y = scores.correct(survey.answers, item, keys[item])
        yield f"item_{item}", y, "share", facts(items=item)
    for section in sorted({survey.study.items[item].section for item in items} - {None}):
        own = {item: key for item, key in keys.items() if survey.study.items[item].section == section}
        y = scores.percent_correct(survey.answers, own)
        yield f"section_{section}", y, "points", facts(items=",".join(own))
    unsure = unsure_items(survey)
    if unsure:
        yield "dont_know", scores.dont_know_share(survey.answers, unsure), "difference", ""


def unsure_items(survey: Survey) -> list[str]:
    """The questions behind the outcomes to which "I do not know" is an answer."""
    return [item for item in items_of(survey) if scores.DONT_KNOW in survey.study.items[item].answers]
