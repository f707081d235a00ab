"""How wrong the assumptions may be before a conclusion falls."""

from __future__ import annotations

import numpy as np


def e_value(share: float, share_without: float) -> float:
    """Smallest risk ratio that an unmeasured cause must have, with the campaign and with the outcome both,
    to explain `share` against `share_without` (0-1) away: RR + sqrt(RR (RR - 1)), RR >= 1 taken away from 1
    either way. 1 for equal shares, NaN when one is 0. Source: VanderWeele and Ding 2017, Ann. Intern. Med.
    167:268.

    Numbers: shares 0-1 in, a ratio (1 or more) out.
    """
    if share <= 0 or share_without <= 0:
        return float("nan")
    ratio = max(share / share_without, share_without / share)
    return float(ratio + np.sqrt(ratio * (ratio - 1)))


def trend_bounds(lower: float, upper: float, pre_trend: float, multiples=(0.0, 0.5, 1.0, 1.5, 2.0)):
    """Limits (list of (M, lower, upper)) of a difference-in-differences with 95 % interval `lower`-`upper`
    if, without the campaign, the areas' trends could have differed by up to M times |`pre_trend`|, the
    difference seen before it began.
    Source: the relative-magnitudes idea of Rambachan and Roth 2023, Rev. Econ. Stud. 90:2555, with the bias
    added to the sampling interval (conservative), `pre_trend` taken as known.

    All numbers in the unit of the difference (share 0-1, points 0-100).
    """
    size = abs(pre_trend)
    return [(float(m), lower - m * size, upper + m * size) for m in multiples]


def breakdown(lower: float, upper: float, pre_trend: float) -> float:
    """The M of `trend_bounds` at which the interval reaches 0: 0 if it holds 0 already, infinite without a
    pre-trend.

    All numbers in the unit of the difference (share 0-1, points 0-100); M is a ratio.
    """
    distance = max(lower, -upper, 0.0)
    if distance == 0:
        return 0.0
    return float("inf") if pre_trend == 0 else float(distance / abs(pre_trend))
