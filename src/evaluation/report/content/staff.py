"""The data page for staff: what came in, how the survey went, what is missing, what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from evaluation.report.content import facts, indicators, quality
from evaluation.report.content.facts import Context
from evaluation.report.content.parts import Part, main
from evaluation.report.content.province import build
from evaluation.report.content.settled import settled
from evaluation.report.content.unknown import in_a_row, things_by_reason
from evaluation.report.figures.style import in_own_look
from evaluation.report.model import Answer, Report, bullets, paragraph
from evaluation.report.wording import numbers, words
from evaluation.study import Study


@settled
@in_own_look
def staff_page(
    study: Study,
    quarter: str,
    language: str,
    checked: pd.DataFrame,
    unavailable: Mapping[str, str],
    receipts: Sequence[Mapping],
) -> Report:
    """The page, from the same input as the province's report. Raises StudyError for an unknown quarter."""
    study.require_quarter(quarter)
    context = Context(study, quarter, language, None, checked, unavailable, receipts, words(language))
    parts = [
        _survey(context),
        _missing(context),
        _next(context),
        quality.part(context),
        indicators.part(context),
    ]
    return build(context, parts, "staff", context.area, _answer(context))


def _answer(context: Context) -> Answer:
    say = context.words
    if not context.receipts:
        return Answer(say("quality.none"), "", say("staff.certainty"))
    return Answer(
        say("staff.answer", **quality.totals(context)), say("staff.answer_range"), say("staff.certainty")
    )


def _survey(context: Context) -> Part:
    """Completion, effective answers, straight-lining: of the whole area."""
    say, said = context.words, []
    finished = facts.find(context, "response", "completion")
    if finished.shown:
        said.append(say("staff.completion", value=numbers.percent(finished.value, context.language)))
        said.append(say("staff.response_none"))
    size = facts.find(context, context.primary.id, "effective_n")
    if size.shown:
        texts = {"n": size.n, "value": size.value}
        said.append(
            say(
                "staff.effective",
                **{key: numbers.number(one, context.language) for key, one in texts.items()},
            )
        )
    straight = facts.find(context, "straight_lining", "level")
    if straight.shown:
        said.append(say("staff.straight", value=numbers.percent(straight.value, context.language)))
    blocks = [paragraph(" ".join(said or [say("here.no_survey")]))]
    return Part(main("staff-survey", say("section.staff_survey"), blocks))


def _missing(context: Context) -> Part:
    say = context.words
    said = [
        say(
            "staff.missing",
            names=in_a_row(things, within=True),
            reason=say.label(f"reason.{reason}", say("reason.other")),
        )
        for reason, things in things_by_reason(context).items()
    ]
    return Part(
        main("staff-files", say("section.staff_files"), [bullets(said or [say("staff.none_missing")])])
    )


def _next(context: Context) -> Part:
    """What to do before the next quarter, as far as the data call for it."""
    say, todo = context.words, []
    if any(receipt["quarantined"] for receipt in context.receipts):
        todo.append(say("staff.do_map"))
    if "not_coded" in context.unavailable.values():
        todo.append(say("staff.do_code"))
    todo += [say(f"staff.do_{name}") for name in ("wave", "costs", "keep")]
    return Part(main("staff-next", say("section.staff_next"), [bullets(todo)]))
