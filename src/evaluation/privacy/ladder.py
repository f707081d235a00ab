"""k-anonymity over quasi-identifiers: rows too few of which are alike climb the study's ladder, step by step.

Only rows whose class (the rows alike in every quasi-identifier and in what stays as it is) has fewer than k
rows take a step, so that most rows keep what they hold: local recoding to the study's own coarser values, and
only then leaving a value out. Where a step would touch a column by which answers are weighted, rows of larger
classes that differ only in other columns first come along, as few as make the small class large enough.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from evaluation.intake.values import together

ALONG = "along"


@dataclass(frozen=True)
class Rung:
    """One step: in `column` each value of `coarser` becomes its coarser one, and every other value `rest`
    (None: it stays). name: what receipts call the step."""

    column: str
    name: str
    coarser: dict[str, str]
    rest: str | None = None

    def of(self, value: str) -> str:
        """What a value becomes."""
        return self.coarser.get(value, value if self.rest is None else self.rest)


@dataclass(frozen=True)
class Climbed:
    """frame: the key's columns after the ladder. steps: cells per (column, step) that ended there. along:
    rows changed though their own class was large enough. left: (n bool) rows that no step could help."""

    frame: pd.DataFrame
    steps: dict[tuple[str, str], int]
    along: int
    left: np.ndarray


def class_sizes(frame: pd.DataFrame, key: Sequence[str]) -> np.ndarray:
    """(n) how many rows are alike in every column of `key`, the row itself included."""
    if not len(frame):
        return np.zeros(0, dtype=np.int64)
    where = together([pd.factorize(frame[name])[0] for name in key])
    return np.bincount(where)[where]


def climb(
    frame: pd.DataFrame,
    fixed: Sequence[str],
    ladder: Sequence[Rung],
    k: int,
    sparing: Sequence[str] = (),
    turns: np.ndarray | None = None,
) -> Climbed:
    """Generalise the columns of `ladder` until at least k rows are alike in them and in `fixed`.

    frame: text columns; fixed: columns that stay (region); sparing: columns to touch last, for which rows of
    larger classes come along. A class that is too small after the last step is filled up too; what even then
    is too small (fewer than k rows in all, or in the turn that all others have settled before) is `left`.
    turns: (n) rows of a lower number climb first, among themselves, and settle: they stay as they are when
    those of a higher one join them. None: all at once.
    """
    columns = [*fixed, *dict.fromkeys(rung.column for rung in ladder)]
    values, codes = _coded(frame, columns, ladder)
    begin, rose = codes.copy(), np.full(codes.shape, -1)
    needed, left = np.zeros(len(codes), dtype=bool), np.zeros(len(codes), dtype=bool)
    turns = np.zeros(len(codes), dtype=int) if turns is None else turns
    for turn in np.unique(turns):
        own = turns == turn
        present = _Present(codes[own], codes[(turns < turn) & ~left])
        needed[own] = present.sizes() < k
        rose[own] = _rise(present, values, ladder, columns, k, sparing)
        codes[own], left[own] = present.codes, present.sizes() < k
    steps = {}
    for number, rung in enumerate(ladder):
        ended = int((rose[:, columns.index(rung.column)] == number).sum())
        if ended:
            steps[rung.column, rung.name] = ended
    after = pd.DataFrame(
        {
            name: pd.Series(np.array(values[at], dtype=object)[codes[:, at]], index=frame.index, dtype="str")
            for at, name in enumerate(columns)
        }
    )
    along = (codes != begin).any(axis=1) & ~needed
    return Climbed(after, steps, int(along.sum()), left)


class _Present:
    """Rows that may climb (codes: n x columns) beside those that have settled, which count and stay."""

    def __init__(self, codes: np.ndarray, settled: np.ndarray):
        self.codes = codes
        where = _alike(settled)
        first = np.unique(where, return_index=True)[1]
        self.settled, self.counts = settled[first], np.bincount(where)

    def sizes(self, codes: np.ndarray | None = None) -> np.ndarray:
        """(m) per row of `codes` (None: the own ones), how many own and settled rows are like it."""
        if codes is None:
            return self._count(self.codes)[: len(self.codes)]
        return self._count(np.concatenate([codes, self.codes]), len(codes))[: len(codes)]

    def _count(self, codes: np.ndarray, asked: int = 0) -> np.ndarray:
        where = _alike(np.concatenate([codes, self.settled]))
        weights = np.concatenate([np.zeros(asked), np.ones(len(codes) - asked), self.counts])
        return np.bincount(where, weights)[where].astype(int) if len(where) else where


def _alike(codes: np.ndarray) -> np.ndarray:
    return together(codes.T) if len(codes) else np.zeros(0, dtype=np.int64)


def _rise(
    present: _Present, values, ladder, columns: list[str], k: int, sparing: Sequence[str]
) -> np.ndarray:
    """Lets rows of too small classes take the steps; returns the last step of each cell (-1: none)."""
    codes, rose = present.codes, np.full(present.codes.shape, -1)
    # What every step so far makes of a value, per column: where a row that took them all would stand.
    now = [np.arange(len(known)) for known in values]
    for number, rung in enumerate(ladder):
        if rung.column in sparing:
            _fill(present, now, rose, number, ladder, columns, k)
        small = present.sizes() < k
        at = columns.index(rung.column)
        step = np.array([values[at].index(rung.of(value)) for value in values[at]], dtype=np.intp)
        changed = small & (step[codes[:, at]] != codes[:, at])
        codes[small, at] = step[codes[small, at]]
        rose[changed, at] = number
        now[at] = step[now[at]]
    _fill(present, now, rose, len(ladder), ladder, columns, k)
    return rose


def _coded(
    frame: pd.DataFrame, columns: list[str], ladder: Sequence[Rung]
) -> tuple[list[list[str]], np.ndarray]:
    """Per column every value it has or may come to have; the frame as positions in those (n x columns)."""
    values, codes = [], np.empty((len(frame), len(columns)), dtype=np.int64)
    for at, name in enumerate(columns):
        codes[:, at], found = pd.factorize(frame[name])
        known = dict.fromkeys(found.tolist())
        for rung in ladder:
            if rung.column == name:
                known |= dict.fromkeys(rung.of(value) for value in tuple(known))
        values.append(list(known))
    return values, codes


def _fill(present: _Present, now, rose, upto: int, ladder, columns: list[str], k: int) -> None:
    """Let rows of larger classes take every step so far, where that makes a class that is too small whole."""
    codes, sizes = present.codes, present.sizes()
    small = sizes < k
    if not small.any():
        return
    there = np.column_stack([step[codes[:, at]] for at, step in enumerate(now)])
    both = together(np.concatenate([there, codes]).T)
    target, own = both[: len(codes)], both[len(codes) :]
    order = np.flatnonzero(~small & (target != own) & np.isin(target, target[small]))
    order = order[np.argsort(target[order], kind="stable")]
    homes, starts = np.unique(target[order], return_index=True)
    members = dict(zip(homes.tolist(), np.split(order, starts[1:]), strict=True)) if len(order) else {}
    classes, first, counts = np.unique(target[small], return_index=True, return_counts=True)
    # Rows that are where the class will be, and enough to be no small one themselves.
    there_now = present.sizes(there[small][first])
    for home, many, count in zip(classes.tolist(), there_now.tolist(), counts.tolist(), strict=True):
        if max(many, count) >= k or home not in members:
            continue
        rows = np.concatenate([[], *_drawn(members[home], own, sizes, k - count, k)]).astype(int)
        before = codes[rows]
        codes[rows] = there[rows]
        for at in range(len(columns)):
            steps = [n for n, rung in enumerate(ladder[:upto]) if rung.column == columns[at]]
            moved = rows[codes[rows, at] != before[:, at]]
            if steps:
                rose[moved, at] = steps[-1]


def _drawn(rows: np.ndarray, own: np.ndarray, sizes: np.ndarray, need: int, k: int) -> Iterator[np.ndarray]:
    """The rows that come along: what classes can spare, largest first; a whole class where that is too few.

    Of one class they are taken at even distances, so that no file or wave gives more of them than another."""
    groups = pd.Series(rows).groupby(own[rows], sort=True)
    lots = sorted((lot.to_numpy() for _, lot in groups), key=lambda lot: (-len(lot), lot[0]))
    # A class of which settled rows stay behind spares no more than leaves it large enough.
    spares = [min(len(lot), int(sizes[lot[0]]) - k) for lot in lots]
    if sum(spares) < need:
        yield from [lot for lot in lots if sizes[lot[0]] == len(lot)][-1:]
        return
    for lot, spare in zip(lots, spares, strict=True):
        taken = min(spare, need)
        yield (
            lot[np.linspace(0, len(lot) - 1, taken).round().astype(int)]
            if taken > 1
            else lot[len(lot) // 2 :][:taken]
        )
        need -= taken
        if not need:
            return
