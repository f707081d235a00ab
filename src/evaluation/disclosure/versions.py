"""Versions of one quarter before and after a correction, as the audit reads them side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isnan, nan

from evaluation.disclosure.cells import AMOUNT, OF_ORGANISATIONS
from evaluation.disclosure.linked import IN_QUARTER
from evaluation.disclosure.published import Key, Published, is_whole_area

# Counted to the end of a quarter, so that two quarters give what came in between.
TO_DATE = frozenset(
    {"ordered", "shipped", "posters_shipped", "ordered_outside", "paid_outside", "handed_out"}
)
# Behind the indicator of a cell that a corrected quarter no longer shows.
RESTATED = " restated"
# In `Published.restated`, with a wave: its answers are not those that an earlier release counted.
ANSWERS = "answers"
# A cell, or a count that one of several versions gives.
Node = Key | float


def apart(releases: Sequence[Published]) -> list[Published]:
    """The releases, where what one no longer shows of a corrected quarter are other cells than before.

    Such a version shows nothing, or the total of the whole area alone, of what was counted to that quarter.
    What an earlier version showed need no longer hold, and nothing tells for which. A version that hides only
    some places or groups gets no such credit, nor for its total. So it is with a wave whose answers changed:
    what a version hides of it is counted from other answers, for groups when it shows none of them.
    """
    found = []
    data = _data(releases)
    for i, release in enumerate(releases):
        counted: dict[tuple[str, str], list[Key]] = {}
        for key in release.cells:
            name = IN_QUARTER.get(key[0], key[0])
            if key[-1] == AMOUNT and name in TO_DATE:
                counted.setdefault((name, key[2]), []).append(key)
        others = [other for j, other in enumerate(releases) if j != i]
        names = {}
        for (indicator, wave), cells in counted.items():
            if wave != release.quarter and (indicator, wave) not in release.restated:
                continue
            parts = [key for key in cells if not is_whole_area(key)]
            hidden = [key for key in cells if isnan(release.cells[key])]
            if all(isnan(release.cells[key]) or _alone(key, parts) for key in parts) and any(
                not isnan(other.cells.get(key, nan)) for other in others for key in hidden
            ):
                names |= {key: (key[0] + RESTATED + data[i], *key[1:]) for key in hidden}
        for wave in (wave for what, wave in release.restated if what == ANSWERS):
            people = [key for key in release.cells if key[2] == wave and _of_people(key)]
            hidden = [key for key in people if isnan(release.cells[key])]
            no_group = all(isnan(release.cells[key]) for key in people if key[3])
            names |= {key: (key[0] + RESTATED, *key[1:]) for key in hidden if no_group or not key[3]}
        found.append(_renamed(release, names) if names else release)
    return found


def _data(releases: Sequence[Published]) -> list[str]:
    """Of which data each release is: "" as the first one, or a number. Two are taken to be of the same data
    when neither restates what the other shows."""
    told = [
        {
            (IN_QUARTER.get(key[0], key[0]), key[2])
            for key, value in release.cells.items()
            if key[-1] == AMOUNT and not isnan(value)
        }
        for release in releases
    ]
    firsts: list[int] = []
    found = []
    for i, release in enumerate(releases):
        like = [j for j in firsts if not (release.restated & told[j] or releases[j].restated & told[i])]
        firsts += [] if like else [i]
        at = firsts.index(like[0] if like else i)
        found.append(str(at) if at else "")
    return found


def of_a_group(key: Key) -> bool:
    """Whether a cell counts people of a group."""
    return bool(key[3]) and _of_people(key)


def _of_people(key: Key) -> bool:
    return key[-1] != AMOUNT and key[0] not in OF_ORGANISATIONS


def to_date(releases: Sequence[Published], known: Mapping[Key, float]) -> list[tuple[Key, Node, Node]]:
    """(increment, earlier, later) of what is counted to date: of no place is the later less than the earlier.

    A node is a key, or the count itself where versions that show a total differ. Two cells are compared when
    the same data gave them: those of one release always did; those of two releases when neither says of the
    other's quarter that it was corrected. known: the cells of which there is one count.
    """
    own: list[dict[tuple, dict[str, Node]]] = []
    quarters: set[str] = set()
    for release in releases:
        series: dict[tuple, dict[str, Node]] = {}
        for key, value in release.cells.items():
            indicator, region, wave, *rest = plain(key)
            if key[-1] == AMOUNT and indicator in TO_DATE:
                node = key if key in known or isnan(value) else value
                series.setdefault((indicator, region, *rest), {})[wave] = node
                quarters.add(wave)
        own.append(series)
    waves, found = sorted(quarters), {}
    for i, series in enumerate(own):
        for place, steps in series.items():
            for wave, earlier in steps.items():
                for name, later in _next(releases, own, i, place, wave, waves):
                    step = (*place[:2], f"{wave}>{name}", *place[2:], str(earlier), str(later))
                    found[step] = (step, earlier, later)
    return [*found.values()]


def _next(releases: Sequence[Published], own, i: int, place: tuple, wave: str, waves: Sequence[str]):
    """(quarter, node) of the next quarter of a place that one or more releases say something of."""
    for later in (name for name in waves if name > wave):
        if later in own[i][place]:
            nodes = [own[i][place][later]]
        elif (place[0], later) in releases[i].restated:
            continue
        else:
            nodes = []
        nodes += [
            series[place][later]
            for j, series in enumerate(own)
            if j != i
            and later in series.get(place, {})
            and (place[0], wave) not in releases[j].restated
            and (place[0], later) not in releases[i].restated
        ]
        if nodes:
            return [(later, node) for node in nodes]
    return []


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
    return (key[0].partition(RESTATED)[0], *key[1:])
