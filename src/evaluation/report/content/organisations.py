"""Organisations and delivery beyond the funnel: coverage, new orders, days to wait, languages."""

from __future__ import annotations

from evaluation.quarters import label
from evaluation.report.content import cells, facts
from evaluation.report.content.facts import Context
from evaluation.report.content.parts import Part, appendix
from evaluation.report.model import Table, paragraph, table
from evaluation.report.wording import numbers

_THIRDS = ("fewest", "middle", "most")


def part(context: Context) -> Part:
    """Appendix section for the whole area; empty without orders."""
    said = _sentences(context)
    tables = [found for found in (_thirds(context), _languages(context)) if found]
    blocks = [*([paragraph(" ".join(said))] if said else []), *(table(found.id) for found in tables)]
    title = context.words("section.organisations")
    return Part(appendix("organisations", title, blocks), (), tuple(tables))


def _sentences(context: Context) -> list[str]:
    words, language = context.words, context.language
    said = []
    covered = facts.find(context, "coverage", "coverage")
    if covered.shown:
        value = numbers.percent(covered.value, language, 0 if covered.value in (0, 100) else 1)
        said.append(words("organisations.coverage", value=value, n=numbers.number(covered.n, language)))
    again = facts.find(context, "reorder", "ratio")
    if again.has_range:
        said.append(words("organisations.reorder", **facts.percent_facts(context, again)))
    waited, slow = (facts.find(context, "delivery_time", measure) for measure in ("median", "p90"))
    if waited.shown and slow.shown:
        decimals = 0 if waited.value == int(waited.value) else 1
        texts = {"median": numbers.number(waited.value, language, decimals)}
        said.append(words("organisations.waiting", **texts, p90=numbers.number(slow.value, language)))
    gap = facts.find(context, "adoption", "gap", group_by="low_education", group="most")
    if gap.has_range:
        key = "fewer" if gap.upper < 0 else "more" if gap.lower > 0 else "alike"
        said.append(words(f"organisations.{key}", **facts.change_facts(context, gap)))
    return said


def _thirds(context: Context) -> Table | None:
    words, percent = context.words, context.words("unit.share_level")
    keys = {"group_by": "low_education"}
    listed = [(name, facts.find(context, "adoption", "ratio", group=name, **keys)) for name in _THIRDS]
    if all(found.status == "missing" for _, found in listed):
        return None
    columns = (
        cells.text_column(context, "municipalities"),
        *(cells.number_column(context, name, percent) for name in ("adopting", "lower", "upper")),
        cells.number_column(context, "number", decimals=0),
    )
    rows = tuple(
        {
            "municipalities": cells.text(words(f"group.low_education.{name}")),
            "adopting": cells.of(context, found),
            "lower": cells.of(context, found, "lower"),
            "upper": cells.of(context, found, "upper"),
            "number": cells.of(context, found, "n", 0),
        }
        for name, found in listed
    )
    subtitle = words("organisations.thirds_subtitle", quarter=label(context.quarter, context.language))
    notes = (words("organisations.thirds_note"), *cells.legend(context, *(found for _, found in listed)))
    headline = words("organisations.thirds")
    source = context.source("register")
    return Table("thirds-table", 0, headline, subtitle, source, columns, "municipalities", rows, notes)


def _languages(context: Context) -> Table | None:
    """Languages supplied beside those spoken: a language that nobody needs or supplies is absent."""
    words, percent = context.words, context.words("unit.share_level")
    names = {
        str(group)
        for indicator in ("language_need", "language_supply")
        for group in facts.rows(context, indicator, wave=context.quarter)["group"]
    }
    if not names:
        return None
    ordered = sorted(names, key=lambda name: facts.group_order(context, "language", name))
    found = {
        name: {
            kind: facts.find(context, indicator, measure, group_by="language", group=name)
            for kind, indicator, measure in (
                ("need", "language_need", "margin"),
                ("supply", "language_supply", "ratio"),
                ("gap", "language_supply", "gap"),
            )
        }
        for name in ordered
    }
    short = [
        name for name, one in found.items() if one["gap"].shown and one["gap"].value < 0 and name != "nl"
    ]
    absent = [name for name, one in found.items() if one["supply"].status == "missing" and name != "other"]
    key = "short" if short or absent else "enough"
    listed = words.listing(facts.group_label(context, "language", name) for name in [*short, *absent])
    columns = (
        cells.text_column(context, "language"),
        cells.number_column(context, "need", percent),
        cells.number_column(context, "supplied", percent),
        cells.number_column(context, "gap", words("unit.pp")),
    )
    rows = tuple(
        {
            "language": cells.text(facts.group_label(context, "language", name)),
            "need": cells.of(context, one["need"]),
            "supplied": cells.of(context, one["supply"]),
            "gap": cells.of(context, one["gap"], signed=True),
        }
        for name, one in found.items()
    )
    notes = (words("organisations.languages_note"),)
    notes += cells.legend(context, *(item for one in found.values() for item in one.values()))
    subtitle = words(
        "organisations.languages_subtitle",
        area=context.area,
        quarter=label(context.quarter, context.language),
    )
    return Table(
        "languages-table",
        0,
        words(f"organisations.languages_{key}", languages=listed),
        subtitle,
        context.source("languages"),
        columns,
        "language",
        rows,
        notes,
    )
