"""What the rows about attribution tell of the levels and changes that they are made of."""

from collections.abc import Iterator

from evaluation.disclosure.relation import Relation
from evaluation.indicators.tidy import AREA, fact

# Measures that are a difference between two places of a difference between two waves.
DIFFERENCES = ("did", "placebo", "placebo_date")
# Measures worked out from the change at the same place.
OF_CHANGE = ("equivalence", "dose_response", "missing_comparison")
# Measures worked out from the reported did.
FROM_DID = ("breakdown", "e_value", "specification", "staggered")


def causes(rows: list[dict]) -> Iterator[Relation]:
    """Relations of the rows that `indicators.attribution` makes."""
    levels = {_at(row): i for i, row in enumerate(rows) if row["measure"] == "level" and not row["group_by"]}
    changes = {
        _at(row): i for i, row in enumerate(rows) if row["measure"] == "change" and not row["group_by"]
    }
    dids = {_at(row): i for i, row in enumerate(rows) if row["measure"] == "did"}
    regions = [i for i, row in enumerate(rows) if row["measure"] == "change" and row["level"] == "region"]
    elsewhere = sorted({row["region"] for row in rows if row["level"] == "comparison"})
    pooled = [i for i, row in enumerate(rows) if row["measure"] == "pooled"]
    for i, row in enumerate(rows):
        measure, own = row["measure"], _at(row)
        if measure in DIFFERENCES and own not in changes:
            yield from _of_levels(i, row, levels, elsewhere)
        elif measure == "trend":
            yield from _slope(i, row, levels)
        elif measure in OF_CHANGE and own in changes:
            yield _follow([i], [changes[own]])
        elif measure == "trimming" and (*own[:3], "") in levels:
            yield _follow([i], [levels[(*own[:3], "")]])
        elif measure == "pre_trend":
            span = (row["wave_before"], row["wave"])
            told = [
                at
                for (name, place, wave, _), at in levels.items()
                if name == row["indicator"] and span[0] <= wave <= span[1] and place in (AREA, *elsewhere)
            ]
            yield _follow([i], told)
        elif measure == "gap":
            yield from _gap(i, row, rows)
        if measure in FROM_DID and own in dids:
            yield _follow([i], [dids[own]])
        if measure == "specification":
            if row["group_by"] == "coding":
                told = [changes.get((row["group"], place, *own[2:])) for place in (AREA, *elsewhere)]
                yield _follow([i], [at for at in told if at is not None])
            elif fact(row["note"], "left_out"):
                yield _follow([i], [at for at in regions if rows[at]["indicator"] == row["indicator"]])
    for name in sorted({rows[i]["indicator"] for i in pooled}):
        # Each pooled change holds something of every region's own.
        own = [i for i in pooled if rows[i]["indicator"] == name]
        yield _follow(own, [at for at in regions if rows[at]["indicator"] == name])


def _at(row: dict) -> tuple[str, str, str, str]:
    before = "" if row["measure"] == "level" else row["wave_before"]
    return row["indicator"], row["region"], row["wave"], before


def _follow(spend: list[int], others: list[int]) -> Relation:
    cells = [(i, -1.0) for i in spend] + [(i, 1.0) for i in others]
    return Relation(tuple(cells), tuple(spend), follows=True)


# A gap between two groups that has a name of its own: the groups that it lies between.
BETWEEN = {"low_education": ("fewest", "most"), "receipt": ("long_ago", "never")}


def _gap(i: int, row: dict, rows: list[dict]) -> Iterator[Relation]:
    """A gap goes with the levels of its group and of what that is held against."""
    at = ("region", "wave")
    group_by = "receipt" if row["indicator"] == "maintenance" else row["group_by"]
    groups = BETWEEN.get(group_by, (row["group"], ""))
    told = [
        j
        for j, other in enumerate(rows)
        if other["measure"] in ("level", "ratio")
        and all(other[name] == row[name] for name in at)
        and other["group_by"] in (group_by, "")
        and other["group"] in groups
        and (row["indicator"] == "maintenance" or other["indicator"] == row["indicator"])
    ]
    yield _follow([i], told)


def _of_levels(i: int, row: dict, levels: dict, elsewhere: list[str]) -> Iterator[Relation]:
    """The did of a wave that has no changes of its own in the release, straight from four levels."""
    name = row["indicator"].removeprefix("placebo_")
    for other in elsewhere:
        cells = []
        for place, sign in ((row["region"], 1.0), (other, -1.0)):
            for wave, turn in ((row["wave"], sign), (row["wave_before"], -sign)):
                cells.append((levels.get((name, place, wave, "")), turn))
        if all(at is not None for at, _ in cells):
            yield Relation(((i, -1.0), *cells), (i,), whole=True)


def _slope(i: int, row: dict, levels: dict) -> Iterator[Relation]:
    """A slope is a sum of the levels of all its waves, those in the middle (weight 0) aside."""
    found = sorted(
        (wave, at)
        for (name, place, wave, _), at in levels.items()
        if (name, place) == (row["indicator"], row["region"]) and row["wave_before"] <= wave <= row["wave"]
    )
    times = [4 * int(wave[:4]) + int(wave[-1]) for wave, _ in found]
    middle = sum(times) / len(times) if times else 0.0
    cells = [(at, time - middle) for (_, at), time in zip(found, times, strict=True) if time != middle]
    if len(cells) > 1:
        yield Relation(((i, -1.0), *cells), (i,), whole=True)
