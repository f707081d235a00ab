"""The catalogues `nl.toml`, `en.toml` and those beside them (`more.nl.toml`): every sentence of a report, by
key, in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from tomllib import loads

from babel.lists import format_list

from evaluation.report.wording import numbers

LANGUAGES = ("nl", "en")
FILES = ("", "more.", "checklists.")


@dataclass(frozen=True)
class Words:
    """One language's sentences: `words("nl")("answer.risen", area="Limburg")`."""

    language: str
    sentences: dict[str, str]

    def __call__(self, key: str, **facts: object) -> str:
        """The sentence of `key` with its placeholders filled; KeyError when the key or a fact is missing."""
        return self.sentences[key].format_map(facts)

    def has(self, key: str) -> bool:
        return key in self.sentences

    def label(self, key: str, otherwise: str) -> str:
        """The sentence of `key`, or `otherwise` for a code the catalogue has no word for."""
        return self.sentences.get(key, otherwise)

    def counted(self, key: str, count: int, **facts: object) -> str:
        """The form of `key` for `count`: `key.one` or `key.other`, with the count written as {n}."""
        written = numbers.number(count, self.language)
        return self(f"{key}.{'one' if count == 1 else 'other'}", n=written, **facts)

    def listing(self, names: Iterable[str]) -> str:
        """Names as a list in words: "Heerlen, Venlo en Weert"."""
        return format_list(list(names), style="standard", locale=self.language)


@cache
def words(language: str) -> Words:
    """The catalogue of "nl" or "en"."""
    found: dict[str, str] = {}
    for name in FILES:
        text = files(__package__).joinpath(f"{name}{language}.toml").read_text(encoding="utf-8")
        found |= dict(_flat(loads(text)))
    return Words(language, found)


def _flat(table: dict, prefix: str = "") -> Iterable[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def capital(text: str) -> str:
    """`text` with its first letter as a capital, the rest untouched."""
    return text[:1].upper() + text[1:]
