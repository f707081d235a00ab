"""Answers of parents, one row per respondent: wave, place, clinic, background and coded answers."""

import re

import numpy as np
import pandas as pd

from evaluation.errors import DataError, StudyError
from evaluation.intake.columns import BACKGROUND, answer_items
from evaluation.intake.corrected import superseded
from evaluation.intake.labels import background_labels, decode, decode_item, own_labels, refuse_unknown_scale
from evaluation.intake.places import municipality_labels, region_labels, regions_of
from evaluation.intake.read import Raw
from evaluation.intake.sieve import Sieve
from evaluation.intake.values import (
    as_text,
    is_blank,
    normalise,
    numbered,
    parse_dates,
    parse_moments,
    parse_numbers,
    parse_quarters,
    per_value,
    quarters_of,
    stripped,
)
from evaluation.study import FileSpec, Study

# A third of the median time is the usual bound below which nobody can have read the questions.
SPEEDER = 1 / 3
STRAIGHT_LINE = 6
_AGREE = ("1", "2", "3", "4", "5")
_WAVE_IN_NAME = re.compile(r"20\d{2}Q[1-4]")


def take_responses(study: Study, spec: FileSpec, raw: Raw) -> tuple[pd.DataFrame, Sieve]:
    """Accepted answers (columns as the accepted table `responses`) and their sieve.

    Raises DataError for a column whose labels are not understood and for an empty wave before the
    newest one, StudyError when neither municipality nor region is known.
    """
    text, sieve = raw.frame, Sieve(raw)
    if "municipality" not in text and "region" not in text:
        raise StudyError("intake.responses_without_place", study=study.path.name)
    if "preview" in text:
        sieve.catch("preview_row", text["preview"] != "", "preview")
    if "completed" in text:
        sieve.catch("incomplete", is_blank(text["completed"]), "completed")
    if "id" in text:
        for moment in [name for name in ("completed", "wave") if name in text][:1]:
            sieve.catch("superseded", superseded(raw, sieve.free, "id", moment), "id")
        sieve.catch("duplicate_row", _repeated(raw, sieve.free), "id")
    columns = {"wave": _waves(study, spec, raw, sieve)}
    columns |= _place(study, spec, text, sieve)
    if "code" in text:
        sieve.catch("code_twice", _code_twice(text["code"], columns["wave"], sieve.free), "code")
    clinic = pd.Series("", index=text.index, dtype="str")
    if "clinic" in text:
        clinic = stripped(text["clinic"])
    if study.design.cluster:
        sieve.catch("no_clinic", clinic == "", "clinic")
    columns["clinic"] = clinic
    if "weight" in text:
        columns["weight"] = parse_numbers(text["weight"])
        sieve.catch("bad_number", ~columns["weight"].between(0, 1e6, inclusive="right"), "weight")

    considered = sieve.free
    for name in BACKGROUND:
        if name in text and name != "municipality":
            codes = (*BACKGROUND[name].answers, "unknown")
            labels = background_labels(name, own_labels(study, spec, name, codes))
            columns[name], unmapped = decode(text[name], labels)
            refuse_unknown_scale(raw, name, unmapped, considered, agree5=False)
            sieve.catch("unmapped_label", unmapped, name)
    for name in answer_items(study):
        if name in text:
            item = study.items[name]
            codes = ("", *item.answers)
            columns[name], unmapped = decode_item(item, text[name], own_labels(study, spec, name, codes))
            if item.scale != "number":
                refuse_unknown_scale(raw, name, unmapped, considered, agree5=item.scale == "agree5")
            sieve.catch("bad_number" if item.scale == "number" else "unmapped_label", unmapped, name)
    sieve.flag("speeder", _speeders(raw, columns["wave"], sieve.free))
    agree5 = [
        columns[name]
        for name in answer_items(study)
        if name in columns and study.items[name].scale == "agree5"
    ]
    if len(agree5) >= STRAIGHT_LINE:
        sieve.flag("straight_liner", _straight_lines(agree5))
    frame = pd.DataFrame(columns)[sieve.free].reset_index(drop=True)
    _refuse_gap(study, set(frame["wave"].unique()))
    return frame, sieve


def _refuse_gap(study: Study, answered: set[str]) -> None:
    """Stop at a wave without answers before one with answers; later waves may still have to come."""
    filled = [number for number, wave in enumerate(study.waves) if wave in answered]
    for wave in study.waves[: filled[-1] + 1] if filled else study.waves:
        if wave not in answered:
            if study.unread:
                files = ", ".join(study.unread)
                raise DataError("intake.wave_empty_unread", wave=wave, study=study.path.name, files=files)
            raise DataError("intake.wave_empty", wave=wave, study=study.path.name)


def _repeated(raw: Raw, free: np.ndarray) -> np.ndarray:
    """Which free rows have the response number of an earlier free row.

    Two surveys number their responses each from 1, so between files the moment of sending must agree too.
    """
    moment = next((raw.frame[name] for name in ("completed", "wave") if name in raw.frame), raw.frame["id"])
    number, moment = numbered(raw.frame["id"])[0], numbered(moment)[0]
    keys = pd.DataFrame({"file": raw.file, "id": number, "moment": moment})[free]
    repeated = np.zeros(len(free), dtype=bool)
    repeated[free] = (keys.duplicated(["file", "id"]) | keys.duplicated(["id", "moment"])).to_numpy()
    return repeated & ~is_blank(raw.frame["id"])


def _code_twice(code: pd.Series, wave: pd.Series, free: np.ndarray) -> np.ndarray:
    """Which free rows have the linking code of an earlier free row of their wave: one code, one response."""
    keys = pd.DataFrame({"code": per_value(code, normalise), "wave": wave})[free]
    repeated = np.zeros(len(free), dtype=bool)
    repeated[free] = (keys.duplicated() & keys["code"].ne("")).to_numpy()
    return repeated


def _speeders(raw: Raw, wave: pd.Series, free: np.ndarray) -> np.ndarray:
    """Who took less than a third of the median time of their file and wave."""
    text = raw.frame
    if "duration" in text:
        seconds = parse_numbers(text["duration"])
    elif "started" in text and "completed" in text:
        begun, done = (parse_moments(text[name]) for name in ("started", "completed"))
        seconds = (done - begun).dt.total_seconds()
    else:
        return np.zeros(len(text), dtype=bool)
    seconds = seconds.where(free & (seconds > 0).to_numpy())
    waves, _ = numbered(wave)
    median = seconds.groupby([raw.file, waves]).transform("median")
    return (seconds < median * SPEEDER).to_numpy()


def _straight_lines(answers: list[pd.Series]) -> np.ndarray:
    """Who gave one and the same answer to every agreement question, at least six of them.

    Some of the questions are worded the other way round, so that nobody can mean it.
    """
    least, most = np.full(len(answers[0]), 9, dtype=np.int8), np.zeros(len(answers[0]), dtype=np.int8)
    answered = np.zeros(len(answers[0]), dtype=np.int16)
    for column in answers:
        step = _steps(column)
        answered += step > 0
        least = np.minimum(least, np.where(step > 0, step, 9))
        most = np.maximum(most, step)
    return (least == most) & (answered >= STRAIGHT_LINE)


def _steps(column: pd.Series) -> np.ndarray:
    """(n int8) the answers to an agreement question as 1 to 5, 0 for none."""
    codes, values = numbered(column, only_used=False)
    return np.array([int(value) if value in _AGREE else 0 for value in values], dtype=np.int8).take(codes)


def _waves(study: Study, spec: FileSpec, raw: Raw, sieve: Sieve) -> pd.Series:
    """The wave (quarter) of every row."""
    if spec.wave_from is None:
        named = [_WAVE_IN_NAME.search(facts.name) for facts in raw.files]
        waves = pd.Series(
            np.array([match[0] if match else "" for match in named], dtype=object)[raw.file], dtype="str"
        )
        column = None
    elif spec.wave_from[0] == "date":
        days = parse_dates(raw.frame["wave"])
        sieve.catch("bad_date", days.isna(), "wave")
        waves, column = quarters_of(days), "wave"
    else:
        quarters = parse_quarters(raw.frame["wave"])
        mapped, unmapped = decode(raw.frame["wave"], own_labels(study, spec, "wave", study.waves))
        waves, column = quarters.where(unmapped, as_text(mapped)), "wave"
    sieve.catch("wave_unknown", ~waves.isin(study.waves), column)
    return waves


def _place(study: Study, spec: FileSpec, text: pd.DataFrame, sieve: Sieve) -> dict[str, pd.Series]:
    """Region and municipality of every row; a region of the file's own goes before the municipality's."""
    municipality = pd.Series("", index=text.index, dtype="str")
    if "municipality" in text:
        municipality, unknown = decode(text["municipality"], municipality_labels(study, spec))
        empty_allowed = "region" in text
        sieve.catch(
            "unknown_municipality", unknown & ~(text["municipality"].eq("") & empty_allowed), "municipality"
        )
    if "region" in text:
        region, unknown = decode(text["region"], region_labels(study, spec))
        sieve.catch("unknown_region", unknown, "region")
    else:
        region = regions_of(study, municipality)
        sieve.catch("outside_area", region == "", "municipality")
    return {"region": region, "municipality": municipality}
