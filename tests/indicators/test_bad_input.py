"""What a survey can bring that no estimate survives: a clear error, or an estimate that says what it lacks.

Each case goes all the way to a report, in which no number may be "nan".
"""

import json

import numpy as np
import pandas as pd
import pytest

from evaluation.disclosure import check
from evaluation.errors import DataError
from evaluation.indicators import all_estimates, unavailable
from evaluation.report.content.factsheet import region_factsheet
from evaluation.report.content.province import province_report
from evaluation.report.model import to_json


def said(study, table, missing):
    """Every text of the reports made of a table, in both languages; fails for a NaN anywhere in them."""
    checked = check(table, study.disclosure)
    texts = []
    for language in ("nl", "en"):
        reports = [province_report(study, "2025Q4", language, checked, missing, [])]
        reports += [
            region_factsheet(study, "2025Q4", region, language, checked, missing, [])
            for region in study.area.regions
        ]
        texts += [to_json(report) for report in reports]
    for text in texts:
        json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} in a report"))
        assert not any(f'"{word}"' in text.lower() for word in ("nan", "nan%", "none", "inf"))
        assert " nan" not in text.lower()
    return "\n".join(texts)


def blocks(clinics=4, regions=("Parkstad", "Noord-Limburg", "Elders"), waves=("2025Q3", "2025Q4")):
    """40 parents per clinic and wave, `clinics` a region: 12 to 20 of them aware."""
    found = []
    for wave in waves:
        for region in regions:
            for i in range(clinics):
                here = {"wave": wave, "region": region, "clinic": f"{region}-{i}"}
                right = 12 + 2 * i + ((3, 1, 4, 2)[i % 4] if wave == "2025Q4" else 0)
                found += [(right, here), (40 - right, here | {"K1": "dont_know", "K3": "true"})]
    return found


@pytest.fixture
def clinics(varied):
    """The study with clinics known, up to its second wave."""
    return varied(cluster=True)


def test_the_harmless_survey_makes_a_report(make, clinics):
    campaign = make.campaign(clinics, responses=make.responses(*blocks()))
    assert said(clinics, all_estimates(campaign, "2025Q4"), unavailable(campaign, "2025Q4"))


@pytest.mark.parametrize("weight", [0.0, -1.0, np.nan, np.inf])
def test_a_weight_that_is_zero_negative_or_missing_is_an_error(make, clinics, weight):
    rows = make.responses(*blocks())
    rows.loc[7, "weight"] = weight
    with pytest.raises(DataError) as caught:
        all_estimates(make.campaign(clinics, responses=rows), "2025Q4")
    assert caught.value.key == "estimation.weights_invalid"
    assert (caught.value.facts["count"], caught.value.facts["row"]) == (1, 8)


def test_a_clinic_in_two_regions_is_an_error(make, clinics):
    rows = make.responses(*blocks())
    rows.loc[rows["clinic"] == "Parkstad-0", "clinic"] = "Noord-Limburg-0"
    with pytest.raises(DataError) as caught:
        all_estimates(make.campaign(clinics, responses=rows), "2025Q4")
    assert caught.value.key == "estimation.cluster_in_two_strata"


def test_a_margin_without_respondents_is_an_error_that_names_it(make, varied):
    study = varied(cluster=True, margins=("education",))
    cells = [
        (place, level) for place in ("Parkstad", "Noord-Limburg", "Elders") for level in ("middle", "high")
    ]
    population = pd.DataFrame(cells, columns=["region", "category"]).assign(
        margin="education", population=50.0
    )
    campaign = make.campaign(study, responses=make.responses(*blocks()), margins=population)
    with pytest.raises(DataError) as caught:
        all_estimates(campaign, "2025Q4")
    assert caught.value.key == "indicators.margin_without_respondents"
    assert caught.value.facts["category"] == "high"


def test_a_wave_with_one_clinic_is_an_error(make, clinics):
    rows = make.responses(*blocks())
    rows = rows[(rows["wave"] == "2025Q3") | (rows["clinic"] == "Parkstad-1")].reset_index(drop=True)
    with pytest.raises(DataError) as caught:
        all_estimates(make.campaign(clinics, responses=rows), "2025Q4")
    assert caught.value.key == "indicators.wave_one_clinic"


def test_a_region_with_one_clinic_in_a_wave_has_a_change_without_a_range(make, clinics, only):
    rows = make.responses(*blocks())
    gone = (rows["wave"] == "2025Q4") & (rows["region"] == "Parkstad") & (rows["clinic"] != "Parkstad-1")
    campaign = make.campaign(clinics, responses=rows[~gone].reset_index(drop=True))
    table = all_estimates(campaign, "2025Q4")
    row = only(table, indicator="aware", measure="change", region="Parkstad")
    assert "one_cluster" in row["note"]
    assert np.isfinite(row["estimate"])
    assert np.isnan(row[["se", "lower", "upper", "p"]].astype(float)).all()
    assert said(clinics, table, unavailable(campaign, "2025Q4"))


@pytest.mark.parametrize(("answer", "note"), [("dont_know", "nobody"), ("true", "everybody")])
def test_an_outcome_that_nobody_or_everybody_has_keeps_a_range_and_is_not_shown(
    make, clinics, only, answer, note
):
    rows = make.responses(*blocks())
    rows.loc[rows["wave"] == "2025Q4", ["K1", "K2"]] = [answer, "false"]
    campaign = make.campaign(clinics, responses=rows)
    table = all_estimates(campaign, "2025Q4")
    level = only(table, indicator="aware", measure="level", region="area", wave="2025Q4")
    assert level["note"].endswith(note)
    assert 0 <= level["lower"] < level["upper"] <= 1
    hidden = only(check(table), indicator="aware", measure="level", region="area", wave="2025Q4")
    assert (hidden["status"], hidden["reason"]) == ("suppressed", "all_or_none")
    assert said(clinics, table, unavailable(campaign, "2025Q4"))


def test_a_region_without_a_baseline_has_levels_and_no_change(make, clinics):
    rows = make.responses(*blocks())
    gone = (rows["wave"] == "2025Q3") & (rows["region"] == "Parkstad")
    campaign = make.campaign(clinics, responses=rows[~gone].reset_index(drop=True))
    table = all_estimates(campaign, "2025Q4")
    own = table[(table["indicator"] == "aware") & (table["region"] == "Parkstad")]
    assert set(own["measure"]) == {"level"}
    assert set(own["wave"]) == {"2025Q4"}
    assert said(clinics, table, unavailable(campaign, "2025Q4"))
