"""Properties of any release."""

from math import nan

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.disclosure import check
from evaluation.disclosure.linked import relations
from evaluation.disclosure.rules import numerator_reason
from evaluation.indicators.tidy import NUMBERS, table
from tests.disclosure.rows import WAVES, change, level


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
