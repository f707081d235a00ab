"""From the labels of a survey to codes: whole labels, without case, never by a part or by position."""

import re
from collections.abc import Collection

import numpy as np
import pandas as pd

from evaluation.errors import DataError, StudyError
from evaluation.intake.columns import BACKGROUND
from evaluation.intake.read import Raw
from evaluation.intake.values import as_text, day_and_month, normalise, numbered, parse_numbers, per_value
from evaluation.reference import Item, likert_labels
from evaluation.study import FileSpec, Study

# Above this share of answers without a code the labels themselves are not understood, and going on is worse
# than stopping.
UNMAPPED_SHARE = 0.2
_NO_OPINION = {"weet ik niet", "weet niet", "geen mening"}
SEVEN_POINT = re.compile(r"\b(?:enigszins|een beetje|somewhat|slightly)\b")
_EXTRA = {
    "true_false": {
        "waar": "true", "juist": "true", "onwaar": "false", "onjuist": "false",
        "weet niet": "dont_know", "weet ik niet": "dont_know", "don't know": "dont_know",
    },
    "yes_no": {"y": "yes", "j": "yes", "n": "no"},
    "yes_no_dk": {"y": "yes", "j": "yes", "n": "no", "weet niet": "dont_know", "don't know": "dont_know"},
    "tick": {
        "y": "yes", "j": "yes", "1": "yes", "n": "no", "0": "no",
        "niet geselecteerd": "no", "not selected": "no",
    },
}  # fmt: skip
# Population tables name their categories shorter than a questionnaire does.
_SHORT = {
    "education": {"laag": "low", "midden": "middle", "hoog": "high"},
    "language": {"nederlands": "nl", "andere taal": "other", "anders": "other", "overig": "other"},
}


def item_labels(item: Item, own: dict[str, str]) -> dict[str, str]:
    """Normalised label -> code of one item; `own` are the study file's own labels, which go first."""
    # On an agreement scale a parent without an opinion has not answered; elsewhere it is an answer.
    missing = {*likert_labels()["missing"][""]} - (_NO_OPINION if item.scale != "agree5" else set())
    labels = dict.fromkeys(sorted(missing), "")
    labels |= _EXTRA.get(item.scale, {})
    if item.scale == "agree5":
        labels |= {word: code for code, words in likert_labels()["agree5"].items() for word in words}
    if item.scale == "tick":
        # SurveyMonkey and Google Forms put the option itself in the cell.
        labels |= {normalise(text.rpartition("? ")[2]): "yes" for text in item.text.values() if "? " in text}
    for code, text in item.answers.items():
        labels |= {normalise(code): code, normalise(text["nl"]): code, normalise(text["en"]): code}
    return labels | own | {"": ""}


def own_labels(study: Study, spec: FileSpec, column: str, codes: Collection[str]) -> dict[str, str]:
    """Normalised label -> code of a column, as the study file gives them.

    Raises StudyError when a code is not one of `codes`.
    """
    own = spec.values.get(column, {})  # noqa: PD011 - a dict of the study file, not a frame
    for code in dict(own).values():
        if code not in codes:
            raise StudyError(
                "intake.code_unknown",
                study=study.path.name,
                kind=spec.kind,
                column=column,
                code=code,
                known=", ".join(codes),
            )
    return {normalise(label): code for label, code in own.items()}


def code_labels(
    study: Study, spec: FileSpec, column: str, codes: dict[str, tuple[str, ...]]
) -> dict[str, str]:
    """Normalised label -> code: the codes, the labels they are known by, and the study file's own labels."""
    known = {label: code for code, labels in codes.items() for label in (code, *labels)}
    return known | own_labels(study, spec, column, codes)


def background_labels(column: str, own: dict[str, str]) -> dict[str, str]:
    """Normalised label -> code of a background column; an answer not given is "unknown"."""
    labels = item_labels(BACKGROUND[column], dict.fromkeys(_NO_OPINION, "unknown") | own)
    return {label: code or "unknown" for label, code in labels.items()}


def decode(text: pd.Series, labels: dict[str, str]) -> tuple[pd.Series, np.ndarray]:
    """The codes of a column (categories of text, "" among them), and which of its cells have no code."""
    positions, values = numbered(text, only_used=False)
    found = [_code(normalise(value), labels) for value in values]
    known = list(dict.fromkeys(["", *(code for code in found if code)]))
    at = {code: number for number, code in enumerate(known)}
    own = np.array([at[code or ""] for code in found], dtype=np.min_scalar_type(-len(known)))
    coded = pd.Categorical.from_codes(own.take(positions), pd.Index(known, dtype="str"), validate=False)
    without = np.array([code is None for code in found], dtype=bool)
    unmapped = without.take(positions) if without.any() else np.zeros(len(text), dtype=bool)
    return pd.Series(coded, index=text.index), unmapped


def _code(label: str, labels: dict[str, str]) -> str | None:
    code = labels.get(label)
    if code is None and (day := day_and_month(label)):
        # Excel reads an answer such as 2-3 as a day and a month; no closed question has a date.
        meant = {labels[pair] for pair in (f"{day[0]}-{day[1]}", f"{day[1]}-{day[0]}") if pair in labels}
        return meant.pop() if len(meant) == 1 else None
    return code


def decode_item(item: Item, text: pd.Series, own: dict[str, str]) -> tuple[pd.Series, np.ndarray]:
    """The answer codes of one item, and which cells have none. Numbers are written as 8 or 7.5; an empty
    tick box of a question that everybody is asked means "no"."""
    labels = item_labels(item, own)
    if item.scale == "number":
        codes, unread = decode(text, labels)
        numbers = parse_numbers(as_text(text).where(unread, ""))
        written = per_value(numbers, lambda number: "" if number != number else f"{number:.10g}").astype(
            "str"
        )
        return as_text(codes).where(~unread, written), unread & numbers.isna().to_numpy()
    codes, unmapped = decode(text, labels)
    if item.scale == "tick" and item.asked == "all":
        codes = codes.cat.add_categories([code for code in ("no",) if code not in codes.cat.categories])
        codes = codes.mask((codes == "") & ~unmapped, "no")
    return codes, unmapped


def refuse_unknown_scale(
    raw: Raw, column: str, unmapped: np.ndarray, considered: np.ndarray, agree5: bool
) -> None:
    """Stop at a column of a file whose labels are not understood.

    column: contract column; considered: the rows that count. Raises DataError when labels of a seven-point
    scale occur in a five-point item, or when more than a fifth of the answers have no code.
    """
    if not (unmapped & considered).any():
        return
    answered = considered & raw.frame[column].ne("").to_numpy()
    for number, facts in enumerate(raw.files):
        here = answered & (raw.file == number)
        strange = raw.frame[column][here & unmapped].unique()
        heading = facts.columns.get(column, column)
        if agree5 and any(SEVEN_POINT.search(normalise(label)) for label in strange):
            raise DataError("intake.seven_point", file=facts.name, column=heading)
        if (unmapped & here).sum() > UNMAPPED_SHARE * here.sum():
            raise DataError(
                "intake.labels_unmapped",
                file=facts.name,
                column=heading,
                count=len(strange),
                labels=_showable(strange),
            )


def _showable(labels: np.ndarray) -> str:
    """The labels of a closed question, between quotes; none when they may be what people typed."""
    if len(labels) > 40 or any(len(label) > 40 or re.search(r"[@\d]", label) for label in labels):
        return "-"
    return ", ".join(f'"{label}"' for label in sorted(labels))


def margin_labels(margin: str, own: dict[str, str]) -> dict[str, str]:
    """Normalised label -> code of the categories of a population margin."""
    return _SHORT[margin] | background_labels(margin, own)
