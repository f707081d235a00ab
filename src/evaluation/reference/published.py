"""Published results of comparable campaigns, and the wordings of agreement answers in Dutch surveys."""

from functools import cache
from importlib.resources import files
from tomllib import loads

import pandas as pd


@cache
def _benchmarks() -> pd.DataFrame:
    path = files("evaluation.reference").joinpath("benchmarks.csv")
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def benchmarks() -> pd.DataFrame:
    """22 published results, one row each, all text: id, campaign, country, year, design, n, channel, measure,
    section (of the leaflet, 1-5 or ""), topic, before, after, change, unit, ci95, note, source, seen_as,
    comparable.

    before, after and change are as published ("" when not seen), with their unit in `unit`; seen_as says
    what was seen of the source (often only an abstract); comparable ("yes" or "no"): a change that a campaign
    was followed by in the whole group that was studied, not in a small part of it, among those who say they
    saw it, or without any campaign. Only an indication: designs differ.
    """
    return _benchmarks().copy()


@cache
def _likert() -> dict:
    return loads(files("evaluation.reference").joinpath("likert.toml").read_text(encoding="utf-8"))


def likert_labels() -> dict[str, dict[str, tuple[str, ...]]]:
    """Wordings of agreement answers, in lower case, to be matched whole.

    {"agree5": code -> wordings, "seven_point": code -> wordings that give away a seven-point scale,
    "missing": {"": wordings that mean no answer}}.
    """
    table = _likert()
    return {
        "agree5": {code: tuple(words) for code, words in table["agree5"].items()},
        "seven_point": {code: tuple(words) for code, words in table["seven_point"].items()},
        "missing": {"": tuple(table["missing"]["labels"])},
    }
