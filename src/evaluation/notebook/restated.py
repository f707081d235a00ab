"""Late corrections: numbers of earlier quarters that these data give otherwise than their report did.

The earlier report stays as it is. Both numbers passed the disclosure station, each with its own release.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import isnan

import pandas as pd

from evaluation.disclosure import Published, audit
from evaluation.disclosure.audit import TO_DATE
from evaluation.disclosure.cells import AMOUNT, BASE, RESTATED
from evaluation.indicators.delivery import delivery
from evaluation.indicators.tidy import AREA, table
from evaluation.privacy import Campaign

MEASURE = RESTATED


def rows(campaign: Campaign, quarter: str, earlier: Sequence[Published]) -> pd.DataFrame:
    """Tidy rows, measure "restated": what is counted to the end of another published quarter, for the whole
    area, where these data give something of that quarter otherwise than a release of it said.

    The disclosure station judges whether such a number may be shown.
    """
    found = []
    for other in sorted({past.quarter for past in earlier} & set(campaign.study.after) - {quarter}):
        made = delivery(campaign, other)
        made = made[made["indicator"].isin(TO_DATE)].to_dict("records")
        versions = [past for past in earlier if past.quarter == other]
        changed = {row["indicator"] for row in made if any(_differs(row, past) for past in versions)}
        totals = [row for row in made if row["region"] == AREA and not row["group_by"]]
        found += [row | {"measure": MEASURE} for row in totals if row["indicator"] in changed]
    return table(found)


def _differs(row: Mapping, past: Published) -> bool:
    key = (row["indicator"], row["region"], past.quarter, row["group_by"], row["group"], AMOUNT)
    return abs(past.cells.get(key, float("nan")) - row["estimate"]) > 1e-6


def restatements(cells: bytes, earlier: Sequence[Published], primary: str) -> list[dict]:
    """Per number for the whole area that an earlier release showed and these data give otherwise: quarter,
    indicator, counted ("answers": to the primary outcome; "amount": copies or euro), old, new (None where the
    new number may not be shown). Oldest first.

    cells: the `cells.json` of this release; primary: id of the primary outcome.
    """
    newest = audit.from_json(cells)[0]
    found: dict[tuple[str, str], dict] = {}
    for past in _shown(earlier, newest.quarter):  # what was said last of a quarter counts
        for key, new in newest.cells.items():
            indicator, region, quarter, group_by, _, part = key
            asked_for = {BASE: {primary}, AMOUNT: TO_DATE}.get(part, ())
            if region != AREA or group_by or indicator not in asked_for:
                continue
            old = past.cells.get(key, float("nan"))
            if isnan(old) or (isnan(new) and part == BASE):
                continue
            found.pop((quarter, indicator), None)
            hidden = isnan(new)
            if hidden and quarter != newest.quarter and (indicator, quarter) not in newest.restated:
                continue  # for another reason: it stands beside what came in that quarter
            if hidden or abs(old - new) > 1e-6:
                counted = "answers" if part == BASE else "amount"
                numbers = {"counted": counted, "old": old, "new": None if hidden else new}
                found[quarter, indicator] = {"quarter": quarter, "indicator": indicator, **numbers}
    return [found[name] for name in sorted(found)]


def restated_name(item: Mapping) -> str:
    """The key of the words for what a restatement counts."""
    return "answers" if item["counted"] == "answers" else item["indicator"]


def _shown(earlier: Sequence[Published], quarter: str) -> Iterator[Published]:
    """The releases of quarters until `quarter`, oldest quarter first, the newest version of each last."""
    for name in sorted({past.quarter for past in earlier if past.quarter <= quarter}):
        yield from reversed([past for past in earlier if past.quarter == name])
