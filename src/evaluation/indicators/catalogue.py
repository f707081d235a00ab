"""All estimates of a campaign in one quarter, and for what is not among them the reason why."""

import pandas as pd

from evaluation.indicators import (
    attitudes,
    attribution,
    awareness,
    equity,
    experience,
    fieldwork,
    missing,
    organisations,
    reach,
    scale,
    weighting,
)
from evaluation.indicators.cost import above_zero, from_reach, population, reach_level
from evaluation.indicators.delivery import delivery
from evaluation.indicators.languages import languages, need
from evaluation.indicators.over_time import over_time
from evaluation.indicators.survey import Survey, read_survey
from evaluation.indicators.tidy import concat, table
from evaluation.privacy import Campaign
from evaluation.study import Study

# Why an indicator is absent. The report has a sentence for each.
REASONS = (
    "no_responses",
    "no_orders",
    "no_organisations",
    "no_handouts",
    "no_costs",
    "no_margins",
    "no_geography",
    "no_baseline",
    "one_wave_before",
    "no_comparison",
    "few_areas",
    "no_clinics",
    "one_region",
    "not_asked",
    "no_answers",
    "reach_touches_zero",
    "not_coded",
    "too_early",
    "no_dates",
    "no_language_margin",
    "no_web_statistics",
    "no_site_survey",
    "not_declared",
    "left_out_for_privacy",
)

FROM_ORDERS = (
    "ordered",
    "shipped",
    "shipped_in_quarter",
    "posters_shipped",
    "ordered_outside",
    "paid_outside",
    "supply",
    "adoption",
    "coverage",
    "reorder",
    "delivery_time",
    "language_supply",
)
ROOMS = (attitudes, equity, experience, fieldwork, missing, weighting, scale)


def all_estimates(campaign: Campaign, quarter: str) -> pd.DataFrame:
    """The tidy table of every indicator that the campaign's data carry, in a fixed order.

    campaign: a `Campaign`. Raises StudyError for a quarter that is not a wave after the start, DataError for
    a survey that cannot carry an estimate (an empty wave, a wave with one clinic, impossible margins).
    """
    survey = read_survey(campaign, quarter)
    awake = table([]) if survey is None else awareness.from_survey(survey)
    reached = table([]) if survey is None else reach.from_survey(survey)
    cause = table([]) if survey is None else attribution.from_survey(survey, campaign.tables, awake)
    others = [] if survey is None else [room.from_survey(survey) for room in ROOMS]
    delivered = [delivery(campaign, quarter)]
    if "orders" in campaign.tables:
        tables = campaign.tables
        delivered.append(languages(campaign.study, tables["orders"], tables.get("margins"), quarter))
        delivered.append(over_time(campaign.study, tables["orders"], quarter))
    if survey is not None:
        delivered.append(fieldwork.response(campaign.receipts, quarter))
    return concat([awake, cause, reached, *delivered, from_reach(campaign, quarter, reached), *others])


def unavailable(campaign: Campaign, quarter: str) -> dict[str, str]:
    """What the data do not carry: indicator or step of the method (change, did, joint_test, clusters, raking)
    -> one of REASONS. Sorted by name; raises as `all_estimates`."""
    survey = read_survey(campaign, quarter)
    missing = _survey_gaps(campaign.study, survey) | _design_gaps(campaign, survey)
    missing |= _delivery_gaps(campaign, quarter) | experience.uncoded(survey)
    missing |= attribution.gaps(survey, campaign.tables)
    return dict(sorted((missing | _cost_gaps(campaign, quarter, survey)).items()))


def _survey_gaps(study: Study, survey: Survey | None) -> dict[str, str]:
    outcomes = {outcome.id: outcome.items for outcome in study.outcomes}
    needed = outcomes | {"reach": (reach.RECOGNISED, reach.FOIL)}
    needed |= {share.indicator: (share.item,) for share in reach.SHARES}
    needed |= experience.NEEDS | attitudes.NEEDS
    needed |= {"straight_lining": fieldwork.GRID, "maintenance": (equity.RECEIVED, equity.SINCE)}
    found = {name: _gap(study, survey, items) for name, items in needed.items()}
    gaps = {name: reason for name, reason in found.items() if reason}
    if survey is None:
        return gaps | dict.fromkeys(("answered", "dont_know", "response", "signals"), "no_responses")
    gaps |= equity.not_split(survey)
    if "maintenance" not in gaps and not equity.received_long_ago(survey):
        gaps["maintenance"] = "too_early"
    true, invented = awareness.signals_of(survey)
    if len(true) < 2 or not invented:
        gaps["signals"] = "not_asked"
    return gaps if awareness.unsure_items(survey) else gaps | {"dont_know": "not_asked"}


def _gap(study: Study, survey: Survey | None, items: tuple[str, ...]) -> str:
    if not all(item in study.items for item in items):
        return "not_asked"
    if survey is None:
        return "no_responses"
    if not all(item in survey.answers for item in items):
        return "not_asked"
    return "" if survey.asked(*items) else "no_answers"


def _design_gaps(campaign: Campaign, survey: Survey | None) -> dict[str, str]:
    study = campaign.study
    if survey is None:
        return dict.fromkeys(("change", "did", "joint_test", "clusters", "raking"), "no_responses")
    gaps = {}
    if study.baseline is None:
        gaps |= dict.fromkeys(("change", "did", "joint_test"), "no_baseline")
    if study.area.comparison is None or not (survey.region == study.area.comparison).any():
        gaps["did"] = "no_comparison"
    if len(study.area.regions) < 2:
        gaps["joint_test"] = "one_region"
    if not study.design.cluster:
        gaps["clusters"] = "no_clinics"
    if "margins" not in campaign.tables or not study.design.margins:
        gaps["raking"] = "no_margins"
    return gaps


def _delivery_gaps(campaign: Campaign, quarter: str) -> dict[str, str]:
    tables, gaps = campaign.tables, {}
    if "orders" not in tables:
        gaps |= dict.fromkeys(FROM_ORDERS, "no_orders")
    else:
        if campaign.study.area.geography is None:
            gaps |= dict.fromkeys(("supply", "coverage"), "no_geography")
        if "organisations" not in tables:
            gaps |= dict.fromkeys(("adoption", "coverage"), "no_organisations")
        if not need(campaign.study, tables.get("margins")):
            gaps["language_supply"] = "no_language_margin"
        gaps |= organisations.gaps(campaign.study, tables["orders"], quarter)
    if "handouts" not in tables:
        gaps["handed_out"] = "no_handouts"
    if "costs" not in tables:
        gaps |= dict.fromkeys(("printed", "cost_total", "cost_per_parent"), "no_costs")
    return gaps


def _cost_gaps(campaign: Campaign, quarter: str, survey: Survey | None) -> dict[str, str]:
    reason = _gap(campaign.study, survey, (reach.RECOGNISED, reach.FOIL))
    if not reason and population(campaign.study, campaign.tables.get("margins")) is None:
        reason = "no_margins"
    if reason:
        return {"parents_reached": reason, "cost_per_parent": reason}
    level = reach_level(reach.from_survey(survey), quarter)
    if level is None:
        return {"parents_reached": "no_answers", "cost_per_parent": "no_answers"}
    if "costs" not in campaign.tables:
        return {"cost_per_parent": "no_costs"}
    return {} if above_zero(level) else {"cost_per_parent": "reach_touches_zero"}
