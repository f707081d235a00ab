"""Limburg's municipalities, their place on the tile map, and which postcode lies where."""

import re
from functools import cache
from importlib.resources import files

import pandas as pd

_POSTCODE = re.compile(r"\s*([1-9]\d{3})\s*(?:[A-Za-z]{2})?\s*")

# Within these spans every postcode in use lies in Limburg, so one that the table lacks (a PO box, a new
# street) is Limburg's without telling which municipality.
_LIMBURG_SPANS = ((5900, 6019), (6030, 6499))


@cache
def _table(name: str) -> pd.DataFrame:
    return pd.read_csv(files("evaluation.reference").joinpath(f"{name}.csv"))


def municipalities() -> pd.DataFrame:
    """The 31 municipalities of Limburg, one row each, by CBS code.

    Columns: code (GM....), name, subregion (sub-region of the study), corop (CR37-CR39), ggd (health region:
    Mook en Middelaar belongs to Gelderland-Zuid), safety_region (VR23, VR24), births (live births in
    births_year, the newest exact year at hand), births_2021_approx (from a rounded rate), population (on
    population_date), population_2021, pct_under15_2021 and pct_education_low/middle/high_2021 (percent 0-100
    of the population), source.
    """
    return _table("municipalities").copy()


def tile_grid() -> pd.DataFrame:
    """One tile per municipality of Limburg: code, name, row (0-10, from the north), col (0-4, from the
    west)."""
    return _table("tile_grid").copy()


@cache
def _postcodes() -> dict[str, str]:
    table = _table("postcodes")
    return dict(zip(table["postcode"].astype(str), table["municipality"], strict=True))


def postcodes() -> dict[str, str]:
    """Four-digit postcode -> municipality (CBS code), for Limburg and for Helmond-De Peel.

    From GeoNames (CC BY 4.0). A postcode that crosses a border is given to the municipality that holds its
    centre. PO box numbers are not in it.
    """
    return dict(_postcodes())


def municipality_of_postcode(text: str) -> str | None:
    """The municipality (CBS code) of a Dutch postcode such as "6211 AB"; "" when it lies outside Limburg and
    Helmond-De Peel; None when that cannot be told (no postcode, or one of Limburg's that the table lacks)."""
    match = _POSTCODE.fullmatch(text)
    if match is None:
        return None
    code = _postcodes().get(match[1])
    if code is None and any(first <= int(match[1]) <= last for first, last in _LIMBURG_SPANS):
        return None
    return code or ""


@cache
def _aliases() -> dict[str, str]:
    table = _table("aliases")
    return dict(zip(table["alias"], table["municipality"], strict=True))


def aliases() -> dict[str, str]:
    """Other spellings and the names of merged municipalities of Limburg -> today's CBS code, for example
    "Bergen" and "Nuth" (since 2019 part of Beekdaelen)."""
    return dict(_aliases())


@cache
def _by_name() -> dict[str, str]:
    table = municipalities()
    names = dict(zip(table["name"], table["code"], strict=True)) | _aliases()
    names |= dict(zip(table["code"], table["code"], strict=True))
    return {_plain(name): code for name, code in names.items()}


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def municipality_code(name: str) -> str | None:
    """The CBS code of a municipality of Limburg by its name, an alias or the code itself, whatever the case;
    None when there is no such municipality."""
    return _by_name().get(_plain(name))
