"""The small tables: organisations that could order, hand-outs per clinic, costs, and population margins."""

import pandas as pd

from evaluation.intake.columns import BACKGROUND
from evaluation.intake.labels import code_labels, decode, margin_labels, own_labels
from evaluation.intake.places import municipality_labels, region_labels, regions_of
from evaluation.intake.read import Raw
from evaluation.intake.sieve import Sieve
from evaluation.intake.values import (
    is_blank,
    normalise,
    parse_numbers,
    parse_quarters,
    per_value,
    stripped,
)
from evaluation.quarters import quarter_of
from evaluation.study import FileSpec, Study

_SETTINGS = {
    "clinic": ("consultatiebureau", "jgz", "well-baby clinic"),
    "gp": ("huisarts", "huisartsenpraktijk", "general practice"),
    "nursery": ("kinderdagverblijf", "kinderopvang", "day nursery"),
    "playgroup": ("peuterspeelzaal", "peuteropvang"),
    "other": ("anders", "overig"),
}
_COST_TYPES = {
    "design": ("ontwerp", "vormgeving"),
    "print": ("druk", "drukwerk"),
    "translation": ("vertaling",),
    "shipping": ("verzending", "porto"),
    "staff": ("personeel", "uren"),
}
_MARGIN_NAMES = {"region": ("regio",), "education": ("opleiding",), "language": ("taal",)}


def take_organisations(study: Study, spec: FileSpec, raw: Raw) -> tuple[pd.DataFrame, Sieve]:
    """The register: organisation (name), setting, municipality, region ("" outside the study)."""
    text, sieve = raw.frame, Sieve(raw)
    names = per_value(text["organisation"], normalise)
    sieve.catch("missing_value", names == "", "organisation")
    setting, unknown = decode(text["setting"], code_labels(study, spec, "setting", _SETTINGS))
    sieve.catch("unknown_setting", unknown, "setting")
    municipality, unknown = decode(text["municipality"], municipality_labels(study, spec))
    sieve.catch("unknown_municipality", unknown, "municipality")
    keys = pd.DataFrame({"name": names, "municipality": municipality})[sieve.free]
    sieve.catch("duplicate_row", keys.duplicated().reindex(text.index, fill_value=False), "organisation")
    columns = {
        "organisation": stripped(text["organisation"]),
        "setting": setting,
        "municipality": municipality,
        "region": regions_of(study, municipality),
    }
    return _accepted(columns, sieve), sieve


def take_handouts(
    study: Study, spec: FileSpec, raw: Raw, register: pd.DataFrame | None
) -> tuple[pd.DataFrame, Sieve]:
    """Hand-outs: clinic (name), municipality, region, quarter, handed_out, discussed.

    The municipality is the file's own, else the register's; without either it is "".
    """
    text, sieve = raw.frame, Sieve(raw)
    names = per_value(text["clinic"], normalise)
    sieve.catch("no_clinic", names == "", "clinic")
    municipality = pd.Series("", index=text.index, dtype="str")
    if "municipality" in text:
        municipality, unknown = decode(text["municipality"], municipality_labels(study, spec))
        sieve.catch("unknown_municipality", unknown, "municipality")
    elif register is not None:
        known = dict(
            zip(per_value(register["organisation"], normalise), register["municipality"], strict=True)
        )
        sieve.catch("unknown_organisation", ~names.isin(known), "clinic")
        municipality = names.map(known).fillna("").astype("str")
    quarter = parse_quarters(text["quarter"])
    sieve.catch("unknown_quarter", ~_near(study, quarter), "quarter")
    handed_out, discussed = parse_numbers(text["handed_out"]), parse_numbers(text["discussed"])
    sieve.catch("bad_number", ~_counts(handed_out), "handed_out")
    sieve.catch("bad_number", ~_counts(discussed) | (discussed > handed_out), "discussed")
    keys = pd.DataFrame({"name": names, "quarter": quarter})[sieve.free]
    sieve.catch("duplicate_row", keys.duplicated().reindex(text.index, fill_value=False), "clinic")
    columns = {
        "clinic": stripped(text["clinic"]),
        "municipality": municipality,
        "region": regions_of(study, municipality),
        "quarter": quarter,
        "handed_out": handed_out,
        "discussed": discussed,
    }
    return _accepted(columns, sieve).astype({"handed_out": "int64", "discussed": "int64"}), sieve


def take_costs(study: Study, spec: FileSpec, raw: Raw) -> tuple[pd.DataFrame, Sieve]:
    """Costs: quarter, type, amount (euro), copies (0 unless print)."""
    text, sieve = raw.frame, Sieve(raw)
    quarter = parse_quarters(text["quarter"])
    sieve.catch("unknown_quarter", ~_near(study, quarter), "quarter")
    kind, unknown = decode(text["type"], code_labels(study, spec, "type", _COST_TYPES))
    sieve.catch("unknown_category", unknown, "type")
    amount = parse_numbers(text["amount"])
    sieve.catch("bad_number", ~amount.between(0, 1e9), "amount")
    copies = pd.Series(0.0, index=text.index)
    if "copies" in text:
        written = parse_numbers(text["copies"]).mask(is_blank(text["copies"]), 0.0)
        sieve.catch("bad_number", ~_counts(written), "copies")
        copies = written.where(kind == "print", 0.0)
    columns = {"quarter": quarter, "type": kind, "amount": amount, "copies": copies}
    return _accepted(columns, sieve).astype({"copies": "int64"}), sieve


def take_margins(study: Study, spec: FileSpec, raw: Raw) -> tuple[pd.DataFrame, Sieve]:
    """Population margins: margin, region ("" = the whole treated area), category, population."""
    text, sieve = raw.frame, Sieve(raw)
    margin, unknown = decode(text["margin"], code_labels(study, spec, "margin", _MARGIN_NAMES))
    sieve.catch("unknown_category", unknown, "margin")
    whole = {normalise(name): "" for name in study.area.name.values()} | {"": ""}
    region, unknown = decode(text["region"], whole | region_labels(study, spec))
    sieve.catch("unknown_region", unknown | (margin.eq("region") & region.eq("")), "region")
    category = pd.Series("", index=text.index, dtype="str")
    categories = {name: BACKGROUND[name].answers for name in ("education", "language")}
    own = own_labels(study, spec, "category", [code for answers in categories.values() for code in answers])
    for name, answers in categories.items():
        labels = margin_labels(name, {label: code for label, code in own.items() if code in answers})
        codes, unknown = decode(text["category"], labels)
        here = margin == name
        sieve.catch("unknown_category", here & (unknown | codes.isin(["", "unknown"])), "category")
        category = category.mask(here, codes)
    population = parse_numbers(text["population"])
    sieve.catch("bad_number", ~population.between(0, 1e9), "population")
    keys = pd.DataFrame({"margin": margin, "region": region, "category": category})[sieve.free]
    sieve.catch("duplicate_row", keys.duplicated().reindex(text.index, fill_value=False), "category")
    columns = {"margin": margin, "region": region, "category": category, "population": population}
    return _accepted(columns, sieve), sieve


def settings_by_name(register: pd.DataFrame | None) -> dict[str, str]:
    """Normalised organisation name -> setting."""
    if register is None:
        return {}
    return dict(zip(per_value(register["organisation"], normalise), register["setting"], strict=True))


def _accepted(columns: dict[str, pd.Series], sieve: Sieve) -> pd.DataFrame:
    return pd.DataFrame(columns)[sieve.free].reset_index(drop=True)


def _counts(numbers: pd.Series) -> pd.Series:
    """Which numbers are whole and not negative."""
    return numbers.between(0, 1e9) & numbers.mod(1).eq(0)


def _near(study: Study, quarter: pd.Series) -> pd.Series:
    """Which quarters lie within two years of the study; another year is a slip of the pen."""
    quarters = [*study.waves, quarter_of(study.start)]
    first, last = int(min(quarters)[:4]) - 2, int(max(quarters)[:4]) + 2
    return quarter.str.slice(0, 4).isin([str(year) for year in range(first, last + 1)])
