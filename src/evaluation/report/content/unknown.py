"""What differed from the plan, what is not known, and what there is to decide: all chosen by rule."""

from __future__ import annotations

from math import isfinite

from evaluation.quarters import label
from evaluation.report.content import answer, cost, facts, key_figures, reach, since, supply
from evaluation.report.content.facts import Context
from evaluation.report.content.parts import Part, main
from evaluation.report.model import bullets
from evaluation.report.wording import numbers, rules

_SAID_ELSEWHERE = ("change", "did", "joint_test")  # the answer's own sentences say these


def part(context: Context) -> Part:
    words = context.words
    return Part(
        main(
            "unknown",
            words("section.unknown"),
            [bullets(_moved(context) + differed(context) + not_known(context))],
        )
        + main("decide", words("section.decide"), [bullets(decisions(context))])
    )


def _moved(context: Context) -> list[str]:
    """Where judgements changed since the last report; about the whole area."""
    return [] if context.region else [since.sentence(context)]


def differed(context: Context) -> list[str]:
    """What did not go as the study file planned: waves without a number, targets not met, rows set aside."""
    words = context.words
    planned = [wave for wave in context.study.waves if wave <= context.quarter]
    seen = facts.rows(context, context.primary.id, "level", region=facts.AREA, group_by="")["wave"]
    absent = [wave for wave in planned if wave not in set(seen)] if context.surveyed else []
    said = []
    if absent:
        names = words.listing(label(wave, context.language) for wave in absent)
        said.append(words("unknown.waves_missing", waves=names))
    if missed := key_figures.missed_targets(context):
        said.append(words("unknown.targets_missed", names="; ".join(missed)))
    return said


def not_known(context: Context) -> list[str]:
    """What the data cannot say: indicators without data by reason, suppressed and weak estimates, cause."""
    words = context.words
    by_reason = things_by_reason(context)
    other = words("reason.other")
    said = [
        words("unknown.missing", what=in_a_row(things), reason=words.label(f"reason.{reason}", other))
        for reason, things in by_reason.items()
    ]
    counts = {
        status: facts.rows_counted(context, status, context.scope) for status in ("suppressed", "flagged")
    }
    total = numbers.number(facts.rows_counted(context, "all", context.scope), context.language)
    small = [
        words.counted(f"unknown.{status}", count, total=total) for status, count in counts.items() if count
    ]
    if small:
        said.append(" ".join(small))
    if context.surveyed and context.baseline and answer.attribution(context) != "indication":
        said.append(words("unknown.cause"))
    if len(facts.rows(context, context.primary.id)):
        told = facts.find(context, "behaviour", "level").status != "missing"
        key = "unknown.behaviour_told" if told else "unknown.behaviour"
        said.append(words(key, population=context.population))
    return said


def things_by_reason(context: Context) -> dict[str, list[str]]:
    """Reason -> the things, in words, that the data do not carry for it."""
    words = context.words
    by_reason: dict[str, list[str]] = {}
    for name, reason in context.unavailable.items():
        if name not in _SAID_ELSEWHERE and words.has(f"what.{_thing(context, name)}"):
            things = by_reason.setdefault(reason, [])
            thing = words(f"what.{_thing(context, name)}")
            if thing not in things:
                things.append(thing)
    return by_reason


def in_a_row(things: list[str], within: bool = False) -> str:
    """Names of things as they stand in a sentence that begins with the first of them; within: that begins
    before them."""
    first = 0 if within else 1
    return ", ".join([*things[:first], *(thing[0].lower() + thing[1:] for thing in things[first:])])


def _thing(context: Context, name: str) -> str:
    if name == context.primary.id:
        return "primary"
    return next((f"{prefix}s" for prefix in ("section", "item") if name.startswith(f"{prefix}_")), name)


def decisions(context: Context) -> list[str]:
    """At most five questions for the reader, each called up by a rule on the estimates."""
    return (_on_change(context) + _on_harm(context) + _on_delivery(context))[:5]


def _on_change(context: Context) -> list[str]:
    words, unit = context.words, facts.change_unit(context)
    if not context.surveyed:
        return [words("decide.survey", population=context.population)]
    if not context.baseline or not context.started(context.scope):
        now = answer.levels(context, context.scope)[1]
        return [words("decide.measure_again" if now.shown else "decide.more_answers")]
    found = facts.change(context, context.primary.id, context.scope)
    word = facts.certainty(context, found)
    if word == "hidden":
        return [words("decide.more_answers")]
    said = [words("decide.check_measurement")] if answer.unusual(context, found) else []
    if word in rules.UP:
        indicated = answer.attribution(context) == "indication"
        said.append(words("decide.continue_indication" if indicated else "decide.continue_measure"))
    elif word in rules.DOWN:
        said.append(words("decide.find_cause"))
    elif word == "unchanged":
        said.append(words("decide.change_approach", smallest=answer.smallest(context), unit=unit))
    elif isfinite(found.detectable):
        value = numbers.number(found.detectable, context.language, 1)
        said.append(words("decide.larger_sample", value=value, unit=unit))
    if not context.study.area.comparison:
        said.append(words("decide.comparison"))
    return said


def _on_harm(context: Context) -> list[str]:
    word = cost.adverse_word(context)
    if word not in ("alert", "possible"):
        return []
    alert = numbers.percent(cost.alert_level(context), context.language, 0)
    return [context.words(f"decide.adverse_{word}", alert=alert)]


def _on_delivery(context: Context) -> list[str]:
    words = context.words
    said = []
    for gap in reach.gaps(context)[:1]:
        said.append(words("decide.groups", group=facts.group_label(context, gap.dimension, gap.low.group)))
    if len(names := supply.lowest(context)) > 1:
        said.append(words("decide.supply", names=words.listing(names)))
    each = cost.per_parent(context)
    if each.shown and not context.region:
        said.append(words("decide.price", value=numbers.euro(each.value, context.language)))
    return said
