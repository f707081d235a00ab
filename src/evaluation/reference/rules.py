"""The rules by which intake refuses a row, in words: intake applies them, receipts and reports name them."""

from functools import cache
from importlib.resources import files
from tomllib import loads


@cache
def quarantine_rules() -> dict[str, dict[str, str]]:
    """Rule -> {"nl", "en": what is wrong, "remedy_nl", "remedy_en": what to do about it}."""
    text = files("evaluation.reference").joinpath("rules.toml").read_text(encoding="utf-8")
    return loads(text)["rule"]
