"""Change per region: chart, table, joint test, Holm, and what this sample could have shown."""

from __future__ import annotations

from math import isfinite, nan

from evaluation.quarters import label
from evaluation.report.content import answer, cells, facts
from evaluation.report.content.facts import AREA, Context, Estimate
from evaluation.report.content.parts import Part, appendix, main
from evaluation.report.figures.bars import Dot, dot_chart
from evaluation.report.figures.change import ChangeRow, change_chart
from evaluation.report.model import Figure, Table, figure, paragraph, table
from evaluation.report.wording import numbers, rules
from evaluation.report.wording.catalogue import capital
from evaluation.report.wording.verdict import SIGNIFICANT

MOST_NAMED = 6


def part(context: Context) -> Part:
    """The section on the primary outcome per region, and its table in the appendix."""
    if not context.baseline:
        return _levels_only(context)
    drawn, numbered, power = _figure(context), _table(context), _power_table(context)
    blocks = [paragraph(" ".join(_sentences(context))), figure(drawn.id)]
    tables = [table(numbered.id), table(power.id)]
    return Part(
        main("change", context.words("section.change"), blocks)
        + appendix("change-numbers", context.words("section.tables_change"), tables),
        (drawn,),
        (numbered, power),
    )


def by_word(context: Context) -> dict[str, list[str]]:
    """Certainty word -> the names of the regions that carry it, in the order of the study file."""
    groups: dict[str, list[str]] = {}
    for region in filter(context.started, context.study.area.regions):
        word = facts.certainty(context, facts.change(context, context.primary.id, region))
        groups.setdefault(word, []).append(context.name(region))
    return groups


def grouped(context: Context) -> list[str]:
    """One sentence per certainty word that occurs."""
    groups = by_word(context)
    return [
        context.words(f"change.group_{word}", regions=named(context, groups[word]))
        for word in rules.CERTAINTIES
        if word in groups
    ]


def named(context: Context, names: list[str]) -> str:
    """A few regions by name, many by their number."""
    if len(names) > MOST_NAMED:
        return context.words("change.many", n=facts.count(context, names))
    return context.words.listing(names)


def _sentences(context: Context) -> list[str]:
    return [*_starts(context), *grouped(context), *_joint(context), *_detectable(context)]


def _starts(context: Context) -> list[str]:
    """With several starts: from where each region is counted, and where the campaign has yet to begin."""
    if not context.study.staggered:
        return []
    regions = context.study.area.regions
    late = [context.name(region) for region in regions if not context.started(region)]
    said = [context.words("change.starts")]
    if late:
        said.append(context.words("change.not_started", regions=named(context, late), area=context.area))
    return said


def _joint(context: Context) -> list[str]:
    """The joint test comes first; Holm's correction speaks only about regions that changed."""
    words, regions = context.words, context.study.area.regions
    joint = facts.change(context, context.primary.id, measure="joint_test")
    said = []
    if isfinite(joint.p) and joint.status in ("shown", "flagged"):
        key = "joint_yes" if joint.p < SIGNIFICANT else "joint_no"
        said.append(words(f"change.{key}", p=numbers.p_value(joint.p, context.language)))
    found = {region: facts.change(context, context.primary.id, region) for region in regions}
    known = {region: item for region, item in found.items() if item.shown and isfinite(item.p_adjusted)}
    if known:
        holding = [context.name(region) for region, item in known.items() if item.p_adjusted < SIGNIFICANT]
        key = "holm_some" if holding else "holm_none"
        said.append(words(f"change.{key}", n=facts.count(context, regions), regions=named(context, holding)))
    return said


def _detectable(context: Context) -> list[str]:
    words, unit = context.words, facts.change_unit(context)
    if context.region:
        own = facts.change(context, context.primary.id, context.region)
        if not isfinite(own.detectable):
            return []
        value = numbers.number(own.detectable, context.language, 1)
        return [words("change.detectable_one", area=context.place, value=value, unit=unit)]
    whole = facts.change(context, context.primary.id)
    said = []
    if isfinite(whole.detectable):
        value = numbers.number(whole.detectable, context.language, 1)
        said.append(words("change.detectable", area=context.area, value=value, unit=unit))
    each = [facts.change(context, context.primary.id, region) for region in context.study.area.regions]
    sizes = [item.detectable for item in each if item.shown and isfinite(item.detectable)]
    if len(sizes) > 1:
        low, high = (numbers.number(size, context.language, 1) for size in (min(sizes), max(sizes)))
        said.append(words("change.detectable_range", low=low, high=high, unit=unit))
    return said


def places(context: Context) -> list[tuple[str, str, str]]:
    """(region, kind, name) of every row: the regions, the whole area, the comparison area."""
    words = context.words
    listed = [(region, "region", context.name(region)) for region in context.study.area.regions]
    listed.append((AREA, "area", words("row.area", area=context.area)))
    if comparison := context.study.area.comparison:
        name = context.name(comparison)
        listed.append((comparison, "comparison", words("row.comparison", comparison=name)))
    return listed


def _headline(context: Context) -> str:
    """The strongest word that occurs, and in how many regions."""
    groups = by_word(context)
    word = next((word for word in rules.CERTAINTIES if word in groups), "hidden")
    verdict = capital(context.words(f"certainty.{word}"))
    return context.words(
        "change.headline_all",
        word=verdict,
        n=facts.count(context, groups.get(word, [])),
        total=facts.count(context, [*filter(context.started, context.study.area.regions)]),
    )


def _subtitle(context: Context) -> str:
    measure = context.words(
        "change.measure_share" if facts.is_share(context.primary) else "change.measure_points"
    )
    names = {"label": context.primary.label[context.language], "measure": measure}
    if context.baseline:
        return context.words("change.subtitle", **names)
    return context.words("change.subtitle_level", after=label(context.quarter, context.language), **names)


def level_unit(context: Context) -> str:
    key = "unit.share_level" if facts.is_share(context.primary) else "unit.points_level"
    return context.words(key)


def _figure(context: Context) -> Figure:
    rows = []
    for region, kind, name in places(context):
        found = facts.change(context, context.primary.id, region)
        levels = [item.value if item.shown else nan for item in answer.levels(context, region)]
        ends = (found.value, found.lower, found.upper) if found.has_range else (nan, nan, nan)
        rows.append(ChangeRow(name, kind, *(levels if found.has_range else (nan, nan)), *ends))
    found = answer.did(context)
    if found.has_range:
        name = context.words("row.did")
        rows.append(ChangeRow(name, "difference", change=found.value, lower=found.lower, upper=found.upper))
    headline = _headline(context)
    drawn = change_chart(
        rows, context.words, "change", headline, facts.change_unit(context), level_unit(context)
    )
    source = context.source("survey")
    return Figure("change", 0, headline, _subtitle(context), source, drawn.alt, drawn.svg, "change-table")


def _listed(context: Context) -> list[tuple[str, Estimate, tuple[Estimate, Estimate]]]:
    """(name, change, levels) of every row, the difference in change last."""
    listed = [
        (name, facts.change(context, context.primary.id, region), answer.levels(context, region))
        for region, _kind, name in places(context)
    ]
    if context.study.area.comparison:
        listed.append((context.words("row.did"), answer.did(context), (facts.MISSING, facts.MISSING)))
    return listed


def _table(context: Context) -> Table:
    words, unit, level = context.words, facts.change_unit(context), level_unit(context)
    listed = _listed(context)
    columns = (
        cells.text_column(context, "region"),
        cells.number_column(context, "before", level),
        cells.number_column(context, "after", level),
        cells.number_column(context, "change", unit),
        cells.number_column(context, "lower", unit),
        cells.number_column(context, "upper", unit),
        cells.text_column(context, "word"),
    )
    rows = tuple(
        {
            "region": cells.text(name),
            "before": cells.of(context, before),
            "after": cells.of(context, after),
            "change": cells.of(context, found, signed=True),
            "lower": cells.of(context, found, "lower", signed=True),
            "upper": cells.of(context, found, "upper", signed=True),
            "word": cells.text(_word(context, found, name)),
        }
        for name, found, (before, after) in listed
    )
    notes = [words("change.note_rounding")]
    if comparison := context.study.area.comparison:
        notes.append(words("change.note_did", comparison=context.name(comparison)))
    notes += cells.legend(context, *(item for _, found, levels in listed for item in (found, *levels)))
    source = context.source("survey")
    return Table(
        "change-table",
        0,
        _headline(context),
        _subtitle(context),
        source,
        columns,
        "region",
        rows,
        tuple(notes),
    )


def _word(context: Context, found: Estimate, name: str) -> str:
    late = [region for region in context.study.area.regions if not context.started(region)]
    if name in map(context.name, late):
        return context.words("change.not_started_word")
    return context.words(f"certainty.{facts.certainty(context, found)}")


def _power_table(context: Context) -> Table:
    """What the sample could show: respondents, smallest detectable change, p after Holm."""
    words, unit = context.words, facts.change_unit(context)
    listed = _listed(context)
    columns = (
        cells.text_column(context, "region"),
        cells.number_column(context, "n_before", decimals=0),
        cells.number_column(context, "n", decimals=0),
        cells.number_column(context, "detectable", unit),
        cells.number_column(context, "holm", decimals=3),
    )
    rows = tuple(
        {
            "region": cells.text(name),
            "n_before": cells.of(context, before, "n", 0),
            "n": cells.of(context, after, "n", 0),
            "detectable": cells.of(context, found, "detectable"),
            "holm": cells.of(context, found, "p_adjusted", 3),
        }
        for name, found, (before, after) in listed
    )
    whole = facts.change(context, context.primary.id)
    headline = words("change.power_plain")
    if isfinite(whole.detectable):
        value = numbers.number(whole.detectable, context.language, 1)
        headline = words("change.power", area=context.area, value=value, unit=unit)
    notes = [words("change.note_detectable"), words("change.note_holm")]
    notes += cells.legend(context, *(item for _, found, levels in listed for item in (found, *levels)))
    source = context.source("survey")
    return Table(
        "power-table", 0, headline, _subtitle(context), source, columns, "region", rows, tuple(notes)
    )


def _levels_only(context: Context) -> Part:
    """Without a baseline: the present level per region as dots, with its table."""
    words = context.words
    listed = [(name, answer.levels(context, region)[1]) for region, _kind, name in places(context)]
    if not any(found.status != "missing" for _, found in listed):
        return Part()
    now = answer.levels(context, AREA)[1]
    names = {"label": context.primary.label[context.language], "area": context.area}
    headline = words("change.headline_none", **names)
    if now.shown:
        headline = words("change.headline_level", value=facts.level_text(context, now.value), **names)
    dots = [Dot(name, *_ends(found)) for name, found in listed]
    lines = " ".join(_level_line(context, name, found) for name, found in listed)
    alt = words("change.alt", n=facts.count(context, dots), lines=lines)
    drawn = dot_chart(dots, words, "change", headline, alt, level_unit(context))
    columns = (
        cells.text_column(context, "region"),
        *(cells.number_column(context, name, level_unit(context)) for name in ("after", "lower", "upper")),
        cells.number_column(context, "n", decimals=0),
    )
    rows = tuple(
        {
            "region": cells.text(name),
            "after": cells.of(context, found),
            "lower": cells.of(context, found, "lower"),
            "upper": cells.of(context, found, "upper"),
            "n": cells.of(context, found, "n", 0),
        }
        for name, found in listed
    )
    source, notes = context.source("survey"), cells.legend(context, *(found for _, found in listed))
    return Part(
        main("change", words("section.level"), [paragraph(words("change.not_compared")), figure("change")])
        + appendix("change-numbers", words("section.tables_level"), [table("change-table")]),
        (Figure("change", 0, headline, _subtitle(context), source, drawn.alt, drawn.svg, "change-table"),),
        (Table("change-table", 0, headline, _subtitle(context), source, columns, "region", rows, notes),),
    )


def _ends(found: Estimate) -> tuple[float, float, float]:
    return (found.value, found.lower, found.upper) if found.shown else (nan, nan, nan)


def _level_line(context: Context, name: str, found: Estimate) -> str:
    if not found.has_range:
        return context.words("change.alt_hidden", region=name)
    texts = {key: facts.level_text(context, getattr(found, key)) for key in ("lower", "upper")}
    return context.words(
        "change.alt_level", region=name, after=facts.level_text(context, found.value), **texts
    )
