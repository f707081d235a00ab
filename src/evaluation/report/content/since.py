"""What changed since the last report: its cards beside those of now, as both were printed."""

from __future__ import annotations

from evaluation.quarters import label
from evaluation.report.content import cells
from evaluation.report.content.facts import Context
from evaluation.report.content.key_figures import key_figures
from evaluation.report.content.parts import Part, appendix
from evaluation.report.earlier import card_text
from evaluation.report.model import KeyFigure, Table, paragraph, table


def sentence(context: Context) -> str:
    """One sentence for the main part: what the judgement was, and is; or that there is no earlier report."""
    words, last = context.words, context.last
    if last is None:
        return words("since.none")
    quarter = label(last.quarter, context.language)
    moved = [now.label for then, now in _pairs(context) if then.status != now.status]
    if not moved:
        return words("since.same", quarter=quarter)
    return words("since.moved", quarter=quarter, names="; ".join(moved))


def part(context: Context) -> Part:
    """Appendix section with the cards of then and now; it says so when there is no earlier report."""
    words, last = context.words, context.last
    title = words("section.since")
    if last is None:
        return Part(appendix("since", title, [paragraph(words("since.none"))]))
    numbered = _table(context)
    said = " ".join([sentence(context), words("since.caution")])
    return Part(appendix("since", title, [paragraph(said), table(numbered.id)]), (), (numbered,))


def _pairs(context: Context) -> list[tuple[KeyFigure, KeyFigure]]:
    """The cards that stand in both reports, then and now."""
    then = {figure.id: figure for figure in context.last.key_figures}
    return [(then[now.id], now) for now in key_figures(context) if now.id in then]


def _table(context: Context) -> Table:
    words, last = context.words, context.last
    places = {figure.id: at for at, figure in enumerate(last.key_figures)}
    quarters = {
        "then": label(last.quarter, context.language),
        "now": label(context.quarter, context.language),
    }
    columns = (
        cells.text_column(context, "indicator"),
        cells.text_column(context, "then", quarters["then"]),
        cells.text_column(context, "now", quarters["now"]),
        cells.text_column(context, "status_then"),
        cells.text_column(context, "status_now"),
    )
    none = words("mark.missing")
    rows = tuple(
        {
            "indicator": cells.text(now.label),
            "then": cells.text(
                _joined(card_text(last, places[now.id], "value"), card_text(last, places[now.id], "range"))
            ),
            "now": cells.text(_joined(now.value, now.range)),
            "status_then": cells.text(then.status or none),
            "status_now": cells.text(now.status or none),
        }
        for then, now in _pairs(context)
    )
    headline = words("since.headline", quarter=quarters["then"])
    return Table(
        "since-table",
        0,
        headline,
        words("since.subtitle", **quarters),
        context.source("since"),
        columns,
        "indicator",
        rows,
        (words("since.note"),),
    )


def _joined(value: str, span: str) -> str:
    return f"{value} ({span})" if span else value
