"""The municipalities of a study: Limburg's, or those of a table in the study's own folder."""

import csv
import re
from pathlib import Path

import pandas as pd

from evaluation.errors import InputError, StudyError
from evaluation.reference import aliases, municipalities, municipality_of_postcode, postcodes

COLUMNS = ("code", "name", "region", "births", "postcodes")
_POSTCODE = re.compile(r"\s*([1-9]\d{3})\s*(?:[A-Za-z]{2})?\s*")
_RANGE = re.compile(r"([1-9]\d{3})(?:-([1-9]\d{3}))?")


def read_places(geography: str | None, level: str, path: Path | None) -> pd.DataFrame:
    """One row per municipality: code (CBS, GM....), name, region, births a year, postcodes (their first four
    figures, as "6211 6212-6229").

    geography "limburg": the shipped table, with the regions of `level` and no postcodes (see `placed`);
    "file": the table at `path` (CSV with semicolons or commas); None: no rows. Raises InputError when the
    table is not there or cannot be read, StudyError when a row of it is not right.
    """
    if geography == "limburg":
        known = municipalities()
        return known.assign(region=known[level], postcodes="")[list(COLUMNS)]
    if geography is None or path is None:
        return pd.DataFrame(
            {name: pd.Series(dtype="float64" if name == "births" else "str") for name in COLUMNS}
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError("evaluation.places_missing", file=path.name) from None
    except (OSError, UnicodeDecodeError):
        raise InputError("evaluation.places_unreadable", file=path.name) from None
    heading = text.split("\n", 1)[0]
    rows = csv.DictReader(text.splitlines(), delimiter=";" if ";" in heading else ",")
    if missing := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
        raise StudyError(
            "evaluation.places_column", file=path.name, column=missing[0], known=", ".join(COLUMNS)
        )
    found = [_place(path, number, row) for number, row in enumerate(rows, start=2)]
    _refuse_doubles(path, found)
    return pd.DataFrame(found, columns=list(COLUMNS)).astype({"births": "float64"})


def _place(path: Path, number: int, row: dict) -> dict:
    place = {name: (row[name] or "").strip() for name in COLUMNS}

    def refuse(column: str) -> StudyError:
        return StudyError("evaluation.places_value", file=path.name, row=number, column=column)

    for column in ("code", "name", "region"):
        if not place[column]:
            raise refuse(column)
    if not re.fullmatch(r"\d+([.,]\d+)?", place["births"]) or not float(place["births"].replace(",", ".")):
        raise refuse("births")
    for part in place["postcodes"].split():
        span = _RANGE.fullmatch(part)
        if span is None or (span[2] and span[2] < span[1]):
            raise refuse("postcodes")
    return place | {"births": float(place["births"].replace(",", "."))}


def _refuse_doubles(path: Path, found: list[dict]) -> None:
    for column in ("code", "name"):
        seen: set[str] = set()
        for number, place in enumerate(found, start=2):
            if place[column].casefold() in seen:
                raise StudyError("evaluation.places_double", file=path.name, row=number, column=column)
            seen.add(place[column].casefold())
    owner: dict[str, int] = {}
    for number, place in enumerate(found, start=2):
        for code in expand(place["postcodes"]):
            if owner.setdefault(code, number) != number:
                raise StudyError("evaluation.places_double", file=path.name, row=number, column="postcodes")


def expand(spans: str) -> list[str]:
    """Four-figure postcodes of "6211 6212-6229"."""
    found = []
    for first, last in _RANGE.findall(spans):
        found += [str(code) for code in range(int(first), int(last or first) + 1)]
    return found


def placed(places: pd.DataFrame, geography: str | None) -> dict[str, str]:
    """Four-figure postcode -> municipality (CBS code)."""
    if geography == "limburg":
        return postcodes()
    pairs = zip(places["code"], places["postcodes"], strict=True)
    return {postcode: code for code, spans in pairs for postcode in expand(spans)}


def names(places: pd.DataFrame, geography: str | None) -> dict[str, str]:
    """Name of a municipality -> CBS code, for Limburg with other spellings and the names of merged ones."""
    known = dict(zip(places["name"], places["code"], strict=True))
    return known | aliases() if geography == "limburg" else known


def municipality_of(text: str, geography: str | None, by_postcode: dict[str, str]) -> str | None:
    """The municipality (CBS code) of a postcode; "" when it lies outside; None when that cannot be told."""
    if geography == "limburg":
        return municipality_of_postcode(text)
    match = _POSTCODE.fullmatch(text)
    return None if match is None else by_postcode.get(match[1], "")
