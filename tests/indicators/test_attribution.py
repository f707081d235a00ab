"""Attribution's rows, against hand work on a small campaign and against other rows of the same table."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pandas as pd
import pytest

from evaluation.disclosure import check
from evaluation.estimation.sensitivity import e_value
from evaluation.indicators import attribution, awareness
from evaluation.indicators.catalogue import unavailable


@pytest.fixture
def estimate(make):
    def run(study, rows, **tables):
        campaign = make.campaign(study, responses=rows, **tables)
        made = awareness.awareness(campaign, "2026Q1")
        return made, attribution.attribution(campaign, "2026Q1", made)

    return run


def test_the_event_study_has_the_other_waves(estimate, plain_study, survey_rows, only):
    made, found = estimate(plain_study, survey_rows)
    middle = only(found, indicator="aware", measure="did")
    # Aware: 80, 100, 120 of 200 in each region, 80 of 200 elsewhere.
    assert (middle["wave"], middle["wave_before"]) == ("2025Q4", "2025Q3")
    assert middle["estimate"] == pytest.approx(0.1)
    assert only(made, measure="did", region="area", indicator="aware")["estimate"] == pytest.approx(0.2)
    slope = only(found, measure="trend", region="area")
    assert slope["estimate"] == pytest.approx(0.1)
    assert only(found, measure="trend", region="Elders")["estimate"] == pytest.approx(0.0)
    assert only(found, measure="trend", region="Elders")["level"] == "comparison"


def test_sensitivity_is_the_distance_of_the_interval_to_zero(estimate, plain_study, survey_rows, only):
    made, found = estimate(plain_study, survey_rows)
    did = only(made, measure="did", region="area", indicator="aware")
    assert only(found, measure="breakdown")["estimate"] == pytest.approx(did["lower"])
    value = only(found, measure="e_value")
    assert value["estimate"] == pytest.approx(e_value(0.6, 0.4))  # 1.5 + sqrt(1.5 * 0.5)
    assert value["estimate"] == pytest.approx(1.5 + sqrt(0.75))
    assert value["lower"] == pytest.approx(e_value(0.6, 0.6 - did["lower"]))


def test_equivalence_is_against_the_smallest_change(estimate, plain_study, survey_rows, only):
    _, found = estimate(plain_study, survey_rows)
    row = only(found, measure="equivalence", region="Elders")
    se = sqrt(2 * 0.24 / 199)
    assert row["se"] == pytest.approx(se)
    assert row["upper"] == pytest.approx(1.6487 * se, rel=1e-3)
    assert row["p"] > 0.05  # 5 points is about one standard error


def test_specifications_change_one_choice_each(estimate, plain_study, survey_rows, only):
    made, found = estimate(plain_study, survey_rows)
    curve = found[found["measure"] == "specification"].set_index("group")
    coding = ["item_K1", "item_K2", "any_item", "items_mean", "dont_know_left_out"]
    assert list(curve.index) == ["unweighted", *coding, "adjusted", "logistic", "all_since_start"]
    # Half of the two questions rises: K2 is right for everybody.
    assert curve.loc["items_mean", "estimate"] == pytest.approx(0.1)
    # 0.6 less the 0.4 that the comparison area's flat odds leave.
    assert curve.loc["logistic", "estimate"] == pytest.approx(0.2)
    # 100 and 120 of 200 together, less 80.
    assert curve.loc["all_since_start", "estimate"] == pytest.approx(0.15)
    assert curve.loc["item_K1", "estimate"] == pytest.approx(0.2)
    assert curve.loc["item_K2", "estimate"] == pytest.approx(0)  # everybody has it right
    did = only(made, measure="did", region="area", indicator="aware")
    assert curve.loc["adjusted", "estimate"] == pytest.approx(did["estimate"])


def test_weights_may_be_raked_to_less_and_cut_off(estimate, varied, survey_rows):
    study = varied(margins=("education", "language"))
    number = np.arange(len(survey_rows))
    rows = survey_rows.assign(
        education=np.where(number % 5 == 0, "high", "middle"), language=np.where(number % 9 == 0, "tr", "nl")
    )
    places = ("Parkstad", "Noord-Limburg", "Elders")
    sizes = {("education", "high"): 60.0, ("education", "middle"): 40.0}
    sizes |= {("language", "tr"): 30.0, ("language", "nl"): 70.0}
    cells = [(name, place, category, n) for (name, category), n in sizes.items() for place in places]
    margins = pd.DataFrame(cells, columns=["margin", "region", "category", "population"])
    _, found = estimate(study, rows, margins=margins)
    curve = found[found["measure"] == "specification"].set_index("group")
    named = ["without_margin:education", "without_margin:language", "uncapped", "cut_off"]
    assert [name for name in curve.index if name in named] == named
    assert curve.loc[named, "lower"].notna().all()
    assert len(set(curve.loc[named, "se"].round(6))) == 4


def test_a_logistic_model_is_statsmodels_with_the_delta_method(estimate, varied, survey_rows):
    import statsmodels.api as sm

    rng = np.random.default_rng(4)
    rows = survey_rows.assign(education=rng.choice(["low", "middle", "high"], len(survey_rows)))
    _, found = estimate(varied(), rows)
    row = found[(found["measure"] == "specification") & (found["group"] == "logistic")].iloc[0]
    kept = rows["wave"].isin(["2025Q3", "2026Q1"]).to_numpy()
    area = (rows["region"] != "Elders").to_numpy(float)[kept]
    after = (rows["wave"] == "2026Q1").to_numpy(float)[kept]
    y = (rows["K1"] == "true").to_numpy(float)[kept]
    x = [np.ones(len(y)), area, after, area * after]
    commonest = rows["education"][kept].value_counts().index[0]
    x += [
        (rows["education"] == name).to_numpy(float)[kept] for name in {"low", "middle", "high"} - {commonest}
    ]
    fitted = sm.GLM(y, np.column_stack(x), family=sm.families.Binomial()).fit()
    treated = np.column_stack(x)[(area * after) == 1]
    bare = treated.copy()
    bare[:, 3] = 0
    effect = (fitted.predict(treated) - fitted.predict(bare)).mean()
    assert row["estimate"] == pytest.approx(effect, rel=1e-6)
    assert row["p"] < 0.01


def test_placebos_are_the_invented_leaflet_and_who_the_parents_are(estimate, plain_study, survey_rows, only):
    elsewhere = survey_rows["region"].eq("Elders").to_numpy()
    last = survey_rows["wave"].eq("2026Q1").to_numpy()
    tenth = np.arange(len(survey_rows)) % 10
    rows = survey_rows.assign(R3f=np.where(tenth < np.where(last & ~elsewhere, 3, 1), "yes", "no"))
    rows["first_child"] = np.where(tenth == 0, "unknown", np.where(tenth < 5, "yes", "no"))
    _, found = estimate(plain_study, rows)
    assert only(found, indicator="placebo_foil")["estimate"] == pytest.approx(0.2)
    child = only(found, indicator="placebo_first_child")
    assert child["estimate"] == pytest.approx(0.0)
    assert child["n"] == 360  # a tenth of the area's 400 is unknown
    assert only(found, indicator="placebo_foil")["p_adjusted"] < 0.001


def test_earlier_waves_carry_a_pre_trend(estimate, plain_study, survey_rows, only, make):
    study = replace(plain_study, earlier=("2025Q2",))
    early = survey_rows[survey_rows["wave"] == "2025Q3"].assign(wave="2025Q2")
    _, found = estimate(study, pd.concat([early, survey_rows], ignore_index=True))
    row = only(found, measure="pre_trend")
    assert row["estimate"] == pytest.approx(0.0)
    assert row["p"] == pytest.approx(1.0)
    assert (row["wave"], row["wave_before"], row["unit"]) == ("2025Q3", "2025Q2", "F")
    assert row["note"].startswith("power=0.")
    assert only(found, measure="placebo_date")["estimate"] == pytest.approx(0.0)
    assert found[found["measure"] == "did"]["wave"].tolist() == ["2025Q2", "2025Q4"]
    missing = unavailable(
        make.campaign(study, responses=pd.concat([survey_rows, early], ignore_index=True)), "2026Q1"
    )
    assert "pre_trend" not in missing


def test_dose_response_over_municipalities(estimate, plain_study, survey_rows, only, make):
    codes = ["GM0882", "GM0899", "GM0917", "GM0928"]
    place = np.array(codes)[np.arange(len(survey_rows)) % 4]
    rows = survey_rows.assign(municipality=np.where(survey_rows["region"] == "Elders", "GM0743", place))
    lines = {"product": "leaflet", "shipped": True, "region": "Parkstad", "quarter": "2025Q4"}
    orders = pd.DataFrame(
        [
            lines
            | {
                "organisation": f"o{i}",
                "municipality": code,
                "copies": 100 * (i + 1),
                "shipped_quarter": "2025Q4",
            }
            for i, code in enumerate(codes)
        ]
    )
    _, found = estimate(plain_study, rows, orders=orders)
    row = only(found, measure="dose_response")
    assert row["clusters"] == 4
    assert row["df"] == 2
    assert row["n"] == 400
    assert row["lower"] < row["estimate"] < row["upper"]


def test_without_comparison_or_baseline_only_what_can_be_said(estimate, varied, survey_rows):
    _, found = estimate(varied(comparison=None), survey_rows)
    assert set(found["measure"]) == {"trend", "equivalence"}
    _, nothing = estimate(varied(baseline=None), survey_rows)
    assert nothing.empty


def test_every_row_passes_disclosure_on_a_large_campaign(estimate, plain_study, survey_rows):
    made, found = estimate(plain_study, survey_rows)
    checked = check(pd.concat([made, found], ignore_index=True))
    own = checked.iloc[len(made) :]
    hidden = set(own.loc[own["status"] == "suppressed", "measure"])
    assert hidden <= {"specification", "placebo"}
