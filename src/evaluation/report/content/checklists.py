"""The reporting checklists CROSS, STROBE and TREND, filled in from the study by rule.

Each item of a checklist points to an answer; several items share one. An answer is a sentence about this
study, or "not available" with the reason: what neither the study file nor the data can say.
"""

from __future__ import annotations

from evaluation.quarters import label
from evaluation.report.content import answer, cells, facts
from evaluation.report.content.facts import Context
from evaluation.report.content.parts import Part, appendix
from evaluation.report.model import Table, paragraph, table
from evaluation.report.wording import numbers

# Item number -> answer.
CROSS = {
    1: "title", 2: "background", 3: "aim", 4: "design", 5: "instrument", 6: "participants", 7: "mode",
    8: "preparation", 9: "ethics", 10: "analysis", 11: "flow", 12: "descriptive", 13: "main", 14: "limits",
    15: "interpretation", 16: "general", 17: "funding", 18: "interests", 19: "thanks",
}  # fmt: skip
STROBE = {
    1: "title", 2: "background", 3: "aim", 4: "design", 5: "setting", 6: "participants", 7: "outcomes",
    8: "instrument", 9: "bias", 10: "size", 11: "scores", 12: "analysis", 13: "flow", 14: "descriptive",
    15: "outcomes_table", 16: "main", 17: "other", 18: "key", 19: "limits", 20: "interpretation",
    21: "general", 22: "funding",
}  # fmt: skip
TREND = {
    1: "title", 2: "background", 3: "participants", 4: "intervention", 5: "aim", 6: "outcomes", 7: "size",
    8: "assignment", 9: "blinding", 10: "unit", 11: "analysis", 12: "flow", 13: "recruitment",
    14: "descriptive", 15: "equivalence", 16: "size_now", 17: "main", 18: "other", 19: "harm",
    20: "interpretation", 21: "general", 22: "evidence",
}  # fmt: skip
LISTS = {"cross": CROSS, "strobe": STROBE, "trend": TREND}
# What no file of a study says.
ABSENT = ("background", "preparation", "ethics", "funding", "interests", "thanks", "mode", "recruitment")


def part(context: Context) -> Part:
    """Appendix section with one table per checklist."""
    tables = tuple(_table(context, name, items) for name, items in LISTS.items())
    title, said = context.words("section.checklists"), context.words("checklist.said")
    blocks = [paragraph(said), *(table(one.id) for one in tables)]
    return Part(appendix("checklists", title, blocks), (), tables)


def _table(context: Context, name: str, items: dict[int, str]) -> Table:
    words = context.words
    columns = (cells.text_column(context, "item"), cells.text_column(context, "here"))
    rows = tuple(
        {
            "item": cells.text(words(f"{name}.{number:02d}")),
            "here": cells.text(answered(context, key)),
        }
        for number, key in items.items()
    )
    missing = [key for key in items.values() if key in ABSENT]
    filled = facts.count(context, [key for key in items.values() if key not in ABSENT])
    headline = words(f"checklist.{name}", n=filled, total=facts.count(context, items))
    notes = (words("checklist.note"),) if missing else ()
    subtitle, source = words("checklist.subtitle"), words(f"sources.{name}")
    return Table(f"list-{name}", 0, headline, subtitle, source, columns, "item", rows, notes)


def answered(context: Context, key: str) -> str:
    """What this study answers to an item; "not available" with its reason otherwise."""
    words = context.words
    if key in ABSENT:
        return words("checklist.absent", reason=words(f"absent.{key}"))
    return words(f"here.{_variant(context, key)}", **_facts(context, key))


def _variant(context: Context, key: str) -> str:
    """The form of an answer that the study's design and data call for."""
    study = context.study
    asked = bool(len(facts.rows(context, study.primary.id)))
    compared = bool(study.area.comparison)
    match key:
        case "design" | "assignment" | "equivalence":
            return f"{key}_compared" if compared and context.baseline else f"{key}_plain"
        case "participants" | "unit":
            return f"{key}_clinics" if study.design.cluster else f"{key}_plain"
        case "instrument":
            return "instrument_bond" if study.questionnaire else "instrument_own"
        case "analysis" | "bias":
            weighted = study.design.margins and "raking" not in context.unavailable
            return f"{key}_weighted" if weighted else f"{key}_plain"
        case "main" | "outcomes_table" | "descriptive" | "size_now" | "key":
            return key if asked else "no_survey"
        case "harm":
            found = facts.find(context, "adverse", "level")
            return "harm" if found.status != "missing" else "harm_none"
        case "evidence" | "interpretation":
            return f"{key}_{answer.judged(context).claim}"
        case _:
            return key


def _facts(context: Context, key: str) -> dict[str, str]:
    study, language = context.study, context.language
    texts = {
        "title": study.title[language],
        "campaign": study.campaign[language],
        "topic": study.topic[language],
        "population": context.population,
        "area": context.area,
        "label": context.primary.label[language],
        "comparison": context.name(study.area.comparison) if study.area.comparison else "",
        "first": label(context.baseline or study.after[0], language),
        "last": label(context.quarter, language),
        "smallest": numbers.number(facts.smallest_change(context), language, 0),
        "unit": facts.change_unit(context),
        "regions": facts.count(context, study.area.regions),
    }
    now = facts.find(context, context.primary.id, "level", wave=context.quarter)
    texts["n"] = numbers.number(now.n, language) if now.shown else context.words("key.hidden")
    return texts
