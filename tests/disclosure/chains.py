"""Made-up chains of releases with corrections in between, and what an attacker makes of all that was printed.

Nothing here is taken from the station that it judges. The attacker has the tables as they are printed, one
after another. He knows that groups add up to the whole and quarters to what was shipped to date, that no
count is negative, between which reports orders were corrected, and, which nobody prints, of which group and
quarter; not by how much, nor whose. All other counts he takes to be the same before and after.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from evaluation.disclosure import release
from evaluation.indicators.delivery import copies_of
from evaluation.indicators.over_time import over_time
from evaluation.indicators.tidy import AREA, concat, facts, table
from evaluation.study.schema import Thresholds

QUARTERS = ("2025Q1", "2025Q2", "2025Q3", "2025Q4", "2026Q1")
SPLITS = {"language": ("ar", "de", "nl", "tr"), "setting": ("gp", "library")}
STUDY = SimpleNamespace(area=SimpleNamespace(regions=("North",)))
LIMITS = Thresholds()
ROOM = 0.15
Cell = tuple[str, str, str]  # split, group, quarter


@dataclass
class Step:
    """A release: of which quarter, from which orders, how often each cell had been corrected by then, and
    what was printed."""

    quarter: str
    orders: pd.DataFrame
    times: dict[Cell, int]
    checked: pd.DataFrame = None
    published: object = None


@dataclass
class Chain:
    """moved: of each correction the copies that each cell had more, and how often it had been corrected, for
    those of too few organisations."""

    steps: list[Step] = field(default_factory=list)
    moved: list[dict[Cell, tuple[int, float]]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def orders_of(rng: np.random.Generator) -> pd.DataFrame:
    """Shipped lines: per language and quarter a few organisations, in the small ones often the same one."""
    rows = []
    for group in SPLITS["language"]:
        for quarter in QUARTERS:
            many = 12 if group == "nl" else int(rng.choice([0, 1, 1, 2, 4, 5]))
            for site in rng.choice(12 if group == "nl" else 6, size=many, replace=False):
                rows.append((f"{group}{site}", group, 25 * int(rng.integers(1, 8)), quarter))
    return framed(pd.DataFrame(rows, columns=["organisation", "language", "copies", "quarter"]))


def framed(frame: pd.DataFrame) -> pd.DataFrame:
    of_library = frame["organisation"].str[-1].isin(["0", "3"])
    return frame.assign(
        setting=np.where(of_library, "library", "gp"),
        product="leaflet",
        region="North",
        shipped=True,
        amount=0.0,
        shipped_quarter=frame["quarter"],
    )


def corrected(rng: np.random.Generator, orders: pd.DataFrame, until: str, many: int):
    """The orders with `many` of them, of a quarter that is out, added, doubled or cancelled; the cells that
    were touched; what was done."""
    quarter = str(rng.choice([q for q in QUARTERS if q <= until]))
    kind = str(rng.choice(["added", "doubled", "cancelled"]))
    group = str(rng.choice(SPLITS["language"]))
    own = orders[orders["quarter"].eq(quarter) & orders["language"].eq(group)]
    if own.empty:
        kind = "added"
    many = many if kind == "added" else min(many, len(own))
    new = orders.copy()
    if kind == "added":
        sites = rng.choice(12, size=many, replace=False)
        lines = [(f"{group}{site}", group, 25 * int(rng.integers(1, 8)), quarter) for site in sites]
        new = pd.concat([new, framed(pd.DataFrame(lines, columns=new.columns[:4]))], ignore_index=True)
        moved = new.iloc[-many:]
    else:
        moved = own.sample(many, random_state=int(rng.integers(1 << 30)))
        if kind == "doubled":
            new.loc[moved.index, "copies"] *= 2
        else:
            new = new.drop(index=moved.index)
    cells = {(split, group_, quarter) for split in SPLITS for group_ in moved[split]}
    return new.reset_index(drop=True), cells, f"{kind} {many} {group} {quarter}"


def to_date(orders: pd.DataFrame, quarter: str) -> list[dict]:
    until = orders[orders["quarter"] <= quarter]
    rows = [copies_of("shipped", quarter, AREA, "area", until)]
    for split in SPLITS:
        for group in sorted(until[split].unique()):
            own = until[until[split] == group]
            rows.append(copies_of("shipped", quarter, AREA, "area", own, group_by=split, group=group))
    return rows


def estimates(orders: pd.DataFrame, quarter: str, past: Sequence[Step]) -> pd.DataFrame:
    """The table of a release: to the end of its quarter, the quarters before, and the totals of other
    quarters of which something was published otherwise."""
    parts = [table(to_date(orders, quarter)), over_time(STUDY, orders, quarter)]
    for other in sorted({step.quarter for step in past} - {quarter}):
        rows = to_date(orders, other)
        if any(_differs(row, step) for row in rows for step in past if step.quarter == other):
            parts.append(table([rows[0] | {"measure": "restated"}]))
    made = concat(parts)
    whole = made["indicator"].eq("shipped") & made["group_by"].eq("")
    notes = made["note"].copy()
    for i, row in made[whole].iterrows():
        told = [_by_whom(orders, row, step) for step in past if _differs(row, step)]
        if told:
            sites, largest = min(one[0] for one in told), max(one[1] for one in told)
            notes[i] = f"{row['note']}; {facts(corrected=f'{sites}:{largest:.6f}')}"
    return made.assign(note=notes)


def _differs(row, step: Step) -> bool:
    key = ("shipped", AREA, row["wave"], row["group_by"], row["group"], "amount")
    return abs(step.published.cells.get(key, float("nan")) - row["count"]) > 1e-6


def _by_whom(orders: pd.DataFrame, row, step: Step) -> tuple[int, float]:
    now, then = (
        one[one["quarter"] <= row["wave"]].groupby("organisation")["copies"].sum()
        for one in (orders, step.orders)
    )
    moved = now.sub(then, fill_value=0.0).abs()
    moved = moved[moved > 0]
    return len(moved), moved.max() / moved.sum()


def chain_of(seed: int, first: int = 0, many: int = 1, made=release) -> Chain:
    """Releases of successive quarters; in between orders are corrected, seen by the next release or by the
    quarter made again."""
    rng = np.random.default_rng(seed)
    orders, chain = orders_of(rng), Chain()
    times = {(split, g, q): 0 for split, groups in SPLITS.items() for g in groups for q in QUARTERS}

    def publish(quarter: str) -> None:
        step = Step(quarter, orders, dict(times))
        found = made(
            estimates(orders, quarter, chain.steps), LIMITS, [s.published for s in chain.steps[::-1]]
        )
        step.checked, step.published = found.checked, found.published
        chain.steps.append(step)
        chain.said.append(f"released {quarter}")

    for quarter in QUARTERS[first:]:
        publish(quarter)
        if rng.random() < 0.5 and quarter != QUARTERS[-1]:
            old = orders
            orders, cells, said = corrected(rng, orders, quarter, many)
            if many < LIMITS.minimum_sites:
                chain.moved.append({c: (times[c], _copies(orders, c) - _copies(old, c)) for c in cells})
            times.update({cell: times[cell] + 1 for cell in cells})
            chain.said.append(said)
            if rng.random() < 0.5:
                publish(str(rng.choice([q for q in QUARTERS[first:] if q <= quarter])))
    return chain


def _copies(orders: pd.DataFrame, cell: Cell) -> float:
    split, group, quarter = cell
    return float(orders.loc[orders[split].eq(group) & orders["quarter"].eq(quarter), "copies"].sum())


class Attacker:
    """Linear programmes over the copies of each group in each quarter, as they were between corrections."""

    def __init__(self, steps: Sequence[Step]):
        self.place: dict[tuple[Cell, int], int] = {}
        for step in steps:
            for cell, times in step.times.items():
                self.place.setdefault((cell, times), len(self.place))
        lines, values = [], []
        for step in steps:
            for quarter in QUARTERS:
                one, other = (self.line(step, split, groups, [quarter]) for split, groups in SPLITS.items())
                lines.append(one - other)
                values.append(0.0)
            for row in step.checked[step.checked["status"].ne("suppressed")].to_dict("records"):
                split = row["group_by"] or "language"
                groups = [row["group"]] if row["group"] else SPLITS[split]
                within = row["indicator"] == "shipped_in_quarter"
                chosen = [q for q in QUARTERS if q == row["wave"] or (q < row["wave"] and not within)]
                lines.append(self.line(step, split, groups, chosen))
                values.append(row["count"])
        both = np.unique(np.column_stack([lines, values]), axis=0)
        self.known, self.values = both[:, :-1], both[:, -1]

    def line(self, step: Step, split: str, groups, quarters) -> np.ndarray:
        found = np.zeros(len(self.place))
        for group in groups:
            for quarter in quarters:
                cell = split, group, quarter
                found[self.place[cell, step.times[cell]]] = 1.0
        return found

    def between(self, aim: np.ndarray) -> tuple[float, float]:
        """The least and the greatest that some counts can come to together."""
        ends = []
        for sign in (1.0, -1.0):
            found = linprog(sign * aim, A_eq=self.known, b_eq=self.values, bounds=(0, None), method="highs")
            if found.status == 4:
                found = linprog(
                    sign * aim, A_eq=self.known, b_eq=self.values, bounds=(0, None), method="highs-ipm"
                )
            assert found.status in (0, 3), (found.status, "what is printed must hold together")
            ends.append(sign * found.fun if found.status == 0 else sign * -float("inf"))
        return ends[0], ends[1]


def few(lines: pd.DataFrame) -> bool:
    """One or two organisations, or one with more than the greatest share."""
    own = lines.groupby("organisation")["copies"].sum()
    return len(own) > 0 and (
        len(own) < LIMITS.minimum_sites or own.max() > LIMITS.maximum_share / 100 * own.sum()
    )


def small(orders: pd.DataFrame, until: str) -> Iterator[tuple[str, str, tuple[str, ...], pd.DataFrame]]:
    """(split, group, quarters, lines) of every run of small quarters of a group, and of the whole, that
    together come from too few."""
    kinds = [(split, group) for split, groups in SPLITS.items() for group in groups] + [("", "")]
    for split, group in kinds:
        own = orders[orders[split].eq(group)] if split else orders
        of = [q for q in QUARTERS if q <= until and few(own[own["quarter"] == q])]
        for first, last in combinations(range(len(of) + 1), 2):
            lines = own[own["quarter"].isin(of[first:last])]
            if few(lines):
                yield split, group, tuple(of[first:last]), lines


def lawful(orders: pd.DataFrame, split: str, group: str, quarters: Sequence[str], until: str) -> float:
    """The least sum around some quarters of a group that the rules let everybody know: a longer stretch of
    time, or all groups in it."""
    own = orders[orders[split].eq(group)] if split else orders
    found = [float("inf")]
    for lines in (own, orders):
        for first, last in combinations(range(len(QUARTERS) + 1), 2):
            stretch = QUARTERS[first:last]
            part = lines[lines["quarter"].isin(stretch) & lines["quarter"].le(until)]
            if set(quarters) <= set(stretch) and len(part) and not few(part):
                found.append(float(part["copies"].sum()))
    return min(found)


def judged(chain: Chain, upto: int | None = None) -> Iterator[tuple[str, float, float, float, str]]:
    """(what, value, low, high, wrong) of every number of too few organisations: each run of small quarters,
    and each correction by one or two.

    wrong: "low" or "high" where that end is nearer than the rule's room. The upper end need be no further
    than the least sum around that the rules let everybody know, which is always more than the number.
    upto: how many releases he has read.
    """
    steps = chain.steps[:upto]
    attacker = Attacker(steps)
    found: dict[bytes, list] = {}
    for step in steps:
        for split, group, quarters, lines in small(step.orders, step.quarter):
            aim = attacker.line(step, split or "language", [group] if split else SPLITS["language"], quarters)
            value, least = (
                float(lines["copies"].sum()),
                lawful(step.orders, split, group, quarters, step.quarter),
            )
            one = found.setdefault(
                aim.tobytes(), [f"{split} {group} {'+'.join(quarters)}", aim, value, least]
            )
            one[-1] = min(one[-1], least)
    for name, aim, value, least in found.values():
        low, high = attacker.between(aim)
        room = max(1.0, ROOM * value)
        wrong = "low" if low > value - room + 1e-6 else ""
        wrong += "high" if high < min(value + room, least) - 1e-6 or high <= value + 1e-6 else ""
        yield name, value, low, high, wrong
    for moved in chain.moved:
        for cell, (times, value) in moved.items():
            if (cell, times) in attacker.place and (cell, times + 1) in attacker.place:
                aim = np.zeros(len(attacker.place))
                aim[attacker.place[cell, times + 1]], aim[attacker.place[cell, times]] = 1.0, -1.0
                low, high = attacker.between(aim)
                room = max(1.0, ROOM * abs(value))
                wrong = ("low" if low > value - room else "") + ("high" if high < value + room else "")
                yield f"correction of {' '.join(cell)}", value, low, high, wrong
