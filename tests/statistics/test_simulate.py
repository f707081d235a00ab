"""The simulation study, quick: intervals of the reports' functions on surveys of which the truth is known."""

import numpy as np
import pytest

from evaluation.estimation.simulate import JOINT, SCENARIOS, draw, estimate, evaluate, joint

BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}
REPLICATES = 240


@pytest.mark.parametrize(
    "name",
    [
        "no clinics",
        "6 clinics a region",
        "6 clinics a region, risen 10 points",
        "6 clinics a region, weights cv 0.6",
        "6 clinics a region, share 2 %",
        "6 clinics against 10",
        "2 clinics against 10",
    ],
)
def test_intervals_cover_and_nothing_rises_by_chance(name):
    found = evaluate(BY_NAME[name], REPLICATES, seed=11)
    # Four Monte-Carlo standard errors around 95 % and 2.5 %; the full study with 2,000 replicates has the
    # narrow bars.
    assert found["coverage"] > 0.95 - 4 * np.sqrt(0.95 * 0.05 / REPLICATES)
    assert abs(found["bias"]) < 4 / np.sqrt(REPLICATES)
    assert found["refused"] == 0
    if BY_NAME[name].change == 0:
        assert found["risen"] < 0.025 + 4 * np.sqrt(0.025 * 0.975 / REPLICATES)
    else:
        assert found["risen"] > 0.15


def test_the_joint_test_holds_its_level_with_six_clinics_a_region_and_sees_what_is_planted():
    designs = {design.name: design for design in JOINT}
    quiet = joint(designs["5 regions of 6 clinics"], REPLICATES, seed=11)
    assert quiet["method"] == "hotelling_f"
    assert quiet["refused"] == 0
    assert quiet["rejects"] < 0.05 + 3 * np.sqrt(0.05 * 0.95 / REPLICATES)
    loud = joint(designs["5 regions of 6 clinics, one rises 25 points"], 120, seed=12)
    assert loud["rejects"] > 0.3


def test_a_drawn_survey_has_the_planted_change_and_its_clinics_are_alike_inside():
    scenario = BY_NAME["many clinics, risen 5 points"]
    rows = draw(scenario, 60, np.random.default_rng(1))
    shares = rows.groupby("wave").y.mean()
    assert shares[0] == pytest.approx(0.40, abs=0.01)
    assert shares[1] - shares[0] == pytest.approx(0.05, abs=0.012)
    cells = rows[rows.wave == 0].groupby("clinic").y.agg(["mean", "size"])
    between = cells["mean"].var() - (0.24 * (1 - scenario.intraclass) / cells["size"]).mean()
    assert between / 0.24 == pytest.approx(scenario.intraclass, abs=0.006)


def test_the_same_seed_gives_the_same_numbers():
    scenario = BY_NAME["2 clinics against 10"]
    one = estimate(scenario, draw(scenario, 3, np.random.default_rng(2)))
    two = estimate(scenario, draw(scenario, 3, np.random.default_rng(2)))
    assert one.equals(two)
