"""The parents who answer one wave: where they live, who they are, and what they truly know and saw."""

from functools import cache

import numpy as np

from evaluation.reference import municipalities
from evaluation.sample import planted as p
from evaluation.sample.draws import allotted, chance, generator, pick, spread
from evaluation.sample.places import SURVEY_CLINICS, Organisation

BASELINE_PER_AREA = (360, 360, 360, 360, 360, 600)
AFTER_PER_AREA = (240, 240, 240, 240, 240, 400)


def clinic_deviations(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """How clinics differ in the share aware: (clinic,) lasting, and (clinic, wave); mean 0 in each area."""
    rng = generator(seed, "clinic deviations")
    lasting = np.concatenate([spread(rng, n, p.CLINIC_SD) for n in SURVEY_CLINICS])
    passing = [np.concatenate([spread(rng, n, p.CLINIC_WAVE_SD) for n in SURVEY_CLINICS]) for _ in p.WAVES]
    return lasting, np.array(passing).T


def clinic_shares(seed: int) -> np.ndarray:
    """How many respondents a clinic brings relative to the others of its area: (clinic,)."""
    return 0.7 + 0.6 * generator(seed, "clinic sizes").random(sum(SURVEY_CLINICS))


def draw_wave(seed: int, wave: int, clinics: list[Organisation]) -> dict[str, np.ndarray]:
    """One wave's respondents as columns of equal length.

    area, clinic (numbers), municipality (CBS code), education and language (numbers into planted.EDUCATION
    and planted.LANGUAGE), first_child, aware, seen, right (n, 8: right on K1 to K8).
    """
    rng = generator(seed, f"people {p.WAVES[wave]}")
    areas = np.array([clinic.area for clinic in clinics])
    shares = clinic_shares(seed)
    per_area = BASELINE_PER_AREA if wave == 0 else AFTER_PER_AREA
    takes = np.concatenate([allotted(n, shares[areas == area]) for area, n in enumerate(per_area)])
    clinic = np.repeat(np.arange(len(clinics)), takes)
    area = areas[clinic]

    population = p.population()
    education = pick(rng, (population["education"] * p.RESPONSE_BY_EDUCATION)[area])
    language = pick(rng, (population["language"] * p.RESPONSE_BY_LANGUAGE)[area])
    first_child = chance(rng, p.FIRST_CHILD, len(area))

    relative = (
        1
        + p.centred(p.SEEN_BY_EDUCATION, population["education"])[area, education]
        + p.centred(p.SEEN_BY_LANGUAGE, population["language"])[area, language]
        + p.SEEN_BY_FIRST_CHILD * (first_child - p.FIRST_CHILD)
    )
    seen_probability = p.seen()[area, wave] * relative
    seen = chance(rng, seen_probability)

    lasting, passing = clinic_deviations(seed)
    share = p.aware()[area, wave]
    probability = (
        share
        + p.centred(p.AWARE_BY_EDUCATION, population["education"])[area, education]
        + p.centred(p.AWARE_BY_LANGUAGE, population["language"])[area, language]
        + (lasting + passing[:, wave])[clinic]
        + p.AWARE_IF_SEEN * (seen - seen_probability)
    )
    aware = chance(rng, _inside(probability))
    not_aware = pick(rng, p.NOT_AWARE, len(area))
    person = (probability - share) + 0.4 * (aware - probability)
    knows = p.knowledge()[area, wave, 2:] + person[:, None] * p.KNOWS_WITH_AWARE
    right = np.column_stack(
        [aware | (not_aware == 0), aware | (not_aware == 1), rng.random(knows.shape) < _inside(knows)]
    )
    return {
        "area": area,
        "clinic": clinic,
        "municipality": _homes(rng, clinic, clinics),
        "education": education,
        "language": language,
        "first_child": first_child,
        "aware": aware,
        "seen": seen,
        "right": right,
    }


def _inside(probability: np.ndarray) -> np.ndarray:
    # A probability cut off at 0 or 1 would no longer average to the planted share.
    if probability.min() < 0 or probability.max() > 1:
        raise AssertionError("the planted shares leave 0 to 1")
    return probability


@cache
def _neighbours() -> list[tuple[list[str], np.ndarray]]:
    table = municipalities()
    found = []
    for region in p.REGIONS:
        there = table[table["subregion"] == region]
        found.append((list(there["code"]), there["births"].to_numpy(float)))
    codes = list(p.COMPARISON_MUNICIPALITIES)
    return [*found, (codes, np.array([1.0, 2.0, 5.0, 1.0, 2.0, 1.0, 2.0]))]


def _homes(rng: np.random.Generator, clinic: np.ndarray, clinics: list[Organisation]) -> np.ndarray:
    """Four in five live where their clinic is, the others elsewhere in the same area."""
    home = np.array([clinics[i].municipality for i in clinic], dtype=object)
    area = np.array([clinics[i].area for i in clinic])
    elsewhere = chance(rng, 0.2, len(clinic))
    for number, (codes, births) in enumerate(_neighbours()):
        moved = elsewhere & (area == number)
        home[moved] = np.array(codes, dtype=object)[pick(rng, births, int(moved.sum()))]
    return home
