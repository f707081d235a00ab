"""A table as read: all cells text, the rows numbered as a spreadsheet shows them."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from evaluation.intake.detectors import kinds_in

# Rows under the headings by which a layout is recognised.
OPENING = 5
_SPACES = re.compile(r"\s+")
_UNSHOWABLE = re.compile(r"@|\d{4,}")
_NUMBER = re.compile(r"[\d\s.,:/+-]{6,}")
# A question may hold an address to write to; a heading so short that is or holds one is a person's cell.
_SHORT = 40


@dataclass(frozen=True)
class Sheet:
    """Rows of one file. frame: text cells, index = row number in a spreadsheet, columns = positions.

    broken: which rows have more cells than the heading row, so that their values are shifted.
    """

    frame: pd.DataFrame
    broken: np.ndarray


def clean_heading(cell: object) -> str:
    """A heading without byte order mark, no-break spaces, line ends and outer blanks."""
    return _SPACES.sub(
        " ", str("" if cell is None else cell).replace("\ufeff", "").replace("\u00a0", " ")
    ).strip()


def _is_a_cell(heading: str) -> bool:
    return bool(kinds_in(heading) or (_NUMBER.fullmatch(heading) and any(map(str.isdigit, heading))))


def shown(headings, limit: int = 40) -> str:
    """Headings as a message may list them.

    A file without a heading row has a person's data where headings belong, so what looks like an address or
    a number is left out; and where one short heading points at a person or is a number, all of them are: a
    name beside it cannot be told from a heading.
    """
    headings = list(headings)
    if any(len(heading) <= _SHORT and _is_a_cell(heading) for heading in headings):
        return ""
    safe = [
        heading for heading in headings if heading and len(heading) <= 60 and not _UNSHOWABLE.search(heading)
    ]
    return ", ".join(safe[:limit]) + (", ..." if len(safe) > limit else "")
