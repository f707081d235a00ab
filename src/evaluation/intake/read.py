"""Reads all files of one kind into one table of text under the contract's column names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from evaluation.errors import InputError
from evaluation.intake.columns import Column, expected, is_free_text
from evaluation.intake.detectors import count_hits
from evaluation.intake.files import open_export
from evaluation.intake.names import count_names, looked_by
from evaluation.intake.recognise import laid_out, open_table
from evaluation.intake.sheet import shown
from evaluation.intake.surveys import MOMENT
from evaluation.intake.tables import Table
from evaluation.intake.values import as_text, normalise
from evaluation.study import FileSpec, Study

# LimeSurvey writes a part of a question as S[S1] or R4[clinic]: the item S1, the item R4_clinic.
_PART = re.compile(r"(\w+)\[(\w+)\]")
# LimeSurvey's "code and text" headings: K1. A secure bond ...
_CODED = re.compile(r"([A-Za-z]\w*(?:\[\w+\])?)[.:] \S.*")
# Between two headings that Excel left in one cell.
_BETWEEN = re.compile(r'[,;\t]"?')
# A question and its option or row in one heading: Question? [option], Question - option.
_OPTION = re.compile(r"(.+?)(?: \[(.+)\]| [-–] (.+))")


@dataclass(frozen=True)
class FileFacts:
    """What a receipt says of a file before any rule is applied. notes: heading -> identifier -> cells.

    names: who looked for names in the open answers ("by", "" for nobody) and heading -> cells with one
    ("cells"); empty for a file without open answers.
    """

    name: str
    kind: str
    format: str
    sha256: str
    used: tuple[str, ...]
    dropped: tuple[str, ...]
    columns: dict[str, str]
    notes: dict[str, dict[str, int]] = field(default_factory=dict)
    names: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Raw:
    """All rows of one kind as text. file: position in `files`; row: number in a spreadsheet; both per row.

    A contract column that no file has is absent from `frame`; one that some files lack is "" in those.
    """

    frame: pd.DataFrame
    file: np.ndarray
    row: np.ndarray
    broken: np.ndarray
    files: tuple[FileFacts, ...]

    def heading(self, column: str) -> str:
        """The heading under which the files have a contract column."""
        return next((facts.columns[column] for facts in self.files if column in facts.columns), column)


def read_kind(study: Study, spec: FileSpec) -> Iterator[tuple[FileFacts, pd.DataFrame, np.ndarray]]:
    """One file of a kind after the other: its facts, its rows as text (index = row number), its broken rows.

    Raises InputError when a file lies outside the study's folder (a link does), is not what it says, has no
    rows, lacks a column, or is there twice.
    """
    seen: dict[str, str] = {}
    # A question of later waves may be absent from a file, but what the study file maps must be in one.
    never = set(spec.columns)
    for path in spec.paths:
        if not path.resolve().is_relative_to(study.folder.resolve()):
            raise InputError("intake.file_elsewhere", file=relative_name(study, path))
        export = open_export(path, relative_name(study, path))
        if export.sha256 in seen:
            raise InputError("intake.file_twice", file=export.name, other=seen[export.sha256])
        seen[export.sha256] = export.name
        own = open_table(export, spec)
        layout, table = laid_out(export, own, study, spec)
        contract = expected(study, spec, layout)
        never &= set(contract)
        places = _places(study, spec, layout, contract, export.name, table)
        free = [p for p, heading in enumerate(table.headings) if is_free_text(study, heading)]
        free = [p for p in free if spec.kind == "responses" and p not in places.values()]
        sheet = table.read([*places.values(), *free])
        frame = pd.DataFrame({name: sheet.frame[position] for name, position in places.items()})
        frame, broken = _without_tail(frame, sheet.broken)
        if frame.empty:
            raise InputError("intake.file_no_rows", file=export.name)
        counts = {table.headings[p]: count_hits(sheet.frame[p]) for p in free}
        behind = getattr(table, "sources", lambda position: (position,))
        used = {source for position in places.values() for source in behind(position)}
        facts = FileFacts(
            name=export.name,
            kind=spec.kind,
            format=layout,
            sha256=export.sha256,
            used=tuple(own.headings[p] for p in sorted(used)),
            dropped=tuple(h for p, h in enumerate(own.headings) if p not in used),
            columns={name: own.headings[behind(position)[0]] for name, position in places.items()},
            notes={heading: hits for heading, hits in counts.items() if hits},
            names=_names({table.headings[p]: sheet.frame[p] for p in free}),
        )
        never -= set(places)
        if never and path == spec.paths[-1]:
            missing = [(name, spec.columns[name]) for name in sorted(never)]
            raise _missing(spec, export.name, missing, table.headings, anything_found=True)
        yield facts, frame, broken


def _names(open_answers: dict[str, pd.Series]) -> dict[str, object]:
    if not open_answers:
        return {}
    by = looked_by()
    counts = {heading: count_names(cells) for heading, cells in open_answers.items()} if by else {}
    return {"by": by, "cells": {heading: count for heading, count in counts.items() if count}}


def stack(parts: list[tuple[FileFacts, pd.DataFrame, np.ndarray]]) -> Raw:
    """The files of one kind as one table."""
    frames = [frame for _, frame, _ in parts]
    lengths = [len(frame) for frame in frames]
    names = dict.fromkeys(name for frame in frames for name in frame)
    return Raw(
        frame=pd.DataFrame({name: _below(name, frames) for name in names}, index=range(sum(lengths))),
        file=np.repeat(np.arange(len(parts)), lengths),
        row=np.concatenate([frame.index.to_numpy() for frame in frames]),
        broken=np.concatenate([broken for _, _, broken in parts]),
        files=tuple(facts for facts, _, _ in parts),
    )


def _below(name: str, frames: list[pd.DataFrame]) -> pd.Series:
    """One column of all frames below one another; "" for a frame without it."""
    columns = [
        frame[name]
        if name in frame
        else pd.Series(pd.Categorical([""] * len(frame), categories=pd.Index([""], dtype="str")))
        for frame in frames
    ]
    if len(columns) == 1:
        return columns[0].reset_index(drop=True)
    if not all(isinstance(column.dtype, pd.CategoricalDtype) for column in columns):
        return pd.concat([as_text(column) for column in columns], ignore_index=True)
    # One list of values for all files; each file's positions in its own list become positions in that.
    own = [column.cat.categories for column in columns]
    where, values = pd.factorize(pd.Index(np.concatenate([pd.array(one) for one in own]), dtype="str"))
    where = where.astype(np.min_scalar_type(-max(len(values), 1)))
    ends = np.cumsum([len(one) for one in own])
    codes = [
        where[end - len(one) : end][column.cat.codes.to_numpy()]
        for one, end, column in zip(own, ends, columns, strict=True)
    ]
    together = pd.Categorical.from_codes(np.concatenate(codes), pd.Index(values, dtype="str"), validate=False)
    return pd.Series(together)


def relative_name(study: Study, path: Path) -> str:
    """A file's name as receipts and messages give it: relative to the study's folder."""
    return path.relative_to(study.folder).as_posix() if path.is_relative_to(study.folder) else path.name


def _places(
    study: Study, spec: FileSpec, layout: str, contract: dict[str, Column], file: str, table: Table
) -> dict[str, int]:
    """Contract column -> position of its column in the file."""
    headings = table.headings
    where = headings_of(spec, table)
    wanted = {
        name: (spec.columns[name],) if name in spec.columns else (*column.headings, name)
        for name, column in contract.items()
    }
    if spec.wave_from:
        wanted["wave"] = (spec.wave_from[1], *MOMENT.get(layout, ()))
    elsewhere = {normalise(heading) for heading in spec.columns.values()}
    places, missing = {}, []
    for name, candidates in wanted.items():
        mapped = name in spec.columns or name == "wave"
        # A heading that the study file gives to one column is not guessed to be another.
        known = [key for key in map(normalise, candidates) if mapped or key not in elsewhere]
        found = next((key for key in known if key in where), None)
        if found is None:
            if name == "wave" or contract[name].required or (mapped and not contract[name].later):
                missing.append((name, candidates[0]))
            continue
        if len(where[found]) > 1:
            raise InputError("intake.column_twice", file=file, heading=headings[where[found][0]])
        places[name] = where[found][0]
    if missing:
        raise _missing(spec, file, missing, headings, anything_found=bool(places))
    return places


def headings_of(spec: FileSpec, table: Table) -> dict[str, list[int]]:
    """Every name by which a column of the file may be found -> its positions.

    The heading itself goes first, then the names it holds (a code before the text, an option behind the
    question), then the other headings of the layout.
    """
    where: dict[str, list[int]] = {}
    own = getattr(table, "own_width", len(table.headings))
    for position, heading in enumerate(table.headings[:own]):
        where.setdefault(normalise(heading), []).append(position)
    # A column that the layout made stands for the file's own of that name.
    where |= {normalise(heading): [p] for p, heading in enumerate(table.headings[own:], own)}
    if spec.kind != "responses":
        return where
    parts: dict[str, list[int]] = {}
    aliases = getattr(table, "aliases", {})
    for position, heading in enumerate(table.headings):
        for text in (heading, *aliases.get(position, ())):
            names = {text}
            if coded := _CODED.fullmatch(text):
                names |= {coded[1], text[len(coded[1]) + 2 :]}
            for name in tuple(names):
                if part := _PART.fullmatch(name):
                    names |= {part[2], f"{part[1]}_{part[2]}"}
                if option := _OPTION.fullmatch(name):
                    last = option[2] or option[3]
                    names |= {last, f"{option[1]} {last}"}
            for name in map(normalise, names):
                if position not in parts.setdefault(name, []):
                    parts[name].append(position)
    # A name that only part of a heading gives must be one column's, or it is nobody's.
    return {name: found for name, found in parts.items() if len(found) == 1} | where


def _missing(
    spec: FileSpec, file: str, missing: list, headings: list[str], anything_found: bool
) -> InputError:
    name, heading = missing[0]
    if len(headings) == 1 and len(_BETWEEN.findall(headings[0])) >= len(missing) > 1:
        return InputError("intake.one_cell", file=file)
    if not anything_found:
        # Without a single known heading the first row may be a person's data: do not repeat it.
        wanted = ", ".join(dict.fromkeys(heading for _, heading in missing))
        return InputError("intake.headings_missing", file=file, kind=spec.kind, wanted=wanted)
    if spec.kind == "orders" and name == "postcode" and name not in spec.columns:
        return InputError("intake.orders_without_postcode", file=file)
    return InputError(
        "intake.column_missing",
        file=file,
        kind=spec.kind,
        column=name,
        heading=heading,
        known=shown(headings),
    )


def _without_tail(frame: pd.DataFrame, broken: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
    """Without the empty rows that spreadsheets leave at the end."""
    filled = np.flatnonzero(~is_empty(frame) | broken)
    length = filled[-1] + 1 if len(filled) else 0
    return frame.iloc[:length], broken[:length]


def is_empty(frame: pd.DataFrame) -> np.ndarray:
    """Which rows are empty in every column."""
    empty = np.ones(len(frame), dtype=bool)
    for column in frame:
        if not empty.any():
            break
        empty &= frame[column].eq("").to_numpy()
    return empty
