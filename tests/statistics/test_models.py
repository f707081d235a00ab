"""Models, Rao-Scott tests, quantiles and the likelihood interval against R's survey package."""

import json
from pathlib import Path

import numpy as np
import pytest

from evaluation.errors import DataError
from evaluation.estimation import SurveyDesign, intervals
from evaluation.estimation.association import rao_scott
from evaluation.estimation.linear import covariance, domain_means, psu_totals_of_columns, variance
from evaluation.estimation.models import fit, wald_test
from evaluation.estimation.quantiles import quantiles

DATA = Path(__file__).parent / "data"
PLAIN = ["apistrat", "apistrat_nofpc", "apiclus1", "apiclus1_nofpc"]
TERMS = ["ell", "meals", "mobility"]


def close(value, reference):
    return np.asarray(value).ravel() == pytest.approx(np.ravel(reference), rel=1e-6)


def columns(data, terms):
    return np.column_stack([np.ones(len(data)), data[terms].to_numpy(dtype=float)])


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("kind", ["lm", "logit"])
def test_models(name, kind, api, expected):
    data, design = api[name]
    y = data.api00 if kind == "lm" else (data["sch.wide"] == "Yes").astype(float)
    family = "linear" if kind == "lm" else "logistic"
    model = fit(design, y, columns(data, TERMS), ["constant", *TERMS], family)
    reference = expected[name][kind]
    assert model.coefficients == pytest.approx(np.array(reference["b"]), rel=1e-6)
    assert model.df == reference["df_resid"]
    # R stops at a deviance change of 1e-8 and takes the standard errors from the step before; the next test
    # shows # that this is the whole difference. A linear model has no steps.
    tolerance = 1e-6 if kind == "lm" else 4e-5
    assert model.se == pytest.approx(np.array(reference["se"]), rel=tolerance)
    assert model.p == pytest.approx(np.array(reference["p"]), rel=4 * tolerance)


@pytest.mark.parametrize("name", PLAIN)
def test_logistic_standard_errors_stopped_where_r_stops(name, api, expected):
    data, design = api[name]
    x, y = columns(data, TERMS), (data["sch.wide"] == "Yes").to_numpy(dtype=float)
    w = design.weights / design.weights.mean()
    mu = (w * y + 0.5) / (w + 1)
    eta, deviance = np.log(mu / (1 - mu)), np.inf
    for _ in range(25):
        working = w * mu * (1 - mu)
        bread = np.linalg.inv((x.T * working) @ x)
        eta = x @ (bread @ (x.T @ (working * (eta + (y - mu) / (mu * (1 - mu))))))
        mu = 1 / (1 + np.exp(-eta))
        before, deviance = deviance, -2 * (w * np.log(np.where(y == 1, mu, 1 - mu))).sum()
        if abs(deviance - before) / (abs(deviance) + 0.1) < 1e-8:
            break
    effect = (working * (y - mu) / (mu * (1 - mu)) / design.weights)[:, None] * (x @ bread)
    se = np.sqrt(np.diag(covariance(design, psu_totals_of_columns(design, effect))))
    assert se == pytest.approx(np.array(expected[name]["logit"]["se"]), rel=1e-6)


@pytest.mark.parametrize("name", PLAIN)
def test_t_test_is_a_model_with_one_group(name, api, expected):
    data, design = api[name]
    group = (data["sch.wide"] == "Yes").astype(float)
    model = fit(design, data.api00, np.column_stack([np.ones(len(data)), group]), ["constant", "group"])
    reference = expected[name]["ttest"]
    assert close(model.coefficients[1], reference["diff"])
    assert close(model.coefficients[1] / model.se[1], reference["t"])
    assert model.df == reference["df"]
    assert close(model.p[1], reference["p"])
    statistic, df1, df2, p = wald_test(model, ["group"])
    assert close([statistic, p], [reference["t"] ** 2, reference["p"]])
    assert (df1, df2) == (1, reference["df"])


@pytest.mark.parametrize("name", PLAIN)
def test_wald_test_on_terms_against_regtermtest(name, api):
    data, design = api[name]
    reference = json.loads((DATA / "terms.json").read_text())[name]
    high, middle = ((data.stype == level).to_numpy(dtype=float) for level in "HM")
    x = np.column_stack([np.ones(len(data)), high, middle, data.ell, data.meals])
    linear = fit(design, data.api00, x, ["constant", "H", "M", "ell", "meals"])
    wide = (data["sch.wide"] == "Yes").astype(float)
    logistic = fit(design, wide, columns(data, TERMS), ["constant", *TERMS], "logistic")
    for model, terms, key in (
        (linear, ["H", "M"], "linear_stype"),
        (linear, ["H", "M", "ell", "meals"], "linear_all"),
        (logistic, ["ell", "meals"], "logistic_two"),
    ):
        wanted = reference[key]
        statistic, df1, df2, p = wald_test(model, terms)
        assert (df1, df2) == (wanted["df1"], wanted["df2"]), key
        assert statistic == pytest.approx(wanted["F"], rel=1e-6), key
        assert p == pytest.approx(wanted["p"], rel=1e-6), key


@pytest.mark.parametrize("name", PLAIN)
def test_rao_scott(name, api, expected):
    data, design = api[name]
    found = rao_scott(design, data["sch.wide"], data.stype)
    f, chi = expected[name]["chisq_F"], expected[name]["chisq_Chisq"]
    assert close([found.statistic, found.df1, found.df2, found.p], [f["F"], f["ndf"], f["ddf"], f["p"]])
    assert close([found.chi2, found.df, found.p_chi2], [chi["X2"], chi["df"], chi["p"]])


@pytest.mark.parametrize("name", PLAIN)
def test_quantiles(name, api, expected):
    data, design = api[name]
    found = quantiles(design, data.api00, [0.25, 0.5, 0.75])
    assert close(found.estimate, expected[name]["quantile"]["est"])
    assert close(found.se, expected[name]["quantile"]["se"])


@pytest.mark.parametrize("name", PLAIN)
def test_likelihood_interval(name, api, expected):
    data, design = api[name]
    found = domain_means(design, (data.awards == "Yes").astype(float))
    se = float(np.sqrt(variance(design, found.influence)[0]))
    limits = intervals.likelihood(found.estimate[0], se, design.size, design.df)
    # R reads its limits off a spline through 3 points per step, which moves them by a few millionths.
    assert np.array(limits) == pytest.approx(np.array(expected[name]["prop_awards_likelihood"]), rel=4e-6)


def test_a_model_on_group_dummies_gives_the_calibrated_domain_means(api):
    data, design = api["apiclus1_rake"]
    codes = (data.awards == "Yes").to_numpy().astype(int)
    means = domain_means(design, data.api00, codes, 2)
    model = fit(design, data.api00, np.eye(2)[codes], ["no", "yes"])
    assert close(model.coefficients, means.estimate)
    assert close(model.se**2, variance(design, means.influence))


@pytest.mark.parametrize(
    ("x", "y", "family", "key"),
    [
        (np.ones((20, 2)), np.arange(20) % 2, "linear", "collinear"),
        (np.column_stack([np.ones(20), np.arange(20)]), np.arange(20) > 9, "logistic", "separated"),
        (
            np.column_stack([np.ones(20), np.arange(20)]),
            np.where(np.arange(20) < 2, 1, np.nan),
            "linear",
            "too_few_clusters",
        ),
        (np.ones((20, 1)), np.arange(20) % 2, "poisson", "unknown_kind"),
    ],
)
def test_models_that_cannot_be_fitted_say_why(x, y, family, key):
    with pytest.raises(DataError) as error:
        fit(SurveyDesign(np.ones(20)), y, x, [str(i) for i in range(x.shape[1])], family)
    assert error.value.key == f"estimation.{key}"
