"""The whole catalogue of indicators: each with its number, or why there is none."""

from __future__ import annotations

from math import isfinite

from evaluation.quarters import label
from evaluation.report.content import cells, facts
from evaluation.report.content.facts import Context, Estimate
from evaluation.report.content.parts import Part, appendix
from evaluation.report.content.standing import Standing, standings
from evaluation.report.model import Cell, Table, paragraph, table

_CHANGES = ("pp", "points")
# Unit -> decimals, as the other tables print it. Days have one where one of the row's numbers is not whole.
_DECIMALS = {"percent": 1, "pp": 1, "points": 1, "scale_1_5": 2, "grade": 1, "count": 0, "euro": 2}
_DECIMALS |= {"per_100_births": 0}


def part(context: Context) -> Part:
    """One table of all indicators, in the appendix of the province's report."""
    listed = standings(context)
    numbered = _table(context, listed)
    missing = [one for one in listed if one.found.status == "missing"]
    said = context.words(
        "indicators.said", n=facts.count(context, listed), missing=facts.count(context, missing)
    )
    title = context.words("section.indicators")
    return Part(appendix("indicators", title, [paragraph(said), table(numbered.id)]), (), (numbered,))


def _table(context: Context, listed: tuple[Standing, ...]) -> Table:
    words = context.words
    columns = (
        cells.text_column(context, "indicator"),
        cells.text_column(context, "framework"),
        cells.number_column(context, "amount"),
        cells.number_column(context, "lower"),
        cells.number_column(context, "upper"),
        cells.text_column(context, "unit"),
        cells.text_column(context, "remark"),
    )
    return Table(
        "indicators-table",
        0,
        words("indicators.headline", n=facts.count(context, listed)),
        words("indicators.subtitle", area=context.area, quarter=label(context.quarter, context.language)),
        context.source("delivery"),
        columns,
        "indicator",
        tuple(_row(context, one) for one in listed),
        (words("indicators.note"), *cells.legend(context, *(one.found for one in listed))),
    )


def _row(context: Context, one: Standing) -> dict[str, Cell]:
    words, entry = context.words, one.entry
    places = (words.label(f"reaim.{entry.reaim}", ""), words.label(f"kpi.{entry.kpi}", ""))
    places += (words.label(f"gcs.{entry.gcs}", ""),)
    signed = entry.unit in _CHANGES or entry.measure in ("mean_change", "gap")
    write = {"decimals": _decimals(entry.unit, one.found), "signed": signed, "own": True}
    return {
        "indicator": cells.text(entry.name[context.language]),
        "framework": cells.text("; ".join(filter(None, places)) or words("mark.missing")),
        "amount": cells.of(context, one.found, **write),
        "lower": cells.of(context, one.found, "lower", **write),
        "upper": cells.of(context, one.found, "upper", **write),
        "unit": cells.text(words(f"unit_of.{entry.unit}")),
        "remark": cells.text(_remark(context, one)),
    }


def _decimals(unit: str, found: Estimate) -> int:
    if unit != "days":
        return _DECIMALS[unit]
    known = [value for value in (found.value, found.lower, found.upper) if isfinite(value)]
    return 0 if all(value == round(value) for value in known) else 1


def _remark(context: Context, one: Standing) -> str:
    words = context.words
    if one.found.status == "missing":
        return words("indicators.absent", reason=words(f"reason.{one.reason}"))
    goal = context.study.targets.get(one.indicator)
    kind = goal.kind if goal else one.entry.goal
    return words("indicators.goal", goal=words(f"goal.{kind}")) if kind else words("mark.missing")
