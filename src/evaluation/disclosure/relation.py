"""A relation between cells of a release."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Relation:
    """A sum of cells (row number, coefficient) that is zero.

    spend: the cells to give up first. whole: a spent cell tells its other cells by itself (the row of a
    change holds the counts of both waves), so it goes when one of those goes. follows: no sum at all; the
    spent cells tell something of the others, so they go when one of those goes, and that is all.
    """

    cells: tuple[tuple[int, float], ...]
    spend: tuple[int, ...]
    whole: bool = False
    follows: bool = False
