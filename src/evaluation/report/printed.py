"""Holds a finished report to the register: no digit may stand in it that nobody answers for.

In every text of a report model - sentences, cards, headlines, notes, labels, alternative texts, what a chart
draws - a digit is allowed only within a number that the report's `numbers` names and that is that registered
number, correctly written; within a phrase of the study; or within a fixed phrase of the catalogues. A table
cell names its number itself, and so do the counts of files read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from html import unescape
from importlib.metadata import version
from itertools import pairwise

from evaluation.reference import benchmarks, indicator_catalogue, quarantine_rules
from evaluation.report.model_rules import decimals_of
from evaluation.report.registered import LISTED, Register
from evaluation.report.wording import numbers, words
from evaluation.report.wording.marks import AXIS

# Read by programs, never printed.
_UNPRINTED = {"format", "id", "kind", "language", "part", "ref", "registered", "row_header", "svg", "table"}
_DECIMALS = 3  # of a p value; a share with more gives its count away
DISTRIBUTION = "outreach-evaluation"
_SUFFIX = re.compile(r"~(\d)$")  # as wording.marks.coarse writes


def unregistered(model_text: str, register: Register, receipts: list[Mapping] = ()) -> list[str]:
    """The places of a report model with a number that is not registered, such as "answer/range"."""
    model = json.loads(model_text)
    language = model["language"]
    said: dict[str, list[dict]] = {}
    for number in model["numbers"]:
        said.setdefault(number["place"], []).append(number)
    allowed = _fixed(language, register.phrases)
    found = _strange_cells(model, register.numbers) + _strange_files(model, receipts)
    covered = {place for place, _ in _cells(model)}
    for place, text in _texts(model):
        spans = said.pop(place, [])
        if place in covered and not spans:
            continue
        wrong = [item for item in spans if not _right(item, text, language, register.numbers)]
        if wrong or not _even_axes(spans, language) or _left_over(text, spans, allowed):
            found.append(place)
    return sorted({*found, *said})


def _texts(model: dict, place: str = "") -> Iterator[tuple[str, str]]:
    """(place, text) of every text that somebody may read; of a drawing its title, description and words."""
    for key, value in model.items() if isinstance(model, dict) else enumerate(model):
        here = f"{place}/{key}" if place else str(key)
        if key == "svg":
            yield here, " ".join(drawn_texts(value))
        elif isinstance(value, str) and key not in _UNPRINTED and not here.endswith("sha256"):
            yield here, value
        elif isinstance(value, dict | list) and key != "numbers":
            yield from _texts(value, here)


def drawn_texts(svg: str) -> list[str]:
    """What stands in a drawing as text: its elements, and what matplotlib notes beside outlined glyphs."""
    texts = re.findall(r"<!--\s*(.*?)\s*-->", svg, flags=re.DOTALL)
    texts += re.findall(r'\b(?:aria-label|alt|title)="([^"]*)"', svg)
    bare = re.sub(r"<!--.*?-->|<style.*?</style>", "", svg, flags=re.DOTALL)
    texts += re.findall(r">([^<>]+)<", bare)
    return [unescape(text.strip()) for text in texts if text.strip()]


def _right(item: dict, text: str, language: str, known: Mapping[str, float]) -> bool:
    """Whether a named number stands where it says, whole, and is that number."""
    start, said = item["start"], item["text"]
    end = start + len(said)
    if text[start:end] != said or re.search(r"\d[.,]?$", text[:start]) or re.match(r"[.,]?\d", text[end:]):
        return False
    if item["name"].startswith(AXIS):
        return item["place"].endswith("/svg")
    return written(said, item["name"], language, known)


def written(said: str, name: str, language: str, known: Mapping[str, float]) -> bool:
    """Whether `said` is the registered number `name` as the reports write one."""
    rough = _SUFFIX.search(name)
    value = known.get(_SUFFIX.sub("", name))
    if value is None:
        return False
    if name == LISTED:
        return said.isdigit() and int(said) <= value
    if rough:
        value = round(value, -int(rough[1]))
    point = "," if language == "nl" else "."
    decimals = len(match[1]) if (match := re.search(rf"\{point}(\d+)%?$", said)) else 0
    if decimals > _DECIMALS and numbers.rounded(value, decimals - 1) != 0:
        return False  # more digits than a reader needs, which may give a count away
    forms = (numbers.number, numbers.signed, numbers.percent, numbers.euro)
    if said in [form(value, language, decimals) for form in forms]:
        return True
    return said.startswith("<") and said == numbers.p_value(value, language)


def _even_axes(spans: list[dict], language: str) -> bool:
    """Whether what a chart calls ticks of an axis are ticks: evenly spaced, at most fifteen."""
    axes: dict[str, set[float]] = {}
    for item in spans:
        if item["name"].startswith(AXIS):
            axes.setdefault(item["name"], set()).add(_parsed(item["text"], language))
    for ticks in map(sorted, axes.values()):
        steps = [numbers.rounded(high - low, 6) for low, high in pairwise(ticks)]
        if (
            len(ticks) > 15
            or len(set(steps)) > 1
            or (steps and numbers.rounded(ticks[0] % steps[0], 6) % steps[0])
        ):
            return False
    return True


def _parsed(text: str, language: str) -> float:
    thousands, point = (".", ",") if language == "nl" else (",", ".")
    return float(text.replace(thousands, "").replace(point, ".").replace(numbers.MINUS, "-"))


def _left_over(text: str, spans: list[dict], allowed: re.Pattern) -> bool:
    """Whether a digit remains when the named numbers and the fixed phrases are taken out."""
    for item in spans:
        end = item["start"] + len(item["text"])
        text = text[: item["start"]] + "\0" * len(item["text"]) + text[end:]
    return any(letter.isdigit() for letter in allowed.sub("", text))


def _fixed(language: str, phrases: tuple[str, ...]) -> re.Pattern:
    """What may stand in a text with digits in it, the longest first, and never as part of a longer number."""
    known = {phrase for phrase in (*phrases, *_catalogue(language)) if phrase}
    listed = "|".join(re.escape(phrase) for phrase in sorted(known, key=lambda text: (-len(text), text)))
    return re.compile(rf"(?<!\d)(?<!\d[.,])(?:{listed})(?!\d|[.,]\d)", re.IGNORECASE)


@cache
def _catalogue(language: str) -> frozenset[str]:
    """The pieces between placeholders of the catalogue's sentences in which a digit stands, the rules of
    intake and the published campaigns as the reports name them."""
    sentences = [*words(language).sentences.values()]
    sentences += [rule[language] for rule in quarantine_rules().values()]
    sentences += [str(version(DISTRIBUTION))]
    sentences += [one.name[language] for one in indicator_catalogue()]
    for row in benchmarks().itertuples(index=False):
        sentences += [f"{row.campaign} ({row.country}, {row.year}): {row.design}", row.source]
    pieces = {piece.strip(" ,.;:") for sentence in sentences for piece in re.split(r"\{[^{}]*\}", sentence)}
    return frozenset(piece for piece in pieces if any(letter.isdigit() for letter in piece))


def _cells(model: dict) -> Iterator[tuple[str, tuple[dict, dict]]]:
    """(place of its text, (column, cell)) of every cell that names its number."""
    for number, table in enumerate(model["tables"]):
        columns = {column["id"]: column for column in table["columns"]}
        for line, row in enumerate(table["rows"]):
            for name, cell in row.items():
                if cell["value"] is not None or cell.get("registered"):
                    yield f"tables/{number}/rows/{line}/{name}/text", (columns[name], cell)


def _strange_cells(model: dict, known: Mapping[str, float]) -> list[str]:
    flag = words(model["language"])("mark.flagged")
    found = []
    for place, (column, cell) in _cells(model):
        name = cell.get("registered") or ""
        number = known.get(name)
        text = cell["text"].removesuffix(flag)
        if (
            number is None
            or numbers.rounded(number, decimals_of(column, cell) or 0) != cell["value"]
            or not written(text, name, model["language"], known)
        ):
            found.append(place)
    return found


def _strange_files(model: dict, receipts: list[Mapping]) -> list[str]:
    """Places of the files whose counts are not those of what was read."""
    known = {
        receipt["file"]: (receipt["read"], receipt["accepted"], sum(receipt["quarantined"].values()))
        for receipt in receipts
    }
    return [
        f"provenance/inputs/{place}"
        for place, item in enumerate(model["provenance"]["inputs"])
        if known.get(item["file"]) != (item["read"], item["accepted"], item["quarantined"])
    ]
