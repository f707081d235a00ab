"""Which cells of a release add up to others, so that a hidden one can be computed from those shown."""

from collections import defaultdict
from collections.abc import Hashable, Iterable

import pandas as pd

from evaluation.disclosure.causes import causes
from evaluation.disclosure.relation import Relation
from evaluation.indicators.tidy import AREA, fact

# Measures of which a total is the sum of its parts; a test or a difference-in-differences is none.
ADDITIVE = frozenset({"level", "change", "count", "ratio"})


def relations(estimates: pd.DataFrame) -> list[Relation]:
    """Every additive relation between the rows of a tidy table.

    Coefficients hold for cells scaled to sums (a share times its population, points times items), which
    leaves what can be computed from what as it is.
    """
    rows = estimates.to_dict("records")
    kinds = (_regions, _municipalities, _groups, _items, _differences, _multiples, _quarters, causes)
    return [relation for kind in kinds for relation in kind(rows)]


def _sum(total: int, parts: Iterable[int]) -> list[Relation]:
    parts = tuple(parts)
    return [Relation(((total, -1.0), *((part, 1.0) for part in parts)), parts)] if parts else []


def _index(rows: list[dict], measure: str, *names: str) -> dict[Hashable, int]:
    return {tuple(row[name] for name in names): i for i, row in enumerate(rows) if row["measure"] == measure}


def _collect(rows: list[dict], chosen, *names: str) -> dict[tuple, list[int]]:
    together: dict[tuple, list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        if row["measure"] in ADDITIVE and chosen(row):
            together[tuple(row[name] for name in names)].append(i)
    return together


_PLACELESS = ("indicator", "measure", "wave", "wave_before", "group_by", "group")
_GROUPLESS = ("indicator", "measure", "region", "level", "wave", "wave_before")


def _regions(rows: list[dict]) -> list[Relation]:
    totals = _collect(rows, lambda row: row["region"] == AREA, *_PLACELESS)
    parts = _collect(rows, lambda row: row["level"] == "region", *_PLACELESS)
    return [sum_ for key, (total, *_) in totals.items() for sum_ in _sum(total, parts.get(key, ()))]


def _municipalities(rows: list[dict]) -> list[Relation]:
    above = _collect(rows, lambda row: row["level"] != "municipality", "region", *_PLACELESS)
    inside: dict[tuple, list[int]] = defaultdict(list)
    for key, members in _collect(rows, lambda row: row["level"] == "municipality", *_PLACELESS).items():
        inside[(AREA, *key)] = members
        for i in members:
            if region := fact(rows[i]["note"], "region"):
                inside[(region, *key)].append(i)
    found: list[Relation] = []
    for key, parts in inside.items():
        for total in above.get(key, ()):
            found += _sum(total, parts)
    return found


def _groups(rows: list[dict]) -> list[Relation]:
    totals = _collect(rows, lambda row: not row["group_by"], *_GROUPLESS)
    parts = _collect(rows, lambda row: row["group_by"], *_GROUPLESS, "group_by")
    found: list[Relation] = []
    for key, members in parts.items():
        for total in totals.get(key[:-1], ()):
            found += _sum(total, members)
    return found


def _items(rows: list[dict]) -> list[Relation]:
    """Scores over items are the sum of their items, and of the smaller scores that share them out."""
    together: dict[tuple, dict[int, frozenset[str]]] = defaultdict(dict)
    for i, row in enumerate(rows):
        if items := fact(row["note"], "items"):
            key = tuple(row[name] for name in ("measure", *_AT[1:], "wave_before"))
            together[key][i] = frozenset(items.split(","))
    found: list[Relation] = []
    for cells in together.values():
        single = {next(iter(items)): i for i, items in cells.items() if len(items) == 1 and _is_item(rows[i])}
        for total, items in cells.items():
            if not _is_item(rows[total]) and items <= set(single):
                found += _sum(total, [single[item] for item in sorted(items)])
            smaller = [i for i, part in cells.items() if _is_section(rows[i]) and part < items]
            sizes = sum(len(cells[i]) for i in smaller)
            if sizes == len(items) == len(frozenset().union(*(cells[i] for i in smaller))):
                found += _sum(total, smaller)
    return found


def _is_item(row: dict) -> bool:
    return row["indicator"].startswith("item_")


def _is_section(row: dict) -> bool:
    return row["indicator"].startswith("section_")


_AT = ("indicator", "region", "group_by", "group", "wave")


def _differences(rows: list[dict]) -> list[Relation]:
    """A change is the level after less the level before; a did is the area's change less the other one."""
    levels = _index(rows, "level", *_AT)
    changes = _index(rows, "change", *_AT, "wave_before")
    elsewhere = {
        (row["indicator"], row["wave"], row["wave_before"]): i
        for i, row in enumerate(rows)
        if row["measure"] == "change" and row["level"] == "comparison" and not row["group_by"]
    }
    found = []
    for i, row in enumerate(rows):
        at, since = {name: row[name] for name in _AT}, row["wave_before"]
        if row["measure"] == "change":
            sides = levels.get(tuple(at.values())), levels.get(tuple((at | {"wave": since}).values()))
        elif row["measure"] == "did":
            sides = changes.get((*at.values(), since)), elsewhere.get((row["indicator"], row["wave"], since))
        else:
            continue
        if None not in sides:
            found.append(Relation(((i, -1.0), (sides[0], 1.0), (sides[1], -1.0)), (i,), whole=True))
    return found


# A number, and what is that number times something everybody knows (parents, euro, births).
MULTIPLES = (
    ("reach", "parents_reached"),
    ("reach", "cost_per_parent"),
    ("shipped", "supply"),
    ("shipped", "language_supply"),
)


def _multiples(rows: list[dict]) -> list[Relation]:
    """Reach is recognition less false recognition; other indicators are a known multiple of one another."""
    found = []
    for cells in _collect(rows, lambda row: True, *_AT[1:], "wave_before").values():
        at = {rows[i]["indicator"]: i for i in cells}
        if {"reach", "recognised", "foil"} <= set(at):
            sides = ((at["reach"], -1.0), (at["recognised"], 1.0), (at["foil"], -1.0))
            found.append(Relation(sides, (at["recognised"], at["foil"])))
        for number, multiple in MULTIPLES:
            if {number, multiple} <= set(at):
                found += _sum(at[number], [at[multiple]])
    return found


# Counted in one quarter -> counted to its end.
IN_QUARTER = {"shipped_in_quarter": "shipped"}


def _quarters(rows: list[dict]) -> list[Relation]:
    """What was counted in a quarter is what was counted to its end less that to the end of the one before."""
    found = []
    for same in in_time(rows):
        before: int | None = None
        for to_date, own in same.values():
            if own is not None and to_date is not None:
                sides = ((own, 1.0), (to_date, -1.0), *(((before, 1.0),) if before is not None else ()))
                found.append(Relation(sides, (own,)))
            before = to_date
    return found


def in_time(rows: list[dict]) -> list[dict[str, tuple[int | None, int | None]]]:
    """Per place and group that is counted by quarter: wave -> (row to its end, row of that quarter), None
    where there is none. A later quarter's row to its end always follows on the one before."""
    series: dict[tuple, dict[str, list[int | None]]] = defaultdict(dict)
    for i, row in enumerate(rows):
        if row["measure"] != "count":
            continue
        name = IN_QUARTER.get(row["indicator"])
        if name or row["indicator"] in IN_QUARTER.values():
            key = (name or row["indicator"], row["region"], row["group_by"], row["group"])
            series[key].setdefault(row["wave"], [None, None])[1 if name else 0] = i
    found = []
    for same in series.values():
        if any(own is not None for _, own in same.values()):
            found.append({wave: (sides[0], sides[1]) for wave, sides in sorted(same.items())})
    return found
