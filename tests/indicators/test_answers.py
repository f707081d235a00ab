"""What parents say of the leaflet, of themselves, and how the survey went, against counts made by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from evaluation.disclosure import check
from evaluation.indicators import attitudes, equity, experience, fieldwork, reach
from evaluation.indicators.catalogue import unavailable
from evaluation.indicators.survey import read_survey
from evaluation.indicators.tidy import fact

AFTER, BEFORE = {"wave": "2025Q4"}, {"wave": "2025Q3"}
HOUSE = {"municipality": "GM0928", "region": "Parkstad"}
NORTH = {"municipality": "GM0983", "region": "Noord-Limburg"}
STATEMENTS = {
    "H1": "1",
    "H2": "5",
    "H3": "4",
    "H4": "4",
    "E1": "4",
    "E2": "4",
    "E3": "2",
    "I1": "4",
    "G1": "no",
}
STATEMENTS |= {"clinic_visit": "yes", "R1c": "no", "M1c": "", "W1": "", "D4": "", "first_child": "yes"}


def survey_of(make, study, *blocks, quarter="2025Q4"):
    """Blocks of (times, cells); the others of the campaign's waves get ten harmless answers each."""
    spare = [(10, STATEMENTS | {"wave": wave, "region": "Elders"}) for wave in ("2025Q3", "2025Q4", "2026Q1")]
    rows = make.responses(*spare, *((times, STATEMENTS | AFTER | HOUSE | cells) for times, cells in blocks))
    return read_survey(make.campaign(study, responses=rows.fillna("")), quarter)


def test_what_recognisers_and_readers_say(make, plain_study, only):
    survey = survey_of(
        make,
        plain_study,
        (10, BEFORE),
        (6, {"R3": "yes", "R4_clinic": "yes", "R4_gp": "yes", "M1c": "yes", "W1": "8", "R1c": "yes"}),
        (10, {"R3": "yes", "R4_clinic": "yes", "R4_gp": "", "M1c": "", "W1": "6"}),
        (4, {"R3": "yes", "R4_clinic": "", "R4_gp": "yes", "M1c": "no", "W1": "5", "R1c": "yes"}),
        (30, {"R3": "no"}),
    )
    found = experience.from_survey(survey)
    expected = {
        "spontaneous": (10, 50),
        "message": (6, 20),
        "channel_clinic": (16, 20),
        "channel_gp": (10, 20),
    }
    expected |= {"grade_6": (16, 20), "grade_8": (6, 20)}
    for indicator, (count, n) in expected.items():
        row = only(found, indicator=indicator)
        assert row[["count", "n"]].tolist() == [count, n], indicator
        assert row["estimate"] == pytest.approx(count / n)
    grade = only(found, indicator="grade", measure="mean")
    assert grade["estimate"] == pytest.approx((6 * 8 + 10 * 6 + 4 * 5) / 20)  # 6.4
    # By hand: s2 = (6 * 1.6^2 + 10 * 0.4^2 + 4 * 1.4^2) / 20 = 1.24; SE = sqrt(1.24 / 19) within one stratum.
    assert grade["se"] == pytest.approx((1.24 / 19) ** 0.5, rel=0.03)
    assert "channel_online" not in set(found["indicator"])


def test_open_answers_that_nobody_coded_are_said_to_be_missing(make, plain_study, survey_rows):
    found = unavailable(make.campaign(plain_study, responses=survey_rows), "2025Q4")
    assert found["spontaneous"] == found["message"] == "not_coded"
    assert found["grade"] == found["attitude"] == found["straight_lining"] == found["signals"] == "not_asked"
    assert found["maintenance"] == "not_asked"


def test_means_of_statements_turn_the_reversed_one(make, plain_study, only):
    answers = pd.DataFrame(
        [("1", "5", "4", "4"), ("5", "1", "1", "1"), ("2", "", "", "4"), ("", "", "", "4")],
        columns=list(attitudes.ATTITUDE),
    )
    assert attitudes.mean_of(answers, attitudes.ATTITUDE, attitudes.REVERSED)[:3].tolist() == [4.5, 1, 4]
    assert np.isnan(attitudes.mean_of(answers, attitudes.ATTITUDE)[3])
    survey = survey_of(
        make,
        plain_study,
        (20, BEFORE),
        (10, {}),  # attitude (5 + 5 + 4 + 4) / 4 = 4.5; efficacy 10 / 3
        (10, {"H1": "5", "H2": "2", "E1": "1", "I1": "2", "G1": "yes"}),  # (1 + 2 + 4 + 4) / 4 = 2.75; 7 / 3
        (5, {"G1": "yes", "clinic_visit": "no"}),
    )
    found = attitudes.from_survey(survey)
    now = {"region": "area", "wave": "2025Q4"}
    assert only(found, indicator="attitude", measure="mean", **now)["estimate"] == pytest.approx(
        (15 * 4.5 + 10 * 2.75) / 25
    )
    changed = only(found, indicator="attitude", measure="mean_change", **now)
    assert changed["estimate"] == pytest.approx((15 * 4.5 + 10 * 2.75) / 25 - 4.5)
    assert changed["unit"] == "scale_1_5"
    efficacy = only(found, indicator="self_efficacy", measure="mean", **now)["estimate"]
    assert efficacy == pytest.approx((15 * 10 + 10 * 7) / 3 / 25)
    shares = {"attitude_top2": (15, 25), "intention": (15, 25), "behaviour": (10, 20), "guilt": (10, 25)}
    for indicator, (count, n) in shares.items():
        assert only(found, indicator=indicator, measure="level", **now)[["count", "n"]].tolist() == [count, n]
    assert only(found, indicator="intention", measure="change", **now)["estimate"] == pytest.approx(-0.4)
    assert set(found["level"]) == {"area", "comparison"}
    did = only(found, indicator="intention", measure="did", **now)
    assert did["estimate"] == pytest.approx(-0.4)  # nothing changed elsewhere


def test_the_gap_of_a_group_is_its_reach_less_that_of_all(make, plain_study, only):
    survey = survey_of(
        make,
        plain_study,
        (10, BEFORE),
        (10, {"education": "low", "R3": "yes"}),
        (30, {"education": "low"}),
        (30, {"education": "high", "R3": "yes"}),
        (30, {"education": "high"}),
        (3, {"education": "", "R3": "yes"}),
    )
    found = equity.reach_gaps(survey)
    low = only(found, group_by="education", group="low")
    assert low["estimate"] == pytest.approx(10 / 40 - 43 / 103)
    assert low["n"] == 40
    assert low["lower"] < low["estimate"] < low["upper"] < 0
    # Three who do not say go with the largest group, which says so.
    high = only(found, group_by="education", group="high_or_unknown")
    assert high["estimate"] == pytest.approx(33 / 63 - 43 / 103)
    assert set(found["group"]) == {"low", "high_or_unknown"}
    by_hand = np.where(np.arange(103) < 40, (np.arange(103) < 10) - 0.25, 0) / 40
    seen = np.r_[np.ones(10), np.zeros(30), np.ones(30), np.zeros(30), np.ones(3)]
    effect = by_hand - (seen - 43 / 103) / 103
    assert low["se"] == pytest.approx((effect**2).sum() ** 0.5, rel=0.01)


def test_what_is_known_six_months_after_receipt(make, plain_study, only):
    knows, not_knows = {"K1": "true"}, {"K1": "false"}
    got = {"R3": "yes", "D1": "yes"}
    blocks = (
        (10, BEFORE),
        (24, got | {"D4": "6-12"} | knows),
        (8, got | {"D4": "12+"} | knows),
        (8, got | {"D4": "6-12"} | not_knows),
        (20, got | {"D4": "1-3"} | knows),
        (20, got | {"D4": ""} | not_knows),
        (10, {"D1": "no", "R3": "yes"} | knows),
        (40, not_knows),
    )
    found = equity.maintenance(survey_of(make, plain_study, *blocks))
    counts = {
        row.group: (row.count, row.n) for row in found[found["group_by"] == "receipt"].itertuples(index=False)
    }
    assert {
        name: tuple(map(float, pair))
        for name, pair in zip(
            found.loc[found["group_by"] == "receipt", "group"],
            found.loc[found["group_by"] == "receipt", ["count", "n"]].to_numpy(),
            strict=True,
        )
    } == {"long_ago": (32, 40), "recent": (20, 40), "never": (10, 50)}
    assert len(counts) == 3
    gap = only(found, indicator="maintenance")
    assert gap["estimate"] == pytest.approx(0.8 - 0.2)
    assert gap["n"] == 40
    early = survey_of(make, plain_study, (10, BEFORE), (10, got | {"D4": "1-3"}))
    assert not equity.received_long_ago(early)
    assert "maintenance" not in set(equity.maintenance(early)["indicator"])


def test_awareness_by_municipality_is_of_parents_there(make, plain_study, only):
    survey = survey_of(
        make,
        plain_study,
        (10, BEFORE),
        (30, {}),
        (10, {"K1": "false"}),
        (20, NORTH),
        (5, {"municipality": "", "region": "Parkstad"}),
    )
    found = equity.municipal_levels(survey)
    row = only(found, region="GM0928")
    assert row[["count", "n", "level"]].tolist() == [30, 40, "municipality"]
    assert fact(row["note"], "region") == "Parkstad"
    assert set(found["region"]) == {"GM0928", "GM0983"}


@pytest.mark.parametrize(("rows", "compared"), [(2, True), (3, False)])
def test_a_column_of_which_too_much_was_left_out_makes_no_groups(make, plain_study, rows, compared):
    """Of 50 stored answers 2 left out are 4 percent, 3 are 6: the limit is 5."""
    study = replace(plain_study, groups=("education",))
    seen = {"R3": "yes", "education": "low"}
    answers = make.responses((10, BEFORE), (20, seen), (20, {"education": "high"}))
    data = make.campaign(study, responses=answers)
    steps = [{"column": name, "step": "left_out", "rows": rows} for name in ("education", "municipality")]
    steps.append({"column": "education", "step": "coarser", "rows": 40})  # coarser is not left out
    data.protection = {"steps": steps, "after": {"rows": 50}}
    survey = read_survey(data, "2025Q4")
    assert (set(equity.reach_gaps(survey)["group"]) == {"low", "high"}) is compared
    assert ("education" in set(reach.from_survey(survey)["group_by"])) is compared
    assert equity.municipal_levels(survey).empty is not compared
    gone = {} if compared else dict.fromkeys(("by_education", "by_municipality"), "left_out_for_privacy")
    found = unavailable(data, "2025Q4")
    assert {name: reason for name, reason in found.items() if name.startswith("by_")} == gone


def test_finished_of_started_interviews(make):
    receipts = [
        {
            "kind": "responses",
            "read": 60,
            "quarantined": {"incomplete": 10, "duplicate_row": 2, "no_clinic": 1},
        },
        {"kind": "responses", "read": 42, "quarantined": {}},
        {"kind": "orders", "read": 999, "quarantined": {"incomplete": 5}},
    ]
    row = fieldwork.response(receipts, "2025Q4").iloc[0]
    assert row[["n", "count", "estimate"]].tolist() == [100, 90, 0.9]
    assert fieldwork.response([], "2025Q4").empty


def test_effective_answers_and_the_same_answer_everywhere(make, plain_study, only):
    same = dict.fromkeys(fieldwork.GRID, "3")
    survey = survey_of(
        make, plain_study, (10, BEFORE), (30, {}), (27, {"K1": "false"}), (3, same), (5, same | {"E3": ""})
    )
    found = fieldwork.from_survey(survey)
    size = only(found, measure="effective_n")
    # One stratum, equal weights: the design effect is that of sampling within the stratum, next to 1.
    assert size["n"] == 65
    assert size["estimate"] == pytest.approx(65 / size["deff"])
    assert size["deff"] == pytest.approx(1, abs=0.05)
    straight = only(found, indicator="straight_lining")
    assert straight[["count", "n"]].tolist() == [3, 60]
    assert check(found, plain_study.disclosure)["status"].eq("shown").all()  # says nothing of anybody


def test_a_lower_limit_of_reach_is_not_below_zero(make, plain_study, only):
    from evaluation.indicators.reach import from_survey

    few = (40, {}), (2, {"R3": "yes"})
    row = only(
        from_survey(survey_of(make, plain_study, (10, BEFORE), *few)),
        indicator="reach",
        wave="2025Q4",
        region="area",
    )
    assert row["lower"] == 0 < row["estimate"] < row["upper"]
    assert row["estimate"] - 2 * row["se"] < 0
    below = survey_of(make, plain_study, (10, BEFORE), (40, {}), (2, {"R3f": "yes"}))
    row = only(from_survey(below), indicator="reach", wave="2025Q4", region="area")
    assert row["lower"] < row["estimate"] < 0
