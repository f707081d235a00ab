"""Answers of a wave that is out already: what two versions tell of the parents whose answers changed."""

from dataclasses import replace
from math import isnan

import pytest

from evaluation.disclosure import audit, release, rules, versions
from evaluation.errors import DisclosureError
from evaluation.indicators.tidy import estimate, table

THEN, NOW = "2025Q4", "2026Q1"


@pytest.mark.parametrize(
    ("yes", "no", "reason"),
    [
        (0, 0, ""),
        (0, -1, "small_count"),
        (-4, -5, "small_count"),
        (-5, -5, ""),
        (-10, 10, ""),
        (1, -1, "small_count"),  # one parent's answer changed
        (-9, 9, "small_count"),
        (0, 12, "all_or_none"),
        (-29, 0, "all_or_none"),
        (0, -30, ""),  # as many as a percentage needs
        (-1, -28, ""),
    ],
)
def test_changed_answers_are_a_count_of_people(yes, no, reason):
    assert rules.changed_people_reason(yes, no) == reason


def answers(n, count, wave="2025Q4"):
    kind = {"unit": "share", "measure": "level", "region": "area", "level": "area", "indicator": "aware"}
    return estimate(**kind, wave=wave, estimate=count / n, n=n, count=count)


@pytest.mark.parametrize(
    ("n", "count", "refused"),
    [
        (300, 140, False),
        (299, 140, True),
        (291, 135, True),
        (290, 135, False),
        (303, 142, True),
        (300, 141, True),
        (285, 125, True),  # all fifteen had said yes
        (285, 140, True),
        (270, 110, False),
        (285, 126, False),
    ],
)
def test_answers_of_too_few_people_cannot_change_once_they_are_out(n, count, refused):
    first = release(table([answers(300, 140)])).published
    rows = table([answers(n, count), answers(310, 150, "2026Q1")])
    if refused:
        with pytest.raises(DisclosureError, match=r"2025Q4 \(area\).*(10|30)"):
            release(rows, earlier=[first])
    else:
        assert release(rows, earlier=[first]).checked["status"].tolist() == ["shown"] * 2


def test_what_was_left_out_for_k_anonymity_since_is_no_correction():
    def background(count):
        row = answers(300, count)
        return row | {"indicator": "background"}

    first = release(table([answers(300, 140), background(290)])).published
    again = table([answers(300, 140), background(287)])
    assert release(again, earlier=[first]).checked["status"].tolist() == ["shown"] * 2


def wave_of(groups: dict[str, tuple[int, int]], wave: str, unknown=(0, 0)):
    """A wave by education: group -> (parents, those who said yes); unknown ones stand in the total alone."""
    sides = [*groups.values(), unknown]
    n, count = (sum(side[i] for side in sides) for i in (0, 1))
    rows = [answers(n, count, wave)]
    for group, (own, yes) in [*groups.items(), ("unknown", unknown)]:
        if own:
            rows.append(answers(own, yes, wave) | {"group_by": "education", "group": group})
    return rows


BEFORE = {"low": (120, 50), "middle": (140, 70), "high": (160, 90)}
LATER = {"low": (110, 60), "middle": (150, 80), "high": (150, 90)}


@pytest.fixture(scope="module")
def versions_of_a_wave():
    """Twelve parents of low education taken out of a wave that is published: (the first, the second)."""
    first = release(table([*wave_of(BEFORE, THEN), *wave_of(LATER, NOW)]))
    after = BEFORE | {"low": (108, 43)}
    second = release(table([*wave_of(after, THEN), *wave_of(LATER, NOW)]), earlier=[first.published])
    return first, second


def test_of_a_wave_whose_answers_changed_the_whole_is_shown_and_no_group(versions_of_a_wave):
    first, second = versions_of_a_wave
    assert first.checked["status"].eq("shown").all()
    shown = second.checked[second.checked["status"] == "shown"]
    assert set(zip(shown["wave"], shown["group"], strict=True)) == {
        (THEN, ""), (NOW, ""), (NOW, "low"), (NOW, "middle"), (NOW, "high"),
    }  # fmt: skip
    hidden = second.checked[second.checked["status"] == "suppressed"]
    assert set(hidden["reason"]) == {"too_few_respondents"}
    assert (versions.ANSWERS, THEN) in second.published.restated
    assert audit.narrowed([second.published, first.published]) == []
    # A reader who has both holds any spread of the twelve over the groups possible.
    known = audit.intervals(versions.apart([second.published, first.published]))
    for group, (own, _) in BEFORE.items():
        key = ("aware", "area", THEN, "education", group, "base")
        low, high = known[(key[0] + versions.RESTATED, *key[1:])]
        assert low <= own - 12
        assert high >= own


def test_it_stays_so_in_later_reports_and_nothing_else_goes(versions_of_a_wave):
    first, second = versions_of_a_wave
    after = BEFORE | {"low": (108, 43)}
    rows = table([*wave_of(after, THEN), *wave_of(LATER, NOW), *wave_of(LATER, "2026Q2")])
    past = [second.published, first.published]
    third = release(rows, earlier=past)
    hidden = third.checked[third.checked["status"] == "suppressed"]
    assert set(hidden["wave"]) == {THEN}
    assert len(hidden) == 3
    assert audit.narrowed([third.published, *past]) == []


def test_a_version_that_shows_one_group_is_read_beside_the_one_before(versions_of_a_wave):
    first, second = (found.published for found in versions_of_a_wave)
    one = {key: first.cells[key] if key[4] == "high" else v for key, v in second.cells.items()}
    told = replace(second, cells=one)
    assert versions.apart([told, first])[0] == told
    assert audit.narrowed([told, first])
    assert all(isnan(v) for key, v in second.cells.items() if key[2] == THEN and key[3])


def test_nobody_changed_and_every_group_stays():
    rows = [*wave_of(BEFORE, THEN, unknown=(12, 6)), *wave_of(LATER, NOW)]
    first = release(table(rows))
    again = release(table([*rows, *wave_of(LATER, "2026Q2")]), earlier=[first.published])
    before = first.checked.set_index(["wave", "group"])["status"]
    assert again.checked.set_index(["wave", "group"])["status"].loc[before.index].equals(before)
    assert not again.published.restated


def places_of(regions: dict[str, tuple[int, int]]):
    """A wave by region: region -> (parents, those who said yes)."""
    rows = [answers(*(sum(side[i] for side in regions.values()) for i in (0, 1)))]
    for region, (own, yes) in regions.items():
        rows.append(answers(own, yes) | {"region": region, "level": "region"})
    return table(rows)


def test_what_became_too_small_is_hidden_as_if_nothing_were_known_of_it():
    """Eleven parents less in every region: what the first version showed is counted from other answers."""
    before = {"North": (200, 6), "East": (200, 18), "South": (200, 60), "West": (200, 70)}
    after = {"North": (189, 4), "East": (188, 14), "South": (188, 55), "West": (188, 60)}
    first = release(places_of(before))
    assert first.checked["status"].eq("shown").all()
    second = release(places_of(after), earlier=[first.published])
    hidden = second.checked["status"].eq("suppressed")
    assert "North" in set(second.checked.loc[hidden, "region"])
    assert hidden.sum() == 2
    assert audit.narrowed([second.published, first.published]) == []
    low, high = audit.intervals([second.published])["aware", "North", THEN, "", "", "yes"]
    assert low <= 1
    assert high >= 5
