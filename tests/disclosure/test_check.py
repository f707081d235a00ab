"""Hand-worked releases of what parents answered."""

from math import nan

import pytest

from evaluation.disclosure import check, summary
from evaluation.disclosure.rules import DEFAULTS
from evaluation.indicators.tidy import COLUMNS, NUMBERS, estimate, table
from tests.disclosure.rows import WAVES, change, did, level, status


def test_a_small_region_takes_the_smallest_other_one_with_it_in_levels_and_changes():
    cells = {  # region: (n, count) before and after
        "North": ((300, 120), (200, 90)),
        "Middle": ((250, 100), (25, 12)),
        "South": ((260, 110), (180, 90)),
        "East": ((280, 120), (150, 60)),
        "area": ((1090, 450), (555, 252)),
    }
    rows = [level(region, *cell[i], wave) for region, cell in cells.items() for i, wave in enumerate(WAVES)]
    rows += [change(region, *cell) for region, cell in cells.items()]
    checked = check(table(rows), DEFAULTS)
    shown = {"area": "shown", "North": "shown", "South": "shown"}
    assert status(checked, measure="level", wave="2025Q3") == dict.fromkeys(cells, "shown")
    hidden = {"Middle": "suppressed", "East": "suppressed"}  # East: 150, the smallest of those left
    assert status(checked, measure="level", wave="2026Q3") == shown | hidden
    assert status(checked, measure="change") == shown | hidden
    gone = checked[checked["status"] == "suppressed"]
    assert set(gone["reason"]) == {"too_few_respondents"}
    assert gone[list(NUMBERS)].isna().all(axis=None)
    assert (gone[["method", "note"]] == "").all(axis=None)
    assert summary(checked).to_dict("records") == [
        {"indicator": "aware", "level": "region", "shown": 8, "flagged": 0, "suppressed": 4},
        {"indicator": "aware", "level": "area", "shown": 3, "flagged": 0, "suppressed": 0},
    ]


@pytest.mark.parametrize(
    ("n", "count", "sites", "expected"),
    [
        (29, 10, nan, ("suppressed", "too_few_respondents")),
        (30, 10, nan, ("flagged", "")),
        (49, 10, nan, ("flagged", "")),
        (50, 10, nan, ("shown", "")),
        (50, 0, nan, ("suppressed", "all_or_none")),
        (50, 50, nan, ("suppressed", "all_or_none")),
        (50, 4, nan, ("suppressed", "small_count")),
        (50, 46, nan, ("suppressed", "small_complement")),
        (50, 25, 2, ("suppressed", "too_few_sites")),
        (50, 25, 3, ("shown", "")),
    ],
)
def test_one_percentage(n, count, sites, expected):
    checked = check(table([level("area", n, count, clusters=sites)]))
    assert tuple(checked.loc[0, ["status", "reason"]]) == expected


@pytest.mark.parametrize(
    ("before", "after"), [((25, 12), (200, 90)), ((200, 90), (200, 3)), ((200, 198), (200, 90))]
)
def test_a_change_needs_both_waves(before, after):
    assert check(table([change("area", before, after)]))["status"].tolist() == ["suppressed"]


def test_a_change_and_a_did_go_with_the_level_they_would_give_back():
    # The comparison area's baseline is too small; the area's own numbers are fine.
    area, other = ((900, 400), (900, 450)), ((40, 2), (400, 180))
    rows = [level("area", *area[i], wave) for i, wave in enumerate(WAVES)]
    rows += [level("Elsewhere", *other[i], wave) for i, wave in enumerate(WAVES)]
    rows += [change("area", *area), change("Elsewhere", *other), did()]
    checked = check(table(rows))
    assert checked["status"].tolist() == ["shown"] * 2 + [
        "suppressed",
        "shown",
        "shown",
        "suppressed",
        "suppressed",
    ]


def test_a_mean_without_a_count_is_judged_by_its_equivalent_in_respondents():
    # 98 points over 200 respondents are 4 whole ones short of everything right.
    assert (
        check(table([level("area", 200, 196, unit="points", indicator="index")]))["status"][0] == "suppressed"
    )
    assert check(table([level("area", 200, 195, unit="points", indicator="index")]))["status"][0] == "shown"


def test_a_section_does_not_give_back_its_hidden_question():
    rows = [
        level("area", 200, 198, indicator="item_K6", note="items=K6"),
        level("area", 200, 120, indicator="item_K7", note="items=K7"),
        level("area", 200, 159, indicator="section_4", unit="points", note="items=K6,K7"),
        level("area", 200, 150, indicator="index", unit="points", note="items=K5,K6,K7"),
        level("area", 200, 132, indicator="item_K5", note="items=K5"),
        level("area", 200, 132, indicator="section_3", unit="points", note="items=K5"),
    ]
    checked = check(table(rows))
    hidden = set(checked.loc[checked["status"] == "suppressed", "indicator"])
    assert hidden == {"item_K6", "item_K7"}
    rows[1] = level("area", 20, 12, indicator="item_K7", note="items=K7")
    rows[4] = level("area", 200, 199, indicator="item_K5", note="items=K5")
    checked = check(table(rows))
    # Section 3 is question 5 by another name.
    assert {"item_K5", "section_3"} <= set(checked.loc[checked["status"] == "suppressed", "indicator"])


def test_reach_and_recognition_do_not_give_back_a_handful_of_false_recognitions():
    rows = [
        level("area", 100, count, indicator=name)
        for name, count in (("reach", 27), ("recognised", 30), ("foil", 3))
    ]
    rows[0]["count"] = nan
    rows.append(
        rows[0] | {"indicator": "parents_reached", "measure": "count", "unit": "count", "estimate": 27_000.0}
    )
    assert check(table(rows))["status"].tolist() == ["shown", "suppressed", "suppressed", "shown"]


def test_what_is_made_of_reach_goes_with_it():
    rows = [level("area", 20, 8, indicator="reach")]
    rows.append(
        estimate(
            **(rows[0] | {"indicator": "cost_per_parent", "measure": "ratio", "unit": "euro", "n": 90.0})
        )
    )
    assert check(table(rows))["status"].tolist() == ["suppressed", "suppressed"]


def test_reach_near_zero_before_the_start_is_no_handful_of_people():
    rows = [
        level("area", 800, count, indicator=name)
        for name, count in (("reach", 1), ("recognised", 41), ("foil", 40))
    ]
    rows[0]["count"] = nan
    assert check(table(rows))["status"].tolist() == ["shown"] * 3


def test_an_unknown_base_is_no_base():
    rows = [
        estimate(indicator="new", measure="level", region="area", level="area", unit="share", estimate=0.4)
    ]
    assert check(table(rows))["reason"].tolist() == ["too_few_respondents"]


def test_an_empty_release():
    checked = check(table([]))
    assert list(checked.columns) == [*COLUMNS, "status", "reason"]
    assert summary(checked).empty
