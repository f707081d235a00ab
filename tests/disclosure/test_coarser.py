"""What pooling shows more: the same rules over numbers taken together."""

import pytest

from evaluation.disclosure import gain, other_groups, release
from evaluation.disclosure.coarser import pooled
from evaluation.indicators.tidy import estimate, facts, table
from evaluation.study.schema import Thresholds


def level(n, count, wave="2026Q3", **more):
    return estimate(
        indicator="aware", measure="level", region="area", level="area", unit="share", **more, wave=wave,
        estimate=count / n, n=n, count=count, clusters=20,
    )  # fmt: skip


@pytest.fixture
def languages():
    counts = {"nl": (300, 120), "tr": (20, 8), "ar": (25, 9), "de": (12, 6), "unknown": (11, 5)}
    rows = [level(*cell, group_by="language", group=group) for group, cell in counts.items()]
    return table([level(368, 148), *rows])


def test_small_languages_together_can_be_shown(languages):
    chosen = languages["group_by"].eq("language") & languages["group"].ne("unknown")
    names = other_groups(languages, "language")
    assert names == {"tr": "other", "ar": "other", "de": "other"}
    found = gain(languages, Thresholds(), chosen, "group", names)
    assert (found.numbers, found.hidden) == (4, 3)
    assert (found.pooled_numbers, found.pooled_hidden) == (2, 0)
    made = pooled(languages.assign(chosen=chosen), "group", names)
    other = made[made["group"].eq("other")].iloc[0]
    assert (other["n"], other["count"]) == (57, 23)
    assert other["estimate"] == pytest.approx(23 / 57)
    # The numbers promised are those that a release of that table shows.
    shown = release(made.drop(columns="chosen")).checked
    assert shown.loc[shown["group"].eq("other"), "status"].item() == "shown"


def test_what_stays_too_small_stays_hidden():
    rows = table([level(330, 130), level(300, 120, group_by="language", group="nl"),
                  level(14, 5, group_by="language", group="tr"),
                  level(16, 5, group_by="language", group="ar")])  # fmt: skip
    chosen = rows["group_by"].eq("language")
    # Thirty in all, just enough; with one less they hide the largest group too.
    assert gain(rows, Thresholds(), chosen, "group", other_groups(rows, "language")).pooled_hidden == 0
    fewer = rows.copy()
    fewer.loc[fewer["group"].eq("ar"), "n"] = 15.0
    fewer.loc[fewer["group_by"].eq(""), "n"] = 329.0
    assert gain(fewer, Thresholds(), chosen, "group", other_groups(fewer, "language")).pooled_hidden == 2


def test_places_left_out_and_copies_added_up():
    def supply(region, level, copies, sites, since):
        note = facts(largest=f"{1 / sites:.6f}", since=since) if level != "area" else ""
        return estimate(
            indicator="supply", measure="ratio", region=region, level=level, wave="2026Q3",
            unit="per_100_births", estimate=copies, n=100, count=copies, clusters=sites, note=note,
        )  # fmt: skip

    rows = table([
        supply("a", "municipality", 100.0, 2, "2026Q3:2"),
        supply("b", "municipality", 50.0, 2, "2026Q3:2"),
        supply("c", "municipality", 500.0, 9, "2026Q2:9 2026Q3:4"),
    ])  # fmt: skip
    chosen = rows["level"].eq("municipality")
    joined = gain(rows, Thresholds(), chosen, "region", {"a": "a+b", "b": "a+b"})
    assert (joined.hidden, joined.pooled_hidden, joined.pooled_numbers) == (2, 0, 2)
    note = pooled(rows.assign(chosen=chosen), "region", {"a": "a+b", "b": "a+b"})["note"].iloc[0]
    assert note == facts(largest=f"{50 / 150:.6f}", since="2026Q3:4")
    assert gain(rows, Thresholds(), chosen, "region", dict.fromkeys("abc", "")).pooled_numbers == 0
