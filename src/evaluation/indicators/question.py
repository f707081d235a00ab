"""The primary outcome as attribution asks about it: its answers, its span, what was made of it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from evaluation.indicators.awareness import KINDS, score
from evaluation.indicators.survey import Survey
from evaluation.indicators.tidy import AREA, estimate
from evaluation.indicators.tidy_rows import UNITS


@dataclass(frozen=True, eq=False)
class Question:
    """The primary outcome in a survey with a baseline, and the tidy rows made of it so far."""

    survey: Survey
    made: pd.DataFrame

    @property
    def indicator(self) -> str:
        return self.survey.study.primary.id

    @property
    def kind(self) -> str:
        return KINDS[self.survey.study.primary.kind]

    @cached_property
    def y(self) -> np.ndarray:
        return score(self.survey, self.survey.study.primary)

    @property
    def span(self) -> tuple[str, str]:
        return self.survey.study.baseline, self.survey.quarter

    @cached_property
    def did(self) -> pd.Series | None:
        """The reported did of the whole area; None when there is none with an interval."""
        made = self.made
        chosen = made["indicator"].eq(self.indicator) & made["measure"].eq("did") & made["region"].eq(AREA)
        found = made[chosen & made["lower"].notna()]
        return None if found.empty else found.iloc[0]

    def changes(self, *levels: str) -> pd.DataFrame:
        """The rows of the primary outcome's changes that have an interval; that of the comparison area since
        the baseline."""
        made = self.made
        chosen = made["indicator"].eq(self.indicator) & made["measure"].eq("change") & made["lower"].notna()
        chosen &= made["level"].ne("comparison") | made["wave_before"].eq(self.span[0])
        return made[chosen & made["level"].isin(levels)]

    def row(self, measure: str, **cells: object) -> dict:
        """A tidy row about the whole area, from the baseline to the quarter, unless the cells say else."""
        keys = {"indicator": self.indicator, "measure": measure, "region": AREA, "level": "area"}
        keys |= {"wave": self.span[1], "wave_before": self.span[0], "unit": UNITS[self.kind]}
        return estimate(**(keys | cells))


def question(survey: Survey, made: pd.DataFrame) -> Question | None:
    """The primary outcome when it was asked and there is a baseline to compare with."""
    study = survey.study
    if study.baseline is None or not survey.asked(*study.primary.items):
        return None
    asked = Question(survey, made)
    answered = ~np.isnan(asked.y) & (survey.place == AREA)
    return asked if all((answered & (survey.wave == wave)).any() for wave in asked.span) else None


def has_comparison(survey: Survey) -> bool:
    """Whether somebody in the comparison area answered at the baseline and in the quarter."""
    there = survey.place == survey.study.area.comparison
    return all((there & (survey.wave == wave)).any() for wave in (survey.study.baseline, survey.quarter))


def answered(asked: Question, wave: str) -> bool:
    there = ~np.isnan(asked.y) & (asked.survey.wave == wave)
    return all((there & (asked.survey.place == place)).any() for place in np.unique(asked.survey.place))


def scaled(asked: Question, value: float) -> float:
    """A size on the 0-100 scale in the outcome's own unit."""
    return value / 100 if asked.kind == "share" else value


def number(wave: str) -> int:
    return 4 * int(wave[:4]) + int(wave[-1])
