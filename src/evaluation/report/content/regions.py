"""Each region beside the others: pooled changes, equivalence, the trend over all waves, the joint test."""

from __future__ import annotations

from math import isfinite

from evaluation.report.content import answer, cells, facts
from evaluation.report.content.change import named, places
from evaluation.report.content.facts import AREA, Context, Estimate
from evaluation.report.content.parts import Part, appendix
from evaluation.report.model import Table, paragraph, table
from evaluation.report.wording import numbers

EQUIVALENT = 0.05


def part(context: Context) -> Part:
    """The appendix's section on the regions together; empty where there is nothing beside their changes."""
    if not context.baseline:
        return Part()
    said = [*_pooled(context), *_equivalent(context), *_trend(context), *_joint(context)]
    numbered = _table(context)
    if not said or numbered is None:
        return Part()
    blocks = [paragraph(" ".join(said)), table(numbered.id)]
    return Part(appendix("regions", context.words("section.regions"), blocks), (), (numbered,))


def _of(context: Context, measure: str) -> dict[str, Estimate]:
    """Region -> its estimate, of those that may be shown with a range."""
    found = {
        region: facts.change(context, context.primary.id, region, measure)
        for region in context.study.area.regions
    }
    return {region: item for region, item in found.items() if item.has_range}


def _pooled(context: Context) -> list[str]:
    drawn = _of(context, "pooled")
    direct = {region: facts.change(context, context.primary.id, region) for region in drawn}
    if len(drawn) < 2 or not all(item.shown for item in direct.values()):
        return []
    ends = {}
    for name, listed in (("direct", direct), ("pooled", drawn)):
        values = [item.value for item in listed.values()]
        ends[f"{name}_low"] = numbers.signed(min(values), context.language)
        ends[f"{name}_high"] = numbers.signed(max(values), context.language)
    return [context.words("regions.pooled", unit=facts.change_unit(context), **ends)]


def _equivalent(context: Context) -> list[str]:
    tested = _of(context, "equivalence")
    if not tested:
        return []
    small = [context.name(region) for region, item in tested.items() if item.p < EQUIVALENT]
    names = {"smallest": answer.smallest(context), "unit": facts.change_unit(context)}
    if not small:
        return [context.words("regions.equivalent_none", **names)]
    return [context.words("regions.equivalent", regions=named(context, small), **names)]


def _trend(context: Context) -> list[str]:
    found = facts.change(context, context.primary.id, AREA, "trend")
    if not found.has_range:
        return []
    key = "trend_up" if found.lower > 0 else "trend_down" if found.upper < 0 else "trend_open"
    texts = facts.change_facts(context, found)
    return [context.words(f"regions.{key}", area=context.area, unit=facts.change_unit(context), **texts)]


def _joint(context: Context) -> list[str]:
    found = facts.change(context, context.primary.id, measure="joint_test")
    if not (found.shown and isfinite(found.p)):
        return []
    statistic = numbers.number(found.value, context.language, 2)
    return [context.words("regions.joint", f=statistic, p=numbers.p_value(found.p, context.language))]


def _table(context: Context) -> Table | None:
    """Per place the direct change, the pooled one with its interval, and the slope with its interval."""
    unit = facts.change_unit(context)
    listed = [
        (name, *(facts.change(context, context.primary.id, region, m) for m in ("change", "pooled", "trend")))
        for region, _kind, name in places(context)
    ]
    if not any(item.has_range for _, _, *others in listed for item in others):
        return None
    low, high = (context.words(f"column.{name}") for name in ("lower", "upper"))
    columns = (
        cells.text_column(context, "region"),
        cells.number_column(context, "change", unit),
        cells.number_column(context, "pooled", unit),
        cells.number_column(context, "pooled_lower", unit, label=low),
        cells.number_column(context, "pooled_upper", unit, label=high),
        cells.number_column(context, "slope", unit),
        cells.number_column(context, "slope_lower", unit, label=low),
        cells.number_column(context, "slope_upper", unit, label=high),
    )
    rows = tuple(
        {
            "region": cells.text(name),
            "change": cells.of(context, direct, signed=True),
            "pooled": cells.of(context, pooled, signed=True),
            "pooled_lower": cells.of(context, pooled, "lower", signed=True),
            "pooled_upper": cells.of(context, pooled, "upper", signed=True),
            "slope": cells.of(context, slope, signed=True),
            "slope_lower": cells.of(context, slope, "lower", signed=True),
            "slope_upper": cells.of(context, slope, "upper", signed=True),
        }
        for name, direct, pooled, slope in listed
    )
    names = {"label": context.primary.label[context.language], "unit": unit}
    return Table(
        "regions-table",
        0,
        context.words("regions.headline"),
        context.words("regions.subtitle", **names),
        context.source("survey"),
        columns,
        "region",
        rows,
        (
            context.words("regions.note_pooled"),
            context.words("regions.note_slope"),
            *cells.legend(context, *(item for _, *items in listed for item in items)),
        ),
    )
