"""What a coarser grouping would show more: the same protection over cells that are taken together."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan

import numpy as np
import pandas as pd

from evaluation.disclosure import rules
from evaluation.disclosure.check import release
from evaluation.disclosure.linked import ADDITIVE
from evaluation.indicators.tidy import COLUMNS, fact, facts
from evaluation.study.schema import Thresholds

# Counted with one another: what one of them hides, another may tell.
TOGETHER = ({"reach", "recognised", "foil"}, {"supply", "language_supply", "shipped"})
_KEYS = ("indicator", "measure", "region", "level", "wave", "wave_before", "group_by", "group")


@dataclass(frozen=True)
class Gain:
    """Numbers (rows of the tidy table) of a grouping and how many of them are hidden, as it is and pooled.
    It says no more of a pooled number than whether the rules would show it."""

    numbers: int
    hidden: int
    pooled_numbers: int
    pooled_hidden: int


def gain(
    estimates: pd.DataFrame,
    thresholds: Thresholds,
    chosen: pd.Series,
    column: str,
    names: Mapping[str, str],
) -> Gain:
    """Protection of the chosen rows as they are, and with those taken together that `names` gives one name.

    estimates: the tidy table before suppression. chosen (rows): bool. column: "region", "group" or "wave",
    in which `names` maps a value to its coarser one; "" leaves the row out, a value it does not name stays.
    Raises DisclosureError as `release`.
    """
    kinds = set(estimates.loc[chosen, "indicator"])
    for together in TOGETHER:
        kinds |= together if kinds & together else set()
    same = estimates["indicator"].isin(kinds) & estimates["measure"].isin(ADDITIVE - {"change"})
    own = estimates[same].assign(chosen=chosen[same])
    coarse = pooled(own, column, names)
    fine_hidden = _hidden(own.drop(columns="chosen"), thresholds)[own["chosen"].to_numpy()]
    pooled_hidden = _hidden(coarse.drop(columns="chosen"), thresholds)[coarse["chosen"].to_numpy()]
    return Gain(len(fine_hidden), int(fine_hidden.sum()), len(pooled_hidden), int(pooled_hidden.sum()))


def _hidden(estimates: pd.DataFrame, thresholds: Thresholds) -> np.ndarray:
    return release(estimates, thresholds).checked["status"].eq("suppressed").to_numpy()


def pooled(estimates: pd.DataFrame, column: str, names: Mapping[str, str]) -> pd.DataFrame:
    """The table with its chosen rows (bool column `chosen`) renamed in `column` and those of one name added
    up: people, answers, copies and sites; a mean or share is that of all of them."""
    rows = estimates.copy()
    renamed = rows[column].map(lambda value: names.get(value, value))
    rows[column] = rows[column].where(~rows["chosen"], renamed)
    rows = rows[~(rows["chosen"] & rows[column].eq(""))]
    kept = []
    for _, same in rows.groupby([*_KEYS, "chosen"], sort=False, dropna=False):
        kept.append(same.iloc[0] if len(same) == 1 else _together(same))
    return pd.DataFrame(kept, columns=[*COLUMNS, "chosen"]).astype(estimates.dtypes[[*COLUMNS, "chosen"]])


def _together(same: pd.DataFrame) -> pd.Series:
    made = same.iloc[0].copy()
    for name in ("n", "n_before", "count", "count_before", "clusters"):
        made[name] = same[name].sum(min_count=1)
    if made["measure"] == "level":
        made["estimate"] = (same["estimate"] * same["n"]).sum() / made["n"]
    else:
        made["estimate"] = same["estimate"].sum()
    for name in ("lower", "upper", "se"):
        made[name] = np.nan
    made["note"] = _note(same, made["count"])
    return made


def _note(same: pd.DataFrame, total: float) -> str:
    """The facts that the rules read: questions of a mean, and of copies by how many and by whom at most."""
    notes = [*same["note"]]
    found = {name: fact(notes[0], name) for name in ("items", "region")}
    since: dict[str, int] = {}
    for note in notes:
        for step in (fact(note, "since") or "").split():
            quarter, count = step.split(":")
            since[quarter] = since.get(quarter, 0) + int(count)
    if since and total and not isnan(total):
        shares = [float(fact(note, "largest") or 0.0) for note in notes]
        found["largest"] = f"{max(s * c for s, c in zip(shares, same['count'], strict=True)) / total:.6f}"
        found["since"] = " ".join(f"{quarter}:{count}" for quarter, count in sorted(since.items()))
    return facts(**{name: value for name, value in found.items() if value})


def other_groups(estimates: pd.DataFrame, dimension: str) -> dict[str, str]:
    """Every group of a dimension but the largest under the name "other"; the unknown stay unknown."""
    rows = estimates[estimates["group_by"].eq(dimension) & estimates["group"].ne(rules.UNKNOWN)]
    sizes = rows.groupby("group")["n"].max()
    return {group: "other" for group in sizes.index if group != sizes.idxmax()}
