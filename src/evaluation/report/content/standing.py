"""Which indicators of the catalogue this study's data carry: for each its estimate, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from evaluation.reference import IndicatorEntry, indicator_catalogue
from evaluation.report.content import facts
from evaluation.report.content.facts import Context, Estimate
from evaluation.study import Study

# A measure that rests on a step of the method: without the step there is no such number at all.
_STEPS = {
    "did": "did",
    "change": "change",
    "mean_change": "change",
    "dose_response": "dose_response",
}


@dataclass(frozen=True)
class Standing:
    """entry: from the catalogue. indicator: its name in this study ("@primary" filled in). found: its
    estimate (perhaps suppressed), MISSING when there is none. reason: a key of the reasons, "" when found."""

    entry: IndicatorEntry
    indicator: str
    found: Estimate
    reason: str = ""


def standings(context: Context) -> tuple[Standing, ...]:
    """Every indicator of the catalogue for the whole area, in the catalogue's order."""
    return tuple(_standing(context, entry) for entry in indicator_catalogue())


def _standing(context: Context, entry: IndicatorEntry) -> Standing:
    name = indicator_of(context.study, entry)
    if entry.absent or not name:
        return Standing(entry, name, facts.MISSING, entry.absent or "not_declared")
    keys = {"group_by": entry.group_by, "group": entry.group}
    rows = facts.rows(context, name, entry.measure, region=facts.AREA, wave=context.quarter, **keys)
    rows = rows[rows["wave_before"].isin(["", context.baseline])]
    if len(rows):
        return Standing(entry, name, facts.estimate(rows.iloc[0]))
    known = (_STEPS.get(entry.measure, ""), name)
    reason = next((context.unavailable[key] for key in known if key in context.unavailable), "no_data")
    return Standing(entry, name, facts.MISSING, reason)


def indicator_of(study: Study, entry: IndicatorEntry) -> str:
    """The indicator of the tidy table that an entry stands for in this study, "" when it declares none."""
    if entry.indicator == "@primary":
        return study.primary.id
    if entry.indicator == "@index":
        return next((one.id for one in study.outcomes if one.kind == "percent_correct"), "")
    return entry.indicator
