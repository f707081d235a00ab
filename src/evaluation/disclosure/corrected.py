"""What differs from an earlier release of the same quarter or wave: a correction is a cell of its own.

A reader who has both versions of a number has their difference. That difference is held to the primary rules
as any number of orders or of people is.
"""

from collections.abc import Mapping, Sequence
from math import ceil, floor, isnan, nan

from evaluation.disclosure import audit, rules
from evaluation.disclosure.audit import Interval, Key, Published
from evaluation.disclosure.cells import AMOUNT, Cells
from evaluation.disclosure.primary import COMPLETENESS, ORGANISATIONS, REPORTED, about_people
from evaluation.disclosure.published import is_whole_area
from evaluation.disclosure.versions import ANSWERS, of_a_group
from evaluation.errors import DisclosureError
from evaluation.indicators.tidy import fact
from evaluation.study.schema import Thresholds

# The fact in the note of a row that says by whom its number differs from an earlier release's:
# "sites:largest" (`rules.correction_reason`), of the release for which that is least safe. Without it nobody
# knows.
FACT = "corrected"
# How far two versions must differ to be two.
DIFFERS = 1e-6


def hide_corrections(
    rows: list[dict], reasons: list[str], cells: Cells, earlier: Sequence[Published], limits: Thresholds
) -> dict[int, Interval]:
    """Hides a total of the whole area that differs from what an earlier release said of the same quarter by
    the orders of too few organisations, or of one with most of it; and a later total that tells of such one.

    Returns the cells hidden so, each with the interval in which a reader must at least keep looking: what it
    was and is, with room around, so that he cannot tell how much was corrected, nor whether anything was.
    """
    found: dict[int, Interval] = {}
    totals = _totals(rows, cells)
    for cell, own in totals.items():
        key, value = cells.keys[cell], cells.values[cell]
        was = shown_of(key, earlier)
        if all(abs(value - before) <= DIFFERS for before in was):
            continue
        facts = [told for i in own if (told := fact(rows[i]["note"], FACT))]
        sites, largest = map(float, facts[0].split(":")) if facts else (nan, nan)
        reason = rules.correction_reason(sites, largest, limits)
        if not reason and rows[own[0]]["indicator"] in REPORTED:
            moved = min(change for before in was if (change := abs(value - before)) > DIFFERS)
            reason = rules.count_reason(moved, limits)
        if reason:
            found[cell] = around(value, key, earlier)
            _hide(own, reasons, reason)
    # A total to a later quarter is never less: one that is not above what a reader must hold possible tells.
    for cell in sorted(totals, key=lambda c: cells.keys[c][2]):
        key, value = cells.keys[cell], cells.values[cell]
        same = [c for c in found if cells.keys[c][0] == key[0]]
        before = [found[c][1] for c in same if cells.keys[c][2] < key[2]]
        if before and value < max(before):
            low, high = found.get(cell, (floor(value), value))
            found[cell] = (float(low), float(ceil(max(high, *before))))
            _hide(totals[cell], reasons, "too_few_sites")
    return found


def hide_fallen(
    rows: list[dict], reasons: list[str], cells: Cells, earlier: Sequence[Published]
) -> dict[int, Interval]:
    """Hides what an earlier quarter showed more of: what is counted to date never falls, so that orders were
    taken back. Returns the cells hidden so, as `hide_corrections`, which judges a total of which the release
    itself says what the earlier quarter is now."""
    found: dict[int, Interval] = {}
    keys = set(cells.keys)
    for i, row in enumerate(rows):
        if row["indicator"] not in ORGANISATIONS | REPORTED or not cells.reveals[i]:
            continue
        (cell,) = cells.reveals[i]
        key, value = cells.keys[cell], cells.values[cell]
        if key[0] not in audit.TO_DATE:
            continue
        above = [
            count
            for past in earlier
            if past.quarter < row["wave"]
            and (count := past.cells.get(then := (*key[:2], past.quarter, *key[3:]), nan)) > value + DIFFERS
            and not (is_whole_area(key) and then in keys)
        ]
        if above:
            room = max(1.0, audit.AMOUNT_ROOM * (max(above) - value))
            found[cell] = (max(floor(value - room), 0.0), float(ceil(max(above) + room)))
            _hide([i], reasons, "too_few_sites")
    return found


def refuse_few_answers(
    rows: list[dict], cells: Cells, earlier: Sequence[Published], limits: Thresholds
) -> None:
    """Raises DisclosureError when the answers of a wave that is out already changed of too few people, or of
    few who all answered alike.

    As many changed in a place as did for the question where most did: few of them were asked some questions.
    Groups are compared by `hide_changed_groups`.
    """
    most: dict[tuple[str, str, int], tuple[float, float]] = {}
    alike: dict[tuple[str, str, int], str] = {}
    for key, version, yes, no in _changes(rows, cells, earlier):
        if key[3]:
            continue
        place = (key[2], key[1], version)
        if rules.moved(yes, no) > rules.moved(*most.get(place, (0.0, 0.0))):
            most[place] = (yes, no)
        if rules.moved(yes, no) >= limits.minimum_count:
            alike[place] = alike.get(place) or rules.changed_people_reason(yes, no, limits)
    for place, changed in sorted(most.items()):
        reason = rules.changed_people_reason(*changed, limits) or alike.get(place)
        if reason:
            least = limits.minimum_base if reason == "all_or_none" else limits.minimum_count
            quarter, region, _ = place
            raise DisclosureError(
                "disclosure.few_answers_changed", quarter=quarter, place=region, least=least
            )


def hide_changed_groups(
    rows: list[dict], reasons: list[str], cells: Cells, earlier: Sequence[Published]
) -> tuple[frozenset[int], frozenset[tuple[str, str]]]:
    """Hides every group of parents in a wave whose answers changed since an earlier release, also the groups
    that stayed as they were: what the total lost would else be theirs who are left.

    Returns the cells hidden so and (ANSWERS, wave) for `Published.restated`: they are other cells than those
    that are out.
    """
    waves = {
        key[2] for key, _, yes, no in _changes(rows, cells, earlier) if rules.moved(yes, no) >= rules.CHANGED
    }
    found: set[int] = set()
    for i, given in enumerate(cells.reveals):
        own = [c for c in given if cells.keys[c][2] in waves and of_a_group(cells.keys[c])]
        if own:
            _hide([i], reasons, "too_few_respondents")
            found.update(own)
    return frozenset(found), frozenset((ANSWERS, wave) for wave in waves)


def _changes(rows: list[dict], cells: Cells, earlier: Sequence[Published]):
    """(key of the yes, version, how many more gave the answer, how many more did not) for every question,
    place, wave and group that an earlier release shows too."""
    at = {key: i for i, key in enumerate(cells.keys)}
    for i, row in enumerate(rows):
        # How complete the answers are moves too, where an answer is left out for k-anonymity.
        judged = about_people(row) and row["indicator"] not in COMPLETENESS
        if not judged or isnan(row["count"]) or len(cells.reveals[i]) < 3:
            continue
        for pair in _pairs(cells, cells.reveals[i]):
            for version, past in enumerate(earlier):
                yes, no = (cells.values[at[key]] - past.cells.get(key, nan) for key in pair)
                if not isnan(yes + no):
                    yield pair[0], version, yes, no


def _pairs(cells: Cells, given: Sequence[int]):
    """The yes and no cells of the same question, place and wave among those that a row gives away."""
    for c in given:
        key = cells.keys[c]
        if key[-1] == "yes":
            other = (*key[:-1], "no")
            if any(cells.keys[d] == other for d in given):
                yield key, other


def around(value: float, key: Key, earlier: Sequence[Published]) -> Interval:
    """What a cell is and was, with room around when that is not the same.

    No further than what other quarters say anyway: it is counted to date, so no less than before and no more
    than after.
    """
    was = shown_of(key, earlier)
    low, high = min([value, *was]), max([value, *was])
    room = max(1.0, audit.AMOUNT_ROOM * (high - low)) if high > low else 0.0
    others = [
        (past.quarter, count)
        for past in earlier
        if not isnan(count := past.cells.get((*key[:2], past.quarter, *key[3:]), nan))
    ]
    below = [count for quarter, count in others if quarter < key[2] and count <= low]
    above = [count for quarter, count in others if quarter > key[2] and count >= high]
    least = max([0.0, floor(low - room), *below])
    return float(least), float(min([ceil(high + room), *above]))


def shown_of(key: Key, earlier: Sequence[Published]) -> list[float]:
    """What earlier releases showed of a cell."""
    return [count for past in earlier if not isnan(count := past.cells.get(key, nan))]


def _totals(rows: list[dict], cells: Cells) -> Mapping[int, list[int]]:
    """Cell -> its rows, of the whole area's numbers that are counted to date."""
    found: dict[int, list[int]] = {}
    for i, row in enumerate(rows):
        if row["indicator"] in ORGANISATIONS | REPORTED and cells.reveals[i]:
            (cell,) = cells.reveals[i]
            key = cells.keys[cell]
            if key[0] in audit.TO_DATE and is_whole_area(key) and key[-1] == AMOUNT:
                found.setdefault(cell, []).append(i)
    return found


def _hide(own: Sequence[int], reasons: list[str], reason: str) -> None:
    for i in own:
        reasons[i] = reasons[i] or reason
