"""Supply over time: the leaflets shipped in each quarter, by channel and by language, as charts and table."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

from evaluation.quarters import label
from evaluation.report.content import cells, destinations, facts
from evaluation.report.content.facts import Context, Estimate
from evaluation.report.content.parts import Part, appendix
from evaluation.report.figures.columns import Series, column_chart
from evaluation.report.model import Figure, Table, figure, paragraph, table
from evaluation.report.wording import numbers

INDICATOR, TO_DATE = "shipped_in_quarter", "shipped"
_SPLITS = ("setting", "language")


@dataclass(frozen=True)
class _Line:
    """One group's numbers, in the order of the quarters. split: "" for the whole area."""

    split: str
    name: str
    counts: tuple[Estimate, ...]


def part(context: Context) -> Part:
    """Two charts and their table in the appendix of the province's report; a sentence where the data do not
    carry them."""
    if context.region:
        return Part()
    words, title = context.words, context.words("section.over_time")
    quarters = _quarters(context)
    lines = _lines(context, quarters)
    said = _absent(context, quarters, lines)
    if said:
        return Part(appendix("over-time", title, [paragraph(said)]))
    drawn = [
        _figure(context, quarters, lines, split)
        for split in _SPLITS
        if any(found.shown for line in lines if line.split == split for found in line.counts)
    ]
    numbered = _table(context, quarters, lines)
    blocks = [figure(one.id) for one in drawn]
    sentences = [words("over_time.counted")]
    if drawn and any(not found.shown for line in lines for found in line.counts):
        sentences.append(words("over_time.hatched"))
    return Part(
        appendix("over-time", title, [paragraph(" ".join(sentences)), *blocks, table(numbered.id)]),
        tuple(drawn),
        (numbered,),
    )


def _quarters(context: Context) -> list[str]:
    found = facts.rows(context, INDICATOR, "count", region=facts.AREA, group_by="")
    return sorted(wave for wave in found["wave"] if wave <= context.quarter)


def _lines(context: Context, quarters: list[str]) -> list[_Line]:
    """The whole area, then each group by what it got in all, hidden ones and those of no name last."""
    listed = [_Line("", context.words("row.area", area=context.area), _counts(context, quarters, "", ""))]
    for split in _SPLITS:
        own = facts.rows(context, INDICATOR, "count", region=facts.AREA, group_by=split)
        groups = [
            _Line(split, destinations.name(context, split, group), _counts(context, quarters, split, group))
            for group in own["group"].unique()
        ]
        listed += sorted(groups, key=lambda line: (-_shown_in_all(line), line.name))
    return listed


def _counts(context: Context, quarters: list[str], split: str, group: str) -> tuple[Estimate, ...]:
    keys = {"group_by": split, "group": group}
    return tuple(facts.find(context, INDICATOR, "count", wave=wave, **keys) for wave in quarters)


def _shown_in_all(line: _Line) -> float:
    return sum(float(found.value) for found in line.counts if found.shown)


def _absent(context: Context, quarters: list[str], lines: list[_Line]) -> str:
    """Why there is no course to draw; "" when there is one."""
    words = context.words
    if not quarters:
        return words("over_time.none")
    if len(quarters) < 2:
        return words("over_time.one")
    shown = any(found.shown for line in lines for found in line.counts)
    return "" if shown else words("over_time.hidden")


def _headline(context: Context, quarters: list[str], lines: list[_Line]) -> str:
    """The first quarter beside the last, when the numbers of both are shown."""
    first, last = (lines[0].counts[at] for at in (0, -1))
    if not (first.shown and last.shown):
        return context.words("over_time.headline_plain")
    way = "fewer" if last.value < first.value else "more" if last.value > first.value else "same"
    return context.words(
        f"over_time.headline_{way}",
        before=numbers.number(first.value, context.language),
        now=numbers.number(last.value, context.language),
        then=label(quarters[0], context.language),
        quarter=label(quarters[-1], context.language),
    )


def _headline_language(context: Context, lines: list[_Line]) -> str:
    """The language that had more than half of every quarter's leaflets: no hidden one can have had more."""
    whole = lines[0].counts
    for line in lines:
        if line.split == "language" and all(
            own.shown and every.shown and own.value > every.value / 2
            for own, every in zip(line.counts, whole, strict=True)
        ):
            return context.words("over_time.headline_language", language=line.name)
    return context.words("over_time.headline_language_plain")


def _subtitle(context: Context, quarters: list[str]) -> str:
    texts = {"first": label(quarters[0], context.language), "last": label(quarters[-1], context.language)}
    return context.words("over_time.subtitle", area=context.area, **texts)


def _figure(context: Context, quarters: list[str], lines: list[_Line], split: str) -> Figure:
    words = context.words
    # The whole stands beside the channels; beside the languages it would say the same once more.
    kept = [line for line in lines if line.split == split or (split == _SPLITS[0] and not line.split)]
    series = [
        Series(line.name, tuple(one.value if one.shown else nan for one in line.counts)) for line in kept
    ]
    headline = (
        _headline_language(context, lines) if split == "language" else _headline(context, quarters, lines)
    )
    drawn = column_chart(series, quarters, words, f"over-time-{split}", headline, words("unit.copies"))
    return Figure(
        f"over-time-{split}",
        0,
        headline,
        _subtitle(context, quarters),
        context.source("orders"),
        drawn.alt,
        drawn.svg,
        "over-time-table",
    )


def _table(context: Context, quarters: list[str], lines: list[_Line]) -> Table:
    words = context.words
    columns = (
        cells.text_column(context, "went_to"),
        cells.text_column(context, "dimension"),
        *(
            cells.number_column(
                context, _column(wave), words("unit.copies"), 0, label(wave, context.language)
            )
            for wave in quarters
        ),
    )
    rows = tuple(
        {
            "went_to": cells.text(line.name),
            "dimension": cells.text(
                words(f"destinations.{line.split}") if line.split else words("mark.missing")
            ),
            **{
                _column(wave): cells.of(context, one, decimals=0)
                for wave, one in zip(quarters, line.counts, strict=True)
            },
        }
        for line in lines
    )
    notes = [words("over_time.counted"), words("supply.not_reach")]
    before = facts.rows(context, TO_DATE, "count", region=facts.AREA, group_by="")["wave"]
    if any(wave < quarters[0] for wave in before):
        notes.append(words("over_time.latest"))
    notes += cells.legend(context, *(one for line in lines for one in line.counts))
    return Table(
        "over-time-table",
        0,
        _headline(context, quarters, lines),
        _subtitle(context, quarters),
        context.source("orders"),
        columns,
        "went_to",
        rows,
        tuple(notes),
    )


def _column(wave: str) -> str:
    return f"in_{wave.lower()}"
