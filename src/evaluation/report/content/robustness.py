"""How firm is the answer: gaps in the answers, large weights, and the questions themselves."""

from __future__ import annotations

from math import isfinite

from evaluation.report.content import facts
from evaluation.report.content.facts import AREA, Context, Estimate
from evaluation.report.content.parts import Part, appendix
from evaluation.report.model import bullets
from evaluation.report.wording import numbers, rules

MOVED = 0.05
TREATMENTS = ("complete", "raked", "imputed")
# The way of cutting weights off that is told; the others stand in the notebook.
CUT = "trimmed 2"


def part(context: Context) -> Part:
    """The appendix's section; empty when the data carry none of it."""
    said = [_answered(context), _gaps(context), _weights(context), _meaning(context), _together(context)]
    said = [line for line in said if line]
    if not said:
        return Part()
    return Part(appendix("robustness", context.words("section.robustness"), [bullets(said)]))


def _answered(context: Context) -> str:
    found = facts.find(context, "answered", "level", wave=context.quarter)
    if not found.shown:
        return ""
    value = numbers.percent(found.value, context.language)
    return context.words("robustness.answered", population=context.population, value=value)


def _gaps(context: Context) -> str:
    """The change by treatment of gaps, and whether its word hangs on it."""
    found = {
        name: facts.find(context, context.primary.id, "missing_comparison", group_by="missing", group=name)
        for name in TREATMENTS
    }
    shown = {name: item for name, item in found.items() if item.has_range}
    if "raked" not in shown or len(shown) < 2:
        return ""
    unit = facts.change_unit(context)
    texts = {name: numbers.signed(item.value, context.language) for name, item in shown.items()}
    key = "gaps" if len(shown) == 3 else f"gaps_{next(name for name in shown if name != 'raked')}"
    same = len({_word(context, item) for item in shown.values()}) == 1
    judged = context.words(f"robustness.word_{'same' if same else 'differs'}")
    return f"{context.words(f'robustness.{key}', unit=unit, **texts)} {judged}"


def _word(context: Context, found: Estimate) -> str:
    return rules.certainty(found.value, found.lower, found.upper, found.df, context.primary.smallest_change)


def _weights(context: Context) -> str:
    """The largest weight, and the level if weights were cut off."""
    raked, cut, used = (
        facts.find(context, context.primary.id, "trimming", group_by="weights", group=name)
        for name in ("raked", CUT, _cap(context))
    )
    if not (raked.has_range and cut.shown and used.shown and "largest" in used.notes):
        return ""
    largest = numbers.number(used.notes["largest"], context.language, 1)
    texts = {"raked": facts.level_text(context, raked.value), "cut": facts.level_text(context, cut.value)}
    said = context.words("robustness.weights", largest=largest, **texts)
    key = "inside" if raked.lower < cut.value < raked.upper else "outside"
    return f"{said} {context.words(f'robustness.cut_{key}')}"


def _cap(context: Context) -> str:
    return f"capped {context.study.design.weight_cap:g}"


def _questions(context: Context, measure: str) -> list[Estimate]:
    """The shown estimates of a measure, one per question."""
    own = context.checked[
        context.checked["measure"].eq(measure) & context.checked["wave"].eq(context.quarter)
    ]
    found = [facts.estimate(row) for _, row in own.iterrows()]
    return [item for item in found if item.shown]


def _meaning(context: Context) -> str:
    """Whether a question became easier or harder than its fellows where nobody got the leaflet."""
    tested = [item for item in _questions(context, "comparability") if isfinite(item.p_adjusted)]
    if not tested:
        return ""
    place = context.area if tested[0].region == AREA else context.name(tested[0].region)
    moved = [item for item in tested if item.p_adjusted < MOVED]
    texts = {"n": facts.count(context, tested), "place": place}
    if not moved:
        return context.words("robustness.meaning_kept", **texts)
    return context.words("robustness.meaning_moved", moved=facts.count(context, moved), **texts)


def _together(context: Context) -> str:
    """How the questions hang together: described, never a demand."""
    alpha = facts.find(context, "knowledge", "alpha", wave=context.quarter)
    rest = [item.value for item in _questions(context, "item_rest")]
    if not alpha.shown or not rest:
        return ""
    low, high = (numbers.number(end(rest), context.language, 2) for end in (min, max))
    value = numbers.number(alpha.value, context.language, 2)
    return context.words("robustness.together", alpha=value, low=low, high=high)
