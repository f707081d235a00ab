"""Exports of survey tools, recognised by headings and cells: which rows are headings, what is a preview,
and which heading is which question.

Sources of the layouts: the manuals of LimeSurvey, SurveyMonkey, Google Forms and Qualtrics.
"""

import re
from collections.abc import Iterable

import pandas as pd

from evaluation.intake.sheet import clean_heading
from evaluation.intake.tables import Derived, Made, Table, copy_of
from evaluation.intake.values import normalise, per_value
from evaluation.reference import Item

_IMPORT_ID = '{"importid"'
_GOOGLE = {"tijdstempel", "timestamp"}
_NO_OPTION = {"response", "open-ended response", "antwoord", "open antwoord", "reactie"}
_PREVIEW = {"survey preview", "survey test", "enquêtevoorbeeld", "spam"}
_FINISHED = {"true", "1", "waar", "ja", "yes"}
# The date that tells the wave, where the study file names a heading of another tool.
MOMENT = {
    "limesurvey": ("submitdate",),
    "surveymonkey": ("end date", "einddatum", "datum beëindigd"),
    "google-forms": ("tijdstempel", "timestamp"),
    "qualtrics": ("recordeddate", "enddate"),
}
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\b.*", re.DOTALL)


def recognise_survey(table: Table) -> str | None:
    """ "limesurvey", "surveymonkey", "google-forms", "qualtrics", or None for another table."""
    names = [normalise(heading) for heading in table.headings]
    codes = {name.split(". ")[0] for name in names}
    if any(normalise(cell).startswith(_IMPORT_ID) for row in table.opening[:2] for cell in row):
        return "qualtrics"
    if {"respondent id", "collector id"} <= set(names) or {"respondent-id", "collector-id"} <= set(names):
        return "surveymonkey"
    if names and names[0] in _GOOGLE:
        return "google-forms"
    return "limesurvey" if "submitdate" in codes and {"id", "startlanguage", "lastpage"} & codes else None


def survey_table(layout: str, table: Table, items: Iterable[Item]) -> Table:
    """The table with one heading row and a column per question that the contract knows."""
    match layout:
        case "qualtrics":
            return _qualtrics(table)
        case "surveymonkey":
            return _surveymonkey(table)
        case "google-forms":
            return _google(table, items)
    return table


def _marked(position: int, words, code: str) -> Made:
    """A column that holds `code` where the cell at `position` is one of `words`, else nothing."""
    return Made(
        (position,),
        lambda frame: per_value(
            frame[position], lambda cell: code if normalise(cell) in words else ""
        ).astype("str"),
    )


def _qualtrics(table: Table) -> Derived:
    """Names, question texts and import ids, each in a row; a name that occurs twice gets a number."""
    ids = next(
        n for n, row in enumerate(table.opening[:2]) if any(normalise(c).startswith(_IMPORT_ID) for c in row)
    )
    questions = table.opening[0] if ids == 1 else []
    seen: dict[str, int] = {}
    headings = []
    for heading in table.headings:
        seen[heading] = seen.get(heading, 0) + 1
        headings.append(heading if seen[heading] == 1 else f"{heading} ({seen[heading]})")
    aliases = {p: (clean_heading(text),) for p, text in enumerate(questions) if text}
    at = {normalise(heading): position for position, heading in enumerate(headings)}
    made = {}
    for heading, column, words, code in (
        ("status", "preview", _PREVIEW, "preview"),
        ("finished", "completed", _FINISHED, "yes"),
    ):
        if heading in at:
            made[column] = _marked(at[heading], words, code)
    if "responseid" in at:
        made["id"] = copy_of(at["responseid"])
    if "duration (in seconds)" in at:
        made["duration"] = copy_of(at["duration (in seconds)"])
    return Derived(table, made=made, skip=ids + 1, renamed=headings, aliases=aliases)


def _surveymonkey(table: Table) -> Derived:
    """A question in the first row and its options in the second; the question is blank from its second
    option on."""
    options = [clean_heading(cell) for cell in table.opening[0]] if table.opening else []
    options += [""] * (len(table.headings) - len(options))
    headings, question = [], ""
    for heading, option in zip(table.headings, options, strict=False):
        question = heading or question
        plain = not option or normalise(option) in _NO_OPTION
        headings.append(question if plain else f"{question} [{option}]")
    at = {normalise(heading): position for position, heading in enumerate(headings)}
    made = {"id": copy_of(at.get("respondent id", at.get("respondent-id", 0)))}
    dates = [
        p
        for p, heading in enumerate(headings)
        if normalise(heading) in (*MOMENT["surveymonkey"], "start date", "startdatum")
    ]
    return Derived(table, made=made, filled={p: _iso(p) for p in dates}, skip=1, renamed=headings)


def _google(table: Table, items: Iterable[Item]) -> Derived:
    """All ticked options of a question in one cell, between commas or semicolons: one column per option."""
    at = {normalise(heading): position for position, heading in enumerate(table.headings)}
    made = {}
    for item in items:
        if item.scale != "tick":
            continue
        for text in item.text.values():
            stem, _, option = text.rpartition("? ")
            position = at.get(normalise(stem + "?")) if option else None
            if position is not None:
                made[item.id] = _ticked(position, normalise(option))
    return Derived(table, made=made, filled={0: _iso(0)})


def _ticked(position: int, option: str) -> Made:
    def one(cell: str) -> str:
        if not cell.strip():
            return ""
        marks = normalise(cell).split(";") if ";" in cell else normalise(cell).split(", ")
        return "yes" if option in (mark.strip() for mark in marks) else "no"

    return Made((position,), lambda frame: per_value(frame[position], one).astype("str"))


def _iso(position: int) -> Made:
    """Dates such as 05/13/2026: the column itself tells whether the month comes first (no month is 13)."""

    def dates(frame: pd.DataFrame) -> pd.Series:
        text = frame[position]
        parts = text.str.extract(_SLASHED).dropna().astype("int64")
        month_first = len(parts) > 0 and not (parts[0] > 12).any()

        def one(cell: str) -> str:
            match = _SLASHED.fullmatch(cell.strip())
            if match is None:
                return cell
            day, month = (match[2], match[1]) if month_first else (match[1], match[2])
            return f"{match[3]}-{int(month):02d}-{int(day):02d}"

        return per_value(text, one).astype("str")

    return Made((position,), dates)
