"""All estimates of a campaign in one quarter, and for what is not among them the reason why."""

import pandas as pd

from evaluation.indicators import attribution, awareness, missing, reach, scale, weighting
from evaluation.indicators.cost import above_zero, from_reach, population, reach_level
from evaluation.indicators.delivery import delivery
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
)

FROM_ORDERS = (
    "ordered",
    "shipped",
    "posters_shipped",
    "ordered_outside",
    "paid_outside",
    "supply",
    "adoption",
)


def all_estimates(campaign: Campaign, quarter: str) -> pd.DataFrame:
    """The tidy table of every indicator that the campaign's data carry, in a fixed order.

    campaign: a `Campaign`. Raises StudyError for a quarter that is not a wave after the start, DataError for
    a survey that cannot carry an estimate (an empty wave, a wave with one clinic, impossible margins).
    """
    survey = read_survey(campaign, quarter)
    awake = table([]) if survey is None else awareness.from_survey(survey)
    reached = table([]) if survey is None else reach.from_survey(survey)
    cause = table([]) if survey is None else attribution.from_survey(survey, campaign.tables, awake)
    checks = [] if survey is None else [room.from_survey(survey) for room in (missing, weighting, scale)]
    delivered = delivery(campaign, quarter)
    return concat([awake, cause, reached, delivered, from_reach(campaign, quarter, reached), *checks])


def unavailable(campaign: Campaign, quarter: str) -> dict[str, str]:
    """What the data do not carry: indicator or step of the method (change, did, joint_test, clusters, raking)
    -> one of REASONS. Sorted by name; raises as `all_estimates`."""
    survey = read_survey(campaign, quarter)
    missing = _survey_gaps(campaign.study, survey) | _design_gaps(campaign, survey) | _delivery_gaps(campaign)
    missing |= attribution.gaps(survey, campaign.tables)
    return dict(sorted((missing | _cost_gaps(campaign, quarter, survey)).items()))


def _survey_gaps(study: Study, survey: Survey | None) -> dict[str, str]:
    outcomes = {outcome.id: outcome.items for outcome in study.outcomes}
    needed = outcomes | {"reach": (reach.RECOGNISED, reach.FOIL)}
    needed |= {share.indicator: (share.item,) for share in reach.SHARES}
    found = {name: _gap(study, survey, items) for name, items in needed.items()}
    gaps = {name: reason for name, reason in found.items() if reason}
    if survey is None:
        return gaps | dict.fromkeys(("answered", "dont_know"), "no_responses")
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


def _delivery_gaps(campaign: Campaign) -> dict[str, str]:
    tables, gaps = campaign.tables, {}
    if "orders" not in tables:
        gaps |= dict.fromkeys(FROM_ORDERS, "no_orders")
    else:
        if campaign.study.area.geography is None:
            gaps["supply"] = "no_geography"
        if "organisations" not in tables:
            gaps["adoption"] = "no_organisations"
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
