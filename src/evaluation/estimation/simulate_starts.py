"""The simulation with a known truth for regions that start in different quarters (see `simulate`)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from evaluation.estimation.design import SurveyDesign
from evaluation.estimation.simulate import summarise
from evaluation.estimation.staggered import staggered_survey


@dataclass(frozen=True)
class Starts:
    """A design with four waves (1 to 4): `firsts`, per region the wave in which it starts (0 = the comparison
    area), `clinics` per region and `parents` per clinic and wave (mean), `share` before, the planted `change`
    (0-1) from each region's start on, `drift` per wave in all places, `intraclass` correlation within a
    clinic and wave, half of it lasting. Numbers."""

    name: str
    firsts: tuple[int, ...]
    clinics: int
    change: float = 0.0
    parents: int = 20
    share: float = 0.4
    drift: float = 0.02
    intraclass: float = 0.03


STARTS = (
    Starts("starts in 2 quarters, 12 clinics a region", (0, 2, 3), 12),
    Starts("starts in 2 quarters, 6 clinics a region", (0, 2, 3), 6, parents=45),
)


def draw(starts: Starts, rng: np.random.Generator) -> tuple[SurveyDesign, np.ndarray, np.ndarray, np.ndarray]:
    """One survey of n parents: its design, y (n; 0/1, a share), wave (n) and first (n); see `Starts`."""
    shape = (len(starts.firsts), starts.clinics, 4)
    region, clinic, wave = (part.ravel() for part in np.indices(shape))
    first = np.array(starts.firsts)[region]
    share = starts.share + starts.drift * wave + starts.change * ((first > 0) & (wave + 1 >= first))
    size = np.repeat(rng.gamma(0.4**-2, 0.4**2, shape[:2]).ravel(), 4)
    lasting = np.repeat(rng.random(shape[:2]).ravel(), 4)
    # Half of a lasting and half of a new share per clinic, each with twice the intraclass correlation.
    a, b = (q * (1 / (2 * starts.intraclass) - 1) for q in (share, 1 - share))
    p = (special.betaincinv(a, b, lasting) + special.betaincinv(a, b, rng.random(len(a)))) / 2
    rows = np.repeat(np.arange(len(p)), np.maximum(rng.poisson(starts.parents * size), 2))
    y = (rng.random(len(rows)) < p[rows]).astype(float)
    design = SurveyDesign(np.ones(len(rows)), region[rows], (region * starts.clinics + clinic)[rows])
    return design, y, wave[rows] + 1, first[rows]


def evaluate(starts: Starts, replicates: int, seed: int) -> dict:
    """One design: the columns of `simulate.evaluate` for the mean effect over all starts; shares 0-1."""
    rng = np.random.default_rng(seed)
    found = [staggered_survey(*draw(starts, rng), "share").overall for _ in range(replicates)]
    return summarise(starts.name, pd.DataFrame(found), starts.change) | {"level": np.nan}


def starts_study(replicates: int = 2000, seed: int = 20260704, designs=STARTS) -> pd.DataFrame:
    """One row per design (see `evaluate`); shares 0-1."""
    seeds = np.random.SeedSequence(seed).generate_state(len(designs))
    return pd.DataFrame([evaluate(d, replicates, int(x)) for d, x in zip(designs, seeds, strict=True)])
