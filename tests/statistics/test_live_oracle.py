"""Random designs, here and in the Python package svy (PyPI), live. svy is not a package of the project: it
is large and its interface moves. `pip install svy` in an environment of one's own, then make test-all."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation.estimation import SurveyDesign
from evaluation.estimation.linear import domain_means, domain_totals, variance

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
    ):
        found = sorted(theirs.estimates, key=lambda one: str(one.by_level))
        here = np.flatnonzero(ours.n > 0)
        assert [one.est for one in found] == pytest.approx(ours.estimate[here], rel=1e-9)
        errors = np.sqrt(variance(design, ours.influence))[here]
        assert [one.se for one in found] == pytest.approx(errors, rel=1e-6, abs=1e-9)
