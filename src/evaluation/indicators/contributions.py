"""What each organisation and clinic adds to the numbers of the whole area that are counted to date.

The disclosure rules judge a correction by it. It holds pseudonyms and stays beside the anonymised store:
nothing of it is ever published.
"""

import pandas as pd

from evaluation.indicators.delivery import leaflets, shipped_by, until_quarter
from evaluation.privacy import Campaign

COLUMNS = ("indicator", "wave", "site", "amount")


def contributions(campaign: Campaign, quarter: str) -> pd.DataFrame:
    """Columns indicator, wave (the quarter), site (pseudonym), amount (copies, people or euro): the amounts
    of an indicator add up to its number for the whole area at the end of the quarter (`delivery`)."""
    found = []
    inside = campaign.study.area.regions
    if "orders" in campaign.tables:
        orders = until_quarter(campaign.tables["orders"], "orders", quarter)
        own, others = (orders[orders["region"].isin(inside) == here] for here in (True, False))
        sent = shipped_by(own, quarter)
        found += [
            _by_site("ordered", quarter, leaflets(own), "organisation", "copies"),
            _by_site("shipped", quarter, leaflets(sent), "organisation", "copies"),
            _by_site("posters_shipped", quarter, sent[sent["product"] == "poster"], "organisation", "copies"),
            _by_site("ordered_outside", quarter, leaflets(others), "organisation", "copies"),
            _by_site("paid_outside", quarter, others, "organisation", "amount"),
        ]
    if "handouts" in campaign.tables:
        handouts = until_quarter(campaign.tables["handouts"], "handouts", quarter)
        handouts = handouts[handouts["region"].isin(inside)]
        found.append(_by_site("handed_out", quarter, handouts, "clinic", "handed_out"))
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=list(COLUMNS))


def _by_site(indicator: str, quarter: str, lines: pd.DataFrame, site: str, size: str) -> pd.DataFrame:
    own = lines.groupby(lines[site].astype(str))[size].sum().astype(float)
    return pd.DataFrame(
        {"indicator": indicator, "wave": quarter, "site": own.index.astype(str), "amount": own.to_numpy()}
    )
