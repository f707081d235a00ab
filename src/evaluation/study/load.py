"""Reads a study file and refuses, in one sentence with its place, what does not hold together."""

import difflib
import hashlib
import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from evaluation.errors import InputError, StudyError
from evaluation.reference.questionnaire import Item, questionnaire
from evaluation.study.checks import contradictions
from evaluation.study.model import Area, FileSpec, Study
from evaluation.study.schema import FileTable, ItemTable, StudyFile, StyleTable
from evaluation.study.style import Style, family, unreadable, unusable_files


def load_study(path: str | Path) -> Study:
    """Read and check a study file.

    Raises InputError when the file or one of its exports is missing, StudyError for anything in it that
    is misspelt, missing, of the wrong kind, or contradicts the rest.
    """
    path = Path(path)
    try:
        raw = path.read_bytes()
        document = tomllib.loads(raw.decode("utf-8"))
    except FileNotFoundError:
        raise InputError("evaluation.study_missing", file=path.name) from None
    except (OSError, UnicodeDecodeError):
        raise InputError("evaluation.study_unreadable", file=path.name) from None
    except tomllib.TOMLDecodeError as error:
        raise StudyError("evaluation.study_toml", file=path.name, detail=str(error)) from None
    try:
        declared = StudyFile.model_validate(document)
    except ValidationError as error:
        raise _refusal(path, raw.decode("utf-8"), error) from None
    items = _items(declared)
    for where, nl, en in contradictions(declared, items):
        raise StudyError(
            "evaluation.study_contradiction", file=path.name, where=where, problem_nl=nl, problem_en=en
        )
    return _build(path.resolve(), hashlib.sha256(raw).hexdigest(), declared, items)


def _build(path: Path, sha256: str, declared: StudyFile, items: dict[str, Item]) -> Study:
    area = declared.area
    return Study(
        path=path,
        sha256=sha256,
        **{name: getattr(declared.study, name) for name in type(declared.study).model_fields},
        area=Area(**{name: getattr(area, name) for name in type(area).model_fields}),
        earlier=declared.waves.earlier,
        baseline=declared.waves.baseline,
        after=declared.waves.after,
        outcomes=declared.outcomes,
        items=items,
        questionnaire=declared.questionnaire,
        groups=declared.groups.columns,
        design=declared.design,
        disclosure=declared.disclosure,
        quasi_identifiers=declared.disclosure.quasi_identifiers,
        targets=declared.targets,
        products=declared.products,
        files={
            kind: _file_spec(path, kind, table)
            for kind in type(declared.files).model_fields
            if (table := getattr(declared.files, kind)) is not None
        },
        style=_style(path, declared.style),
    )


def _style(path: Path, declared: StyleTable) -> Style:
    """The look that [style] asks for. Raises InputError for a file that is not there, StudyError for colours
    that cannot be read and for what is no logo or font."""
    found = {}
    for key in ("logo", "font", "font_bold"):
        if name := getattr(declared, key):
            found[key] = path.parent / name
            if not found[key].is_file():
                raise InputError("evaluation.style_file", study=path.name, key=key, name=name)
    colours = {key: value for key in ("accent", "colours") if (value := getattr(declared, key))}
    look = Style(**colours, **found, logo_text=declared.logo_text)
    for where, nl, en in (*unreadable(look), *unusable_files(look)):
        raise StudyError(
            "evaluation.study_contradiction", file=path.name, where=where, problem_nl=nl, problem_en=en
        )
    return replace(look, font_name=family(look.font)) if look.font else look


def _items(declared: StudyFile) -> dict[str, Item]:
    items = dict(questionnaire()) if declared.questionnaire else {}
    return items | {table.id: _own_item(table) for table in declared.items}


def _own_item(table: ItemTable) -> Item:
    standard = next((item.answers for item in questionnaire().values() if item.scale == table.scale), {})
    fields = table.model_dump()
    fields["answers"] = table.answers or ({} if table.scale == "choice" else standard)
    return Item(construct="own question", **fields)


def _file_spec(study_path: Path, kind: str, table: FileTable) -> FileSpec:
    paths = tuple(sorted(study_path.parent.glob(table.path)))
    if not paths:
        raise InputError("evaluation.file_missing", study=study_path.name, kind=kind, pattern=table.path)
    wave_from = (
        ("date", table.wave) if table.wave else ("column", table.wave_column) if table.wave_column else None
    )
    return FileSpec(
        kind=kind,
        paths=paths,
        wave_from=wave_from,
        **table.model_dump(include={"format", "columns", "values", "encoding", "separator", "sheet"}),
    )


def _refusal(path: Path, text: str, error: ValidationError) -> StudyError:
    """The first thing pydantic refuses, as one sentence with the line it stands on."""
    first = min(error.errors(), key=lambda found: found["type"] != "extra_forbidden")
    place = [str(part) for part in first["loc"]]
    where, name = ".".join(place), place[-1]
    line = next(
        (
            i
            for i, row in enumerate(text.splitlines(), 1)
            if re.match(rf"\s*\[*\s*[\w.\"]*\b{re.escape(name)}\b", row)
        ),
        None,
    )
    facts = {"file": path.name, "where": where, "line": line or "?"}
    if first["type"] == "extra_forbidden":
        near = difflib.get_close_matches(name, _known_keys(place[:-1]), n=1, cutoff=0.5)
        if near:
            return StudyError("evaluation.study_key_near", **facts, near=near[0])
        return StudyError("evaluation.study_key", **facts, known=", ".join(_known_keys(place[:-1])))
    if first["type"] == "missing":
        return StudyError("evaluation.study_key_missing", file=path.name, where=where)
    nl, en = _problem(first)
    return StudyError("evaluation.study_value", **facts, problem_nl=nl, problem_en=en)


_PROBLEMS = {
    "string": ("hier hoort tekst tussen aanhalingstekens", "text between quotes belongs here"),
    "int": ("hier hoort een heel getal", "a whole number belongs here"),
    "float": ("hier hoort een getal", "a number belongs here"),
    "bool": ("hier hoort true of false", "true or false belongs here"),
    "date": ("hier hoort een datum zoals 2025-10-01", "a date such as 2025-10-01 belongs here"),
    "dict": ("hier hoort een tabel { ... }", "a table { ... } belongs here"),
    "model": ("hier hoort een tabel { ... }", "a table { ... } belongs here"),
    "tuple": ("hier hoort een lijst [ ... ]", "a list [ ... ] belongs here"),
    "too": ("de lijst is te kort", "the list is too short"),
}


def _problem(error: Any) -> tuple[str, str]:
    """What is wrong with a value, in Dutch and English, from pydantic's error."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "literal_error":
        return f"kies uit {context['expected'].replace(' or ', ' of ')}", f"choose from {context['expected']}"
    if kind == "value_error":
        return context["error"].args
    if kind in ("greater_than", "greater_than_equal", "less_than", "less_than_equal"):
        bound = next(iter(context.values()))
        nl, en = (
            ("groter dan", "greater than") if kind.startswith("greater") else ("kleiner dan", "less than")
        )
        equal = kind.endswith("equal")
        return (
            f"moet {nl}{' of gelijk aan' * equal} {bound} zijn",
            f"must be {en}{' or equal to' * equal} {bound}",
        )
    return _PROBLEMS.get(kind.split("_")[0], ("deze waarde past hier niet", "this value does not fit here"))


def _known_keys(place: list[str]) -> list[str]:
    """The keys that the table at `place` of the study file may hold."""
    model: type[BaseModel] = StudyFile
    for part in place:  # numbers of a list and names of a dict stand between the tables
        if part in model.model_fields:
            model = _table_in(model.model_fields[part].annotation) or model
    return list(model.model_fields)


def _table_in(annotation: Any) -> type[BaseModel] | None:
    """The table inside an annotation such as `X | None`, `tuple[X, ...]` or `dict[str, X]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((table for part in get_args(annotation) if (table := _table_in(part))), None)
