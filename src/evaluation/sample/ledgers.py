"""The foundation's own tables: register, hand-out log, costs and population margins."""

import numpy as np

from evaluation.quarters import quarter_of
from evaluation.sample import planted as p
from evaluation.sample.draws import chance, generator
from evaluation.sample.orders import Line
from evaluation.sample.places import Organisation

EDUCATION_LABELS = {"low": "laag", "middle": "midden", "high": "hoog"}
LANGUAGE_LABELS = {
    "nl": "Nederlands",
    "tr": "Turks",
    "ar": "Arabisch",
    "ber": "Berbers of Marokkaans-Arabisch",
    "de": "Duits",
    "other": "Andere taal",
}
# Quarter, type, euro, copies printed.
COSTS = (
    ("2025Q3", "ontwerp", 9_850.00, None),
    ("2025Q3", "druk", 4_620.00, 24_000),
    ("2025Q3", "personeel", 6_200.00, None),
    ("2025Q4", "verzending", 2_310.50, None),
    ("2025Q4", "personeel", 5_400.00, None),
    ("2026Q1", "vertaling", 5_980.00, None),
    ("2026Q1", "druk", 2_475.00, 9_000),
    ("2026Q1", "verzending", 1_284.75, None),
    ("2026Q1", "personeel", 4_300.00, None),
    ("2026Q2", "verzending", 902.25, None),
    ("2026Q2", "personeel", 3_600.00, None),
    ("2026Q3", "verzending", 748.00, None),
    ("2026Q3", "personeel", 3_600.00, None),
)


def organisation_rows(organisations: list[Organisation]) -> list[list[str]]:
    """Organisatie, Soort, Postcode, Gemeente, E-mail."""
    return [[one.name, one.setting, one.postcode, one.place, one.email] for one in organisations]


def handout_rows(
    seed: int, organisations: list[Organisation], orders: list[list[Line]]
) -> list[list[str | int]]:
    """Locatie, Kwartaal, Uitgereikt, Besproken: what clinics noted of the copies they had in stock.

    One clinic in ten that ordered keeps no log.
    """
    rng = generator(seed, "handouts")
    arrived: dict[tuple[str, str], int] = {}
    for line in (line for lines in orders for line in lines):
        if not line.kind and line.shipped and line.sku != "POS-NL-1":
            key = (line.organisation, quarter_of(line.shipped))
            arrived[key] = arrived.get(key, 0) + line.copies
    rows = []
    for one in organisations:
        ordered = any(name == one.name for name, _ in arrived)
        if one.setting != "consultatiebureau" or not ordered or chance(rng, 0.1, 1)[0]:
            continue
        stock = 0
        for quarter in p.WAVES[1:]:
            stock += arrived.get((one.name, quarter), 0)
            shares = rng.random(2)
            handed_out = int(stock * (0.15 + 0.25 * shares[0]))
            rows.append([one.name, quarter, handed_out, int(handed_out * (0.5 + 0.2 * shares[1]))])
            stock -= handed_out
    return rows


def cost_rows() -> list[list[str]]:
    """Kwartaal, Soort, Bedrag, Exemplaren."""
    return [
        [quarter, kind, f"{euro:.2f}".replace(".", ","), "" if copies is None else str(copies)]
        for quarter, kind, euro, copies in COSTS
    ]


def margin_rows() -> list[list[str]]:
    """Kenmerk, Regio, Categorie, Aantal: parents with a child under four."""
    population = p.population()
    rows = [["region", area, "", str(n)] for area, n in zip(p.AREAS, population["area"], strict=True)]
    for area, counts in zip(p.AREAS, population["education"], strict=True):
        rows += [
            ["education", area, EDUCATION_LABELS[level], str(n)]
            for level, n in zip(p.EDUCATION, counts, strict=True)
        ]
    limburg = population["language"][:-1].sum(axis=0)
    for area, counts in (("Limburg", limburg), (p.COMPARISON, population["language"][-1])):
        rows += [
            ["language", area if area != "Limburg" else "", LANGUAGE_LABELS[code], str(n)]
            for code, n in zip(p.LANGUAGE, np.asarray(counts), strict=True)
        ]
    return rows
