"""The cells of a release: every count that a published number gives away, and which of them add up.

A weighted percentage is treated as if its reader knew the weights: a shown share gives away its base and how
many answered yes and no, a change those of both waves, a supply ratio the copies. All counts are unweighted.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import inf, isnan

import numpy as np
import pandas as pd

from evaluation.disclosure.linked import ADDITIVE, relations
from evaluation.disclosure.relation import Relation
from evaluation.indicators.tidy import AREA, fact

BASE, YES, NO, AMOUNT = "base", "yes", "no", "amount"
PARTS = (BASE, YES, NO, AMOUNT)
# The measure of a row about another quarter than the release's own: what an earlier release said otherwise.
RESTATED = "restated"

# Names for the same number: what is this many times something that everybody knows.
SAME = {
    "parents_reached": "reach",
    "cost_per_parent": "reach",
    "supply": "shipped",
    "language_supply": "shipped",
}
NET = "reach"
# Nothing but counts of things or organisations; everything else is a share or a mean over people.
AMOUNTS = frozenset(
    {
        "ordered",
        "shipped",
        "shipped_in_quarter",
        "posters_shipped",
        "ordered_outside",
        "paid_outside",
        "handed_out",
        "printed",
        "cost_total",
    }
)


# Counted in copies, though the row is a ratio of them.
OF_COPIES = frozenset({"supply", "language_supply"})
# Shares of organisations, not of people.
OF_ORGANISATIONS = frozenset({"adoption", "reorder"})


@dataclass(frozen=True)
class Sum:
    """A weighted sum of cells (cell, coefficient) that everybody knows: `total` (0 when parts add up)."""

    cells: tuple[tuple[int, float], ...]
    total: float = 0.0


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of a release.

    keys: what each cell counts: (indicator or population, region, wave, group_by, group, part), texts.
    values, floor (cells): the count, and the least it can be (0; minus infinity for a difference of counts).
    sums: relations between cells. reveals: per row of the tidy table, the cells it gives away when shown.
    public: cells that everybody knows anyway (how many organisations are in the register).
    """

    keys: tuple[tuple[str, ...], ...]
    values: np.ndarray
    floor: np.ndarray
    sums: tuple[Sum, ...]
    reveals: tuple[tuple[int, ...], ...]
    public: frozenset[int]


class _Builder:
    def __init__(self, rows: list[dict]):
        self.keys: dict[Hashable, int] = {}
        self.values: list[float] = []
        self.populations = _populations(rows)

    def cell(self, key: tuple[str, ...], value: float) -> int:
        """The cell of a key; another value under the same key is another cell (and is then not the same)."""
        while key in self.keys and not _same(self.values[self.keys[key]], value):
            key = (key[0] + "'", *key[1:])
        if key not in self.keys:
            self.keys[key] = len(self.values)
            self.values.append(float(value))
        return self.keys[key]

    def people(self, row: dict, at: tuple[str, ...], n: float, count: float, items: int) -> tuple[int, ...]:
        """Base, yes and no of one share, mean or difference of shares; no base, no cells."""
        if isnan(n):
            return ()
        name = SAME.get(row["indicator"], row["indicator"])
        base = self.cell((self.populations.get(row["indicator"], name), *at, BASE), n)
        yes = self.cell((name, *at, YES), count)
        return base, yes, self.cell((name, *at, NO), n * items - count)


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-6 * max(1.0, abs(one))


def cells_of(estimates: pd.DataFrame, related: Sequence[Relation] | None = None) -> Cells:
    """The cells behind a tidy table, which may hold suppressed rows only before they are emptied.

    A comparison has none of its own: a difference-in-differences and a test of several places give away what
    their changes do; every other is hidden with what it is worked out from. related: the table's relations
    when they are known already.
    """
    rows = estimates.to_dict("records")
    builder = _Builder(rows)
    counts = _counts(rows)
    reveals: list[tuple[int, ...]] = [() for _ in rows]
    sums: dict[tuple, Sum] = {}
    # The levels first: changes and differences-in-differences are made of theirs.
    for i in sorted(range(len(rows)), key=lambda i: rows[i]["measure"] in ("did", "joint_test")):
        row = rows[i]
        if row["indicator"] in AMOUNTS | OF_COPIES:
            key = (SAME.get(row["indicator"], row["indicator"]), *_at(row), AMOUNT)
            value = row["estimate"] if isnan(row["count"]) else row["count"]
            reveals[i] = (builder.cell(key, value),)
        elif row["measure"] == "did":
            reveals[i] = _together(rows, reveals, row, {row["region"], *_comparisons(rows)})
        elif row["measure"] == "joint_test":
            regions = {other["region"] for other in rows if other["level"] == "region"}
            reveals[i] = _together(rows, reveals, row, regions | {row["region"]})
        elif row["measure"] in ADDITIVE:
            items = _items(row)
            sides = [(_at(row), row["n"], counts[i][0])]
            if row["measure"] == "change":
                before = (row["region"], row["wave_before"], row["group_by"], row["group"])
                sides.append((before, row["n_before"], counts[i][1]))
            found = [builder.people(row, *side, items) for side in sides]
            for base, yes, no in filter(None, found):
                weights = ((base, -float(items)), (yes, 1.0), (no, 1.0))
                sums[weights] = Sum(weights)
            reveals[i] = tuple(dict.fromkeys(cell for part in found for cell in part))
    values = np.array(builder.values, dtype=float)
    for relation in relations(estimates) if related is None else related:
        for weights in _parts(relation, rows, reveals, list(builder.keys)):
            total = sum(weight * values[cell] for cell, weight in weights)
            sums.setdefault(weights, Sum(weights, 0.0 if abs(total) < 1e-6 else total))
    keys = tuple(builder.keys)
    floor = np.array([-inf if key[0].rstrip("'") == NET and key[-1] == YES else 0.0 for key in keys])
    public = frozenset(i for i, key in enumerate(keys) if key[0] == "adoption" and key[-1] == BASE)
    return Cells(keys, values, floor, tuple(sums.values()), tuple(reveals), public)


def _at(row: dict) -> tuple[str, ...]:
    return row["region"], row["wave"], row["group_by"], row["group"]


def _items(row: dict) -> int:
    """Over how many questions a mean is taken: its cells count answers, not people."""
    items = fact(row["note"], "items") if row["unit"] == "points" else None
    return len(items.split(",")) if items else 1


def _counts(rows: list[dict]) -> list[tuple[float, float]]:
    """Per row the number behind it, after and before: counted, else made of the cells it is the sum of,
    else the equivalent in whole answers."""
    at = {
        (row["indicator"], row["measure"], *_at(row), row["wave_before"]): row
        for row in rows
        if row["measure"] in ("level", "change")
    }
    found = []
    for row in rows:
        if not isnan(row["count"]) or row["measure"] not in ADDITIVE:
            found.append((row["count"], row["count_before"]))
            continue
        place = (row["measure"], *_at(row), row["wave_before"])
        items = (fact(row["note"], "items") or "").split(",")
        made = [at.get((f"item_{item}", *place)) for item in items]
        weights = [1.0] * len(items)
        if SAME.get(row["indicator"], row["indicator"]) == NET:
            place = ("level", *place[1:])
            made, weights = [at.get((name, *place)) for name in ("recognised", "foil")], [1.0, -1.0]
        if all(made):
            pairs = zip(weights, made, strict=True)
            sides = [(w * part["count"], w * part["count_before"]) for w, part in pairs]
            if not isnan(total := sum(side[0] for side in sides)):
                found.append((total, sum(side[1] for side in sides)))
                continue
        scale = _items(row) / (100.0 if row["unit"] == "points" else 1.0)
        level = row
        if row["measure"] != "level":
            level = at.get((SAME.get(row["indicator"], row["indicator"]), "level", *_at(row), ""))
        after = round(level["estimate"] * level["n"] * scale) if level and level["n"] > 0 else 0.0
        # Before a change without counts: what the change leaves.
        before = 0.0
        if row["measure"] == "change" and row["n"] > 0 and row["n_before"] > 0:
            share = (after / row["n"] / scale - row["estimate"]) * scale
            before = round(min(max(share, 0.0), _items(row)) * row["n_before"])
            before = before if (old := _before(at, row)) is None else round(old * scale)
        found.append((float(after), float(before)))
    return found


def _before(at: dict, row: dict) -> float | None:
    place = (row["region"], row["wave_before"], row["group_by"], row["group"])
    level = at.get((row["indicator"], "level", *place, ""))
    return level["estimate"] * level["n"] if level and level["n"] > 0 else None


def _populations(rows: list[dict]) -> dict[str, str]:
    """Indicators whose bases agree wherever both occur were asked of the same people: one cell for both."""
    bases: dict[str, dict[tuple, float]] = {}
    for row in rows:
        if row["indicator"] in AMOUNTS | OF_COPIES or isnan(row["n"]):
            continue
        if row["measure"] in ADDITIVE:
            own = bases.setdefault(row["indicator"], {})
            own[_at(row)] = row["n"]
            if row["measure"] == "change":
                own[(row["region"], row["wave_before"], row["group_by"], row["group"])] = row["n_before"]
    classes: list[tuple[str, dict[tuple, float]]] = []
    names: dict[str, str] = {}
    for indicator, own in bases.items():
        for name, known in classes:
            common = own.keys() & known.keys()
            if common and all(own[key] == known[key] for key in common) and indicator not in OF_ORGANISATIONS:
                known |= own
                names[indicator] = name
                break
        else:
            classes.append((indicator, dict(own)))
            names[indicator] = indicator
    return names


def _comparisons(rows: list[dict]) -> set[str]:
    return {row["region"] for row in rows if row["level"] == "comparison"}


def _together(rows: list[dict], reveals, row: dict, places: set[str]) -> tuple[int, ...]:
    """The cells of the changes that a contrast is made of."""
    keys = ("indicator", "wave", "wave_before", "group_by", "group")
    found = [
        reveals[i]
        for i, other in enumerate(rows)
        if other["measure"] == "change"
        and other["region"] in places
        and all(other[key] == row[key] for key in keys)
    ]
    return tuple(dict.fromkeys(cell for cells in found for cell in cells))


def _parts(relation: Relation, rows: list[dict], reveals, keys: list[tuple]) -> Iterable[tuple]:
    """The relation between rows as relations between their cells, one for each part and wave."""
    members = [rows[i] for i, _ in relation.cells]
    if relation.whole or relation.follows or any(row["measure"] not in ADDITIVE for row in members):
        return  # changes and contrasts are made of the cells of their levels
    if len({row["measure"] for row in members}) > 1 or any(row["measure"] == "change" for row in members):
        return
    across = len({row["indicator"] for row in members}) > 1  # questions, or recognised less false
    if across and any(SAME.get(row["indicator"]) for row in members):
        return  # the same cell
    net = across and any(row["indicator"] == NET for row in members)
    for part in PARTS:
        if (across and part == BASE) or (net and part == NO):
            continue
        found = [next((c for c in reveals[i] if keys[c][-1] == part), None) for i, _ in relation.cells]
        if None not in found and len(set(found)) == len(found):
            weights = (weight for _, weight in relation.cells)
            yield tuple(sorted(zip(found, weights, strict=True)))


def is_total(row: dict) -> bool:
    """Whether a row is a total of others: readers miss it most."""
    return row["region"] == AREA and not row["group_by"]
