"""By whom a number differs from what an earlier release said: by that the rules judge a correction.

Beside the anonymised store lies, per release that was made, what every organisation and clinic (pseudonyms)
added to its totals. It never leaves that folder. Of a release of which it is gone, or that was made
elsewhere, nobody knows whose orders were corrected, and the corrected number is not shown.
"""

from collections.abc import Sequence
from math import isnan
from pathlib import Path

import pandas as pd

from evaluation import fingerprint
from evaluation.disclosure import Published, audit
from evaluation.disclosure.audit import TO_DATE
from evaluation.disclosure.cells import AMOUNT, SAME
from evaluation.disclosure.corrected import DIFFERS, FACT
from evaluation.indicators.contributions import contributions
from evaluation.indicators.tidy import AREA, facts
from evaluation.privacy import Campaign


def noted(
    estimates: pd.DataFrame, campaign: Campaign, earlier: Sequence[Published]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tidy table with the fact `corrected.FACT` in the note of every total that an earlier release said
    otherwise, and what every site adds to the totals of the waves in it (`contributions`)."""
    totals = _totals(estimates)
    waves = sorted(set(estimates.loc[totals, "wave"]))
    made = [contributions(campaign, wave) for wave in waves]
    now = pd.concat(made, ignore_index=True) if made else pd.DataFrame()
    notes = estimates["note"].copy()
    for i in estimates.index[totals]:
        row = estimates.loc[i]
        name = SAME.get(row["indicator"], row["indicator"])
        key = (name, AREA, row["wave"], "", "", AMOUNT)
        value = row["count"]
        differing = [past for past in earlier if abs(past.cells.get(key, float("nan")) - value) > DIFFERS]
        told = [_difference(campaign, past, key, now) for past in differing]
        if told and all(told):
            worst = min(sites for sites, _ in told), max(largest for _, largest in told)
            own = facts(**{FACT: f"{worst[0]}:{worst[1]:.6f}"})
            notes[i] = "; ".join(filter(None, (row["note"], own)))
    return estimates.assign(note=notes), now


def keep(campaign: Campaign, published: Published, behind: pd.DataFrame) -> None:
    """Keep what is behind a release beside the store; where the folder cannot be written it is not kept."""
    if campaign.store is None or behind.empty:
        return
    path = _path(campaign, published)
    part = path.with_suffix(".part")
    try:
        behind.to_parquet(part, index=False)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)


def _difference(
    campaign: Campaign, past: Published, key: tuple[str, ...], now: pd.DataFrame
) -> tuple[int, float] | None:
    """How many sites contribute to the difference, and the largest one's share; None when nobody knows."""
    if campaign.store is None:
        return None
    try:
        then = pd.read_parquet(_path(campaign, past))
    except (OSError, ValueError):
        return None
    sides = [_of(frame, key) for frame in (then, now)]
    if abs(sides[0].sum() - past.cells[key]) > DIFFERS:
        return None
    moved = sides[1].sub(sides[0], fill_value=0.0).abs()
    moved = moved[moved > DIFFERS]
    return (len(moved), float(moved.max() / moved.sum())) if len(moved) else None


def _of(frame: pd.DataFrame, key: tuple[str, ...]) -> pd.Series:
    own = frame[frame["indicator"].eq(key[0]) & frame["wave"].eq(key[2])]
    return own.set_index("site")["amount"]


def _path(campaign: Campaign, published: Published) -> Path:
    text = audit.to_json([published]).decode()
    return campaign.store.parent / f"behind-{fingerprint.of_text(text)[:16]}.parquet"


def _totals(estimates: pd.DataFrame) -> pd.Series:
    counted = estimates["indicator"].map(lambda name: SAME.get(name, name) in TO_DATE)
    whole = estimates["region"].eq(AREA) & estimates["group_by"].eq("")
    return counted & whole & ~estimates["count"].map(isnan)
