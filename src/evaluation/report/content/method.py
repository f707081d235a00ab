"""Method in ten lines, the meaning of the certainty words, and the comparison with published campaigns."""

from __future__ import annotations

from evaluation.quarters import label
from evaluation.report.content import answer, cells, facts
from evaluation.report.content.facts import Context
from evaluation.report.content.parts import Part, appendix
from evaluation.report.model import Table, bullets, paragraph, table
from evaluation.report.registered import published_name
from evaluation.report.wording import numbers, rules
from evaluation.report.wording.marks import Registered


def part(context: Context) -> Part:
    words = context.words
    if not context.surveyed:
        lines = [words("method.counted"), disclosure_line(context)]
        return Part(appendix("method", words("section.method_short"), [bullets(lines)]))
    numbered = _published(context)
    said = [paragraph(" ".join(_published_sentences(context)))]
    sections = appendix("method", words("section.method"), [bullets(method_lines(context))])
    if context.baseline:
        sections += appendix("words", words("section.words"), [bullets(_meanings(context))])
    if context.region is None:
        sections += appendix("published", words("section.published"), [*said, table(numbered.id)])
    return Part(sections, (), (numbered,) if context.region is None else ())


def method_lines(context: Context) -> list[str]:
    """Ten lines on how the numbers came about, chosen by what the study's design and data are."""
    words, study = context.words, context.study
    comparison = study.area.comparison
    lines = [
        words("method.question", topic=study.topic[context.language], population=context.population),
        words("method.waves") + " " + _waves(context),
    ]
    lines.append(words("method.clusters" if study.design.cluster else "method.no_clusters"))
    lines.append(weights_line(context))
    lines.append(words("method.interval"))
    if context.baseline:
        if len(study.area.regions) > 1:
            lines.append(words("method.regions"))
        unit = facts.change_unit(context)
        lines.append(words("method.equivalence", smallest=answer.smallest(context), unit=unit))
        named = context.name(comparison) if comparison else ""
        lines.append(words("method.comparison" if comparison else "method.no_comparison", comparison=named))
    said = words("method.reach") if "reach" in set(context.checked["indicator"]) else ""
    lines.append(" ".join(filter(None, [words("method.dont_know"), said])))
    lines.append(disclosure_line(context))
    lines.append(sign_off(context))
    if methods := _estimators(context):
        lines[-1] += " " + words("method.estimators", methods=methods)
    return lines[:10] if len(lines) <= 10 else [*lines[:8], lines[8] + " " + lines[9], *lines[10:]]


def disclosure_line(context: Context) -> str:
    limits = {
        name: numbers.number(facts.threshold(context, f"minimum_{name}"), context.language)
        for name in ("base", "count")
    }
    return context.words("method.disclosure", **limits)


def sign_off(context: Context) -> str:
    """Whether the right answers have been settled."""
    return context.words("method.answers_unsigned" if context.study.questionnaire else "method.answers_own")


def _waves(context: Context) -> str:
    if not context.baseline:
        return context.words("method.one_wave")
    periods = {
        "before": label(context.before(context.scope), context.language),
        "after": label(context.quarter, context.language),
    }
    return context.words("method.before_after", **periods)


def weights_line(context: Context) -> str:
    words, margins = context.words, context.study.design.margins
    if not margins or "raking" in context.unavailable:
        return words("method.no_weights")
    return words(
        "method.weights", margins=words.listing(words.label(f"margin.{name}", name) for name in margins)
    )


def _estimators(context: Context) -> str:
    """The estimators named by the primary outcome's changes, for those who want to check."""
    found = facts.rows(context, context.primary.id)
    names = found.loc[found["measure"].isin(["change", "did", "level"]), "method"]
    known = sorted({name for name in names if name})
    return "; ".join(context.words.label(f"estimator.{name}", name.replace("_", " ")) for name in known)


def _meanings(context: Context) -> list[str]:
    texts = {"smallest": answer.smallest(context), "unit": facts.change_unit(context)}
    meanings = [context.words(f"meaning.{word}", **texts) for word in rules.CERTAINTIES]
    return [*meanings, context.words("meaning.order"), context.words("meaning.regions")]


def _published_sentences(context: Context) -> list[str]:
    words = context.words
    found = facts.change(context, context.primary.id)
    if not found.has_range:
        return [words("published.none"), words("published.caution")]
    known = answer.published()["number"]
    place = "outside" if found.value > known.max() else "below" if found.value < known.min() else "within"
    change = numbers.signed(found.value, context.language)
    unit = facts.change_unit(context)
    return [
        words(f"published.{place}", area=context.area, change=change, unit=unit),
        words("published.caution"),
    ]


def _published_decimals(text: str) -> int:
    """As many as the source prints: more would say more than it does."""
    return len(text.partition(".")[2])


def _published(context: Context) -> Table:
    words = context.words
    known = answer.published()
    named = [Registered(row.number, published_name(row)) for row in known.itertuples(index=False)]
    low, high = (numbers.signed(end(named), context.language, 0) for end in (min, max))
    columns = (
        cells.text_column(context, "campaign"),
        cells.number_column(context, "result"),
        cells.text_column(context, "reference"),
    )
    rows = tuple(
        {
            "campaign": cells.text(f"{row.campaign} ({row.country}, {row.year}): {row.design}"),
            "result": cells.number(context, result, _published_decimals(row.change), signed=True, own=True),
            "reference": cells.text(row.source),
        }
        for row, result in zip(known.itertuples(index=False), named, strict=True)
    )
    return Table(
        "published-table",
        0,
        words("published.headline", low=low, high=high),
        words("published.subtitle"),
        words("sources.published"),
        columns,
        "campaign",
        rows,
        (words("published.caution"), words("published.note")),
    )
