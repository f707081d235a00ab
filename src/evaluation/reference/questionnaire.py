"""The shipped questionnaire: its questions, their answers, and which answer is right."""

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from tomllib import loads

Text = dict[str, str]  # "nl" and "en"


@dataclass(frozen=True)
class Item:
    """One question.

    id: code of the question, its column in the responses. block: background, reach, dose, knowledge,
    signals, attitude, self-efficacy, intention, behaviour, appreciation, message, harm, professional.
    section: section of the leaflet (1-5) or None. construct: what it measures; for the background block the
    column it becomes. scale: true_false, agree5, yes_no, yes_no_dk, tick, choice, number, open.
    answers: code -> wording (empty for number, open and the list of municipalities). key: the right answer's
    code, None where there is no right answer. asked: all (every wave), after (waves after the start),
    recipients (of a copy), readers, professionals (not in the parents' survey).
    """

    id: str
    block: str
    section: int | None
    construct: str
    text: Text
    scale: str
    answers: dict[str, Text] = field(default_factory=dict)
    key: str | None = None
    asked: str = "all"


@cache
def _file() -> dict:
    return loads(files("evaluation.reference").joinpath("questionnaire.toml").read_text(encoding="utf-8"))


@cache
def _items() -> dict[str, Item]:
    scales = _file()["answers"]
    return {
        row["id"]: Item(**{"section": None, "answers": scales.get(row["scale"], {})} | row)
        for row in _file()["items"]
    }


def questionnaire() -> dict[str, Item]:
    """The questions of the questionnaire "bond", in the order in which they are asked: id -> Item.

    A question that allows several answers is one tick item per answer (R4_clinic, R4_gp, ...), a grid one
    item per row (W2_clear, ...). Source: a proposal from the sections of the leaflet; the right answers
    await the foundation's sign-off (see `questionnaire_source`).
    """
    return dict(_items())


def questionnaire_source() -> Text:
    """Where the questions come from and what is still to be settled about them; to print wherever
    an outcome rests on a right answer."""
    return dict(_file()["source"])
