"""Where a respondent, an organisation or an order lies: municipality and region of the study."""

import pandas as pd

from evaluation.intake.labels import decode, own_labels
from evaluation.intake.values import normalise, per_value
from evaluation.reference import aliases, municipalities
from evaluation.study import FileSpec, Study


def known_municipalities() -> set[str]:
    """Normalised names, aliases and codes of Limburg's municipalities."""
    table = municipalities()
    return {normalise(name) for name in (*table["name"], *aliases(), *table["code"])}


def municipality_labels(study: Study, spec: FileSpec) -> dict[str, str]:
    """Normalised name, alias or code -> CBS code, of the study's area and its comparison area."""
    names = dict(study.municipality_names)
    codes = dict.fromkeys(names.values())
    names |= {code: code for code in codes}
    return {normalise(name): code for name, code in names.items()} | own_labels(
        study, spec, "municipality", codes
    )


def region_labels(study: Study, spec: FileSpec) -> dict[str, str]:
    """Normalised name of a region, in the study file or in either language -> the study's own name."""
    labels = {}
    for region in study.all_regions:
        texts = study.area.region_labels.get(region, {}).values()
        labels |= {normalise(text): region for text in (region, *texts)}
    return labels | own_labels(study, spec, "region", study.all_regions)


def regions_of(study: Study, municipality: pd.Series) -> pd.Series:
    """The region of every municipality (CBS code), "" outside the study."""
    return per_value(municipality, lambda code: study.region_of_municipality(code) or "").astype("str")


def municipality_of_address(
    study: Study, postcode: pd.Series, country: pd.Series | None
) -> tuple[pd.Series, pd.Series]:
    """CBS code of every address ("" outside the known places, also abroad), and which postcodes cannot be
    placed."""
    found = per_value(postcode, lambda text: study.municipality_of_postcode(text.strip(" \u00a0'\u2019")))
    unknown = found.isna()
    if country is not None:
        home = {"": "home", "nl": "home", "nederland": "home", "netherlands": "home"}
        abroad = decode(country, home)[1]
        found, unknown = found.mask(abroad, ""), unknown & ~abroad
    return found.fillna("").astype("str"), unknown
