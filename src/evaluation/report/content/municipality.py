"""The fact sheet of one municipality: supply and adoption, and the main question where it may be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from evaluation.quarters import label
from evaluation.report.content import cells, facts, method, supply
from evaluation.report.content.facts import AREA, Context, Estimate
from evaluation.report.content.key_figures import card
from evaluation.report.content.parts import Part, main
from evaluation.report.content.province import build
from evaluation.report.content.settled import settled
from evaluation.report.figures.style import in_own_look
from evaluation.report.model import Answer, KeyFigure, Report, Table, bullets, figure, paragraph, table
from evaluation.report.model import key_figures as key_figure_cards
from evaluation.report.wording import numbers, words
from evaluation.report.wording.catalogue import capital
from evaluation.study import Study

# Percentage points from the lower to the upper limit: a wider range says nothing a reader can use.
WIDEST = 40.0


@settled
@in_own_look
def municipality_factsheet(
    study: Study,
    quarter: str,
    code: str,
    language: str,
    checked: pd.DataFrame,
    unavailable: Mapping[str, str],
    receipts: Sequence[Mapping],
) -> Report:
    """The fact sheet on the municipality with this CBS code, from the same input as the province's report.
    Raises StudyError for a quarter, or a municipality, that the study does not have."""
    study.require_quarter(quarter)
    region = study.require_region(study.region_of_municipality(code) or code)
    context = Context(study, quarter, language, region, checked, unavailable, receipts, words(language))
    context = replace(context, municipality=code)
    name = facts.municipality_name(context, code)
    parts = [_cards(context), _supply(context, name), _level(context, name), _more(context), _method(context)]
    return build(context, parts, "municipality", name, _answer(context, name), _figures(context))


def level(context: Context) -> Estimate:
    """The primary outcome in the municipality, in the quarter."""
    return facts.find(context, context.primary.id, "level", region=context.municipality)


def telling(found: Estimate) -> bool:
    """Whether a level may be shown and its range is narrow enough to say something."""
    return found.has_range and found.upper - found.lower <= WIDEST


def _answer(context: Context, name: str) -> Answer:
    say = context.words
    found = facts.find(context, "supply", "ratio", region=context.municipality)
    if not found.shown:
        hidden = capital(say("certainty.hidden"))
        return Answer(say("place.answer_none", area=name), say("place.supply_hidden", area=name), hidden)
    value = numbers.number(found.value, context.language)
    note = say("place.answer_note", population=context.population)
    return Answer(say("place.answer_supply", area=name, value=value), note, say("place.certainty"))


def _figures(context: Context) -> tuple[KeyFigure, ...]:
    """Two cards of the municipality, one of its main question, three of its region."""
    say, place = context.words, context.municipality
    region = say("key_note.own_region", region=context.name(context.region))
    own = level(context)
    if not telling(own):
        own = replace(own, value=float("nan"), lower=float("nan"), upper=float("nan"))
    title = say("key.place_level", label=context.primary.label[context.language])
    adoption = facts.find(context, "adoption", "ratio", region=place)
    listed = [
        card(context, "supply", facts.find(context, "supply", "ratio", region=place)),
        card(context, "adoption", adoption, note=say("key_note.adoption")),
        card(context, context.primary.id, own, label=title, note=say("place.level_one")),
    ]
    for name in ("reach", "read_half", "adverse"):
        listed.append(
            card(context, name, facts.find(context, name, "level", region=context.region), note=region)
        )
    return tuple(listed)


def _cards(context: Context) -> Part:
    return Part(main("key-figures", context.words("section.key_figures"), [key_figure_cards()]))


def _supply(context: Context, name: str) -> Part:
    """Map and comparison with the region and the whole area."""
    say, language = context.words, context.language
    shipped = facts.find(context, "supply", "ratio", region=context.municipality)
    joined = facts.find(context, "adoption", "ratio", region=context.municipality)
    said = [say("place.supply_hidden", area=name)]
    if shipped.shown:
        said = [say("place.supply", area=name, value=numbers.number(shipped.value, language))]
    if joined.has_range:
        said.append(say("place.adoption", **facts.percent_facts(context, joined)))
    else:
        said.append(say("place.adoption_hidden" if joined.status == "suppressed" else "place.adoption_none"))
    drawn = supply.map_figure(context)
    numbered = _table(context, name)
    blocks = [paragraph(" ".join([*said, say("supply.not_reach")]))]
    blocks += [figure(drawn.id)] if drawn else []
    blocks.append(table(numbered.id))
    return Part(main("place", say("section.place"), blocks), (drawn,) if drawn else (), (numbered,))


def _table(context: Context, name: str) -> Table:
    say, percent = context.words, context.words("unit.share_level")
    region = context.name(context.region)
    places = (
        (name, context.municipality),
        (say("place.own_region", region=region), context.region),
        (say("row.area", area=context.area), AREA),
    )
    columns = (
        cells.text_column(context, "where"),
        cells.number_column(context, "supply", say("unit.per_100_births"), 0),
        *(cells.number_column(context, column, percent) for column in ("adopting", "lower", "upper")),
        cells.number_column(context, "number", decimals=0),
    )
    rows, shown = [], []
    for title, place in places:
        shipped = facts.find(context, "supply", "ratio", region=place)
        joined = facts.find(context, "adoption", "ratio", region=place)
        shown += [shipped, joined]
        rows.append(
            {
                "where": cells.text(title),
                "supply": cells.of(context, shipped, decimals=0),
                "adopting": cells.of(context, joined),
                "lower": cells.of(context, joined, "lower"),
                "upper": cells.of(context, joined, "upper"),
                "number": cells.of(context, joined, "n", 0),
            }
        )
    return Table(
        "place-table",
        0,
        say("place.headline", area=name, region=region, whole=context.area),
        say("place.subtitle", quarter=label(context.quarter, context.language)),
        context.source("register"),
        columns,
        "where",
        tuple(rows),
        (say("supply.note_births"), *cells.legend(context, *shown)),
    )


def _level_sentence(context: Context, name: str) -> str:
    say, found = context.words, level(context)
    if telling(found):
        ends = {
            field: facts.level_text(context, getattr(found, field)) for field in ("value", "lower", "upper")
        }
        return say("place.level", area=name, label=context.primary.label[context.language], **ends)
    if found.status == "missing" and (reason := context.unavailable.get("by_municipality")):
        said = say.label(f"reason.{reason}", say("reason.other"))
        return say("place.level_reason", area=name, reason=said)
    key = "hidden" if found.status == "suppressed" else "wide" if found.shown else "none"
    return say(f"place.level_{key}", area=name)


def _level(context: Context, name: str) -> Part:
    say = context.words
    said = [_level_sentence(context, name)]
    if telling(level(context)):
        said.append(say("place.level_one"))
    said.append(say("place.region_change", region=context.name(context.region)))
    return Part(main("place-level", say("section.place_level"), [paragraph(" ".join(said))]))


def _more(context: Context) -> Part:
    say = context.words
    names = {"region": context.name(context.region), "whole": context.area}
    own = facts.find(context, "supply", "ratio", region=context.municipality)
    whole = facts.find(context, "supply", "ratio")
    asked = [say("place.decide_adoption")]
    if own.shown and whole.shown:
        less = numbers.rounded(own.value, 0) < numbers.rounded(whole.value, 0)  # as the table prints them
        asked.insert(0, say("place.decide_supply" if less else "place.decide_fine", **names))
    more = [say("place.more", **names), say("place.more_people", population=context.population)]
    return Part(
        main("decide", say("section.decide"), [bullets(asked)])
        + main("place-more", say("section.place_more"), [paragraph(" ".join(more))])
    )


def _method(context: Context) -> Part:
    """What a reader of two pages needs to know of the method; the rest is in the report on the area."""
    say = context.words
    lines = [say("method.supply"), method.disclosure_line(context)]
    if level(context).status != "missing":
        lines += [say("method.interval"), method.weights_line(context), method.sign_off(context)]
    return Part(main("method", say("section.method_short"), [bullets(lines)]))
