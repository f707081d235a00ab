"""Facts the project ships, each with its source (SOURCES.md beside this file)."""

from evaluation.reference.indicators import IndicatorEntry, indicator_catalogue
from evaluation.reference.places import (
    aliases,
    municipalities,
    municipality_code,
    municipality_of_postcode,
    postcodes,
    tile_grid,
)
from evaluation.reference.published import benchmarks, likert_labels
from evaluation.reference.questionnaire import Item, Text, questionnaire, questionnaire_source
from evaluation.reference.rules import flag_rules, identifier_kinds, quarantine_rules

__all__ = [
    "IndicatorEntry",
    "Item",
    "Text",
    "aliases",
    "benchmarks",
    "flag_rules",
    "identifier_kinds",
    "indicator_catalogue",
    "likert_labels",
    "municipalities",
    "municipality_code",
    "municipality_of_postcode",
    "postcodes",
    "quarantine_rules",
    "questionnaire",
    "questionnaire_source",
    "tile_grid",
]
