"""The answer in one sentence with its range, and what may be said about the campaign as its cause."""

from __future__ import annotations

from math import nan

import pandas as pd

from evaluation.quarters import label
from evaluation.reference import benchmarks
from evaluation.report import registered
from evaluation.report.content import facts
from evaluation.report.content.facts import Context, Estimate
from evaluation.report.model import Answer
from evaluation.report.wording import numbers, rules
from evaluation.report.wording.catalogue import capital
from evaluation.report.wording.verdict import DesignFacts, Verdict, verdict


def levels(context: Context, region: str) -> tuple[Estimate, Estimate]:
    """The primary outcome at the baseline (MISSING when there is none) and in the report's quarter."""
    primary = context.primary.id
    before = facts.MISSING
    if context.baseline:
        before = facts.find(context, primary, "level", region=region, wave=context.before(region))
    return before, facts.find(context, primary, "level", region=region, wave=context.quarter)


def answer(context: Context) -> Answer:
    """The answer about the report's area or region, its words chosen by wording.rules."""
    words, primary = context.words, context.primary
    names = {
        "label": primary.label[context.language],
        "area": context.place,
        "population": context.population,
    }
    if not context.surveyed:
        return Answer(words("answer.supply_only", **names), _supplied(context), words("certainty.counted"))
    if not context.baseline or not context.started(context.scope):
        return _level_answer(context, names)
    found = facts.change(context, primary.id, context.scope)
    word = facts.certainty(context, found)
    kind = "share" if facts.is_share(primary) else "points"
    names |= {
        "this": words(f"this.{kind}", population=context.population),
        "unit": facts.change_unit(context),
        "smallest": smallest(context),
    }
    key = f"meaning.corrected_{word}" if facts.only_uncorrected(found) else f"meaning.{word}"
    meaning = words(key, smallest=smallest(context), unit=facts.change_unit(context))
    return Answer(words(f"answer.{word}", **names), _range(context, found), meaning)


def smallest(context: Context) -> str:
    """The smallest change of interest, as text."""
    value = facts.smallest_change(context)
    return numbers.number(value, context.language, 0 if value == round(value) else 1)


def _level_answer(context: Context, names: dict[str, str]) -> Answer:
    words = context.words
    now = levels(context, context.scope)[1]
    if not now.shown:
        return Answer(words("answer.nothing", **names), _why_hidden(context, now), words("certainty.hidden"))
    key = "answer.level_share" if facts.is_share(context.primary) else "answer.level_points"
    span = ""
    if now.has_range:
        ends = {name: facts.level_text(context, getattr(now, name)) for name in ("lower", "upper")}
        span = words("answer.range_level", **ends)
    value = facts.level_text(context, now.value)
    return Answer(words(key, **names, value=value), span, capital(words("certainty.level")))


def _supplied(context: Context) -> str:
    whole = facts.find(context, "supply", "ratio", region=context.scope)
    if not whole.shown:
        return ""
    value = numbers.number(whole.value, context.language)
    return context.words("supply.area", area=context.place, value=value)


def _why_hidden(context: Context, found: Estimate) -> str:
    return context.words("answer.range_hidden" if found.status == "suppressed" else "answer.range_none")


def _range(context: Context, found: Estimate) -> str:
    if not found.has_range:
        return _why_hidden(context, found)
    before, after = levels(context, context.scope)
    texts = facts.change_facts(context, found) | {"unit": facts.change_unit(context)}
    if not (before.shown and after.shown):
        return context.words("answer.range_change", **texts)
    ends = {
        name: facts.level_text(context, item.value) for name, item in (("before", before), ("after", after))
    }
    return context.words("answer.range_full", **texts, **ends)


def did(context: Context) -> Estimate:
    """The difference-in-differences of the primary outcome over the whole area."""
    return facts.change(context, context.primary.id, measure="did")


def judged(context: Context) -> Verdict:
    """Which claim the design carries, from the study file and the checked rows about attribution."""
    primary, found = context.primary.id, did(context)
    earlier = [wave for wave in context.study.earlier if context.baseline]
    tested = facts.rows(context, primary, "pre_trend", wave=context.baseline)
    placebos = context.checked[context.checked["measure"].eq("placebo")]
    placebos = placebos[placebos["wave"].eq(context.quarter)]
    power = registered.noted(tested["note"].iloc[0]).get("power", nan) if len(tested) else nan
    return verdict(
        DesignFacts(
            baseline=bool(context.baseline),
            comparison=bool(context.study.area.comparison),
            compared=found.has_range,
            # Regions that started later were compared before their start too.
            earlier=max(len(earlier), len(tested)),
            pre_trend_p=float(tested["p"].iloc[0]) if len(tested) else nan,
            pre_trend_power=power,
            placebo_p=float(placebos["p_adjusted"].min()) if len(placebos) else nan,
            clinics=found.clusters,
        )
    )


def attribution(context: Context) -> str:
    """What the design allows to be said about the cause of the change; see rules.attribution."""
    found = did(context)
    shown = (found.lower, found.upper) if found.has_range else (nan, nan)
    return rules.attribution(judged(context), *shown)


def caveats(context: Context) -> list[str]:
    """The sentences that follow the answer: the cause, the size, and the measurement."""
    words = context.words
    if not context.surveyed:
        return [words("answer.no_survey", population=context.population)]
    if not context.baseline:
        return [words("answer.no_baseline")]
    if not context.started(context.scope):
        return [words("answer.not_started")]
    found = facts.change(context, context.primary.id, context.scope)
    periods = {
        "before": label(context.before(context.scope), context.language),
        "after": label(context.quarter, context.language),
    }
    said = [words("answer.period", **periods)]
    if not found.has_range:
        return said
    unit = facts.change_unit(context)
    if _surely_small(context, found):
        said.append(words("answer.small", smallest=smallest(context), unit=unit))
    if unusual(context, found):
        said.append(words("answer.unusual"))
    return said + cause(context)


def _surely_small(context: Context, found: Estimate) -> bool:
    """Whether a change is shown, and its whole interval is smaller than the smallest change of interest."""
    word = facts.certainty(context, found)
    bound = context.primary.smallest_change
    return word in ("risen", "fallen") and max(abs(found.lower), abs(found.upper)) < bound


def cause(context: Context) -> list[str]:
    """What the comparison with the other area allows, with its range in numbers."""
    words, comparison = context.words, context.study.area.comparison
    said = attribution(context)
    if said in ("none", "unknown", "doubtful"):
        return [words(f"attribution.{said}", comparison=context.name(comparison) if comparison else "")]
    found = did(context)
    texts = facts.change_facts(context, found)
    names = {"comparison": context.name(comparison), "area": context.area}
    span = words(
        "attribution.range",
        did=texts["change"],
        lower=texts["lower"],
        upper=texts["upper"],
        unit=facts.change_unit(context),
        **names,
    )
    part = [words("attribution.part", **names)] if context.region else []
    return [words(f"attribution.{said}", **names), span, *part]


def unusual(context: Context, found: Estimate) -> bool:
    return found.has_range and rules.unusually_large(found.value, largest_published())


def published() -> pd.DataFrame:
    """The published results that measured a change on a scale from 0 to 100 (unit pp or points), in one
    number, with that number as float column `number`."""
    table = benchmarks()
    table["number"] = pd.to_numeric(table["change"], errors="coerce")
    return table[table["unit"].isin(["pp", "points"]) & table["number"].notna()].reset_index(drop=True)


def largest_published() -> float:
    """The largest change either way in `published`, among those that a whole population's change can be held
    against: one of a subgroup of forty-odd women was four times as large as most, and set the bound so high
    that no measurement ever looked odd."""
    table = published()
    return float(table.loc[table["comparable"].eq("yes"), "number"].abs().max())
