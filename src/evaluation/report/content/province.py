"""The province's report: two pages to read, then the appendix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version

import pandas as pd

from evaluation.quarters import label
from evaluation.report.content import (
    attribution,
    change,
    checklists,
    cost,
    delivery,
    destinations,
    equity,
    experience,
    indicators,
    knowledge,
    method,
    organisations,
    over_time,
    passport,
    quality,
    reach,
    regions,
    robustness,
    since,
    supply,
    trend,
    unknown,
)
from evaluation.report.content.answer import answer, caveats
from evaluation.report.content.facts import Context
from evaluation.report.content.key_figures import key_figures, title
from evaluation.report.content.parts import Part, assemble, main
from evaluation.report.content.settled import settled
from evaluation.report.figures.style import in_own_look
from evaluation.report.model import (
    Answer,
    InputFile,
    KeyFigure,
    Provenance,
    Report,
    label_keys,
    paragraph,
)
from evaluation.report.model import key_figures as key_figure_cards
from evaluation.report.printed import DISTRIBUTION
from evaluation.report.wording import words
from evaluation.study import Study


@settled
@in_own_look
def province_report(
    study: Study,
    quarter: str,
    language: str,
    checked: pd.DataFrame,
    unavailable: Mapping[str, str],
    receipts: Sequence[Mapping],
    last: Report | None = None,
) -> Report:
    """The report on the whole area.

    checked: the tidy table after disclosure; unavailable: indicator -> reason; receipts: one dict per
    file; last: the last published report in this language (`report.earlier`). Raises StudyError for a
    quarter that is not a wave after the start.
    """
    study.require_quarter(quarter)
    context = Context(
        study, quarter, language, None, checked, unavailable, receipts, words(language), last=last
    )
    return build(context, asked_parts(context) if context.surveyed else counted_parts(context))


def asked_parts(context: Context) -> list[Part]:
    """All parts, of a study that asked parents."""
    return [
        cards(context),
        change.part(context),
        supply.part(context),
        delivery.part(context),
        destinations.part(context),
        over_time.part(context),
        organisations.part(context),
        reach.part(context),
        equity.part(context),
        knowledge.part(context),
        cost.part(context),
        unknown.part(context),
        trend.part(context),
        regions.part(context),
        attribution.part(context),
        robustness.part(context),
        experience.part(context),
        since.part(context),
        method.part(context),
        passport.part(context),
        indicators.part(context),
        checklists.part(context),
        quality.part(context),
    ]


def counted_parts(context: Context) -> list[Part]:
    """The parts of a report without a survey: nothing in them speaks of what parents know or of a change."""
    return [
        cards(context),
        supply.part(context),
        delivery.part(context),
        destinations.part(context),
        over_time.part(context),
        organisations.part(context),
        cost.part(context),
        unknown.part(context),
        since.part(context),
        method.part(context),
        indicators.part(context),
        quality.part(context),
    ]


def build(
    context: Context,
    parts: Sequence[Part],
    kind: str | None = None,
    place: str | None = None,
    said: Answer | None = None,
    figures: Sequence[KeyFigure] | None = None,
) -> Report:
    """The report model of `parts`: numbered, with its answer, labels, sources and provenance.

    kind, place, said, figures: those of a report that is not about the area or a region as such."""
    study, text = context.study, context.words
    whole = assemble(parts)
    quarter = label(context.quarter, context.language)
    kind = kind or ("region" if context.region else "province")
    place = place or context.place
    return Report(
        kind=kind,
        language=context.language,
        title=text(f"title.{kind}", title=study.title[context.language], region=place),
        subtitle=text(
            f"title.subtitle_{kind}",
            title=study.title[context.language],
            campaign=study.campaign[context.language],
            area=context.area,
            quarter=quarter,
        ),
        quarter=context.quarter,
        quarter_label=quarter,
        area=context.area,
        region=place if context.region else None,
        synthetic=text("title.synthetic") if study.synthetic else None,
        answer=said or answer(context),
        key_figures=key_figures(context) if figures is None else tuple(figures),
        sections=whole.sections,
        figures=whole.figures,
        tables=whole.tables,
        labels={key: text(f"labels.{key}") for key in label_keys()},
        sources=tuple(dict.fromkeys(item.source for item in (*whole.figures, *whole.tables))),
        provenance=_provenance(context),
    )


def cards(context: Context) -> Part:
    """The key figures, under what may be said of them."""
    sentences = paragraph(" ".join(caveats(context)))
    return Part(main("key-figures", title(context), [sentences, key_figure_cards()]))


def _provenance(context: Context) -> Provenance:
    inputs = tuple(
        InputFile(
            file=receipt["file"],
            sha256=receipt["sha256"],
            read=receipt["read"],
            accepted=receipt["accepted"],
            quarantined=sum(receipt["quarantined"].values()),
        )
        for receipt in context.receipts
    )
    return Provenance(context.quarter, context.study.sha256, version(DISTRIBUTION), inputs)
