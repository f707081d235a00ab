"""The words of the command line and of the index pages, in both languages (`words.toml`)."""

from functools import cache
from importlib.resources import files
from tomllib import loads


@cache
def _words() -> dict[str, dict[str, str]]:
    return loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))


def word(name: str, /, lang: str, **facts: object) -> str:
    """The sentence `name` in `lang`; a whole number gets the language's thousands separator."""
    shown = {key: _number(value, lang) if isinstance(value, int) else value for key, value in facts.items()}
    return _words()[name][lang].format(**shown)


def _number(value: int, lang: str) -> str:
    return f"{value:,}".replace(",", "." if lang == "nl" else ",")
