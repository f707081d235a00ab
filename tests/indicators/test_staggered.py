"""A study whose regions start in different quarters, from planted answers to the sentences of the reports."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from evaluation.disclosure import check
from evaluation.indicators import all_estimates, unavailable
from evaluation.report.content.answer import judged
from evaluation.report.content.facts import Context
from evaluation.report.content.factsheet import region_factsheet
from evaluation.report.content.province import province_report
from evaluation.report.model import from_json, to_json
from evaluation.report.wording import words
from tests.report_content.report_table import texts_of

# Aware of 40 parents per clinic: Parkstad starts in 2025Q4 and gains 8 (20 points), Noord-Limburg in 2026Q1
# and gains 4 (10 points); everywhere two more each quarter that nobody's campaign explains.
AWARE = {
    "Parkstad": {"2025Q3": 12, "2025Q4": 22, "2026Q1": 24},
    "Noord-Limburg": {"2025Q3": 16, "2025Q4": 18, "2026Q1": 24},
    "Elders": {"2025Q3": 14, "2025Q4": 16, "2026Q1": 18},
}
CLINICS = (-2, 2, 1, -1, 3, -3)
WAVES = ((1, -1, 0, 2, -1, 0), (0, 1, -2, 0, 1, 1), (-1, 0, 2, -1, 0, 1))


def aware_of(place, wave, clinic):
    """How many of a clinic's 40 parents are aware: clinics differ, a little anew in each wave."""
    at, turn = list(AWARE[place]).index(wave), list(AWARE).index(place)
    return AWARE[place][wave] + CLINICS[clinic] + WAVES[at][(clinic + 2 * turn) % 6]


def total(place, wave):
    return sum(aware_of(place, wave, clinic) for clinic in range(6)) / 240


@pytest.fixture(scope="module")
def late():
    return date(2026, 1, 1)


@pytest.fixture
def study(varied, plain_study, late):
    study = varied(cluster=True)
    return replace(study, area=replace(study.area, starts={"Noord-Limburg": late}))


@pytest.fixture
def planted(make):
    """Six clinics a place, 40 parents each in every wave."""
    blocks = []
    for place, waves in AWARE.items():
        for wave in waves:
            for clinic in range(6):
                count = aware_of(place, wave, clinic)
                where = {"wave": wave, "region": place, "clinic": f"{place}-{clinic}"}
                blocks += [(count, where), (40 - count, where | {"K1": "dont_know", "K3": "true"})]
    return make.responses(*blocks)


@pytest.fixture
def table(make, study, planted):
    return all_estimates(make.campaign(study, responses=planted), "2026Q1")


def test_every_region_is_counted_from_the_last_wave_before_its_own_start(table, only, study):
    aware = table[table["indicator"] == "aware"]
    for region, base in (("Parkstad", "2025Q3"), ("Noord-Limburg", "2025Q4"), ("area", "2025Q3")):
        row = only(aware, measure="change", region=region)
        assert row["wave_before"] == base
        if region != "area":
            assert row["estimate"] == pytest.approx(total(region, "2026Q1") - total(region, base))
            did = only(aware[aware["wave"] == "2026Q1"], measure="did", region=region)
            elsewhere = total("Elders", "2026Q1") - total("Elders", base)
            assert did["wave_before"] == base
            assert did["estimate"] == pytest.approx(row["estimate"] - elsewhere)
    # The comparison area's change is there from either wave: both differences can be checked against it.
    elsewhere = aware[(aware["measure"] == "change") & (aware["region"] == "Elders")]
    assert elsewhere["wave_before"].tolist() == ["2025Q3", "2025Q4"]
    adjusted = aware[(aware["measure"] == "change") & (aware["level"] == "region")]["p_adjusted"]
    assert adjusted.notna().all()
    assert set(aware[aware["measure"] == "equivalence"]["region"]) == {"area", *study.all_regions}


def test_the_mean_over_starts_by_hand(table, only):
    rows = table[table["measure"] == "staggered"]

    def effect(place, wave, base):
        own = total(place, wave) - total(place, base)
        return own - (total("Elders", wave) - total("Elders", base))

    first = [effect("Parkstad", wave, "2025Q3") for wave in ("2025Q4", "2026Q1")]
    second = effect("Noord-Limburg", "2026Q1", "2025Q4")
    # Both regions have as many parents, so every region and quarter counts the same.
    whole = only(rows, group_by="")
    assert whole["estimate"] == pytest.approx((sum(first) + second) / 3)
    assert whole["lower"] > 0
    assert whole["method"] == "callaway_santanna_cr2_t"
    by_time = rows[rows["group_by"] == "quarters"].set_index("group")["estimate"]
    assert by_time["+0"] == pytest.approx((first[0] + second) / 2)
    assert by_time["+1"] == pytest.approx(first[1])
    assert by_time["-1"] == pytest.approx(effect("Noord-Limburg", "2025Q4", "2025Q3"))


def test_regions_yet_to_start_test_whether_the_areas_ran_alike(table, only, make, study, planted):
    row = only(table, measure="pre_trend")
    assert row["estimate"] < 1
    assert row["p"] > 0.3
    assert row["note"].startswith("power=")
    drifting = planted.copy()
    early = (drifting["region"] == "Noord-Limburg") & (drifting["wave"] == "2025Q4")
    wrong = drifting.index[early & (drifting["K1"] == "dont_know")][::2]
    drifting.loc[wrong, "K1"] = "true"
    again = all_estimates(make.campaign(study, responses=drifting), "2026Q1")
    assert only(again, measure="pre_trend")["p"] < 0.01


def test_before_its_start_a_region_has_no_change(make, study, planted, only):
    early = all_estimates(make.campaign(study, responses=planted), "2025Q4")
    changed = early[(early["indicator"] == "aware") & (early["measure"] == "change")]
    assert changed["region"].tolist() == ["area", "Parkstad", "Elders"]
    assert early[early["measure"] == "staggered"].empty
    checked = check(early, study.disclosure)
    sheet = region_factsheet(study, "2025Q4", "Noord-Limburg", "nl", checked, {}, [])
    said = " ".join(str(text) for text in texts_of(sheet))
    assert "De campagne is hier nog niet begonnen." in said
    assert "gestegen" not in sheet.answer.sentence
    report = province_report(study, "2025Q4", "en", checked, {}, [])
    change = next(section for section in report.sections if section.id == "change")
    assert "Not begun yet: Noord-Limburg." in change.blocks[0].text
    row = next(row for row in report.table("change-table").rows if row["region"].text == "Noord-Limburg")
    assert row["word"].text == "not begun yet"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_reports_say_so(make, study, planted, table, language):
    checked = check(table, study.disclosure)
    missing = unavailable(make.campaign(study, responses=planted), "2026Q1")
    report = province_report(study, "2026Q1", language, checked, missing, [])
    from_json(to_json(report))
    section = next(section for section in report.sections if section.id == "attribution")
    said = " ".join(" ".join([block.text or "", *(block.items or ())]) for block in section.blocks)
    expected = {
        "nl": "vanaf haar eigen start; ook zo is het verschil aangetoond",
        "en": "from its own start; the",
    }
    assert expected[language] in said
    starts = {"nl": "Kwartalen sinds de start: -1", "en": "Quarters since the start: -1"}
    assert starts[language] in {row["choice"].text for row in report.table("attribution-table").rows}
    context = Context(study, "2026Q1", language, None, checked, missing, [], words(language))
    assert judged(context).claim == "comparison"
    assert "no_earlier_wave" not in judged(context).reasons
    sheet = region_factsheet(study, "2026Q1", "Noord-Limburg", language, checked, missing, [])
    before = {"nl": "4e kwartaal 2025", "en": "fourth quarter of 2025"}
    assert before[language] in " ".join(block.text or "" for block in sheet.sections[0].blocks)


def test_a_hidden_region_takes_the_mean_over_starts_with_it(make, study, planted):
    few = (planted["region"] == "Noord-Limburg") & ~planted["clinic"].isin(
        ["Noord-Limburg-0", "Noord-Limburg-1"]
    )
    rows = planted[~few].reset_index(drop=True)
    table = all_estimates(make.campaign(study, responses=rows), "2026Q1")
    checked = check(table, study.disclosure)
    status = checked[checked["measure"] == "staggered"]["status"]
    assert (status == "suppressed").all()


def test_one_start_has_no_mean_over_starts(make, varied, planted):
    table = all_estimates(make.campaign(varied(cluster=True), responses=planted), "2026Q1")
    assert "staggered" not in set(table["measure"])
    assert np.isfinite(table[table["measure"] == "did"]["estimate"]).all()
