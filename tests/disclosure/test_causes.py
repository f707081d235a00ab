"""Rows about attribution go when what they tell of is hidden, and hide nothing themselves."""

from math import nan

import pytest

from evaluation.disclosure import check
from evaluation.indicators.tidy import estimate, table

SPAN = {"wave": "2026Q3", "wave_before": "2025Q3"}
PLACES = {"area": "area", "Here": "region", "There": "region", "Elsewhere": "comparison"}


def row(measure, region="area", n=400.0, n_before=400.0, count=nan, clusters=20.0, **cells):
    keys = {"indicator": "aware", "region": region, "level": PLACES[region], "unit": "share"} | SPAN
    numbers = {"estimate": 0.1, "lower": 0.0, "upper": 0.2, "n": n, "n_before": n_before, "count": count}
    return estimate(**(keys | numbers | {"measure": measure, "clusters": clusters} | cells))


def release(small=None):
    """Levels in three waves, changes, the did and attribution; `small`: a place of 20 parents."""
    rows = []
    for region in PLACES:
        n = 20.0 if region == small else 200.0
        for wave in ("2025Q3", "2026Q2", "2026Q3"):
            rows.append(row("level", region, n, nan, n / 2, wave=wave, wave_before=""))
        rows.append(row("change", region, n, n, n / 2, count_before=n / 2))
    rows += [row("did"), row("did", wave="2026Q2")]
    rows += [row(name) for name in ("breakdown", "e_value", "dose_response", "trend", "equivalence")]
    rows += [row("pooled", region) for region in ("Here", "There")]
    rows += [row("specification", group_by="weights", group="unweighted", count=0.0, count_before=0.0)]
    rows += [
        row(
            "specification",
            group_by="sample",
            group="without:Here",
            count=90.0,
            count_before=90.0,
            note="left_out=Here",
        )
    ]
    return table(rows)


def hidden(checked):
    out = checked[checked["status"] == "suppressed"]
    return {(r.measure, r.region, r.wave, r.group) for r in out.itertuples() if r.measure != "level"}


def test_nothing_is_hidden_in_a_large_release():
    assert hidden(check(release())) == set()


def test_a_small_comparison_area_takes_every_comparison_with_it():
    found = hidden(check(release("Elsewhere")))
    gone = {(m, "area", "2026Q3", "") for m in ("did", "breakdown", "e_value")}
    gone |= {("did", "area", "2026Q2", ""), ("change", "Elsewhere", "2026Q3", "")}
    gone |= {("specification", "area", "2026Q3", group) for group in ("unweighted", "without:Here")}
    assert found == gone


def test_a_small_region_takes_the_pooled_changes_and_the_curve_without_it():
    found = hidden(check(release("Here")))
    assert {("pooled", "Here", "2026Q3", ""), ("pooled", "There", "2026Q3", "")} <= found
    assert ("specification", "area", "2026Q3", "without:Here") in found
    assert ("did", "area", "2026Q3", "") not in found
    assert ("specification", "area", "2026Q3", "unweighted") not in found


@pytest.mark.parametrize(("left", "status"), [(0.0, "shown"), (3.0, "suppressed"), (5.0, "shown")])
def test_a_sample_that_leaves_out_a_handful_is_hidden_and_hides_nothing_else(left, status):
    rows = release().to_dict("records")
    rows.append(
        row("specification", group_by="sample", group="education_known", count=left, count_before=9.0)
    )
    checked = check(table(rows))
    assert checked["status"].iloc[-1] == status
    assert (checked["status"].iloc[:-1] == "shown").all()


@pytest.mark.parametrize(
    "measure", ["placebo", "pre_trend", "equivalence", "staggered", "not_yet_thought_of"]
)
def test_a_measure_without_a_base_is_not_shown(measure):
    assert check(table([row(measure, n=29.0)]))["reason"].item() == "too_few_respondents"
    assert check(table([row(measure, n_before=29.0)]))["reason"].item() == "too_few_respondents"
    assert check(table([row(measure, n=nan)]))["reason"].item() == "too_few_respondents"
    assert check(table([row(measure, clusters=2.0)]))["reason"].item() == "too_few_sites"
    assert check(table([row(measure)]))["status"].item() == "shown"


@pytest.mark.parametrize(("left", "status"), [(0.0, "shown"), (3.0, "suppressed"), (40.0, "shown")])
def test_a_treatment_of_gaps_that_leaves_out_a_handful_is_hidden_and_hides_nothing_else(left, status):
    rows = release().to_dict("records")
    there = {"group_by": "missing", "n": 200.0, "count": 100.0, "count_before": 100.0}
    rows.append(row("missing_comparison", **there, group="raked", n_before=200.0))
    rows.append(row("missing_comparison", **there, group="complete", n_before=200.0 - left))
    checked = check(table(rows))
    assert checked["status"].iloc[-1] == status
    assert (checked["status"].iloc[:-1] == "shown").all()


def test_trimming_goes_with_the_level_and_is_judged_by_its_own_count():
    own = {"group_by": "weights", "group": "trimmed 3", "wave_before": "", "n_before": nan}
    checked = check(
        table([*release("area").to_dict("records"), row("trimming", **own, n=200.0, count=100.0)])
    )
    assert checked["status"].iloc[-1] == "suppressed"
    assert check(table([row("trimming", **own, count=3.0)]))["reason"].item() == "small_count"


def test_a_gap_goes_with_the_group_it_lies_from_and_with_the_total():
    def row(measure, group, **cells):
        keys = {"indicator": "reach", "region": "area", "level": "area", "wave": "2026Q3", "unit": "share"}
        groups = {"group_by": "education" if group else "", "group": group}
        return estimate(**(keys | groups | {"measure": measure, "estimate": 0.2, "n": 200.0} | cells))

    rows = [row("level", "", n=520.0), row("level", "low"), row("level", "high", n=300.0)]
    rows += [row("level", "middle", n=20.0, estimate=0.3), row("gap", "low"), row("gap", "high")]
    rows += [row("gap", "middle", n=20.0)]
    found = check(table(rows)).set_index(["measure", "group"])["status"]
    hidden = {group for measure, group in found[found == "suppressed"].index if measure == "level"}
    assert {"middle"} < hidden  # one of the others goes with it
    assert {group for measure, group in found[found == "suppressed"].index if measure == "gap"} == hidden


def test_copies_by_language_are_hidden_with_the_share_they_are_of_all():
    def row(indicator, group, copies, sites, **cells):
        keys = {"indicator": indicator, "region": "area", "level": "area", "wave": "2026Q3"}
        keys |= {"group_by": "language" if group else "", "group": group, "measure": "count", "unit": "count"}
        return estimate(**(keys | {"estimate": copies, "count": copies, "clusters": sites} | cells))

    copies = {"nl": (900.0, 40), "tr": (60.0, 1), "ar": (40.0, 6)}
    rows = [row("shipped", "", 1000.0, 47)]
    for name, (count, sites) in copies.items():
        rows.append(row("shipped", name, count, sites))
        share = {"measure": "ratio", "unit": "share", "estimate": count / 1000}
        rows.append(row("language_supply", name, count, sites, **share))
        rows.append(row("language_supply", name, count, sites, **(share | {"measure": "gap"})))
    found = check(table(rows))
    status = found.set_index(["indicator", "measure", "group"])["status"]
    for name in copies:
        alike = {status["shipped", "count", name], status["language_supply", "ratio", name]}
        assert len(alike | {status["language_supply", "gap", name]}) == 1
    assert status["shipped", "count", "tr"] == "suppressed"
    assert status["shipped", "count", ""] == "shown"
