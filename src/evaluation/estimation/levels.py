"""Levels: the mean or share of an outcome in each group, with its interval."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaluation.errors import DataError
from evaluation.estimation import intervals
from evaluation.estimation.design import SurveyDesign, split_by_wave
from evaluation.estimation.few import uncertainty
from evaluation.estimation.labels import label_codes
from evaluation.estimation.linear import DomainEstimates, domain_means, variance

# kind -> lowest and highest value a row may have.
KINDS = {"share": (0.0, 1.0), "points": (0.0, 100.0), "difference": (-1.0, 1.0)}
COLUMNS = [
    "estimate",
    "se",
    "df",
    "lower",
    "upper",
    "n",
    "count",
    "clusters",
    "deff",
    "n_effective",
    "method",
    "note",
]


def levels(design: SurveyDesign, y, groups: dict, kind: str) -> pd.DataFrame:
    """One row per occurring combination of `groups`, sorted; the groups' columns followed by `COLUMNS`.

    y       (n) outcome per row; NaN = no answer (outside every group). `kind` says which:
            "share" 0/1 (estimates 0-1), "points" 0-100, "difference" -1/0/1 (as recognised minus invented;
            share units).
    groups  name -> (n) labels, as {"wave": ..., "region": ...}; a row with an empty label ("" or missing) in
            any of them is in no group. {} gives one row for everybody. Waves of which no cluster serves two
            are taken as independent samples when a group is called "wave".

    estimate weighted; `n` and `count` (rows with the attribute, kind "share"; else NaN) unweighted; df =
    clusters - strata that hold the group; deff = variance over that of a simple random sample with
    replacement (Kish 1965); n_effective: see `intervals.effective_size` (n / deff for points). Interval 95
    %: shares by `intervals.share_interval`, others t.
    method: "taylor_" or, with few clusters, "cr2_" (see `few`), and the interval: "logit",
    "korn_graubard", "wilson", "t".
    note: "" | "no_respondents" | "one_cluster" (no standard error: fewer than two clusters beyond the
    strata; se, interval and deff NaN, method "none") | "nobody" | "everybody" (share 0 or 1: se is NaN, the
    interval is Korn-Graubard) | "no_variation" (all clusters agree to the last digit: se
    is NaN; the interval is Korn-Graubard for a share, and when all answers are alike also for another kind,
    with the lowest and highest possible value for those who would answer otherwise; else none).

    Raises DataError for another kind, or values outside its range.
    """
    y = check_outcome(y, kind, design.size)
    codes, frame = group_codes(groups, design.size)
    if "wave" in groups:
        design = split_by_wave(design, groups["wave"])
    estimates = domain_means(design, y, codes, len(frame))
    table = describe(design, estimates, y, codes, kind)
    return pd.concat([frame, table], axis=1)


def describe(design: SurveyDesign, estimates: DomainEstimates, y, domain, kind: str) -> pd.DataFrame:
    """The `COLUMNS` of `levels` for estimates made with `domain_means(design, y, domain)`.

    y (n), domain (n codes); one row per domain; shares 0-1, points 0-100.
    """
    p, n, df = estimates.estimate, estimates.n.astype(float), estimates.df.astype(float)
    no_se = (df < 1) | (n == 0)
    v, df, kept = uncertainty(design, y, domain, estimates, [(np.arange(len(p)), 1.0)], df)
    still = ~no_se & no_variation(v, kind)
    v = np.where(no_se, np.nan, v)
    with np.errstate(divide="ignore", invalid="ignore"):
        deff = v / estimates.variance_srs
    if kind == "share":
        extreme = (n > 0) & ((p <= 0) | (p >= 1))
        deff_overall = _overall_deff(design, y) if (extreme | still).any() else 1.0
        effective = intervals.effective_size(p, np.where(still, 0, np.sqrt(v)), n, deff_overall)
        low, high, method = intervals.share_interval(
            p, np.where(still, 0, np.sqrt(v)), np.where(no_se, 0, df), n, effective
        )
        cases = [n == 0, no_se, extreme & (p <= 0), extreme, still]
        note = np.select(cases, ["no_respondents", "one_cluster", "nobody", "everybody", "no_variation"], "")
        effective = np.where(no_se, np.nan, effective)
        count = np.round(estimates.sum)
    else:
        low, high = intervals.symmetric(p, np.sqrt(v), np.where(no_se | still, 0, df))
        alike = still & no_variation(estimates.spread, kind)
        # All answers alike: the share that would answer otherwise is at most the upper limit of none of n.
        size = n / max(_overall_deff(design, y), 1.0) if alike.any() else n
        other = intervals.korn_graubard(np.zeros(len(p)), size, n, np.where(alike, df, 0))[1]
        low = np.where(alike, p - other * (p - KINDS[kind][0]), low)
        high = np.where(alike, p + other * (KINDS[kind][1] - p), high)
        method = np.where(alike, "korn_graubard", np.where(no_se | still, "none", "t"))
        note = np.select([n == 0, no_se, still], ["no_respondents", "one_cluster", "no_variation"], "")
        with np.errstate(divide="ignore", invalid="ignore"):
            effective = n / deff
        count = np.full(len(n), np.nan)
    v = np.where(still, np.nan, v)
    method = np.where(method == "none", "none", np.char.add(np.char.add(kept, "_"), method))
    values = [
        p,
        np.sqrt(v),
        df,
        low,
        high,
        estimates.n,
        count,
        estimates.clusters,
        deff,
        effective,
        method,
        note,
    ]
    return pd.DataFrame(dict(zip(COLUMNS, values, strict=True)))


def no_variation(variance, kind: str) -> np.ndarray:
    """Where a variance is zero but for rounding: all clusters happen to agree. No sample shows that there is
    no uncertainty, so such a standard error is withheld.

    variance: array (D) in the unit of the outcome squared -> (D) bool. This project's own rule.
    """
    low, high = KINDS[kind]
    return np.asarray(variance) <= (1e-9 * (high - low)) ** 2


def check_outcome(y, kind: str, n: int) -> np.ndarray:
    """`y` as floats (n). Raises DataError for an unknown kind, another length, or a value out of the kind's
    range.

    Units: share 0-1, points 0-100, difference -1 to 1.
    """
    if kind not in KINDS:
        raise DataError("estimation.unknown_kind", kind=kind, known=", ".join(KINDS))
    y = np.asarray(y, dtype=float)
    if len(y) != n:
        raise DataError("estimation.length_mismatch", column="y", found=len(y), expected=n)
    low, high = KINDS[kind]
    outside = (y < low) | (y > high)
    if outside.any():
        facts = {
            "count": int(outside.sum()),
            "row": int(outside.argmax()) + 1,
            "low": f"{low:g}",
            "high": f"{high:g}",
        }
        raise DataError("estimation.value_range", **facts)
    return y


def group_codes(groups: dict, n: int) -> tuple[np.ndarray, pd.DataFrame]:
    """Codes (n) of the occurring combinations of `groups` (-1 = in none), and the frame of those
    combinations, sorted.

    groups: name -> labels (n).
    """
    if not groups:
        return np.zeros(n, dtype=np.intp), pd.DataFrame(index=range(1))
    code = np.zeros(n, dtype=np.intp)
    kept = np.ones(n, dtype=bool)
    labels = []
    for name, values in groups.items():
        if len(values) != n:
            raise DataError("estimation.length_mismatch", column=name, found=len(values), expected=n)
        part, known = label_codes(values, sort=True)
        kept &= part >= 0
        code = code * max(len(known), 1) + part
        labels.append(known)
    found, inverse = np.unique(code[kept], return_inverse=True)
    result = np.full(n, -1, dtype=np.intp)
    result[kept] = inverse
    sizes = [max(len(known), 1) for known in labels]
    parts = np.unravel_index(found, sizes)
    columns = {name: known[part] for name, known, part in zip(groups, labels, parts, strict=True)}
    return result, pd.DataFrame(columns)


def _overall_deff(design: SurveyDesign, y: np.ndarray) -> float:
    whole = domain_means(design, y)
    if not whole.variance_srs[0] > 0 or whole.df[0] < 1:
        return 1.0
    return float(variance(design, whole.influence)[0] / whole.variance_srs[0])
