"""What was planted, for tests only: true values per area and wave, and the dirt per file and rule."""

import numpy as np

from evaluation.quarters import quarter_of
from evaluation.sample import orders as shop
from evaluation.sample import planted as p
from evaluation.sample import soil
from evaluation.sample.orders import Line
from evaluation.sample.places import Organisation
from evaluation.sample.survey import names_it, tells_message


def truth(seed: int, organisations: list[Organisation], orders: list[list[Line]]) -> dict:
    """The truth as one document: shares 0-1, index in points 0-100, changes against the baseline.

    "area" is all of Limburg, weighted with the population margins.
    """
    outcomes = {"aware": p.aware(), "index": p.index()}
    shares = p.knowledge()
    seen = p.seen()
    return {
        "note": "Synthetic: what the sample campaign was made with. Only tests read this file.",
        "seed": seed,
        "population": {name: int(n) for name, n in zip(p.AREAS, p.population()["area"], strict=True)},
        **{name: _by_area(values) for name, values in outcomes.items()},
        "items": {item: _by_area(shares[:, :, k]) for k, item in enumerate(p.KNOWLEDGE)},
        "change": {name: _by_area(values - values[:, :1]) for name, values in outcomes.items()},
        "did": {name: _did(values) for name, values in outcomes.items()},
        "seen": _by_area(seen),
        "recognised": _by_area(seen + (1 - seen) * p.FALSE_RECOGNITION),
        "foil": p.FALSE_RECOGNITION,
        "received_if_seen": p.RECEIVED,
        "discussed_if_received": round(float(p.DISCUSSED[:2].sum()), 6),
        "read_half_if_received": round(float(p.READ[:2].sum()), 6),
        "adverse_if_read": round(float(p.FELT[2:].sum()), 6),
        "spontaneous": round(names_it(), 6),
        "message_if_recognised": round(tells_message(), 6),
        "orders": _orders(organisations, orders),
        "dirt": {
            "orders.csv": shop.dirt(),
            **{f"survey_{wave}.csv": soil.dirt(i) for i, wave in enumerate(p.WAVES)},
        },
        "notes": {f"survey_{wave}.csv": soil.notes(i) for i, wave in enumerate(p.WAVES) if soil.notes(i)},
    }


def _by_area(values: np.ndarray) -> dict[str, dict[str, float]]:
    named = dict(zip(p.AREAS, values, strict=True)) | {"area": p.limburg(values)}
    return {
        area: {wave: round(float(value), 6) for wave, value in zip(p.WAVES, row, strict=True)}
        for area, row in named.items()
    }


def _did(values: np.ndarray) -> dict[str, float]:
    change = values - values[:, :1]
    gained = p.limburg(change) - change[-1]
    return {wave: round(float(value), 6) for wave, value in zip(p.WAVES[1:], gained[1:], strict=True)}


def _orders(organisations: list[Organisation], orders: list[list[Line]]) -> dict:
    """Sums over the orders that count: copies of the leaflet, also by region and quarter of shipping, and
    how many organisations of each setting ordered."""
    lines = [line for group in orders for line in group if not line.kind]
    leaflets = [line for line in lines if shop.PRODUCTS[line.sku][1] == "leaflet"]
    shipped: dict[str, dict[str, int]] = {}
    for line in leaflets:
        if line.shipped:
            per_quarter = shipped.setdefault(p.AREAS[line.area] if line.area >= 0 else "outside", {})
            quarter = quarter_of(line.shipped)
            per_quarter[quarter] = per_quarter.get(quarter, 0) + line.copies
    buyers = {line.organisation for line in lines}
    settings = sorted({one.setting for one in organisations})
    return {
        "ordered_copies": sum(line.copies for line in leaflets),
        "shipped_copies": {area: dict(sorted(counts.items())) for area, counts in sorted(shipped.items())},
        "adopted": {
            setting: sum(one.name in buyers for one in organisations if one.setting == setting)
            for setting in settings
        },
        "registered": {setting: sum(one.setting == setting for one in organisations) for setting in settings},
    }
