"""Late corrections: numbers of earlier quarters that these data give otherwise than their report did.

The earlier report stays as it is. Both numbers passed the disclosure station, each with its own release.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import isnan

import pandas as pd

from evaluation.disclosure import Published, audit
from evaluation.disclosure.audit import TO_DATE
from evaluation.disclosure.cells import AMOUNT, BASE
from evaluation.indicators.delivery import delivery
from evaluation.indicators.tidy import AREA, fact, table
from evaluation.privacy import Campaign

MEASURE = "restated"


def rows(
    campaign: Campaign, quarter: str, earlier: Sequence[Published], estimates: pd.DataFrame
) -> pd.DataFrame:
    """Tidy rows, measure "restated": what was counted to the end of an earlier quarter, for the whole area,
    where these data give another number than was published then.

    estimates: the quarter's own rows. A number is left out when fewer sites than the study's minimum stand
    behind what came after it: the difference with the quarter's own would tell of them.
    """
    found = []
    for past in _newest(earlier, quarter):
        if past.quarter not in campaign.study.after:
            continue
        made = delivery(campaign, past.quarter)
        made = made[made["indicator"].isin(TO_DATE) & made["region"].eq(AREA) & made["group_by"].eq("")]
        for row in made.to_dict("records"):
            old = past.cells.get((row["indicator"], AREA, past.quarter, "", "", AMOUNT), float("nan"))
            since = _sites_since(estimates, row["indicator"], past.quarter)
            few = 0 < since < campaign.study.disclosure.minimum_sites
            if not isnan(old) and abs(old - row["estimate"]) > 1e-6 and not few:
                found.append(row | {"measure": MEASURE})
    return table(found)


def restatements(cells: bytes, earlier: Sequence[Published], primary: str) -> list[dict]:
    """Per number for the whole area that an earlier release showed and this one shows otherwise: quarter,
    indicator, counted ("answers": to the primary outcome; "amount": copies or euro), old, new. Oldest first.

    cells: the `cells.json` of this release; primary: id of the primary outcome.
    """
    newest = audit.from_json(cells)[0]
    found: dict[tuple[str, str], dict] = {}
    for past in _newest(earlier, newest.quarter):  # what was said last of a quarter counts
        for key, new in newest.cells.items():
            indicator, region, quarter, group_by, _, part = key
            counted = {BASE: "answers", AMOUNT: "amount"}.get(part)
            if region != AREA or group_by or not counted or (part == BASE and indicator != primary):
                continue
            if part == AMOUNT and indicator not in TO_DATE:
                continue
            old = past.cells.get(key, float("nan"))
            if isnan(old) or isnan(new):
                continue
            found.pop((quarter, indicator), None)
            if abs(old - new) > 1e-6:
                numbers = {"counted": counted, "old": old, "new": new}
                found[quarter, indicator] = {"quarter": quarter, "indicator": indicator, **numbers}
    return [found[name] for name in sorted(found)]


def restated_name(item: Mapping) -> str:
    """The key of the words for what a restatement counts."""
    return "answers" if item["counted"] == "answers" else item["indicator"]


def _newest(earlier: Sequence[Published], quarter: str) -> Iterator[Published]:
    """The newest version of every release of a quarter before `quarter`, oldest quarter first."""
    seen: dict[str, Published] = {}
    for past in earlier:
        if past.quarter < quarter:
            seen.setdefault(past.quarter, past)
    yield from (seen[name] for name in sorted(seen))


def _sites_since(estimates: pd.DataFrame, indicator: str, quarter: str) -> int:
    """How many sites what was counted after a quarter comes from; 0 when nothing was."""
    row = estimates[
        estimates["indicator"].eq(indicator)
        & estimates["measure"].eq("count")
        & estimates["region"].eq(AREA)
        & estimates["group_by"].eq("")
    ]
    since = fact(row["note"].iloc[0], "since") if len(row) else None
    steps = dict(step.split(":") for step in (since or "").split())
    return next((int(count) for wave, count in sorted(steps.items()) if wave > quarter), 0)
