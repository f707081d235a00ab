"""A synthetic national campaign: 342 municipalities in 25 regions, to see how the suite carries that size.

Municipalities, regions, codes, births and postcodes are made up ("Gemeente 001"): only their numbers and
sizes resemble the Netherlands. Parents speak four languages at home, and the leaflet exists in those four.
"""

from importlib.resources import files
from pathlib import Path

import numpy as np

from evaluation.sample.draws import allotted, between, chance, generator, pick
from evaluation.sample.writing import table

MUNICIPALITIES, REGIONS = 342, 25
BIRTHS = 165_000  # a year, about the national number
WAVES = ("2025Q3", "2025Q4", "2026Q1", "2026Q2")
CLINICS, PARENTS = 12, 385  # per region: clinics in the survey, parents per wave
EDUCATION, LANGUAGES = ("low", "middle", "high"), ("nl", "tr", "ar", "de")
_EDUCATION = np.array([0.24, 0.41, 0.35])
_LANGUAGE = np.array([0.86, 0.05, 0.06, 0.03])
_SETTINGS = {"clinic": 105, "gp": 55, "nursery": 60, "playgroup": 95}  # births per organisation
_ADOPTION = {"clinic": 0.85, "gp": 0.35, "nursery": 0.45, "playgroup": 0.30}
_ITEMS = [f"K{number}" for number in range(1, 9)]
# Of the shipped questionnaire: the right answers, and the wrong ones that stand against them.
_RIGHT = ("true", "false", "false", "true", "true", "false", "true", "false")


def write_national(folder: Path, seed: int = 20251001) -> dict[str, int]:
    """Write the campaign into `folder` and return file name -> number of data rows; the same seed gives the
    same bytes on every machine."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    places = _places(seed)
    organisations = _organisations(seed, places)
    tables = {
        "municipalities.csv": (["code", "name", "region", "births", "postcodes"], places),
        "organisations.csv": (["organisation", "setting", "municipality"], organisations),
        "orders.csv": (_ORDER, _orders(seed, places, organisations)),
        "survey.csv": (_SURVEY, _survey(seed, places)),
        "costs.csv": (["quarter", "type", "amount", "copies"], _costs()),
        "margins.csv": (["margin", "region", "category", "population"], _margins(places)),
    }
    for name, (headings, rows) in tables.items():
        (folder / name).write_bytes(table(headings, rows))
    shipped = files("evaluation.sample").joinpath("national")
    regions = ", ".join(f'"{_region(number)}"' for number in range(REGIONS))
    text = shipped.joinpath("study.toml").read_text(encoding="utf-8")
    (folder / "study.toml").write_text(
        text.replace("regions = []", f"regions = [{regions}]"), encoding="utf-8"
    )
    (folder / "README.md").write_bytes(shipped.joinpath("README.md").read_bytes())
    return {name: len(rows) for name, (_, rows) in tables.items()}


def _region(number: int) -> str:
    return f"Regio {number + 1:02d}"


def _places(seed: int) -> list[list]:
    """code, name, region, births, postcodes; births as unequal as those of municipalities are."""
    rng = generator(seed, "national places")
    # A Pareto tail: a few cities, many small municipalities.
    sizes = (1 - rng.random(MUNICIPALITIES)) ** (-1 / 1.6)
    births = np.maximum(allotted(BIRTHS, np.minimum(sizes, 18)), 30)
    first = 1000 + 25 * np.arange(MUNICIPALITIES)
    return [
        [
            f"GM{9000 + i + 1}",
            f"Gemeente {i + 1:03d}",
            _region(i * REGIONS // MUNICIPALITIES),
            int(births[i]),
            f"{first[i]}-{first[i] + 24}",
        ]
        for i in range(MUNICIPALITIES)
    ]


def _organisations(seed: int, places: list[list]) -> list[list]:
    rows = []
    for code, name, _, births, _ in places:
        for setting, per in _SETTINGS.items():
            rows += [[f"{setting} {name} {k + 1}", setting, code] for k in range(max(1, round(births / per)))]
    return rows


_ORDER = ["order", "date", "status", "organisation", "postcode", "sku", "quantity", "amount"]


def _orders(seed: int, places: list[list], organisations: list[list]) -> list[list]:
    rng = generator(seed, "national orders")
    postcode = {place[0]: place[4][:4] for place in places}
    rows: list[list] = []
    ordering = chance(rng, np.array([_ADOPTION[setting] for _, setting, _ in organisations]))
    for (name, setting, code), orders in zip(organisations, ordering, strict=True):
        if not orders:
            continue
        for _ in range(1 + int(chance(rng, 0.3, 1)[0])):
            quarter = int(between(rng, 0, 2, 1)[0])
            month, day = (10, 1, 4)[quarter] + int(between(rng, 0, 2, 1)[0]), int(between(rng, 1, 28, 1)[0])
            language = LANGUAGES[int(pick(rng, _LANGUAGE, 1)[0])]
            quantity = int(between(rng, 1, 4, 1)[0]) * (2 if setting == "clinic" else 1)
            date = f"{2025 if quarter == 0 else 2026}-{month:02d}-{day:02d}"
            sku = f"FOL-{language.upper()}"
            rows.append([f"N{len(rows) + 1}", date, "shipped", name, postcode[code] + "SA", sku, quantity, 0])
    return rows


_SURVEY = ["wave", "clinic", "municipality", "child_age", "education", "language", "first_child"]
_SURVEY += ["R3", "R3f", "D1", *_ITEMS]


def _survey(seed: int, places: list[list]) -> list[list]:
    rows: list[list] = []
    for number in range(REGIONS):
        own = [place for place in places if place[2] == _region(number)]
        weights = np.array([place[3] for place in own], dtype=float)
        rng = generator(seed, f"national survey {number}")
        homes = pick(rng, weights, CLINICS)
        level = 0.40 + 0.06 * (rng.random(CLINICS) - 0.5)
        rise = 0.02 + 0.10 * rng.random(1)[0]
        for wave, quarter in enumerate(WAVES):
            rows += _parents(rng, own, homes, level + rise * wave / (len(WAVES) - 1), wave, quarter)
    return rows


def _parents(
    rng, own: list[list], homes: np.ndarray, share: np.ndarray, wave: int, quarter: str
) -> list[list]:
    clinic = np.arange(PARENTS) % CLINICS
    education = pick(rng, _EDUCATION, PARENTS)
    language = pick(rng, _LANGUAGE, PARENTS)
    seen = chance(rng, np.full(PARENTS, 0.09 * wave))
    recognised = seen | chance(rng, np.full(PARENTS, 0.06))
    foil = chance(rng, np.full(PARENTS, 0.06))
    aware = chance(rng, share[clinic] + 0.08 * (education - 1) - 0.05 * (language > 0))
    right = rng.random((PARENTS, len(_ITEMS))) < 0.6 + 0.1 * aware[:, None]
    right[:, 0] = aware | (rng.random(PARENTS) < 0.5)
    right[:, 1] = aware | (~right[:, 0] & (rng.random(PARENTS) < 0.4))
    unsure = rng.random(right.shape) < 0.35
    child, first = pick(rng, np.array([0.5, 0.3, 0.15, 0.05]), PARENTS), chance(rng, 0.45, PARENTS)
    ages = ("0-1", "2-3", "4-7", "8-11")
    yes = ("no", "yes")
    return [
        [
            quarter,
            f"Clinic {own[homes[clinic[i]]][1]} {clinic[i] + 1}",
            own[homes[clinic[i]]][0],
            ages[child[i]],
            EDUCATION[education[i]],
            LANGUAGES[language[i]],
            yes[int(first[i])],
            yes[int(recognised[i])],
            yes[int(foil[i])],
            yes[int(seen[i])] if wave and recognised[i] else "",
            *(
                _RIGHT[k] if right[i, k] else "dont_know" if unsure[i, k] else _other(_RIGHT[k])
                for k in range(len(_ITEMS))
            ),
        ]
        for i in range(PARENTS)
    ]


def _other(answer: str) -> str:
    return "false" if answer == "true" else "true"


def _costs() -> list[list]:
    return [
        ["2025Q3", "design", 12_000, ""],
        ["2025Q3", "print", 96_000, 900_000],
        ["2025Q4", "shipping", 61_000, ""],
        ["2026Q1", "translation", 9_000, ""],
        ["2026Q2", "staff", 84_000, ""],
    ]


def _margins(places: list[list]) -> list[list]:
    """Parents with a child under four: births times four years times 1.9 parents a child."""
    rows: list[list] = []
    parents = [
        round(sum(place[3] for place in places if place[2] == _region(number)) * 4 * 1.9)
        for number in range(REGIONS)
    ]
    rows += [["region", _region(number), "", count] for number, count in enumerate(parents)]
    for number, count in enumerate(parents):
        for level, own in zip(EDUCATION, allotted(count, _EDUCATION), strict=True):
            rows.append(["education", _region(number), level, int(own)])
    for code, own in zip(LANGUAGES, allotted(sum(parents), _LANGUAGE), strict=True):
        rows.append(["language", "", code, int(own)])
    return rows
