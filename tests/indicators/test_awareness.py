from math import sqrt

import numpy as np
import pytest
from scipy import stats

from evaluation.errors import DataError, StudyError
from evaluation.indicators.awareness import awareness
from evaluation.indicators.catalogue import unavailable
from evaluation.indicators.survey import read_survey
from evaluation.indicators.tidy import COLUMNS

CONTRACT = [
    "indicator",
    "measure",
    "region",
    "level",
    "wave",
    "wave_before",
    "group_by",
    "group",
    "unit",
    "estimate",
    "se",
    "df",
    "lower",
    "upper",
    "n",
    "n_before",
    "count",
    "count_before",
    "clusters",
    "deff",
    "p",
    "p_adjusted",
    "smallest_detectable",
    "method",
    "note",
]


def test_levels_and_changes_without_design_are_the_textbook_ones(make, plain_study, survey_rows, only):
    found = awareness(make.campaign(plain_study, responses=survey_rows), "2026Q1")
    assert list(found.columns) == CONTRACT
    assert set(CONTRACT) == set(COLUMNS)
    level = only(found, indicator="aware", measure="level", region="Parkstad", wave="2026Q1")
    assert (level["estimate"], level["n"], level["count"], level["unit"]) == (0.6, 200, 120, "share")
    assert level["se"] == pytest.approx(sqrt(0.6 * 0.4 / 199))
    change = only(found, indicator="aware", measure="change", region="Parkstad")
    assert change["estimate"] == pytest.approx(0.2)
    assert change["se"] == pytest.approx(sqrt(0.6 * 0.4 / 199 + 0.4 * 0.6 / 199))
    assert change["lower"] == pytest.approx(0.2 - stats.t.ppf(0.975, 398) * change["se"])
    assert change[["n", "n_before", "count", "count_before"]].tolist() == [200, 200, 120, 80]
    assert (change["wave"], change["wave_before"]) == ("2026Q1", "2025Q3")
    area = only(found, indicator="aware", measure="change", region="area")
    assert (area["level"], area["n"], area["estimate"]) == ("area", 400, pytest.approx(0.2))
    # The area is two strata of 200 with equal shares.
    did = only(found, indicator="aware", measure="did", region="area")
    assert did["estimate"] == pytest.approx(0.2)
    assert did["se"] == pytest.approx(sqrt(2 * 0.24 / 398 + 2 * 0.24 / 199))
    joint = only(found, indicator="aware", measure="joint_test")
    assert (joint["estimate"], joint["unit"]) == (pytest.approx(0, abs=1e-20), "F")


def test_holm_is_over_the_regions_alone(make, plain_study, survey_rows):
    found = awareness(make.campaign(plain_study, responses=survey_rows), "2025Q4")
    changes = found[(found["indicator"] == "aware") & (found["measure"] == "change")].set_index("region")
    regions = changes.loc[["Parkstad", "Noord-Limburg"]]
    assert regions["p_adjusted"].to_numpy() == pytest.approx(2 * regions["p"].to_numpy())
    assert changes.loc[["area", "Elders"], "p_adjusted"].isna().all()


def test_index_items_and_sections(make, plain_study, only):
    # K1 and K2 are section 1 (keys true, false), K3 section 2 (false): 3, 2 and 0 of 3 right.
    rows = make.responses(
        *((10, {"wave": wave}) for wave in ("2025Q3", "2026Q1")),
        (10, {}),
        (10, {"K3": "true"}),
        (20, {"K1": "dont_know", "K2": "dont_know", "K3": ""}),
    )
    found = awareness(make.campaign(plain_study, responses=rows), "2025Q4")
    at = {"region": "area", "wave": "2025Q4", "measure": "level"}
    assert only(found, indicator="index", **at)["estimate"] == pytest.approx(100 * (10 * 3 + 10 * 2) / 120)
    assert only(found, indicator="section_1", **at)["estimate"] == pytest.approx(50)
    # Those who skipped the only question of section 2 are not in it.
    assert only(found, indicator="section_2", **at)["estimate"] == pytest.approx(50)
    assert only(found, indicator="section_1", **at)["note"] == "items=K1,K2"
    assert only(found, indicator="item_K3", **at)[["estimate", "n", "count"]].tolist() == [0.5, 20, 10]
    assert only(found, indicator="dont_know", **at)["estimate"] == pytest.approx(0.5)


def test_later_waves_stay_out_of_an_earlier_quarter(make, plain_study, survey_rows):
    found = awareness(make.campaign(plain_study, responses=survey_rows), "2025Q4")
    assert set(found["wave"]) == {"2025Q3", "2025Q4"}
    early = survey_rows[survey_rows["wave"] <= "2025Q4"]
    again = awareness(make.campaign(plain_study, responses=early), "2025Q4")
    assert found.equals(again)


def test_without_baseline_there_are_levels_only(make, varied, survey_rows):
    study = varied(baseline=None)
    rows = survey_rows[survey_rows["wave"] != "2025Q3"]
    case = make.campaign(study, responses=rows)
    assert set(awareness(case, "2026Q1")["measure"]) == {"level"}
    assert {unavailable(case, "2026Q1")[step] for step in ("change", "did", "joint_test")} == {"no_baseline"}


def test_without_comparison_there_is_no_did(make, varied, survey_rows):
    case = make.campaign(varied(comparison=None), responses=survey_rows[survey_rows["region"] != "Elders"])
    found = awareness(case, "2026Q1")
    assert set(found["measure"]) == {"level", "change", "joint_test"}
    assert unavailable(case, "2026Q1")["did"] == "no_comparison"


def test_without_survey_the_table_is_empty(make, plain_study):
    case = make.campaign(plain_study)
    assert awareness(case, "2026Q1").empty
    assert unavailable(case, "2026Q1")["aware"] == "no_responses"


def margin(make_rows):
    import pandas as pd

    return pd.DataFrame(make_rows, columns=["margin", "region", "category", "population"])


def test_regions_count_by_their_population(make, varied, only):
    # Parkstad 50 %, Noord-Limburg 20 %, three times as many parents in Parkstad: (3 x 50 + 20) / 4 = 42.5 %.
    blocks = []
    for wave in ("2025Q3", "2025Q4"):
        for region, right in (("Parkstad", 50), ("Noord-Limburg", 20), ("Elders", 40)):
            where = {"wave": wave, "region": region}
            blocks += [(right, where), (100 - right, where | {"K1": "false"})]
    margins = margin([("region", "Parkstad", "", 3000.0), ("region", "Noord-Limburg", "", 1000.0)])
    case = make.campaign(varied(margins=("region",)), responses=make.responses(*blocks), margins=margins)
    level = only(awareness(case, "2025Q4"), indicator="aware", measure="level", region="area", wave="2025Q4")
    assert level["estimate"] == pytest.approx(0.425)
    # Stratified by hand: sqrt(sum of (N_h / N)^2 p q / (n_h - 1)).
    assert level["se"] == pytest.approx(sqrt((0.75**2 * 0.25 + 0.25**2 * 0.16) / 99))


def test_each_wave_is_raked_within_its_areas_and_unknown_keeps_its_share(make, varied):
    cells = {"low": 10, "middle": 30, "high": 50, "unknown": 10}
    blocks = []
    for wave in ("2025Q3", "2025Q4"):
        for region in ("Parkstad", "Noord-Limburg", "Elders"):
            blocks += [(n, {"wave": wave, "region": region, "education": e}) for e, n in cells.items()]
    margins = margin(
        [
            ("education", "", "low", 300.0),
            ("education", "", "middle", 400.0),
            ("education", "", "high", 300.0),
            ("education", "Elders", "low", 100.0),
            ("education", "Elders", "middle", 100.0),
            ("education", "Elders", "high", 50.0),
            ("region", "Parkstad", "", 600.0),
            ("region", "Noord-Limburg", "", 400.0),
            ("region", "Elders", "", 250.0),
        ]
    )
    study = varied(margins=("education", "region"))
    survey = read_survey(make.campaign(study, responses=make.responses(*blocks), margins=margins), "2025Q4")
    frame = survey.answers.assign(raked=survey.design.weights, place=survey.place)
    raked = frame.groupby(["wave", "place", "education"])["raked"].sum()
    for wave in survey.waves:
        assert raked[wave, "area"].to_dict() == pytest.approx(
            {"low": 270, "middle": 360, "high": 270, "unknown": 100}
        )
        assert raked[wave, "Elders"].to_dict() == pytest.approx(
            {"low": 90, "middle": 90, "high": 45, "unknown": 25}
        )
    regions = frame.groupby(["wave", "region"])["raked"].sum()
    assert regions["2025Q4"].to_dict() == pytest.approx(
        {"Parkstad": 600, "Noord-Limburg": 400, "Elders": 250}
    )


def test_a_margin_with_an_empty_category_is_refused(make, varied, survey_rows):
    margins = margin([("education", "", "middle", 900.0), ("education", "", "low", 100.0)])
    case = make.campaign(varied(margins=("education",)), responses=survey_rows, margins=margins)
    with pytest.raises(DataError) as refused:
        awareness(case, "2026Q1")
    assert refused.value.key == "indicators.margin_without_respondents"
    assert all(word in refused.value.text("nl") for word in ("education", "low", "2025Q3"))


def test_a_margin_that_is_not_in_the_file_is_refused(make, varied, survey_rows):
    margins = margin([("region", "Parkstad", "", 900.0)])
    case = make.campaign(varied(margins=("language",)), responses=survey_rows, margins=margins)
    with pytest.raises(DataError, match="language"):
        awareness(case, "2026Q1")


def test_without_a_table_of_margins_nothing_is_raked(make, varied, survey_rows):
    case = make.campaign(varied(margins=("region",)), responses=survey_rows)
    assert np.ptp(read_survey(case, "2026Q1").design.weights) == 0
    assert unavailable(case, "2026Q1")["raking"] == "no_margins"


def test_clinics_are_the_clusters(make, varied, survey_rows, only):
    # Seven clinics per region, the same ones in all waves: 14 in two strata leave 12 degrees of freedom
    # at most (Satterthwaite, near 12 for clinics of nearly one size).
    clinics = survey_rows["region"] + [f" {i % 7}" for i in range(len(survey_rows))]
    case = make.campaign(varied(cluster=True), responses=survey_rows.assign(clinic=clinics))
    change = only(awareness(case, "2026Q1"), indicator="aware", measure="change", region="area")
    assert change["clusters"] == 14
    assert change["df"] == pytest.approx(12, abs=0.01)
    plain = make.campaign(varied(), responses=survey_rows)
    assert np.isnan(
        only(awareness(plain, "2026Q1"), indicator="aware", measure="change", region="area")["clusters"]
    )
    assert unavailable(plain, "2026Q1")["clusters"] == "no_clinics"


def test_a_wave_without_responses_or_with_one_clinic_is_refused(make, varied, plain_study, survey_rows):
    gone = survey_rows[survey_rows["wave"] != "2025Q4"]
    with pytest.raises(DataError, match="2025Q4"):
        awareness(make.campaign(plain_study, responses=gone), "2026Q1")
    alone = survey_rows.assign(
        clinic=np.where(survey_rows["wave"] == "2025Q4", "c0", survey_rows.index.astype(str))
    )
    alone = alone.assign(stratum="")
    with pytest.raises(DataError) as refused:
        awareness(make.campaign(varied(cluster=True), responses=alone), "2026Q1")
    assert refused.value.key == "indicators.wave_one_clinic"


@pytest.mark.parametrize("quarter", ["2025Q3", "2026Q4", "nonsense"])
def test_an_unknown_quarter_names_those_there_are(make, plain_study, survey_rows, quarter):
    with pytest.raises(StudyError, match="2025Q4, 2026Q1"):
        awareness(make.campaign(plain_study, responses=survey_rows), quarter)
