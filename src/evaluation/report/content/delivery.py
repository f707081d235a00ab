"""Delivery: from printed to discussed. Each stage is a different thing and stays apart."""

from __future__ import annotations

from math import nan

from babel.dates import format_date

from evaluation.quarters import label
from evaluation.report.content import cells, facts
from evaluation.report.content.facts import Context, Estimate
from evaluation.report.content.parts import Part, appendix, main
from evaluation.report.figures.stages import Stage, StageGroup, stage_chart
from evaluation.report.model import Figure, Table, figure, paragraph, table
from evaluation.report.wording import numbers

_COUNTED = ("printed", "ordered", "shipped", "handed_out")
_ASKED = ("received", "read_half", "discussed")


def part(context: Context) -> Part:
    """What was printed, ordered, shipped, handed out, received, read and discussed; says so when unknown."""
    words = context.words
    counted = {stage: facts.find(context, stage, "count", region=context.scope) for stage in _COUNTED}
    asked = {stage: facts.find(context, stage, "level", region=context.scope) for stage in _ASKED}
    known = {stage: found for stage, found in (counted | asked).items() if found.status != "missing"}
    if not known:
        return Part(main("delivery", words("section.delivery"), [paragraph(words("delivery.none"))]))
    headline = _headline(context, counted)
    drawn = _figure(context, headline, known)
    numbered, adoption = _table(context, headline, known), _adoption(context)
    tables = [item for item in (numbered, adoption) if item]
    blocks = [figure(drawn.id)] if drawn else []
    return Part(
        main(
            "delivery", words("section.delivery"), [paragraph(" ".join(_sentences(context, counted, asked)))]
        )
        + appendix(
            "delivery-numbers", words("section.tables_delivery"), blocks + [table(item.id) for item in tables]
        ),
        (drawn,) if drawn else (),
        tuple(tables),
    )


def _headline(context: Context, counted: dict[str, Estimate]) -> str:
    printed, shipped = counted["printed"], counted["shipped"]
    if printed.shown and shipped.shown:
        texts = {key: numbers.number(counted[key].value, context.language) for key in ("printed", "shipped")}
        return context.words("delivery.headline", **texts)
    return context.words("delivery.headline_plain", population=context.population)


def _sentences(context: Context, counted: dict[str, Estimate], asked: dict[str, Estimate]) -> list[str]:
    words, said = context.words, []
    if counted["printed"].shown and counted["shipped"].shown:
        said.append(_headline(context, counted) + ".")
    if counted["handed_out"].shown:
        value = numbers.number(counted["handed_out"].value, context.language)
        said.append(words("delivery.handed_out", handed_out=value))
    for key, stage in (("read", "read_half"), ("discussed", "discussed")):
        if asked[stage].has_range:
            said.append(words(f"delivery.{key}", **facts.percent_facts(context, asked[stage])))
    return said or [words("delivery.apart")]


def _figure(context: Context, headline: str, known: dict[str, Estimate]) -> Figure | None:
    """The funnel: copies counted, then parents asked, each on a scale of its own; None for a single stage."""
    if sum(found.shown for found in known.values()) < 2:
        return None
    words = context.words
    counted = tuple(_stage(context, stage, known[stage]) for stage in _COUNTED if stage in known)
    asked = tuple(_stage(context, stage, known[stage]) for stage in _ASKED if stage in known)
    groups = []
    if counted:
        groups.append(StageGroup(words("delivery.group_counted"), counted))
    if asked:
        groups.append(StageGroup(words("delivery.group_asked"), asked, numbers.percent, 1, full=100.0))
    drawn = stage_chart(groups, words, "delivery", headline)
    subtitle = words(
        "delivery.subtitle",
        start=format_date(context.study.start, "d MMMM yyyy", locale=context.language),
        quarter=label(context.quarter, context.language),
    )
    source = context.source("delivery")
    return Figure("delivery", 0, headline, subtitle, source, drawn.alt, drawn.svg, "delivery-table")


def _stage(context: Context, stage: str, found: Estimate) -> Stage:
    name, source = context.words(f"stage.{stage}"), context.words(f"stage_source.{stage}")
    if stage in _ASKED and found.has_range:
        return Stage(name, found.value, found.lower, found.upper, source)
    return Stage(name, found.value if stage in _COUNTED and found.shown else nan, source=source)


def _table(context: Context, headline: str, known: dict[str, Estimate]) -> Table:
    words, percent = context.words, context.words("unit.share_level")
    columns = (
        cells.text_column(context, "stage"),
        cells.number_column(context, "number", context.words("unit.copies"), 0),
        cells.number_column(context, "share", percent),
        cells.number_column(context, "lower", percent),
        cells.number_column(context, "upper", percent),
        cells.text_column(context, "source"),
    )
    blank = cells.missing(context)
    rows = []
    for stage, found in known.items():
        counts = stage in _COUNTED
        rows.append(
            {
                "stage": cells.text(words(f"stage.{stage}")),
                "number": cells.of(context, found, decimals=0) if counts else blank,
                "share": blank if counts else cells.of(context, found),
                "lower": blank if counts else cells.of(context, found, "lower"),
                "upper": blank if counts else cells.of(context, found, "upper"),
                "source": cells.text(words(f"stage_source.{stage}")),
            }
        )
    notes = (words("delivery.apart"), *cells.legend(context, *known.values()))
    subtitle = words("delivery.subtitle_table", quarter=label(context.quarter, context.language))
    return Table(
        "delivery-table",
        0,
        headline,
        subtitle,
        context.source("delivery"),
        columns,
        "stage",
        tuple(rows),
        notes,
    )


def _adoption(context: Context) -> Table | None:
    """Which kinds of organisation ordered; None without a register."""
    words, percent = context.words, context.words("unit.share_level")
    found = facts.rows(context, "adoption", "ratio", region=context.scope, wave=context.quarter)
    found = found[found["group_by"].isin(["", "setting"])]
    if found.empty:
        return None
    whole = facts.find(context, "adoption", "ratio", region=context.scope)
    headline = words("delivery.adoption_headline_plain")
    if whole.shown:
        value = numbers.percent(whole.value, context.language)
        headline = words("delivery.adoption_headline", value=value)
    listed = [facts.estimate(row) for _, row in found.sort_values("group", kind="stable").iterrows()]
    columns = (
        cells.text_column(context, "setting"),
        cells.number_column(context, "adopting", percent),
        cells.number_column(context, "lower", percent),
        cells.number_column(context, "upper", percent),
        cells.number_column(context, "number", decimals=0),
    )
    rows = tuple(
        {
            "setting": cells.text(_setting(context, item)),
            "adopting": cells.of(context, item),
            "lower": cells.of(context, item, "lower"),
            "upper": cells.of(context, item, "upper"),
            "number": cells.of(context, item, "n", 0),
        }
        for item in listed
    )
    subtitle = words("delivery.adoption_subtitle", quarter=label(context.quarter, context.language))
    source, notes = context.source("register"), cells.legend(context, *listed)
    return Table("adoption-table", 0, headline, subtitle, source, columns, "setting", rows, notes)


def _setting(context: Context, item: Estimate) -> str:
    if not item.group:
        return context.words("row.area", area=context.place)
    return facts.group_label(context, "setting", item.group)
