"""The six key figures, each against its target from the study file."""

from __future__ import annotations

from evaluation.quarters import label
from evaluation.report.content import facts
from evaluation.report.content.answer import levels
from evaluation.report.content.facts import Context, Estimate
from evaluation.report.model import KeyFigure
from evaluation.report.wording import numbers, rules

CHANGE = "change"  # the id of the card of the primary outcome's change
# Indicator -> measure.
_MEASURES = {
    "reach": "level",
    "supply": "ratio",
    "read_half": "level",
    "adverse": "level",
    "cost_per_parent": "ratio",
}
_PERCENT = ("reach", "read_half", "adverse")


def key_figures(context: Context) -> tuple[KeyFigure, ...]:
    """The change of the primary outcome (its level without a baseline), reach, supply, reading, harm, cost;
    one that the data do not carry says so. Without a survey: supply."""
    if not context.surveyed:
        return (_other(context, "supply"),)
    first = _change(context) if context.baseline else _level(context)
    return (first, *(_other(context, name) for name in _MEASURES))


def title(context: Context) -> str:
    """The heading above them."""
    return context.words("section.key_figures" if context.surveyed else "section.key_figures_few")


def missed_targets(context: Context) -> list[str]:
    """The labels of the key figures whose target was not met."""
    missed = context.words("status.missed")
    return [figure.label for figure in key_figures(context) if figure.status == missed]


def _level(context: Context) -> KeyFigure:
    now = levels(context, context.scope)[1]
    shown = texts(context, now, lambda value: facts.level_text(context, value))
    note = context.words("key_note.primary", quarter=label(context.quarter, context.language))
    target = facts.target(context, context.primary.id)
    level_target = target if target and target.kind in ("at_least", "at_most") else None
    goal = goal_of(context, level_target, now, lambda value: facts.level_text(context, value))
    return KeyFigure(context.primary.id, context.primary.label[context.language], *shown, *goal, note)


def _change(context: Context) -> KeyFigure:
    words, primary = context.words, context.primary
    found = facts.change(context, primary.id, context.scope)
    shown = texts(context, found, lambda value: numbers.limit(value, context.language))
    word = facts.certainty(context, found)
    note = words("key_note.change", unit=facts.change_unit(context), certainty=words(f"certainty.{word}"))
    target = facts.target(context, primary.id)
    goal = ("", "")
    if target and target.kind in ("rise", "keep"):
        numbers_found = (found.value, found.lower, found.upper)
        if target.value is None:
            status = rules.change_status(target.kind, *numbers_found, found.df, primary.smallest_change)
            goal = words(f"target.{target.kind}")
        else:
            status = rules.target_status("at_least", target.value, *numbers_found)
            goal = words("target.rise_by", value=numbers.number(target.value, context.language, 1))
        goal = (goal, words(f"status.{status}"))
    return KeyFigure(CHANGE, words("key.change"), *shown, *goal, note)


def _other(context: Context, name: str) -> KeyFigure:
    words = context.words

    def write(value: float) -> str:
        if name in _PERCENT:
            return numbers.percent(value, context.language)
        if name == "cost_per_parent":
            return numbers.euro(value, context.language)
        return numbers.number(value, context.language)

    found = facts.find(context, name, _MEASURES[name], region=context.scope)
    note = words(f"key_note.{name}", population=context.population)
    if context.region and found.status == "missing":
        found = facts.find(context, name, _MEASURES[name])
        note = words("key_note.area", area=context.area) if found.status != "missing" else note
    goal = goal_of(context, facts.target(context, name), found, write)
    title = words(f"key.{name}", population=context.population)
    return KeyFigure(name, title, *texts(context, found, write), *goal, note)


def card(
    context: Context, name: str, found: Estimate, label: str | None = None, note: str | None = None
) -> KeyFigure:
    """A card of one estimate, such as a municipality's; label, note: instead of the indicator's own."""
    words = context.words

    def write(value: float) -> str:
        if name == context.primary.id:
            return facts.level_text(context, value)
        if name in (*_PERCENT, "adoption"):
            return numbers.percent(value, context.language)
        return numbers.number(value, context.language)

    note = words(f"key_note.{name}", population=context.population) if note is None else note
    label = words(f"key.{name}", population=context.population) if label is None else label
    return KeyFigure(name, label, *texts(context, found, write), note=note)


def texts(context: Context, found: Estimate, write) -> tuple[str, str]:
    """Value and range as text."""
    words = context.words
    if found.status == "missing":
        return words("key.none"), ""
    if not found.shown:
        return words("key.hidden"), ""
    if not found.has_range:
        return write(found.value), ""
    return write(found.value), words("key.range", lower=write(found.lower), upper=write(found.upper))


def goal_of(context: Context, target, found: Estimate, write) -> tuple[str, str]:
    """Target and status as text."""
    words = context.words
    if target is None or target.kind in ("rise", "keep"):
        return "", ""
    status = rules.target_status(target.kind, target.value, found.value, found.lower, found.upper)
    return words(f"target.{target.kind}", value=write(target.value)), words(f"status.{status}")
