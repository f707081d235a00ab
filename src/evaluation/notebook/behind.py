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
    moved: dict[tuple[str, str], list[pd.Series]] = {}
    for i, row in estimates[totals].sort_values("wave", kind="stable").iterrows():
        name, wave, value = SAME.get(row["indicator"], row["indicator"]), row["wave"], row["count"]
        key = (name, AREA, wave, "", "", AMOUNT)
        differing = [past for past in earlier if abs(past.cells.get(key, float("nan")) - value) > DIFFERS]
        own = [_moved(campaign, past, key, now) for past in differing]
        if not own or any(one is None for one in own):
            continue
        # What two quarters were corrected by is out with both: what it differs by is a correction as well.
        sooner = [found for (other, then), found in moved.items() if other == name and then < wave]
        steps = [late.sub(early, fill_value=0.0) for late in own for found in sooner for early in found]
        told = [_sites(one) for one in [*own, *steps]]
        told = [(sites, largest) for sites, largest in told if sites]
        moved[name, wave] = own
        worst = min(sites for sites, _ in told), max(largest for _, largest in told)
        fact = facts(**{FACT: f"{worst[0]}:{worst[1]:.6f}"})
        notes[i] = "; ".join(filter(None, (row["note"], fact)))
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


def _sites(moved: pd.Series) -> tuple[int, float]:
    """How many sites contribute to a difference, and the largest one's share of all that moved."""
    sizes = moved.abs()
    sizes = sizes[sizes > DIFFERS]
    return len(sizes), float(sizes.max() / sizes.sum()) if len(sizes) else 0.0


def _moved(campaign: Campaign, past: Published, key: tuple[str, ...], now: pd.DataFrame) -> pd.Series | None:
    """By how much every site's part of a total differs from what it was; None when nobody knows, and when the
    sites cannot tell the difference."""
    if campaign.store is None:
        return None
    try:
        then = pd.read_parquet(_path(campaign, past))
    except (OSError, ValueError):
        return None
    sides = [_of(frame, key) for frame in (then, now)]
    if abs(sides[0].sum() - past.cells[key]) > DIFFERS:
        return None
    moved = sides[1].sub(sides[0], fill_value=0.0)
    return moved if _sites(moved)[0] else None


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
