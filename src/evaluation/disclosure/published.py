"""A release as the world knows it, and how it lies in the ledger: what it shows, hides and adds up."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite, isnan, nan

from evaluation.disclosure.cells import Cells
from evaluation.indicators.tidy import AREA
from evaluation.study.schema import Thresholds

FORMAT = "outreach-cells/1"
Key = tuple[str, ...]
Interval = tuple[float, float]


@dataclass(frozen=True)
class Published:
    """A release as the world knows it. cells: key -> count, NaN where it is hidden. free: keys of cells that
    can be negative. sums: (((key, coefficient), ...), total). limits: those it was made with. restated:
    (indicator, quarter) of what it says otherwise, or no longer, than the release of that quarter."""

    quarter: str
    cells: Mapping[Key, float]
    free: frozenset[Key]
    sums: tuple[tuple[tuple[tuple[Key, float], ...], float], ...]
    limits: Thresholds = field(default_factory=Thresholds)
    restated: frozenset[tuple[str, str]] = frozenset()


def is_whole_area(key: Key) -> bool:
    """Whether a cell is a total of the whole area, of all groups together."""
    return key[1] == AREA and not key[3]


def published(
    quarter: str,
    cells: Cells,
    hidden_rows: Iterable[int],
    limits: Thresholds,
    restated: frozenset[tuple[str, str]] = frozenset(),
) -> Published:
    """What a release gives away when the rows `hidden_rows` of its tidy table are not shown."""
    hidden_rows = set(hidden_rows)
    known = set(cells.public)
    for row, given in enumerate(cells.reveals):
        if row not in hidden_rows:
            known |= set(given)
    values = {key: float(cells.values[i]) if i in known else nan for i, key in enumerate(cells.keys)}
    free = frozenset(key for i, key in enumerate(cells.keys) if not isfinite(cells.floor[i]))
    sums = tuple((tuple((cells.keys[c], w) for c, w in s.cells), s.total) for s in cells.sums)
    return Published(quarter, values, free, sums, limits, restated)


def to_json(releases: Sequence[Published]) -> bytes:
    """The first release and, as `replaced`, the earlier versions of it; nothing hidden is in it."""
    newest, *replaced = [_plain(release) for release in releases]
    return (json.dumps(newest | {"replaced": replaced}, ensure_ascii=False, sort_keys=True) + "\n").encode()


def from_json(text: bytes) -> list[Published]:
    """The versions of a release, the newest first. Raises ValueError for another format."""
    document = json.loads(text)
    if document.get("format") != FORMAT:
        raise ValueError("not the cells of a release")
    return [_read(one) for one in (document, *document["replaced"])]


def _plain(release: Published) -> dict:
    place = {key: i for i, key in enumerate(release.cells)}
    return {
        "format": FORMAT,
        "quarter": release.quarter,
        "limits": release.limits.model_dump(mode="json"),
        "cells": [
            [list(key), None if isnan(v) else int(v) if v == int(v) else v]
            for key, v in release.cells.items()
        ],
        "restated": sorted(map(list, release.restated)),
        "free": sorted(place[key] for key in release.free),
        "sums": [[[[place[key], w] for key, w in cells], total] for cells, total in release.sums],
    }


def _read(document: dict) -> Published:
    keys = [tuple(key) for key, _ in document["cells"]]
    values = {
        key: nan if value is None else float(value)
        for key, (_, value) in zip(keys, document["cells"], strict=True)
    }
    sums = tuple(
        (tuple((keys[i], float(w)) for i, w in cells), float(total)) for cells, total in document["sums"]
    )
    free = frozenset(keys[i] for i in document["free"])
    restated = frozenset(tuple(one) for one in document["restated"])
    return Published(document["quarter"], values, free, sums, Thresholds(**document["limits"]), restated)
