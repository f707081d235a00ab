"""How the survey went: how many finished it, what the weights cost, who gave the same answer everywhere."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from evaluation.indicators.attitudes import ATTITUDE, EFFICACY
from evaluation.indicators.awareness import KINDS, score
from evaluation.indicators.rows import level_rows
from evaluation.indicators.survey import Survey
from evaluation.indicators.tidy import AREA, concat, estimate, table

# Rows of an export that are nobody's interview.
NOBODY = ("superseded", "duplicate_row", "empty_row", "test_order")
UNFINISHED = "incomplete"
GRID = (*ATTITUDE, *EFFICACY)


def response(receipts: Sequence[dict], quarter: str) -> pd.DataFrame:
    """Of the interviews in all survey exports so far, the share that was finished (measure "completion"; n
    started). How many were asked is in no export, so response proper is not known. Empty without a survey."""
    surveys = [receipt for receipt in receipts if receipt["kind"] == "responses"]
    refused = [receipt["quarantined"] for receipt in surveys]
    nobody = sum(rules.get(rule, 0) for rules in refused for rule in NOBODY)
    started = sum(receipt["read"] for receipt in surveys) - nobody
    if started <= 0:
        return table([])
    finished = started - sum(rules.get(UNFINISHED, 0) for rules in refused)
    keys = {
        "indicator": "response",
        "measure": "completion",
        "region": AREA,
        "level": "area",
        "wave": quarter,
    }
    return table(
        [
            estimate(
                **keys, unit="share", estimate=finished / started, n=started, count=finished, method="count"
            )
        ]
    )


def from_survey(survey: Survey) -> pd.DataFrame:
    """Measure "effective_n" of the primary outcome in the area (n / design effect), and the indicator
    "straight_lining": the share that gave one and the same answer to all statements of the grid, one of which
    is worded the other way round; unweighted."""
    return concat([_effective(survey), _straight(survey)])


def _effective(survey: Survey) -> pd.DataFrame:
    outcome = survey.study.primary
    if not survey.asked(*outcome.items):
        return table([])
    here = (survey.place == AREA) & (survey.wave == survey.quarter)
    y = np.where(here, score(survey, outcome), np.nan)
    found = level_rows(survey, outcome.id, y, KINDS[outcome.kind], (survey.quarter,), places=("area",))
    row = found.iloc[0] if len(found) else None
    if row is None or not row["deff"] > 0:
        return table([])
    keys = {"region": AREA, "level": "area", "wave": survey.quarter, "unit": "count"}
    numbers = {name: row[name] for name in ("n", "deff", "clusters")}
    size = row["n"] / row["deff"]
    made = estimate(
        indicator=outcome.id, measure="effective_n", estimate=size, method="kish", **keys, **numbers
    )
    return table([made])


def _straight(survey: Survey) -> pd.DataFrame:
    if not survey.asked(*GRID):
        return table([])
    codes = survey.answers[list(GRID)].to_numpy(dtype=object)
    whole = (codes != "").all(axis=1)
    same = (codes == codes[:, :1]).all(axis=1).astype(float)
    y = np.where(whole, same, np.nan)
    return level_rows(survey.unweighted, "straight_lining", y, "share", (survey.quarter,), places=("area",))
