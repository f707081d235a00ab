"""What the campaign cost, per parent reached, and the adverse line: did reading make parents feel worse?"""

from __future__ import annotations

from math import nan

from evaluation.quarters import label
from evaluation.report.content import cells, facts
from evaluation.report.content.facts import Context, Estimate
from evaluation.report.content.parts import Part, appendix, main
from evaluation.report.figures.stages import Stage, StageGroup, stage_chart
from evaluation.report.model import Cell, Figure, Table, figure, paragraph, table
from evaluation.report.registered import ALERT
from evaluation.report.wording import numbers, rules
from evaluation.report.wording.marks import Registered, coarse


def part(context: Context) -> Part:
    """Cost and adverse line in the main part, the cost table in the appendix; says so when unknown."""
    words = context.words
    numbered = None if context.region else _table(context)
    drawn = (_figure(context, numbered),) if numbered else ()
    harm = [adverse_sentence(context)] if context.surveyed else []
    blocks = [paragraph(" ".join([*_cost_sentences(context), *harm]))]
    return Part(
        main("cost", words("section.cost" if context.surveyed else "section.cost_alone"), blocks)
        + appendix(
            "cost-numbers",
            words("section.tables_cost"),
            [figure("cost"), table(numbered.id)] if numbered else [],
        ),
        drawn,
        (numbered,) if numbered else (),
    )


def per_parent(context: Context) -> Estimate:
    return facts.find(context, "cost_per_parent")


def _cost_sentences(context: Context) -> list[str]:
    if context.region:
        return []
    words = context.words
    total, reached, each = (
        facts.find(context, "cost_total"),
        facts.find(context, "parents_reached"),
        per_parent(context),
    )
    if not total.shown:
        return [words("cost.none")]
    said = [words("cost.total", total=numbers.euro(total.value, context.language, 0))]
    if reached.shown:
        count = {
            key: numbers.number(rounded_people(value), context.language)
            for key, value in _ends(reached).items()
        }
        key = "cost.parents" if reached.has_range else "cost.parents_plain"
        said.append(words(key, population=context.population, **count))
    if each.shown:
        amounts = {key: numbers.euro(value, context.language) for key, value in _ends(each).items()}
        said.append(words("cost.per_parent" if each.has_range else "cost.per_parent_plain", **amounts))
    else:
        said.append(words("cost.hidden"))
    return said


def rounded_people(value: Registered) -> Registered:
    """An estimated number of people, to the nearest hundred (below a thousand: ten)."""
    return coarse(value, 2 if value >= 1000 else 1)


def _ends(found: Estimate) -> dict[str, Registered]:
    if not found.has_range:
        return {"value": found.value}
    return {"value": found.value, "lower": found.lower, "upper": found.upper}


def alert_level(context: Context) -> float:
    """Percent of readers above which the adverse line is an alert: the study's target, else the default."""
    target = facts.target(context, "adverse")
    if target and target.kind == "at_most":
        return target.value
    return Registered(rules.ADVERSE_ALERT, ALERT)


def adverse_word(context: Context) -> str:
    found = facts.find(context, "adverse", "level", region=context.scope)
    if not found.has_range:
        return "hidden"
    return rules.adverse(found.lower, found.upper, alert_level(context))


def adverse_sentence(context: Context) -> str:
    """The adverse line of the area or region."""
    word = adverse_word(context)
    if word == "hidden":
        return context.words("adverse.hidden")
    found = facts.find(context, "adverse", "level", region=context.scope)
    alert = numbers.percent(alert_level(context), context.language, 0)
    return context.words(f"adverse.{word}", alert=alert, **facts.percent_facts(context, found))


def _table(context: Context) -> Table | None:
    """Costs by type, in euro, and what they bought."""
    words = context.words
    total = facts.find(context, "cost_total")
    if not total.shown:
        return None
    rows = [(name, _amount(context, found)) for name, found in _types(context)]
    rows.append((words("cost.total_row"), _amount(context, total)))
    rows.append((words("cost.per_parent_row"), _amount(context, per_parent(context))))
    if (paid := facts.find(context, "paid_outside")).status != "missing":
        rows.append((words("cost.paid_row"), _amount(context, paid)))
    columns = (
        cells.text_column(context, "cost"),
        *(cells.number_column(context, name, words("unit.euro"), 2) for name in ("amount", "lower", "upper")),
    )
    listed = tuple({"cost": cells.text(name), **amounts} for name, amounts in rows)
    subtitle = words("cost.subtitle", area=context.area, quarter=label(context.quarter, context.language))
    headline = _headline(context)
    notes = cells.legend(context, per_parent(context), paid)
    return Table("cost-table", 0, headline, subtitle, context.source("costs"), columns, "cost", listed, notes)


def _types(context: Context) -> list[tuple[str, Estimate]]:
    """What was paid for, by name, from dear to cheap; those that may not be shown come last."""
    found = [
        (context.words.label(f"cost_type.{row['group']}", row["group"]), facts.estimate(row))
        for _, row in facts.rows(context, "cost_total", group_by="type", wave=context.quarter).iterrows()
    ]
    return sorted(found, key=lambda pair: (-pair[1].value if pair[1].shown else 1.0, pair[0]))


def _headline(context: Context) -> str:
    words, each = context.words, per_parent(context)
    total = numbers.euro(facts.find(context, "cost_total").value, context.language, 0)
    if not each.shown:
        return words("cost.headline", total=total)
    value = numbers.euro(each.value, context.language)
    return words("cost.headline_parent", total=total, value=value)


def _figure(context: Context, twin: Table) -> Figure:
    """What the money went to, and beneath it, on a scale of its own, what one parent reached cost."""
    words, each = context.words, per_parent(context)
    paid = [*_types(context), (words("cost.total_row"), facts.find(context, "cost_total"))]
    spent = tuple(Stage(name, found.value if found.shown else nan) for name, found in paid)
    groups = [StageGroup(words("cost.group_spent"), spent, numbers.euro)]
    if each.shown:
        ends = (each.lower, each.upper) if each.has_range else ()
        parent = (Stage(words("cost.per_parent_row"), each.value, *ends),)
        groups.append(StageGroup(words("cost.group_parent"), parent, numbers.euro, 2))
    drawn = stage_chart(groups, words, "cost", twin.headline)
    return Figure("cost", 0, twin.headline, twin.subtitle, twin.source, drawn.alt, drawn.svg, twin.id)


def _amount(context: Context, found: Estimate) -> dict[str, Cell]:
    return {
        "amount": cells.of(context, found, decimals=2),
        "lower": cells.of(context, found, "lower", 2),
        "upper": cells.of(context, found, "upper", 2),
    }
