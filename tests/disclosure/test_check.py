"""Hand-worked releases, and properties of any release."""

from math import nan

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.disclosure import check, summary
from evaluation.disclosure.linked import relations
from evaluation.disclosure.rules import DEFAULTS, numerator_reason
from evaluation.indicators.tidy import COLUMNS, NUMBERS, estimate, table

WAVES = ("2025Q3", "2026Q3")


def level(region, n, count, wave="2026Q3", indicator="aware", unit="share", clusters=nan, note="", **keys):
    kind = {"area": "area", "Elsewhere": "comparison"}.get(region, "region")
    scale = 100.0 if unit == "points" else 1.0
    counted = count if unit == "share" else nan
    return estimate(
        indicator=indicator,
        measure="level",
        region=region,
        level=kind,
        wave=wave,
        unit=unit,
        estimate=scale * count / n if n else nan,
        lower=0.0,
        upper=scale,
        n=n,
        count=counted,
        clusters=clusters,
        method="logit",
        note=note,
        **keys,
    )


def change(region, before, after, indicator="aware"):
    (n_before, count_before), (n, count) = before, after
    return estimate(
        indicator=indicator,
        measure="change",
        region=region,
        level={"area": "area", "Elsewhere": "comparison"}.get(region, "region"),
        wave="2026Q3",
        wave_before="2025Q3",
        unit="share",
        estimate=(count / n if n else 0) - (count_before / n_before if n_before else 0),
        n=n,
        n_before=n_before,
        count=count,
        count_before=count_before,
        p=0.03,
        p_adjusted=0.06,
        method="taylor_t",
    )


def did(region="area"):
    return estimate(
        indicator="aware", measure="did", region=region, level="area", wave="2026Q3", wave_before="2025Q3",
        unit="share", estimate=0.05, n=500, n_before=500,
    )  # fmt: skip


def copies(region, count, sites, level="region", indicator="supply", note=""):
    return estimate(
        indicator=indicator, measure="ratio", region=region, level=level, wave="2026Q3", estimate=count / 2.0,
        n=200, count=count, clusters=sites, unit="per_100_births", note=note,
    )  # fmt: skip


def status(checked, **keys):
    rows = checked
    for column, value in keys.items():
        rows = rows[rows[column] == value]
    return dict(zip(rows["region"], rows["status"], strict=True))


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


def test_groups_and_their_total():
    rows = [level("area", 400, 100, indicator="reach")]
    groups = {"low": (120, 30), "middle": (150, 40), "high": (110, 25), "unknown": (9, 4)}
    rows += [
        level("area", *cell, indicator="reach", group_by="education", group=g) for g, cell in groups.items()
    ]
    checked = check(table(rows))
    assert dict(zip(checked["group"], checked["status"], strict=True)) == {
        "": "shown", "low": "shown", "middle": "shown", "high": "suppressed", "unknown": "suppressed",
    }  # fmt: skip


def test_language_below_the_whole_area_is_not_published():
    cells = {"North": (200, 80), "South": (100, 40), "area": (300, 120)}
    rows = [level(region, *cell, group_by="language", group="tr") for region, cell in cells.items()]
    assert check(table(rows))["reason"].tolist() == ["coarse_only", "coarse_only", ""]


def test_supply_of_one_organisation_is_hidden_and_none_is_shown():
    inside = "region=North"
    rows = [
        copies("area", 900, 30, "area"),
        copies("North", 500, 15),
        copies("South", 400, 15),
        copies("GM1", 50, 1, "municipality", note=inside),
        copies("GM2", 0, 0, "municipality", note=inside),
        copies("GM3", 150, 6, "municipality", note=inside),
        copies("GM4", 300, 8, "municipality", note=inside),
        copies("GM5", 400, 15, "municipality", note="region=South"),
    ]
    checked = check(table(rows))
    # GM1 is one organisation; GM3 is the smallest that ordered; what nobody ordered stays on the map.
    assert {r for r, s in status(checked).items() if s == "suppressed"} == {"GM1", "GM3"}
    assert checked.loc[checked["region"] == "GM2", "estimate"].item() == 0


def test_a_cell_that_is_mostly_one_organisation_is_hidden_and_its_share_never_leaves():
    rows = [copies("area", 900, 30, "area")]
    for region, largest in (("North", "0.81"), ("South", "0.80"), ("East", "0.4")):
        rows.append(copies(region, 300, 10, note=f"largest={largest}; since=2026Q1:10"))
    checked = check(table(rows))
    assert checked.set_index("region")["reason"]["North"] == "dominated"
    assert (checked["status"] == "suppressed").sum() == 2
    assert not checked["note"].str.contains("largest|since").any()


def test_what_was_shipped_is_the_supply_by_another_name():
    rows = [
        copies("North", 500, 2),
        copies("South", 400, 15),
        copies("East", 300, 9),
        copies("area", 1200, 26, "area"),
    ]
    rows += [copies(row["region"], row["count"], 9, row["level"], indicator="shipped") for row in rows]
    checked = check(table(rows))
    for indicator in ("supply", "shipped"):
        hidden = {r for r, s in status(checked, indicator=indicator).items() if s == "suppressed"}
        assert hidden == {"North", "East"}


def test_hand_outs_are_people_and_clinics():
    def row(count, clinics):
        cells = {
            "indicator": "handed_out",
            "measure": "count",
            "region": "area",
            "level": "area",
            "unit": "count",
        }
        return check(table([estimate(**cells, estimate=count, count=count, clusters=clinics)]))["reason"][0]

    assert [row(9, 5), row(500, 2), row(10, 3)] == ["small_count", "too_few_sites", ""]


def test_what_the_campaign_spent_itself_is_always_shown():
    cells = {"measure": "count", "region": "area", "level": "area", "unit": "euro", "estimate": 3.0}
    rows = [estimate(indicator="cost_total", **cells), estimate(indicator="printed", **cells)]
    assert check(table(rows))["status"].tolist() == ["shown", "shown"]


def test_adoption_counts_those_who_ordered():
    def row(n, count):
        cells = {
            "indicator": "adoption",
            "measure": "ratio",
            "region": "area",
            "level": "area",
            "unit": "share",
        }
        return check(table([estimate(**cells, estimate=count / n, n=n, count=count)]))["reason"][0]

    assert [row(2, 0), row(20, 2), row(20, 0), row(20, 3), row(20, 20)] == ["too_few_sites"] * 2 + [""] * 3


def test_an_unknown_base_is_no_base():
    rows = [
        estimate(indicator="new", measure="level", region="area", level="area", unit="share", estimate=0.4)
    ]
    assert check(table(rows))["reason"].tolist() == ["too_few_respondents"]


def test_an_empty_release():
    checked = check(table([]))
    assert list(checked.columns) == [*COLUMNS, "status", "reason"]
    assert summary(checked).empty


@st.composite
def releases(draw):
    """Levels and changes of regions that add to an area, by education too, with counts of any size."""
    regions = ["North", "South", "East", "West"][: draw(st.integers(1, 4))]
    rows, sums = [], {}
    for wave in WAVES:
        for region in regions:
            n = draw(st.one_of(st.integers(0, 60), st.integers(60, 400)))
            sums[region, wave] = (n, draw(st.integers(0, n)))
        sums["area", wave] = tuple(sum(sums[region, wave][i] for region in regions) for i in (0, 1))
    for (region, wave), cell in sums.items():
        rows.append(level(region, *cell, wave, clusters=draw(st.sampled_from([nan, 2, 3, 9]))))
    for region in [*regions, "area"]:
        rows.append(change(region, sums[region, WAVES[0]], sums[region, WAVES[1]]))
    n, count = sums["area", WAVES[1]]
    for group in ("low", "high"):
        part = draw(st.integers(0, n))
        rows.append(level("area", part, min(part, count), group_by="education", group=group))
    return table(rows)


@settings(deadline=None, max_examples=60)
@given(releases())
def test_no_shown_number_breaks_a_rule_and_no_sum_gives_one_back(release):
    checked = check(release)
    hidden = checked["status"] == "suppressed"
    shown = checked[~hidden]
    assert (shown["n"] >= 30).all()
    assert not (shown["clusters"] < 3).any()
    assert [numerator_reason(c, n) for c, n in zip(shown["count"], shown["n"], strict=True)] == [""] * len(
        shown
    )
    both = shown[shown["measure"] == "change"]
    assert (both["n_before"] >= 30).all()
    assert all(5 <= c <= n - 5 for c, n in zip(both["count_before"], both["n_before"], strict=True))
    assert (checked["status"] == "flagged").sum() == (shown[["n", "n_before"]].min(axis=1) < 50).sum()
    assert checked.loc[hidden, list(NUMBERS)].isna().all(axis=None)
    assert ((checked["reason"] != "") == hidden).all()
    for relation in relations(release):
        cells = [i for i, _ in relation.cells]
        assert hidden[cells].sum() != 1
    levels = checked[checked["measure"] == "level"].set_index(["region", "wave", "group"])["status"]
    for row in both.itertuples():
        assert levels[row.region, row.wave, ""] != "suppressed"
        assert levels[row.region, row.wave_before, ""] != "suppressed"


def test_checking_twice_or_in_another_order_gives_the_same_pattern():
    rows = [level(r, n, c) for r, n, c in (("N", 200, 90), ("M", 20, 9), ("S", 180, 90), ("area", 400, 189))]
    once = check(table(rows)).set_index("region")["status"]
    again = check(table(rows[::-1])).set_index("region")["status"]
    pd.testing.assert_series_equal(once, again[once.index])


def of_education(counts: dict[str, tuple[int, int]]):
    """Awareness (n, count) by education in the whole area."""

    def level(n, count, **group):
        return estimate(
            indicator="aware", measure="level", region="area", level="area", wave="2026Q3", unit="share",
            estimate=count / n, n=n, count=count, clusters=20, **group,
        )  # fmt: skip

    total = tuple(sum(cell[i] for cell in counts.values()) for i in (0, 1))
    rows = [level(*cell, group_by="education", group=group) for group, cell in counts.items()]
    return table([level(*total), *rows])


@pytest.mark.parametrize(
    ("unknown", "shown"),
    [
        ((23, 8), True),  # a count of 23, 8 and 15: nobody can be singled out
        ((10, 5), True),
        ((9, 5), False),  # fewer than ten people
        ((23, 3), False),  # three of them gave the answer
        ((23, 20), False),
    ],
)
def test_those_whose_group_is_not_known_are_never_shown_and_hide_a_group_only_when_too_few(unknown, shown):
    groups = {"low": (195, 60), "middle": (516, 200), "high": (466, 210), "unknown": unknown}
    checked = check(of_education(groups))
    status = dict(zip(checked["group"], checked["status"], strict=True))
    assert status.pop("unknown") == "suppressed"
    assert ("suppressed" not in status.values()) == shown
    if not shown:
        # The mark of what is hidden for their sake does not say so.
        assert set(checked["reason"]) - {""} == {"no_group", "too_few_respondents"}


def test_a_known_group_of_that_size_is_hidden_with_another():
    groups = {"low": (23, 8), "middle": (516, 200), "high": (466, 210)}
    assert check(of_education(groups))["status"].eq("suppressed").sum() == 2
