"""The organisations of the synthetic campaign: the register of Limburg, and the clinics of the survey."""

import unicodedata
from dataclasses import dataclass
from functools import cache

import numpy as np

from evaluation.reference import municipalities, postcodes
from evaluation.sample.draws import allotted, between, generator, shuffled
from evaluation.sample.planted import AREAS, COMPARISON_MUNICIPALITIES

SETTINGS = {
    "consultatiebureau": "Consultatiebureau",
    "huisarts": "Huisartsenpraktijk",
    "kinderdagverblijf": "Kinderdagverblijf",
    "peuterspeelzaal": "Peuterspeelzaal",
}
SURVEY_CLINICS = (10, 9, 8, 10, 9, 14)  # per area
# Letters that the post never issues, so that no invented address is a real one.
_LETTERS = ("SA", "SD", "SS")


@dataclass(frozen=True)
class Organisation:
    """An invented organisation at a real municipality (CBS code); area: its place in AREAS."""

    name: str
    setting: str
    postcode: str
    municipality: str
    place: str
    area: int
    births: float

    @property
    def email(self) -> str:
        plain = unicodedata.normalize("NFKD", self.name.lower()).encode("ascii", "ignore").decode()
        return f"balie@{'-'.join(plain.replace('(', ' ').replace(')', ' ').split())}.example"


@cache
def _codes_by_municipality() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code, municipality in sorted(postcodes().items()):
        found.setdefault(municipality, []).append(code)
    return found


def address(rng: np.random.Generator, municipality: str) -> str:
    """A postcode of a municipality with letters that do not exist."""
    codes = _codes_by_municipality()[municipality]
    return codes[between(rng, 0, len(codes) - 1, 1)[0]] + _LETTERS[between(rng, 0, len(_LETTERS) - 1, 1)[0]]


def _at(rng, setting: str, count: int, code: str, place: str, area: int, births: float) -> list[Organisation]:
    numbers = [""] if count == 1 else [f" {i}" for i in range(1, count + 1)]
    return [
        Organisation(
            f"{SETTINGS[setting]} Voorbeeld {place}{number}",
            setting,
            address(rng, code),
            code,
            place,
            area,
            births / count,
        )
        for number in numbers
    ]


def register(seed: int) -> list[Organisation]:
    """All organisations of Limburg that could order, by municipality and setting."""
    rng = generator(seed, "register")
    found = []
    for row in municipalities().itertuples():
        counts = {
            "consultatiebureau": max(1, round(row.births / 105)),
            "huisarts": max(1, round(row.population / 5200)),
            "kinderdagverblijf": max(1, round(row.population / 6000)),
            "peuterspeelzaal": max(1, round(row.population / 9500)),
        }
        for setting, count in counts.items():
            found += _at(rng, setting, count, row.code, row.name, AREAS.index(row.subregion), row.births)
    return found


def survey_clinics(seed: int) -> list[Organisation]:
    """The clinics at which parents are asked, the same in every wave, by area."""
    rng = generator(seed, "clinics")
    registered = [one for one in register(seed) if one.setting == "consultatiebureau"]
    comparison = []
    counts = allotted(SURVEY_CLINICS[-1], np.array([1, 2, 4, 1, 2, 1, 3]))
    for (code, place), count in zip(COMPARISON_MUNICIPALITIES.items(), counts, strict=True):
        comparison += _at(rng, "consultatiebureau", int(count), code, place, len(AREAS) - 1, 100.0)
    chosen = []
    for area, wanted in enumerate(SURVEY_CLINICS[:-1]):
        there = [one for one in registered if one.area == area]
        chosen += [there[i] for i in sorted(shuffled(rng, len(there))[:wanted])]
    return chosen + comparison
