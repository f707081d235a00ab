"""What the researcher checks beside the estimates: gaps, capped weights, the questions, the signals."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from evaluation.disclosure import check
from evaluation.estimation import SurveyDesign, rake
from evaluation.estimation.trimming import trimming_table
from evaluation.indicators import all_estimates, missing, scale
from evaluation.indicators.survey import read_survey
from evaluation.indicators.tidy import fact


def test_answered_is_the_unweighted_share_without_a_skipped_question(make, plain_study, only):
    rows = make.responses(
        (60, {"wave": "2025Q3"}), (60, {}), (30, {"K2": "", "weight": 9.0}), (10, {"K1": "", "K2": ""})
    )
    found = all_estimates(make.campaign(plain_study, responses=rows), "2025Q4")
    now = only(found, indicator="answered", region="Parkstad", wave="2025Q4")
    assert (now["estimate"], now["n"], now["count"]) == (pytest.approx(0.6), 100, 60)
    # How many skipped a question says nothing about anybody, so "everybody answered" may be shown.
    checked = check(found)
    whole = only(checked, indicator="answered", region="Parkstad", wave="2025Q3")
    assert (whole["estimate"], whole["status"]) == (1.0, "shown")


def test_gaps_are_compared_in_three_ways(make, plain_study):
    before = [(50, {"wave": "2025Q3"}), (50, {"wave": "2025Q3", "K1": "false"})]
    after = [(60, {}), (20, {"K1": "false"}), (40, {"K2": ""}), (30, {"K1": "", "K2": "true"})]
    found = all_estimates(make.campaign(plain_study, responses=make.responses(*before, *after)), "2025Q4")
    rows = found[found["measure"] == "missing_comparison"].set_index("group")
    assert list(rows.index) == ["complete", "raked", "imputed"]
    # Complete: 60 of 80. As reported: a skipped question counts as not known, 60 of 150. Undecided are only
    # the 40 who got K1 right and skipped K2: K2 = "true" is wrong whatever K1 would have been, so donors give
    # those 40 what 60 of 110 have.
    assert rows.loc["complete", "estimate"] == pytest.approx(60 / 80 - 0.5)
    assert rows.loc["raked", "estimate"] == pytest.approx(60 / 150 - 0.5)
    expected = (60 + 40 * 60 / 110) / 150 - 0.5
    assert rows.loc["imputed", "estimate"] == pytest.approx(expected, abs=0.04)
    assert float(fact(rows.loc["imputed", "note"], "missing")) > 0.02
    assert rows.loc["imputed", "se"] > rows.loc["complete", "se"] * 0.8
    again = all_estimates(make.campaign(plain_study, responses=make.responses(*before, *after)), "2025Q4")
    pd.testing.assert_frame_equal(found, again)


def test_too_few_left_out_are_not_to_be_computed_from_a_comparison(make, plain_study):
    rows = make.responses((100, {"wave": "2025Q3"}), (100, {}), (4, {"K2": ""}))
    found = all_estimates(make.campaign(plain_study, responses=rows), "2025Q4")
    assert "complete" not in set(found.loc[found["measure"] == "missing_comparison", "group"])


def test_trimming_by_hand():
    # Two young with 1 and two old with 3 after raking; cut off at 1.25 x the mean 2: 1, 1, 2.5, 2.5.
    design = SurveyDesign(np.ones(4))
    margins = [(np.array([0, 0, 1, 1]), np.array([2.0, 6.0]))]
    y = np.array([0.0, 1, 1, 1])
    found = trimming_table(design, margins, y, np.ones(4, dtype=bool), [5.0], [1.25]).set_index("way")
    assert found["estimate"].tolist() == pytest.approx([7 / 8, 7 / 8, 6 / 7])
    assert found["shift"].tolist() == pytest.approx([0, 0, 6 / 7 - 7 / 8])
    assert found["weight_deff"].tolist() == pytest.approx([1.25, 1.25, 4 * 14.5 / 49])
    assert found["largest"].tolist() == pytest.approx([1.5, 1.5, 2.5 / 1.75])
    assert found.loc["trimmed", "rmse"] ** 2 == pytest.approx(
        found.loc["trimmed", "se"] ** 2 + found.loc["trimmed", "shift"] ** 2
    )
    assert found.loc["raked", "se"] == pytest.approx(_se(rake(design, margins), y))


def _se(design, y):
    from evaluation.estimation.linear import domain_means, variance

    return float(np.sqrt(variance(design, domain_means(design, y).influence)[0]))


def test_trimming_stands_in_the_table_and_the_capped_row_is_the_reported_level(make, varied, only):
    study = varied(margins=("education",), comparison=None, regions=("Parkstad",), cluster=False)
    blocks = [
        (times, {"wave": wave, "education": level, "K1": "true" if level == "high" else "false"})
        for wave in ("2025Q3", "2025Q4")
        for level, times in (("low", 60), ("high", 140))
    ]
    population = pd.DataFrame(
        {
            "margin": "education",
            "region": "Parkstad",
            "category": ["low", "high"],
            "population": [300.0, 100.0],
        }
    )
    campaign = make.campaign(study, responses=make.responses(*blocks), margins=population)
    found = all_estimates(campaign, "2025Q4")
    level = only(found, indicator="aware", measure="level", region="area", wave="2025Q4")
    rows = found[found["measure"] == "trimming"].set_index("group")
    assert rows.loc["capped 5", "estimate"] == pytest.approx(level["estimate"]) == pytest.approx(0.25)
    # The low educated count 2.5 times the mean. Cut off at 1.5, 90 weigh against 140 x 0.357.
    assert float(fact(rows.loc["capped 5", "note"], "largest")) == pytest.approx(2.5)
    assert rows.loc["trimmed 1.5", "estimate"] == pytest.approx(50 / 140)
    assert float(fact(rows.loc["trimmed 1.5", "note"], "shift")) == pytest.approx(50 / 140 - 0.25, abs=1e-5)


def test_signals_are_two_true_and_at_most_one_invented(make, plain_study, only):
    ticks = {f"S{i}": "no" for i in range(1, 6)}
    blocks = []
    for wave, knows in (("2025Q3", 20), ("2025Q4", 50)):
        blocks += [
            (knows, {"wave": wave, **ticks, "S1": "yes", "S3": "yes", "S5": "yes"}),
            (30, {"wave": wave, **ticks, "S1": "yes"}),
            (10, {"wave": wave, **ticks, **dict.fromkeys(["S1", "S2", "S3", "S4", "S5"], "yes")}),
            (7, {"wave": wave, **dict.fromkeys(ticks, "")}),
        ]
    found = all_estimates(make.campaign(plain_study, responses=make.responses(*blocks)), "2025Q4")
    now = only(found, indicator="signals", measure="level", region="Parkstad", wave="2025Q4")
    assert (now["n"], now["count"]) == (90, 50)
    change = only(found, indicator="signals", measure="change", region="Parkstad")
    assert change["estimate"] == pytest.approx(50 / 90 - 20 / 60)


@pytest.fixture
def eight_items(make, plain_study):
    """Answers of 300 before and 300 after to K1-K3, of which K1 alone becomes easier beyond the others."""
    rng = np.random.default_rng(4)
    able = rng.normal(size=600)
    wave = np.repeat(["2025Q3", "2025Q4"], 300)
    rows = make.responses((300, {"wave": "2025Q3"}), (300, {}))
    ease = {"K1": np.where(wave == "2025Q4", 2.0, -0.5), "K2": 0.0, "K3": 0.3}
    for item, key, wrong in (("K1", "true", "false"), ("K2", "false", "true"), ("K3", "false", "true")):
        right = able + ease[item] + rng.logistic(size=600) > 0
        rows[item] = np.where(right, key, wrong)
    return rows, read_survey(make.campaign(plain_study, responses=rows), "2025Q4")


def test_alpha_and_item_rest_are_the_textbooks(eight_items, only):
    rows, survey = eight_items
    found = scale.from_survey(survey)
    right = pd.DataFrame({"K1": rows.K1 == "true", "K2": rows.K2 == "false", "K3": rows.K3 == "false"})
    right = right[rows.wave == "2025Q4"].astype(float)
    cov = right.cov().to_numpy()
    assert only(found, measure="alpha")["estimate"] == pytest.approx(1.5 * (1 - np.trace(cov) / cov.sum()))
    own = only(found, measure="item_rest", indicator="item_K2")
    assert own["estimate"] == pytest.approx(stats.pearsonr(right.K2, right.K1 + right.K3).statistic)
    assert own["n"] == 300


def test_a_question_that_became_easier_than_its_fellows_is_seen(eight_items, only):
    rows, survey = eight_items
    found = scale.from_survey(survey)
    easier = only(found, measure="comparability", indicator="item_K1")
    assert easier["p_adjusted"] < 0.001
    # statsmodels fits the same logistic model.
    import statsmodels.api as sm

    rest = (rows.K2 == "false").astype(float) + (rows.K3 == "false")
    x = np.column_stack([np.ones(600), rows.wave == "2025Q4", rest]).astype(float)
    fitted = sm.Logit((rows.K1 == "true").astype(float), x).fit(disp=False)
    assert easier["estimate"] == pytest.approx(fitted.params.iloc[1], rel=1e-6)


def test_a_study_of_one_question_has_no_scale_and_no_gap_that_is_not_there(make, plain_study):
    rows = make.responses((40, {"wave": "2025Q3"}), (40, {})).drop(columns=["K2", "K3"])
    survey = read_survey(make.campaign(plain_study, responses=rows), "2025Q4")
    assert scale.from_survey(survey).empty
    assert missing.from_survey(survey).empty
