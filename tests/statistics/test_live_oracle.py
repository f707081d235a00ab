"""Random designs, here and in the Python packages svy, statsmodels and diff-diff, live. svy is no package of
the project but of its proofs (`make test-all` installs it): it is large and its interface moves."""

import warnings

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from evaluation.estimation import SurveyDesign
from evaluation.estimation.linear import domain_means, domain_ratios, domain_totals, variance
from evaluation.estimation.models import fit
from evaluation.estimation.panel import least_squares, two_way_fixed_effects
from evaluation.estimation.staggered import staggered_effects

pytestmark = pytest.mark.slow


@st.composite
def surveys(draw):
    """Strata of two to five clinics, each of one to six respondents, with weights."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    sizes = [rng.integers(1, 7, clinics) for clinics in rng.integers(2, 6, draw(st.integers(1, 5)))]
    stratum = np.concatenate([np.full(own.sum(), i) for i, own in enumerate(sizes)])
    cluster = np.concatenate([100 * i + np.repeat(np.arange(len(own)), own) for i, own in enumerate(sizes)])
    n = len(stratum)
    return {
        "stratum": stratum,
        "cluster": cluster,
        "weight": rng.uniform(0.5, 4, n),
        "y": rng.normal(50, 20, n) + 5 * rng.normal(size=500)[cluster % 500],
        "domain": rng.integers(0, 2, n),
    }


@given(surveys())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_means_totals_and_domains_are_svys(survey):
    svy = pytest.importorskip("svy")
    polars = pytest.importorskip("polars")
    design = SurveyDesign(survey["weight"], survey["stratum"], survey["cluster"])
    sample = svy.Sample(polars.DataFrame(survey), svy.Design(stratum="stratum", psu="cluster", wgt="weight"))
    for ours, theirs in (
        (domain_means(design, survey["y"]), sample.estimation.mean("y")),
        (domain_totals(design, survey["y"]), sample.estimation.total("y")),
        (domain_means(design, survey["y"], survey["domain"], 2), sample.estimation.mean("y", by="domain")),
        (domain_ratios(design, survey["y"], survey["weight"]), sample.estimation.ratio(y="y", x="weight")),
    ):
        found = sorted(theirs.estimates, key=lambda one: str(one.by_level))
        here = np.flatnonzero(ours.n > 0)
        assert [one.est for one in found] == pytest.approx(ours.estimate[here], rel=1e-9)
        errors = np.sqrt(variance(design, ours.influence))[here]
        assert [one.se for one in found] == pytest.approx(errors, rel=1e-6, abs=1e-9)


@given(surveys(), st.sampled_from(["linear", "logistic"]))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_models_are_statsmodels_with_clustered_errors(survey, family):
    """In one stratum Taylor is the sandwich of the cluster sums, times G / (G - 1)."""
    n, groups = len(survey["y"]), len(np.unique(survey["cluster"]))
    assume(groups >= 6 and n >= 25)
    rng = np.random.default_rng(n)
    x = np.column_stack([np.ones(n), rng.normal(size=n), survey["domain"]])
    y = survey["y"] if family == "linear" else (rng.random(n) < 0.5).astype(float)
    ours = fit(SurveyDesign(survey["weight"], None, survey["cluster"]), y, x, "abc", family)
    kind = sm.families.Gaussian() if family == "linear" else sm.families.Binomial()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = sm.GLM(y, x, family=kind, freq_weights=survey["weight"])
        options = {"groups": survey["cluster"], "use_correction": False}
        theirs = model.fit(cov_type="cluster", cov_kwds=options, tol=1e-14, maxiter=200)
    assert ours.coefficients == pytest.approx(theirs.params, rel=1e-6, abs=1e-9)
    assert ours.covariance == pytest.approx(theirs.cov_params() * groups / (groups - 1), rel=1e-5, abs=1e-9)


@st.composite
def panels(draw):
    """Units in four periods, a third of them never treated, the others from period 2 or 3 on."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    unit, period = (part.ravel() for part in np.indices((draw(st.integers(12, 40)), 4)))
    first = np.array([0, 2, 3])[unit % 3]
    y = rng.normal(size=unit.max() + 1)[unit] + 0.1 * period + 0.3 * ((first > 0) & (period >= first))
    return pd.DataFrame(
        {"y": y + rng.normal(size=len(y)), "unit": unit, "t": period + 1, "g": first + (first > 0)}
    )


@given(panels())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_panels_are_diff_diffs(panel):
    from diff_diff import DifferenceInDifferences, TwoWayFixedEffects

    own = staggered_effects(panel.y, panel.unit, panel.t, panel.g)
    # By hand: each start against the never treated, from the last period before it.
    wide = panel.pivot_table(index="unit", columns="t", values="y")
    first = panel.groupby("unit")["g"].first()
    effects, sizes = [], []
    for g in (3, 4):
        for t in range(g, 5):
            change = (wide[t] - wide[g - 1]).groupby(first).mean()
            effects.append(change[g] - change[0])
            sizes.append((first == g).sum())
    assert own.estimate == pytest.approx(np.average(effects, weights=sizes), rel=1e-9)
    two = panel[panel.t.isin([1, 4]) & panel.g.isin([0, 3])]
    two = two.assign(treated=(two.g > 0).astype(int), post=(two.t == 4).astype(int))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain = DifferenceInDifferences(cluster="unit").fit(two, "y", "treated", "post")
        swept = TwoWayFixedEffects(cluster="unit").fit(two, "y", "treated", "post", "unit")
    x = np.column_stack([np.ones(len(two)), two.treated, two.post, two.treated * two.post])
    ours = least_squares(two.y, x, two.unit)
    assert ours.coefficients[3] == pytest.approx(plain.att, rel=1e-9)
    assert ours.se[3] == pytest.approx(plain.se, rel=1e-6)
    fixed = two_way_fixed_effects(two.y, two.treated * two.post, two.unit, two.t)
    assert fixed.coefficients[0] == pytest.approx(swept.att, rel=1e-9)
