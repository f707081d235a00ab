"""A simulation with a known truth: do the intervals of the reports cover what they promise?

Replicates of a survey are stacked as regions of one large survey, so that the very functions of the reports
(`change_by_region`, `difference_in_differences`, `levels`) estimate them, many at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from evaluation.estimation.change import change_by_region
from evaluation.estimation.contrast import difference_in_differences, joint_test
from evaluation.estimation.design import SurveyDesign
from evaluation.estimation.levels import levels

BATCH = 40


@dataclass(frozen=True)
class Scenario:
    """One design. `clinics` per stratum of the area and `strata` of them; `parents` per clinic before and
    after (mean); `share` before and the planted `change`; `comparison` clinics (0: none, then the change
    itself is estimated); `intraclass` correlation within a clinic and wave, half of it lasting over waves;
    `size_cv` of the clinics' sizes; `weight_cv` of the weights. clinics = 0: parents drawn one by one,
    `parents` per wave.

    Numbers; shares, changes and correlations 0-1.
    """

    name: str
    clinics: int
    strata: int = 1
    parents: tuple[int, int] = (40, 27)
    share: float = 0.4
    change: float = 0.0
    comparison: int = 0
    intraclass: float = 0.03
    size_cv: float = 0.4
    weight_cv: float = 0.0


SCENARIOS = (
    Scenario("no clinics", 0, parents=(400, 400)),
    Scenario("many clinics", 12, strata=5),
    Scenario("many clinics, risen 5 points", 12, strata=5, change=0.05),
    Scenario("many clinics, weights cv 0.6", 12, strata=5, weight_cv=0.6),
    Scenario("many clinics, share 50 %", 12, strata=5, share=0.5),
    Scenario("many clinics, share 10 %", 12, strata=5, share=0.1),
    Scenario("many clinics, share 2 %", 12, strata=5, share=0.02),
    Scenario("6 clinics in 5 regions", 6, strata=5, parents=(67, 45)),
    Scenario("6 clinics a region", 6, parents=(67, 45)),
    Scenario("6 clinics a region, risen 10 points", 6, parents=(67, 45), change=0.1),
    Scenario("6 clinics a region, weights cv 0.6", 6, parents=(67, 45), weight_cv=0.6),
    Scenario("6 clinics a region, share 10 %", 6, parents=(67, 45), share=0.1),
    Scenario("6 clinics a region, share 2 %", 6, parents=(67, 45), share=0.02),
    Scenario("50 clinics against 10", 10, strata=5, comparison=10),
    Scenario("50 clinics against 10, risen 5 points more", 10, strata=5, comparison=10, change=0.05),
    Scenario("6 clinics against 10", 6, comparison=10),
    Scenario("2 clinics against 10", 2, comparison=10),
    Scenario("1 area against 19", 1, comparison=19, parents=(100, 100)),
    Scenario("6 clinics a region, share 50 %", 6, parents=(67, 45), share=0.5),
    Scenario("2 clinics against 10, weights cv 0.6", 2, comparison=10, weight_cv=0.6),
    Scenario("2 clinics against 10, share 50 %", 2, comparison=10, share=0.5),
    Scenario("2 clinics against 10, share 10 %", 2, comparison=10, share=0.1),
    Scenario("2 clinics against 10, share 2 %", 2, comparison=10, share=0.02),
    Scenario("1 area against 19, weights cv 0.6", 1, comparison=19, parents=(100, 100), weight_cv=0.6),
    Scenario("1 area against 19, share 50 %", 1, comparison=19, parents=(100, 100), share=0.5),
    Scenario("1 area against 19, share 10 %", 1, comparison=19, parents=(100, 100), share=0.1),
    Scenario("1 area against 19, share 2 %", 1, comparison=19, parents=(100, 100), share=0.02),
)


def draw(scenario: Scenario, replicates: int, rng: np.random.Generator) -> pd.DataFrame:
    """Rows of `replicates` surveys, sorted by replicate: replicate, treated (bool), stratum and clinic
    (numbers over all replicates; clinic -1 = none), wave (0 before, 1 after), y, weight."""
    if not scenario.clinics:
        parts = [_draw_arm(scenario, True, (replicates, 1, 1), 0, rng)]
    else:
        shape = (replicates, scenario.strata, scenario.clinics)
        parts = [_draw_arm(scenario, True, shape, 0, rng)]
    if scenario.comparison:
        shape = (replicates, 1, scenario.comparison)
        parts.append(_draw_arm(scenario, False, shape, 10**6, rng))
    return pd.concat(parts, ignore_index=True).sort_values("replicate", kind="stable", ignore_index=True)


def _draw_arm(
    scenario: Scenario, treated: bool, shape, offset: int, rng: np.random.Generator
) -> pd.DataFrame:
    lasting = rng.random(shape)
    size = rng.gamma(scenario.size_cv**-2, scenario.size_cv**2, shape)
    frames = []
    for wave, parents in enumerate(scenario.parents):
        share = scenario.share + wave * treated * scenario.change
        if scenario.clinics:
            n = np.maximum(rng.poisson(parents * size), 2)
            # Half of a lasting and half of a new share per clinic, each with twice the intraclass
            # correlation.
            a, b = (q * (1 / (2 * scenario.intraclass) - 1) for q in (share, 1 - share))
            p = (special.betaincinv(a, b, lasting) + special.betaincinv(a, b, rng.random(shape))) / 2
        else:
            n, p = np.full(shape, parents), np.full(shape, share)
        clinic = np.repeat(np.arange(n.size), n.ravel())
        spread = np.sqrt(np.log1p(scenario.weight_cv**2))
        columns = {"replicate": clinic // (shape[1] * shape[2]), "treated": treated, "wave": wave}
        columns |= {"stratum": offset + clinic // shape[2]}
        columns |= {"clinic": offset + clinic if scenario.clinics else np.full(len(clinic), -1)}
        columns |= {"y": (rng.random(len(clinic)) < p.ravel()[clinic]).astype(float)}
        columns |= {"weight": np.exp(spread * rng.standard_normal(len(clinic)))}
        frames.append(pd.DataFrame(columns))
    return pd.concat(frames, ignore_index=True)


def estimate(scenario: Scenario, rows: pd.DataFrame) -> pd.DataFrame:
    """One row per replicate: estimate, lower, upper, method of the change (or difference-in-differences).

    rows: as `draw`; shares 0-1.
    """
    if not scenario.comparison:
        names = rows.replicate.unique()
        table = change_by_region(_design(rows), rows.y, rows.wave, rows.replicate, 0, 1, names, "share")
        found = table[["change", "change_lower", "change_upper", "method"]]
    else:
        ends = np.flatnonzero(np.diff(rows.replicate)) + 1
        tables = []
        for part in np.split(np.arange(len(rows)), ends):
            one = rows.iloc[part]
            place = np.where(one.treated, "area", "comparison")
            tables.append(
                difference_in_differences(
                    _design(one), one.y, one.wave, place, 0, 1, ["area"], "comparison", "share"
                )
            )
        found = pd.concat(tables, ignore_index=True)[["did", "did_lower", "did_upper", "method"]]
    return found.set_axis(["estimate", "lower", "upper", "method"], axis=1)


def _design(rows: pd.DataFrame) -> SurveyDesign:
    clinic = rows.clinic.to_numpy()
    return SurveyDesign(rows.weight, rows.stratum, None if clinic[0] < 0 else clinic)


def evaluate(scenario: Scenario, replicates: int, seed: int) -> dict:
    """One scenario: share of intervals that cover the planted change, share that says "risen" (lower limit
    above 0), share of refusals, bias in standard errors of one survey, mean width, method, and coverage of
    the level before.

    One row's worth of numbers; shares 0-1, bias as a ratio to the standard error.
    """
    rng = np.random.default_rng(seed)
    changes, level_covers = [], []
    for start in range(0, replicates, BATCH):
        rows = draw(scenario, min(BATCH, replicates - start), rng)
        changes.append(estimate(scenario, rows))
        level_covers.append(_level_covered(scenario, rows))
    level = np.concatenate(level_covers)
    table = pd.concat(changes, ignore_index=True)
    return summarise(scenario.name, table, scenario.change) | {
        "level": level.mean() if len(level) else np.nan
    }


def summarise(name: str, table: pd.DataFrame, truth: float) -> dict:
    """One design: the columns of `evaluate`, without that of the level.

    table: one row per survey: estimate, lower, upper (NaN when refused), method; truth: the planted effect.
    Shares 0-1, bias as a ratio to the standard error.
    """
    error, known = table.estimate - truth, table.lower.notna()
    covered = (table.lower <= truth) & (truth <= table.upper)
    return {
        "design": name,
        "coverage": covered[known].mean(),
        "risen": (table.lower[known] > 0).mean(),
        "bias": error.mean() / error.std(),
        "width": (table.upper - table.lower).mean(),
        "refused": 1 - known.mean(),
        "method": table.method.mode()[0],
    }


@dataclass(frozen=True)
class Regions:
    """A design for the joint test: `regions` (strata) of `clinics` each; the rest as in `Scenario`. `apart`
    is how much more the first of them rises.

    Shares and changes 0-1; numbers of clinics and parents.
    """

    name: str
    regions: int
    clinics: int
    parents: tuple[int, int] = (67, 45)
    share: float = 0.4
    weight_cv: float = 0.0
    apart: float = 0.0


JOINT = (
    Regions("5 regions of 50 clinics", 5, 50, parents=(20, 14)),
    Regions("5 regions of 12 clinics", 5, 12, parents=(40, 27)),
    Regions("5 regions of 6 clinics", 5, 6),
    Regions("5 regions of 6 clinics, one rises 25 points", 5, 6, apart=0.25),
    Regions("5 regions of 6 clinics, weights cv 0.6", 5, 6, weight_cv=0.6),
    Regions("5 regions of 6 clinics, share 10 %", 5, 6, share=0.1),
    Regions("5 regions of 4 clinics", 5, 4),
    Regions("2 regions of 6 clinics", 2, 6),
)


def joint(design: Regions, replicates: int, seed: int) -> dict:
    """How often the joint test says at 5 % that the regions' changes differ, how often it refuses, and its
    method.

    One row's worth of numbers; shares 0-1.
    """
    rng = np.random.default_rng(seed)
    scenario = Scenario(
        design.name,
        design.clinics,
        design.regions,
        design.parents,
        design.share,
        weight_cv=design.weight_cv,
    )
    found = []
    for start in range(0, replicates, BATCH):
        rows = draw(scenario, min(BATCH, replicates - start), rng)
        first = rows.stratum.to_numpy() % design.regions == 0
        # Of those without the outcome, as many get it afterwards as make the share rise by `apart`.
        gain = design.apart / (1 - design.share)
        lifted = first & (rows.wave == 1) & (rng.random(len(rows)) < gain)
        rows["y"] = np.where(lifted, 1.0, rows.y)
        ends = np.flatnonzero(np.diff(rows.replicate)) + 1
        for part in np.split(np.arange(len(rows)), ends):
            one = rows.iloc[part]
            names = one.stratum.unique()
            found.append(joint_test(_design(one), one.y, one.wave, one.stratum, 0, 1, names, "share"))
    p = np.array([one.p for one in found])
    methods = pd.Series([one.method for one in found])
    return {
        "design": design.name,
        "rejects": (p[~np.isnan(p)] < 0.05).mean(),
        "refused": np.isnan(p).mean(),
        "method": methods.mode()[0],
    }


def joint_study(replicates: int = 2000, seed: int = 20260702, designs=JOINT) -> pd.DataFrame:
    """One row per design of the joint test (see `joint`).

    Shares 0-1.
    """
    seeds = np.random.SeedSequence(seed).generate_state(len(designs))
    return pd.DataFrame([joint(d, replicates, int(x)) for d, x in zip(designs, seeds, strict=True)])


def _level_covered(scenario: Scenario, rows: pd.DataFrame) -> np.ndarray:
    rows = rows[rows.treated & (rows.wave == 0)]
    table = levels(_design(rows), rows.y, {"replicate": rows.replicate}, "share")
    table = table[table.lower.notna()]
    return ((table.lower <= scenario.share) & (scenario.share <= table.upper)).to_numpy()


def study(replicates: int = 2000, seed: int = 20260701, scenarios=SCENARIOS) -> pd.DataFrame:
    """One row per scenario (see `evaluate`); each scenario has its own stream of the seed.

    Shares 0-1.
    """
    seeds = np.random.SeedSequence(seed).generate_state(len(scenarios))
    return pd.DataFrame([evaluate(s, replicates, int(x)) for s, x in zip(scenarios, seeds, strict=True)])
