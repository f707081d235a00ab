"""The rules by which intake refuses or marks a row, in words: intake applies them, reports name them."""

from functools import cache
from importlib.resources import files
from tomllib import loads


@cache
def _file() -> dict[str, dict[str, dict[str, str]]]:
    return loads(files("evaluation.reference").joinpath("rules.toml").read_text(encoding="utf-8"))


def quarantine_rules() -> dict[str, dict[str, str]]:
    """Rule -> {"nl", "en": what is wrong, "remedy_nl", "remedy_en": what to do about it}."""
    return _file()["rule"]


def flag_rules() -> dict[str, dict[str, str]]:
    """As `quarantine_rules`, of the rules that mark an accepted row for a second look and refuse nothing."""
    return _file()["flag"]


def identifier_kinds() -> dict[str, dict[str, str]]:
    """Kind of identifier that intake looks for in open answers -> what it is called, in nl and en."""
    return _file()["identifier"]
