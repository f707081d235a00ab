"""The index pages: all quarters, and all files of one quarter. Plain links, so they work from disk."""

from __future__ import annotations

import base64
import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import PurePosixPath

from markupsafe import Markup

from evaluation.report.writers.html import PLAIN, render
from evaluation.study import Style

KINDS = ("province", "region", "municipality", "data")


@dataclass(frozen=True)
class Entry:
    """One published file.

    path: relative to the page that links to it, with forward slashes ("2026Q3/province.nl.html").
    title: what the reader sees; files with the same kind and title share a line.
    kind: "province", "region", "municipality" or "data" (tables, receipts, notebooks).
    language: "nl", "en", or "" for a file without a language.
    format: as shown ("HTML", "PDF", "XLSX").
    places: the municipalities it is about, for who searches one.
    """

    path: str
    title: str
    quarter: str
    quarter_label: str
    area: str
    kind: str
    language: str
    format: str
    synthetic: bool
    places: Sequence[str] = ()


def write_index(entries: list[Entry], language: str = "nl", style: Style = PLAIN) -> bytes:
    """The page over all quarters (reports/index.html), newest first. Raises ValueError for a path that leaves
    the folder."""
    words = site_words(language)
    return _page(entries, language, style, title=words["title"], back=None)


def write_quarter_index(entries: list[Entry], language: str = "nl", style: Style = PLAIN) -> bytes:
    """The page of one quarter (reports/<quarter>/index.html). Raises ValueError when the entries are of
    more than one quarter, or for a path that leaves the folder."""
    labels = {entry.quarter_label for entry in entries}
    if len(labels) != 1:
        raise ValueError(f"the index of one quarter got files of {len(labels)} quarters")
    title = f"{site_words(language)['title_quarter']} {labels.pop()}"
    return _page(entries, language, style, title=title, back="../index.html")


def _page(entries: list[Entry], language: str, style: Style, title: str, back: str | None) -> bytes:
    for entry in entries:
        _hold_inside(entry.path)
    return render(
        "index.html.j2",
        style,
        language,
        words=site_words(language),
        title=title,
        back=back,
        quarters=_by_quarter(entries),
        synthetic=any(entry.synthetic for entry in entries),
        script=_script() if any(entry.kind == "region" for entry in entries) else None,
        script_hash=_script_hash(),
    )


def _by_quarter(entries: list[Entry]) -> list[dict]:
    newest_first = sorted({entry.quarter for entry in entries}, reverse=True)
    groups = {quarter: [entry for entry in entries if entry.quarter == quarter] for quarter in newest_first}
    return [
        {
            "id": quarter,
            "label": group[0].quarter_label,
            "areas": list(dict.fromkeys(entry.area for entry in group)),
            "kinds": [
                {"kind": kind, "documents": _documents([entry for entry in group if entry.kind == kind])}
                for kind in KINDS
                if any(entry.kind == kind for entry in group)
            ],
        }
        for quarter, group in groups.items()
    ]


def _documents(entries: list[Entry]) -> list[dict]:
    """One line per title, in the order in which the titles came."""
    documents: dict[str, list[Entry]] = {}
    for entry in entries:
        documents.setdefault(entry.title, []).append(entry)
    return [
        {
            "title": title,
            "files": files,
            # A municipality's own sheet bears its name already.
            "places": [
                place
                for place in dict.fromkeys(place for file in files for place in file.places)
                if place != title
            ],
        }
        for title, files in documents.items()
    ]


def _hold_inside(path: str) -> None:
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or ":" in path or "\\" in path:
        raise ValueError(f"not a path inside the reports folder: {path!r}")


@cache
def _all_words() -> dict[str, dict[str, str]]:
    return tomllib.loads(resources.files(__package__).joinpath("site.toml").read_text(encoding="utf-8"))


def site_words(language: str) -> dict[str, str]:
    return _all_words()[language]


@cache
def _script() -> Markup:
    return Markup(resources.files(__package__).joinpath("search.js").read_text(encoding="utf-8"))


def _script_hash() -> str:
    """What lets the page run this script and no other (Content-Security-Policy)."""
    return base64.b64encode(hashlib.sha256(_script().encode("utf-8")).digest()).decode("ascii")
