"""Tables made of an export's table: with other headings, derived columns, or rows taken apart."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pandas as pd

from evaluation.intake.sheet import Sheet


class Table(Protocol):
    """What every reader gives: headings, the first rows, and columns of text on demand."""

    headings: list[str]
    opening: list[list[str]]

    def read(self, positions: list[int]) -> Sheet:
        """The columns at `positions` as text."""


@dataclass(frozen=True)
class Made:
    """A column computed from others. sources: their positions; function: frame (columns = positions) ->
    Series of text on the same index."""

    sources: tuple[int, ...]
    function: Callable[[pd.DataFrame], pd.Series]


@dataclass(frozen=True)
class Derived:
    """A table with computed columns, read no further than asked for.

    made: name -> column put behind the file's own. filled: position -> column put in the place of the
    file's own. skip: rows under the first that are headings too. aliases: other headings of a position.
    """

    inner: Table
    made: dict[str, Made] = field(default_factory=dict)
    filled: dict[int, Made] = field(default_factory=dict)
    skip: int = 0
    renamed: list[str] | None = None
    aliases: dict[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def headings(self) -> list[str]:
        return [*(self.renamed or self.inner.headings), *self.made]

    @property
    def own_width(self) -> int:
        """How many columns are the file's own; the made ones stand behind them."""
        return len(self.inner.headings)

    @property
    def opening(self) -> list[list[str]]:
        return self.inner.opening[self.skip :]

    def sources(self, position: int) -> tuple[int, ...]:
        """The positions in the file that a column comes from."""
        column = self._column(position)
        return column.sources if column else (position,)

    def read(self, positions: list[int]) -> Sheet:
        """The columns at `positions` as text."""
        wanted = sorted({source for position in positions for source in self.sources(position)})
        sheet = self.inner.read(wanted)
        frame = sheet.frame.iloc[self.skip :]
        columns = {}
        for position in positions:
            column = self._column(position)
            columns[position] = column.function(frame) if column else frame[position]
        return Sheet(pd.DataFrame(columns, index=frame.index), sheet.broken[self.skip :])

    def _column(self, position: int) -> Made | None:
        width = self.own_width
        return [*self.made.values()][position - width] if position >= width else self.filled.get(position)


@dataclass(frozen=True)
class Lines:
    """A table whose rows were taken apart into lines: a row number may occur more than once.

    origins: position -> positions in the file. own_width: how many columns are the file's own; the made
    ones stand behind them.
    """

    headings: list[str]
    frame: pd.DataFrame
    broken: np.ndarray
    own_width: int
    origins: dict[int, tuple[int, ...]]
    opening: list[list[str]] = field(default_factory=list)

    def sources(self, position: int) -> tuple[int, ...]:
        """The positions in the file that a column comes from."""
        return self.origins.get(position, ())

    def read(self, positions: list[int]) -> Sheet:
        """The columns at `positions` as text."""
        return Sheet(self.frame[sorted(set(positions))], self.broken)


def copy_of(position: int) -> Made:
    """A column of the file under another name."""
    return Made((position,), lambda frame: frame[position])
