"""Regions that begin at different moments: Callaway and Sant'Anna's group-time effects.

With staggered starts two-way fixed effects compare late starters with early ones that are already treated.
Here every group of units that starts together is compared with the units that never start (Callaway and
Sant'Anna 2021, J. Econometrics 225:200), by the package diff-diff.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd

from evaluation.errors import DataError


@dataclass(frozen=True, eq=False)
class Staggered:
    """`estimate`: the mean effect over all treated units and periods ("simple" aggregation), with `se`, 95 %
    interval (normal), two-sided `p`. `by_time`: effect per number of periods since the start (columns
    relative, estimate, se, lower, upper, p; negative = before the start). `units`, of which `treated`."""

    estimate: float
    se: float
    lower: float
    upper: float
    p: float
    by_time: pd.DataFrame
    units: int
    treated: int


def staggered_effects(y, unit, period, first) -> Staggered:
    """`y` (n) the mean of each `unit` (n; labels) in each `period` (n; whole numbers); `first` (n) the period
    in which the unit starts, 0 = never. One row per unit and period.

    Comparison: never-treated units; errors clustered by unit. Raises DataError when no unit is never
    treated, or none is treated after the first period."""
    frame = pd.DataFrame({"y": np.asarray(y, dtype=float), "unit": np.asarray(unit)})
    frame["period"], frame["first"] = np.asarray(period, dtype=int), np.asarray(first, dtype=int)
    frame = frame[frame["y"].notna()]
    starts = frame.groupby("unit")["first"].first()
    treated = int((starts > frame["period"].min()).sum())
    if not (starts == 0).any() or not treated:
        raise DataError("estimation.no_comparison_units")
    # diff-diff takes some time to import; most reports have one start.
    from diff_diff import CallawaySantAnna

    frame["unit"] = pd.factorize(frame["unit"])[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        balanced = len(frame) == frame["unit"].nunique() * frame["period"].nunique()
        fitted = CallawaySantAnna(control_group="never_treated", allow_unbalanced_panel=not balanced)
        found = fitted.fit(frame, outcome="y", unit="unit", time="period", first_treat="first")
        events = found.aggregate("event_study")
    columns = {"relative": events.event_time, "estimate": events.att, "se": events.se}
    columns |= {"lower": events.conf_int_lower, "upper": events.conf_int_upper, "p": events.p_value}
    by_time = pd.DataFrame(columns)[~np.asarray(events.is_reference, dtype=bool)].reset_index(drop=True)
    low, high = found.overall_conf_int
    return Staggered(
        float(found.overall_att),
        float(found.overall_se),
        float(low),
        float(high),
        float(found.overall_p_value),
        by_time,
        len(starts),
        treated,
    )
