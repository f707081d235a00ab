"""What is planted in the synthetic campaign: the true shares, their changes, and the population's margins.

Sizes follow the published results (evaluation.reference.benchmarks): effects of a few points (B04, B06, B11,
B17), drift without a campaign (B05, B11), a region without any effect (B16), a handed-out leaflet read by
56 to 67 % (B09), about 57 % of what is shipped confirmed as handed out (B13), a small harmed share (B07).
"""

from functools import cache

import numpy as np

from evaluation.reference import municipalities
from evaluation.sample.draws import allotted

REGIONS = ("Noord-Limburg", "Midden-Limburg", "Westelijke Mijnstreek", "Parkstad", "Maastricht-Heuvelland")
COMPARISON = "Helmond-De Peel"
AREAS = (*REGIONS, COMPARISON)
COMPARISON_MUNICIPALITIES = {
    "GM0743": "Asten",
    "GM0762": "Deurne",
    "GM0794": "Helmond",
    "GM0847": "Someren",
    "GM1652": "Gemert-Bakel",
    "GM1659": "Laarbeek",
    "GM1771": "Geldrop-Mierlo",
}
WAVES = ("2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3")
EDUCATION = ("low", "middle", "high")
LANGUAGE = ("nl", "tr", "ar", "ber", "de", "other")
KNOWLEDGE = ("K1", "K2", "K3", "K4", "K5", "K6", "K7", "K8")

# Share aware at the baseline and its change to 2026Q3, per area; the change grows over the waves.
AWARE = np.array([0.41, 0.39, 0.40, 0.37, 0.43, 0.41])
CHANGE = np.array([0.08, 0.11, 0.07, 0.00, 0.05, 0.01])
CHANGE_GROWTH = np.array([0.0, 0.40, 0.65, 0.85, 1.0])

# Share that has seen the leaflet in 2026Q3, per area, and its growth.
SEEN = np.array([0.29, 0.34, 0.27, 0.20, 0.26, 0.01])
SEEN_GROWTH = np.array([0.0, 0.45, 0.70, 0.88, 1.0])
FALSE_RECOGNITION = 0.06

# Who is aware and who is reached more often; both are centred on the population of each area.
AWARE_BY_EDUCATION = np.array([-0.08, 0.0, 0.08])
AWARE_BY_LANGUAGE = np.array([0.0, -0.06, -0.07, -0.07, -0.02, -0.05])
SEEN_BY_EDUCATION = np.array([-0.22, 0.0, 0.22])  # relative to the area's share
SEEN_BY_LANGUAGE = np.array([0.0, -0.35, -0.40, -0.40, -0.10, -0.35])
SEEN_BY_FIRST_CHILD = 0.10
FIRST_CHILD = 0.45
AWARE_IF_SEEN = 0.10

# Clinics differ: together about 0.02 of the variance of the primary outcome (intracluster correlation).
CLINIC_SD = 0.062
CLINIC_WAVE_SD = 0.025

# Among those not aware: only K1 right, only K2 right, neither.
NOT_AWARE = np.array([0.58, 0.14, 0.28])
# K3 to K8: share right at the baseline, rise per point of awareness, and ties with the rest of the person.
KNOWS = np.array([0.60, 0.86, 0.52, 0.62, 0.70, 0.50])
KNOWS_RISE = np.array([0.50, 0.10, 0.45, 0.40, 0.25, 0.40])
KNOWS_WITH_AWARE = np.array([0.30, 0.12, 0.30, 0.30, 0.24, 0.30])
DONT_KNOW = np.array([0.35, 0.35, 0.30, 0.40, 0.60, 0.50, 0.55, 0.45])  # among those not right

RECEIVED, RECEIVED_FALSELY = 0.82, 0.10  # among those who saw it, and who only think so
DISCUSSED = np.array([0.28, 0.32, 0.32, 0.08])  # extensive, brief, no, dont_know
READ = np.array([0.36, 0.24, 0.28, 0.12])  # all, most, part, none
FELT = np.array([0.37, 0.575, 0.038, 0.017])  # reassured, no_different, worried, guilty

# Those with more education and Dutch-speaking parents answer more often.
RESPONSE_BY_EDUCATION = np.array([0.60, 1.0, 1.45])
RESPONSE_BY_LANGUAGE = np.array([1.0, 0.6, 0.6, 0.55, 0.8, 0.7])

_PARENTS_PER_BIRTH = 4 * 1.9  # four birth years, 1.9 parents a child
_COMPARISON_PARENTS = 17_200
_COMPARISON_EDUCATION = (0.27, 0.43, 0.30)
_LANGUAGE = np.array(
    [
        [0.90, 0.020, 0.015, 0.010, 0.020, 0.035],
        [0.88, 0.020, 0.030, 0.015, 0.020, 0.035],
        [0.88, 0.025, 0.030, 0.015, 0.015, 0.035],
        [0.84, 0.030, 0.035, 0.025, 0.035, 0.035],
        [0.86, 0.020, 0.030, 0.015, 0.030, 0.045],
        [0.86, 0.050, 0.025, 0.025, 0.005, 0.035],
    ]
)


@cache
def population() -> dict[str, np.ndarray]:
    """Numbers of parents with a child under four.

    area: (6,). education: (6, 3) counts. language: (6, 6) counts. Limburg's are births (CBS) times four years
    times 1.9, by the region's education shares (CBS, ages 15-75, standing in for parents); the comparison
    area's numbers and all languages are made up.
    """
    table = municipalities()
    area, education = [], []
    for region in REGIONS:
        there = table[table["subregion"] == region]
        births = there["births"].to_numpy(float)
        area.append(round(births.sum() * _PARENTS_PER_BIRTH))
        shares = [there[f"pct_education_{level}_2021"].to_numpy(float) @ births for level in EDUCATION]
        education.append(allotted(area[-1], np.array(shares)))
    area.append(_COMPARISON_PARENTS)
    education.append(allotted(_COMPARISON_PARENTS, np.array(_COMPARISON_EDUCATION)))
    language = [allotted(n, shares) for n, shares in zip(area, _LANGUAGE, strict=True)]
    return {"area": np.array(area), "education": np.array(education), "language": np.array(language)}


def aware() -> np.ndarray:
    """True share aware: (area, wave)."""
    return AWARE[:, None] + CHANGE[:, None] * CHANGE_GROWTH


def seen() -> np.ndarray:
    """True share that has seen the leaflet: (area, wave)."""
    return SEEN[:, None] * SEEN_GROWTH


def knowledge() -> np.ndarray:
    """True share right on K1 to K8: (area, wave, item)."""
    share = aware()[:, :, None]
    first = share + (1 - share) * NOT_AWARE[:2]
    level = 0.5 * (AWARE - 0.40)[:, None, None]
    rise = (CHANGE[:, None] * CHANGE_GROWTH)[:, :, None]
    return np.concatenate([first, KNOWS + level + rise * KNOWS_RISE], axis=2)


def index() -> np.ndarray:
    """True knowledge index in points (0-100): (area, wave)."""
    return 100 * knowledge().mean(axis=2)


def limburg(values: np.ndarray) -> np.ndarray:
    """Mean over Limburg's parents of values by area: (area, ...) -> (...)."""
    weights = population()["area"][:-1]
    return np.tensordot(weights / weights.sum(), values[:-1], axes=1)


def centred(effects: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Effects by area that average to 0 over each area's population: (k,), (area, k) -> (area, k)."""
    return effects - (counts @ effects / counts.sum(axis=1))[:, None]
