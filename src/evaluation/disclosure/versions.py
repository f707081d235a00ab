"""Versions of one quarter before and after a correction, as the audit reads them side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isnan, nan

from evaluation.disclosure.cells import AMOUNT
from evaluation.disclosure.published import Key, Published, is_whole_area

# Counted to the end of a quarter, so that two quarters give what came in between.
TO_DATE = frozenset(
    {"ordered", "shipped", "posters_shipped", "ordered_outside", "paid_outside", "handed_out"}
)
# Behind the indicator of a cell that a corrected quarter no longer shows.
RESTATED = " restated"


def apart(releases: Sequence[Published]) -> list[Published]:
    """The releases, where a corrected quarter's places and groups are other cells than before the correction.

    Such a version shows the total of the whole area alone. What an earlier version showed of a place need no
    longer hold, and nothing tells for which. A version that hides only some of them gets no such credit.
    """
    parts = [
        {
            key
            for key in release.cells
            if key[-1] == AMOUNT
            and key[0] in TO_DATE
            and key[2] == release.quarter
            and not is_whole_area(key)
        }
        for release in releases
    ]
    found = []
    for i, (release, own) in enumerate(zip(releases, parts, strict=True)):
        others = [other for j, other in enumerate(releases) if j != i and other.quarter == release.quarter]
        names = {}
        for indicator in {key[0] for key in own}:
            cells = [key for key in own if key[0] == indicator]
            if all(isnan(release.cells[key]) or _alone(key, cells) for key in cells) and any(
                not isnan(other.cells.get(key, nan)) for other in others for key in cells
            ):
                names |= {key: (key[0] + RESTATED, *key[1:]) for key in cells if isnan(release.cells[key])}
        found.append(_renamed(release, names) if names else release)
    return found


def _alone(key: Key, cells: Sequence[Key]) -> bool:
    return not any(other != key and other[3] == key[3] for other in cells)


def _renamed(release: Published, names: Mapping[Key, Key]) -> Published:
    return replace(
        release,
        cells={names.get(key, key): value for key, value in release.cells.items()},
        free=frozenset(names.get(key, key) for key in release.free),
        sums=tuple(
            (tuple((names.get(key, key), w) for key, w in cells), total) for cells, total in release.sums
        ),
    )


def plain(key: Key) -> Key:
    """The key as it is published."""
    return (key[0].removesuffix(RESTATED), *key[1:])
