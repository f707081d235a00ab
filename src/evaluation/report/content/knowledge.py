"""Knowledge per section of the leaflet and per question, and the study's other outcomes: exploratory."""

from __future__ import annotations

from math import nan

from evaluation.quarters import label
from evaluation.report.content import cells, facts
from evaluation.report.content.facts import Context, Estimate
from evaluation.report.content.parts import Part, appendix, main
from evaluation.report.figures.bars import Dot, dot_chart
from evaluation.report.model import Block, Column, Figure, Table, figure, paragraph, table
from evaluation.report.wording import numbers, rules


def part(context: Context) -> Part:
    """What stands out, in the main part; chart and tables of sections, questions and other outcomes in the
    appendix. It says so when there is none."""
    words = context.words
    sections = _sections(context)
    said = main("knowledge", words("section.knowledge"), [paragraph(" ".join(_sentences(context, sections)))])
    unsure = _unsure(context)
    blocks: list[Block] = [paragraph(unsure)] if unsure else []
    figures, tables = [], []
    if any(now.shown for _, now, _, _ in sections):
        figures.append(_figure(context, sections))
        tables.append(_section_table(context, sections))
        blocks += [figure("knowledge"), table("knowledge-table")]
    if questions := _question_table(context):
        tables.append(questions)
        blocks.append(table(questions.id))
    outcomes = _outcome_table(context)
    rest = appendix("outcomes", words("section.outcomes"), [table(outcomes.id)] if outcomes else [])
    tables += [outcomes] if outcomes else []
    numbered = appendix("knowledge-numbers", words("section.tables_knowledge"), blocks) if blocks else ()
    return Part(said + numbered + rest, tuple(figures), tuple(tables))


def _sections(context: Context) -> list[tuple[str, Estimate, Estimate, Estimate]]:
    """(name, level now, level at the baseline, change) of every section with an estimate."""
    numbered = sorted({item.section for item in context.study.items.values() if item.section is not None})
    listed = []
    for number in numbered:
        name = f"section_{number}"
        now = facts.find(context, name, "level", region=context.scope, wave=context.quarter)
        if now.status != "missing":
            before = facts.MISSING
            if context.baseline:
                before = facts.find(
                    context, name, "level", region=context.scope, wave=context.before(context.scope)
                )
            change = facts.change(context, name, context.scope)
            listed.append((_section_name(context, number), now, before, change))
    return listed


def _section_name(context: Context, number: int) -> str:
    own = context.words("leaflet_section.own", n=number)
    return context.words.label(f"leaflet_section.{number}", own) if context.study.questionnaire else own


def _extremes(sections: list[tuple[str, Estimate, Estimate, Estimate]]) -> dict[str, str]:
    shown = [(name, now.value) for name, now, _, _ in sections if now.shown]
    return {"best": max(shown, key=lambda item: item[1])[0], "worst": min(shown, key=lambda item: item[1])[0]}


def _sentences(context: Context, sections: list[tuple[str, Estimate, Estimate, Estimate]]) -> list[str]:
    """Where the score is highest and lowest, and for how many sections a rise is shown."""
    words = context.words
    shown = [(name, now) for name, now, _, _ in sections if now.shown]
    if len(shown) < 2:
        return [words("knowledge.none")]
    ends = {
        "best": max(shown, key=lambda item: item[1].value),
        "worst": min(shown, key=lambda item: item[1].value),
    }
    texts = {key: name for key, (name, _) in ends.items()}
    texts |= {
        f"{key}_value": numbers.number(now.value, context.language, 1) for key, (_, now) in ends.items()
    }
    said = [words("knowledge.best", **texts)]
    changes = [change for *_, change in sections if change.has_range]
    if changes:
        risen = [change for change in changes if change.lower > 0]
        counted = {"n": facts.count(context, risen), "total": facts.count(context, changes)}
        said.append(words("knowledge.counted_risen", **counted) if risen else words("knowledge.counted_none"))
    return [*said, words("knowledge.exploratory")]


def _unsure(context: Context) -> str:
    """How many answers were "don't know"; "" when it is not known."""
    unsure = facts.find(context, "dont_know", "level", region=context.scope, wave=context.quarter)
    if not unsure.has_range:
        return ""
    return context.words("knowledge.dont_know", **facts.percent_facts(context, unsure))


def _headline(context: Context, sections: list[tuple[str, Estimate, Estimate, Estimate]]) -> str:
    words = context.words
    if not any(change.has_range for *_, change in sections):
        return words("knowledge.headline_level", **_extremes(sections))
    risen = [name for name, _, _, change in sections if change.has_range and change.lower > 0]
    summary = words("knowledge.none_risen")
    if risen:
        summary = words("knowledge.risen", sections=words.listing(f"“{name}”" for name in risen))
    return words("knowledge.headline_change", summary=summary)


def _subtitle(context: Context) -> str:
    return context.words(
        "knowledge.subtitle_level", area=context.place, after=label(context.quarter, context.language)
    )


def _figure(context: Context, sections: list[tuple[str, Estimate, Estimate, Estimate]]) -> Figure:
    words = context.words
    dots = [
        Dot(name, now.value, now.lower, now.upper) if now.has_range else Dot(name, nan)
        for name, now, _, _ in sections
    ]
    lines = " ".join(_alt_line(context, dot) for dot in dots)
    headline = words("knowledge.headline_level", **_extremes(sections))
    alt = words("change.alt", n=facts.count(context, dots), lines=lines)
    drawn = dot_chart(dots, words, "knowledge", headline, alt, words("unit.points_level"))
    source = context.source("survey")
    return Figure(
        "knowledge", 0, headline, _subtitle(context), source, drawn.alt, drawn.svg, "knowledge-table"
    )


def _alt_line(context: Context, dot: Dot) -> str:
    if dot.value != dot.value:
        return context.words("change.alt_hidden", region=dot.name)
    texts = {"after": dot.value, "lower": dot.lower, "upper": dot.upper}
    written = {key: numbers.number(value, context.language, 1) for key, value in texts.items()}
    return context.words("change.alt_level", region=dot.name, **written)


def _change_columns(context: Context, unit: str) -> tuple[Column, ...]:
    return tuple(
        cells.number_column(context, name, unit) for name in ("before", "after", "change", "lower", "upper")
    )


def _change_cells(context: Context, now: Estimate, before: Estimate, change: Estimate) -> dict:
    return {
        "before": cells.of(context, before),
        "after": cells.of(context, now),
        "change": cells.of(context, change, signed=True),
        "lower": cells.of(context, change, "lower", signed=True),
        "upper": cells.of(context, change, "upper", signed=True),
    }


def _level_cells(context: Context, now: Estimate) -> dict:
    names = {"after": "value", "lower": "lower", "upper": "upper"}
    return {column: cells.of(context, now, field) for column, field in names.items()}


def _section_table(context: Context, sections: list[tuple[str, Estimate, Estimate, Estimate]]) -> Table:
    words, unit = context.words, context.words("unit.points_level")
    if context.baseline:
        columns = _change_columns(context, unit)
        subtitle = words(
            "knowledge.subtitle",
            area=context.place,
            before=label(context.before(context.scope), context.language),
            after=label(context.quarter, context.language),
        )
    else:
        columns = tuple(cells.number_column(context, name, unit) for name in ("after", "lower", "upper"))
        subtitle = _subtitle(context)
    rows = tuple(
        {"section": cells.text(name)}
        | (_change_cells(context, now, before, change) if context.baseline else _level_cells(context, now))
        for name, now, before, change in sections
    )
    notes = (
        words("knowledge.exploratory"),
        *cells.legend(context, *(item for row in sections for item in row[1:])),
    )
    return Table(
        "knowledge-table",
        0,
        _headline(context, sections),
        subtitle,
        context.source("survey"),
        (cells.text_column(context, "section"), *columns),
        "section",
        rows,
        notes,
    )


def _question_table(context: Context) -> Table | None:
    """The share with the right answer, per question, in the quarter."""
    words, percent = context.words, context.words("unit.share_level")
    listed = []
    for item in context.study.items.values():
        found = facts.find(context, f"item_{item.id}", "level", region=context.scope, wave=context.quarter)
        if found.status != "missing":
            listed.append((f"{item.id}. {item.text[context.language]}", found))
    shown = [found.value for _, found in listed if found.shown]
    if not shown:
        return None
    columns = (
        cells.text_column(context, "question"),
        cells.number_column(context, "correct", percent),
        cells.number_column(context, "lower", percent),
        cells.number_column(context, "upper", percent),
    )
    rows = tuple(
        {
            "question": cells.text(text),
            "correct": cells.of(context, found),
            "lower": cells.of(context, found, "lower"),
            "upper": cells.of(context, found, "upper"),
        }
        for text, found in listed
    )
    low, high = (numbers.percent(value, context.language) for value in (min(shown), max(shown)))
    quarter = label(context.quarter, context.language)
    subtitle = words(
        "knowledge.items_subtitle", population=context.population, area=context.place, quarter=quarter
    )
    notes = (words("knowledge.exploratory"), *cells.legend(context, *(found for _, found in listed)))
    headline = words("knowledge.items_headline", low=low, high=high)
    return Table(
        "questions", 0, headline, subtitle, context.source("survey"), columns, "question", rows, notes
    )


def _outcome_table(context: Context) -> Table | None:
    """Every outcome's change, the primary one marked; None with one outcome or without a baseline."""
    words = context.words
    if not context.baseline or len(context.study.outcomes) < 2:
        return None
    rows = []
    for outcome in context.study.outcomes:
        now, before = (
            facts.find(context, outcome.id, "level", region=context.scope, wave=wave)
            for wave in (context.quarter, context.before(context.scope))
        )
        found = facts.change(context, outcome.id, context.scope)
        smallest_change = outcome.smallest_change
        word = rules.certainty(found.value, found.lower, found.upper, found.df, smallest_change)
        role = words("change.primary" if outcome.primary else "change.exploratory")
        rows.append(
            {
                "outcome": cells.text(outcome.label[context.language]),
                "role": cells.text(role),
                **_change_cells(context, now, before, found),
                "word": cells.text(words(f"certainty.{word if found.shown else 'hidden'}")),
            }
        )
    periods = {
        "before": label(context.before(context.scope), context.language),
        "after": label(context.quarter, context.language),
    }
    columns = (
        cells.text_column(context, "outcome"),
        cells.text_column(context, "role"),
        *_change_columns(context, ""),
        cells.text_column(context, "word"),
    )
    return Table(
        "outcomes-table",
        0,
        words("change.outcomes", area=context.place),
        words("change.outcomes_subtitle", **periods),
        context.source("survey"),
        columns,
        "outcome",
        tuple(rows),
        (words("change.outcomes_note"),),
    )
