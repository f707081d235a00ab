"""What changed since the last report: its cards beside those of now, as both were printed."""

from __future__ import annotations

from evaluation.quarters import label
from evaluation.report.content import cells, facts
from evaluation.report.content.facts import Context
from evaluation.report.content.key_figures import CHANGE, key_figures
from evaluation.report.content.parts import Part, appendix
from evaluation.report.earlier import card_text
from evaluation.report.model import KeyFigure, Table, paragraph, table
from evaluation.report.wording import rules
from evaluation.report.wording.catalogue import capital
from evaluation.report.wording.marks import MARK, tally


def sentence(context: Context) -> str:
    """One line for the main part: whether the answer differs from the last report and how many judgements do
    (the appendix says which); or that nothing does, or that there is no earlier report."""
    words, last = context.words, context.last
    if last is None:
        return words("since.none")
    answers, cards = _answers(context), _judgements(context)
    if not answers and not cards:
        return words("since.same", quarter=label(last.quarter, context.language))
    key = "since.short_both" if answers else "since.short_cards"
    said = words.counted(key, tally(cards)) if cards else words("since.short_answer")
    return f"{said} {words('since.see')}"


def _told(context: Context) -> str:
    """For the appendix: the answer and the judgements that have changed, as they were and as they are."""
    words, quarter = context.words, label(context.last.quarter, context.language)
    said = [words("since.answer", then=then, now=now) for then, now in _answers(context)]
    said += [words("since.card", name=name, then=then, now=now) for name, then, now in _judgements(context)]
    said = [words("since.moved", quarter=quarter), *said] if said else [words("since.same", quarter=quarter)]
    pairs = _pairs(context)
    if aims := [now.label for then, now in pairs if then.target != MARK.sub("", now.target)]:
        said.append(words("since.other_targets", names="; ".join(aims)))
    return " ".join([*said, words("since.caution")])


def _answers(context: Context) -> list[tuple[str, str]]:
    """How certain the change was called then and is now, in words, when that differs."""
    words = context.words
    found = [(_certainty(context, then), _certainty(context, now)) for then, now in _pairs(context)]
    return [
        (words(f"certainty.{then}"), words(f"certainty.{now}"))
        for then, now in found
        if then and now and then != now
    ]


def _judgements(context: Context) -> list[tuple[str, str, str]]:
    """(card, then, now) of the targets that are judged otherwise."""
    none = context.words("since.no_judgement")
    return [
        (now.label, then.status or none, now.status or none)
        for then, now in _pairs(context)
        if then.status != now.status
    ]


def _certainty(context: Context, card: KeyFigure) -> str | None:
    """The certainty word in the note of the card of the change, in this report or an earlier one; None for
    another card."""
    words, unit = context.words, facts.change_unit(context)
    for word in rules.CERTAINTIES:
        note = words("key_note.change", unit=unit, certainty=words(f"certainty.{word}"))
        if card.id == CHANGE and card.note == note:
            return word
    return None


def part(context: Context) -> Part:
    """Appendix section with the cards of then and now; it says so when there is no earlier report."""
    words, last = context.words, context.last
    title = words("section.since")
    if last is None:
        return Part(appendix("since", title, [paragraph(words("since.none"))]))
    numbered = _table(context)
    return Part(appendix("since", title, [paragraph(_told(context)), table(numbered.id)]), (), (numbered,))


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
        cells.text_column(context, "then", capital(quarters["then"])),
        cells.text_column(context, "now", capital(quarters["now"])),
        cells.text_column(context, "status_then"),
        cells.text_column(context, "status_now"),
    )
    rows = tuple(
        {
            "indicator": cells.text(now.label),
            "then": cells.text(
                _joined(card_text(last, places[now.id], "value"), card_text(last, places[now.id], "range"))
            ),
            "now": cells.text(_joined(now.value, now.range)),
            "status_then": cells.text(_judgement(context, then)),
            "status_now": cells.text(_judgement(context, now)),
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
        (words("since.note"), words("since.added_up")),
    )


def _judgement(context: Context, card: KeyFigure) -> str:
    """Whether its target was met; of the change also how certain it is."""
    words = context.words
    word = _certainty(context, card)
    if word is None:
        return card.status or words("mark.missing")
    said = words(f"certainty.{word}")
    return words("since.both", certainty=said, status=card.status) if card.status else said


def _joined(value: str, span: str) -> str:
    return f"{value} ({span})" if span else value
