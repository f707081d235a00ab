"""Supply over time: the leaflets shipped in each quarter, of the whole area, by channel and by language.

A channel is the kind of organisation that ordered. Beside each quarter's own number stands what had been
shipped to its end: the same number as the report of that quarter gave, so that the disclosure station sees
what the quarters of one report, and the reports of several quarters, tell together.
"""

import pandas as pd

from evaluation.indicators.delivery import copies_of, leaflets, shipped_by, when_shipped
from evaluation.indicators.tidy import AREA, table
from evaluation.quarters import span
from evaluation.study import Study

IN_QUARTER, TO_DATE = "shipped_in_quarter", "shipped"
SPLITS = ("setting", "language")
# Two years of columns can be read; what was shipped before them is one number.
QUARTERS = 8


def over_time(study: Study, orders: pd.DataFrame, quarter: str) -> pd.DataFrame:
    """Rows "shipped_in_quarter" (measure "count", wave: the quarter) from the first shipment to `quarter`, at
    most QUARTERS of them, and "shipped" to the end of each earlier quarter. Every group has a row in every
    quarter, also where it got nothing. Empty without a shipment.

    orders: all lines of the store; those ordered or shipped after `quarter` do not count.
    """
    placed = orders[orders["region"].isin(study.area.regions) & (orders["quarter"] <= quarter)]
    lines = leaflets(shipped_by(placed, quarter))
    if lines.empty:
        return table([])
    # A shipment dated before its order counts when both were known, as it does in what is counted to date.
    when = when_shipped(lines).astype(str)
    when = when.where(when >= lines["quarter"].astype(str), lines["quarter"].astype(str))
    every = span(when.min(), quarter)
    first = len(every) - min(len(every), QUARTERS)
    rows = []
    for keys, chosen in _groups(lines):
        for wave in every[max(first - 1, 0) : -1]:
            until = lines[chosen & (when <= wave)]
            rows.append(copies_of(TO_DATE, wave, AREA, "area", until, **keys))
        for wave in every[first:]:
            rows.append(copies_of(IN_QUARTER, wave, AREA, "area", lines[chosen & (when == wave)], **keys))
    return table(rows)


def _groups(lines: pd.DataFrame):
    """The whole, then each group of each split: its keys and which lines are its own (bool)."""
    yield {}, pd.Series(True, index=lines.index)
    for split in SPLITS:
        for group in sorted(lines[split].unique()):
            yield {"group_by": split, "group": group}, lines[split] == group
