"""Hand-worked releases of what organisations ordered and handed out."""

from evaluation.disclosure import check
from evaluation.indicators.tidy import estimate, table
from tests.disclosure.rows import copies, status


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
