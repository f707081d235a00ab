"""The fact sheet of one region: the same order as the province's report, on two pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from evaluation.report.content import change, cost, delivery, method, reach, supply, trend, unknown
from evaluation.report.content.facts import Context
from evaluation.report.content.province import build, cards
from evaluation.report.content.settled import settled
from evaluation.report.figures.style import in_own_look
from evaluation.report.model import Report
from evaluation.report.wording import words
from evaluation.study import Study


@settled
@in_own_look
def region_factsheet(
    study: Study,
    quarter: str,
    region: str,
    language: str,
    checked: pd.DataFrame,
    unavailable: Mapping[str, str],
    receipts: Sequence[Mapping],
) -> Report:
    """The fact sheet on `region`, from the same input as `province.province_report`. Raises StudyError for a
    quarter or region the study does not have."""
    study.require_quarter(quarter)
    study.require_region(region)
    context = Context(study, quarter, language, region, checked, unavailable, receipts, words(language))
    if not context.surveyed:
        counted = (cards, supply.part, delivery.part, unknown.part, method.part)
        return build(context, [part(context) for part in counted])
    parts = [
        cards(context),
        change.part(context),
        supply.part(context),
        delivery.part(context),
        reach.part(context),
        cost.part(context),
        unknown.part(context),
        trend.part(context),
        method.part(context),
    ]
    return build(context, parts)
