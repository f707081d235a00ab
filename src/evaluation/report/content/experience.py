"""What parents saw and thought of the leaflet, and what they think and do: exploratory, in the appendix."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from evaluation.quarters import label
from evaluation.report.content import cells, facts
from evaluation.report.content.facts import Context, Estimate
from evaluation.report.content.parts import Part, appendix
from evaluation.report.model import Table, paragraph, table
from evaluation.report.wording import numbers

CHANNELS = ("clinic", "gp", "nursery", "playgroup", "online", "someone", "other")
_READERS = ("spontaneous", "message", "grade_6", "grade_8")
_SHARES = ("attitude_top2", "intention", "behaviour", "guilt", "signals")
_MEANS = ("attitude", "self_efficacy")


def part(context: Context) -> Part:
    """Channels, appreciation and message, attitude to behaviour, and what lasts; only of what was asked."""
    words = context.words
    tables = [found for found in (_channels(context), _readers(context)) if found]
    thinks = [found for found in (_shares(context), _means(context)) if found]
    said = _said(context)
    sections = appendix(
        "experience",
        words("section.experience"),
        [*([paragraph(" ".join(said))] if said else []), *(table(found.id) for found in tables)],
    )
    more = [paragraph(words("experience.exploratory")), *(table(found.id) for found in thinks)]
    sections += appendix("attitudes", words("section.attitudes"), more if thinks else [])
    if lasting := maintenance_sentence(context):
        sections += appendix("maintenance", words("section.maintenance"), [paragraph(lasting)])
    return Part(sections, (), (*tables, *thinks))


def _found(context: Context, names: Sequence[str], measure: str) -> list[tuple[str, Estimate]]:
    listed = [(name, facts.find(context, name, measure)) for name in names]
    return [(name, found) for name, found in listed if found.status != "missing"]


def _said(context: Context) -> list[str]:
    words, language = context.words, context.language
    said = []
    grade = facts.find(context, "grade", "mean")
    if grade.has_range:
        ends = {name: getattr(grade, name) for name in ("value", "lower", "upper")}
        texts = {name: numbers.number(value, language, 1) for name, value in ends.items()}
        said.append(words("experience.grade", **texts))
    for name in ("spontaneous", "message"):
        found = facts.find(context, name, "level")
        if found.has_range:
            texts = facts.percent_facts(context, found)
            said.append(words(f"experience.{name}", population=context.population, **texts))
    return said


def _channels(context: Context) -> Table | None:
    words = context.words
    listed = _found(context, [f"channel_{name}" for name in CHANNELS], "level")
    if not listed:
        return None
    shown = [(name, found) for name, found in listed if found.shown]
    headline = words("experience.channels_plain")
    if shown:
        most, top = max(shown, key=lambda item: item[1].value)
        value = numbers.percent(top.value, context.language)
        headline = words("experience.channels", channel=words(f"channel.{most[8:]}"), value=value)
    rows = [(words(f"channel_name.{name[8:]}"), found) for name, found in listed]
    notes = (words("experience.several"),)
    return _level_table(context, "channels", headline, "channel", rows, notes)


def _readers(context: Context) -> Table | None:
    listed = _found(context, _READERS, "level")
    if not listed:
        return None
    rows = [(context.words(f"readers.{name}"), found) for name, found in listed]
    return _level_table(context, "readers", context.words("experience.readers"), "question", rows, ())


def _level_table(
    context: Context,
    name: str,
    headline: str,
    head: str,
    rows: Sequence[tuple[str, Estimate]],
    notes: tuple[str, ...],
) -> Table:
    percent = context.words("unit.share_level")
    columns = (
        cells.text_column(context, head),
        *(cells.number_column(context, column, percent) for column in ("share", "lower", "upper")),
        cells.number_column(context, "n", decimals=0),
    )
    listed = tuple(
        {
            head: cells.text(title),
            "share": cells.of(context, found),
            "lower": cells.of(context, found, "lower"),
            "upper": cells.of(context, found, "upper"),
            "n": cells.of(context, found, "n", 0),
        }
        for title, found in rows
    )
    subtitle = context.words(
        f"experience.{name}_subtitle",
        population=context.population,
        area=context.area,
        quarter=label(context.quarter, context.language),
    )
    notes += cells.legend(context, *(found for _, found in rows))
    source = context.source("survey")
    return Table(f"{name}-table", 0, headline, subtitle, source, columns, head, listed, notes)


def _shares(context: Context) -> Table | None:
    return _change_table(context, "attitudes", _SHARES, "level", "change", context.words("unit.pp"), 1)


def _means(context: Context) -> Table | None:
    unit = context.words("unit.scale_1_5")
    return _change_table(context, "statements", _MEANS, "mean", "mean_change", unit, 2)


def _change_table(
    context: Context, name: str, indicators: Sequence[str], level: str, change: str, unit: str, decimals: int
) -> Table | None:
    words = context.words
    rows = []
    for indicator in indicators:
        before = facts.MISSING
        if context.baseline:
            before = facts.find(context, indicator, level, wave=context.baseline)
        now = facts.find(context, indicator, level, wave=context.quarter)
        if now.status != "missing":
            rows.append((indicator, before, now, facts.change(context, indicator, measure=change)))
    if not rows:
        return None
    moved = [indicator for indicator, *_, found in rows if found.has_range and _clear(found)]
    key = "moved" if moved else "still" if context.baseline else "now"
    names = words.listing(words(f"attitude.{indicator}") for indicator in moved)
    headline = words(f"experience.{name}_{key}", names=names)
    unit_of_level = words("unit.share_level") if level == "level" else unit
    columns = [cells.text_column(context, "question")]
    if context.baseline:
        columns.append(cells.number_column(context, "before", unit_of_level, decimals))
    columns.append(cells.number_column(context, "after", unit_of_level, decimals))
    if context.baseline:
        changed = ("change", "lower", "upper")
        columns += [cells.number_column(context, column, unit, decimals) for column in changed]
    listed = []
    for indicator, before, now, found in rows:
        row = {"question": cells.text(words(f"attitude.{indicator}"))}
        if context.baseline:
            row["before"] = cells.of(context, before, "value", decimals)
        row["after"] = cells.of(context, now, "value", decimals)
        if context.baseline:
            row["change"] = cells.of(context, found, "value", decimals, signed=True)
            row["lower"] = cells.of(context, found, "lower", decimals, signed=True)
            row["upper"] = cells.of(context, found, "upper", decimals, signed=True)
        listed.append(row)
    quarter = label(context.quarter, context.language)
    subtitle = words(f"experience.{name}_subtitle", area=context.area, quarter=quarter)
    notes = cells.legend(context, *(item for row in rows for item in row[1:]))
    source = context.source("survey")
    return Table(
        f"{name}-table", 0, headline, subtitle, source, tuple(columns), "question", tuple(listed), notes
    )


def _clear(found: Estimate) -> bool:
    return found.lower > 0 or found.upper < 0


def maintenance_sentence(context: Context) -> str:
    """What is left after six months, with its range; why it is not known otherwise ("" without a survey)."""
    words = context.words
    gap = facts.find(context, "maintenance", "gap")
    if not gap.has_range:
        reason = context.unavailable.get("maintenance", "")
        if gap.status == "suppressed":
            return words("experience.maintenance_hidden")
        return words("experience.maintenance_none", reason=words(f"reason.{reason}")) if reason else ""
    key = "more" if gap.lower > 0 else "less" if gap.upper < 0 else "unsure"
    texts = facts.change_facts(context, gap) | {"unit": facts.change_unit(context)}
    said = [words(f"experience.maintenance_{key}", population=context.population, **texts)]
    return " ".join([*said, words("experience.maintenance_caution")])


def adverse_change(context: Context) -> bool:
    """Whether more parents than at the start find that parents should be ashamed."""
    found = facts.change(context, "guilt")
    return found.has_range and isfinite(found.lower) and found.lower > 0
