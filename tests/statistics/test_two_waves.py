"""Two waves at the same clinics, with unequal weights, as drawn and raked within each wave, against R's
survey package: the design that the reports rest on."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from evaluation.estimation import SurveyDesign, rake
from evaluation.estimation.change import change_by_region
from evaluation.estimation.linear import domain_means, domain_ratios, variance
from evaluation.estimation.models import fit
from evaluation.estimation.quantiles import quantiles

DATA = Path(__file__).parent / "data"


def close(found, wanted):
    assert np.ravel(found) == pytest.approx(np.ravel(wanted), rel=1e-6)


@pytest.mark.parametrize("name", ["drawn", "raked"])
def test_every_number_is_rs(name):
    wanted = json.loads((DATA / "two_waves.json").read_text())[name]
    data = pd.read_csv(DATA / "two_waves.csv")
    wave = data.wave.to_numpy()
    design = SurveyDesign(data.w, data.stratum, data.psu)
    if name == "raked":
        education, language = (3 * wave + data.edu).to_numpy(), (2 * wave + data.lang).to_numpy()
        design = rake(design, [(education, [300, 500, 200] * 2), (language, [700, 300] * 2)])

    share = domain_means(design, data.y, wave, 2)
    close(share.estimate, wanted["share"])
    close(np.sqrt(variance(design, share.influence)), wanted["share_se"])

    everywhere = np.full(len(data), "area")
    change = change_by_region(design, data.y, wave, everywhere, 0, 1, ["area"], "difference").iloc[0]
    close(change.change, wanted["change"])
    moved = share.influence[:, [1]] - share.influence[:, [0]]
    close(np.sqrt(variance(design, moved)), wanted["change_se"])

    score = domain_means(design, data.z)
    close([score.estimate, np.sqrt(variance(design, score.influence))], [wanted["score"], wanted["score_se"]])

    domains = domain_means(design, data.y, (5 * wave + data.stratum).to_numpy(), 10)
    order = np.arange(10).reshape(2, 5).T.ravel()  # R's: wave runs fastest
    close(domains.estimate[order], wanted["domain"])
    close(np.sqrt(variance(design, domains.influence))[order], wanted["domain_se"])

    ratio = domain_ratios(design, data.y, data.edu)
    close([ratio.estimate, np.sqrt(variance(design, ratio.influence))], [wanted["ratio"], wanted["ratio_se"]])

    middle = quantiles(design, data.z, [0.25, 0.5, 0.9])
    close([*middle.estimate, *middle.se], [*wanted["quantile"], *wanted["quantile_se"]])

    x = np.column_stack([np.ones(len(data)), wave, data.edu])
    model = fit(design, data.y, x, ["constant", "wave", "education"], "logistic")
    close([*model.coefficients, *model.se], [*wanted["logit"], *wanted["logit_se"]])
