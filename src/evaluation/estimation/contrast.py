"""Comparing changes: do regions differ, and does an area change more than the comparison area?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from evaluation.estimation import intervals, power
from evaluation.estimation.areas import UnitDifference, unit_difference, unit_means
from evaluation.estimation.change import WaveCells, mover, p_value, wave_cells
from evaluation.estimation.design import SurveyDesign
from evaluation.estimation.few import (
    FEW_CLUSTERS,
    cluster_cells,
    contrast_variance,
    hotelling,
    uncertainty,
)
from evaluation.estimation.levels import check_outcome, describe, no_variation
from evaluation.estimation.linear import holders
from evaluation.estimation.multiple import holm

# With fewer clusters in an arm its own spread cannot be trusted (see the simulation study).
FEW_TREATED = 4
# Then at least so many respondents with (and without) the attribute must be expected in the arm.
RARE = 5.0


@dataclass(frozen=True)
class JointTest:
    """`statistic` F on `df1`, `df2` degrees of freedom, its `p`; `regions` that took part; `method`
    "adjusted_wald_f" or "hotelling_f". NaN and "none" with a `note` when the data cannot carry it:
    "one_region" (fewer than two regions with a standard error) or "few_clusters" (df2 < 1).

    All but `regions` are numbers; p 0-1.
    """

    statistic: float
    df1: float
    df2: float
    p: float
    regions: tuple[str, ...]
    method: str
    note: str


def joint_test(
    design: SurveyDesign, y, wave, region, before: str, after: str, regions, kind: str
) -> JointTest:
    """Test that the change is the same in all `regions`; arguments as `change_by_region`.

    With d the changes, V their covariance and L the R-1 contrasts with the first region: W =
    (Ld)'(LVL')^-1(Ld), and F = W (df - k + 1) / (df k) on k = R-1 and df - k + 1 degrees of freedom, df =
    clusters - strata of these
    regions (adjusted Wald; Korn and Graubard 1990, Am. Stat. 44:270). When a region has fewer than 40
    clinics in a wave and no clinic serves two regions: Hotelling's approximation on the changes with their
    CR2 variances and degrees of freedom (see `few.hotelling`), which does not take a variance from five
    clinics for the truth. A region without a standard error of its change is left out.

    y (n), wave (n), region (n); the result holds numbers, p 0-1.
    """
    y = check_outcome(y, kind, design.size)
    cells = wave_cells(design, y, wave, region, before, after, regions)
    size = len(regions)
    kept = np.flatnonzero(_carries(cells, size))
    names = tuple(regions[i] for i in kept)
    k = len(kept) - 1
    if k < 1:
        return JointTest(np.nan, np.nan, np.nan, np.nan, names, "none", "one_region")
    change, v = changes(cells, size)
    place = np.where(cells.codes >= 0, cells.codes % size, -1)
    fewest = cells.estimates.clusters[np.concatenate([kept, kept + size])].min()
    few = cells.design.clustered and fewest < FEW_CLUSTERS and not _share_clusters(cells, place)
    if few:
        used = np.concatenate([kept, kept + size])
        parts = cluster_cells(cells.design, y, cells.codes, cells.estimates, used)
        own = np.arange(k + 1)
        _, variance, df, expected = contrast_variance(parts, [(own, -1.0), (own + k + 1, 1.0)])
        few = bool((variance > 0).all())
    if few:
        statistic, df2 = hotelling(change[kept], variance, expected, df)
        name = "hotelling_f"
    else:
        contrast = np.hstack([-np.ones((k, 1)), np.eye(k)])
        difference = contrast @ change[kept]
        spread = contrast @ v[np.ix_(kept, kept)] @ contrast.T
        df2 = _df(cells.design, y, np.isin(place, kept)) - k + 1
        wald = float(difference @ np.linalg.pinv(spread, hermitian=True) @ difference)
        statistic, name = wald * df2 / ((df2 + k - 1) * k), "adjusted_wald_f"
    if not df2 >= 1:
        return JointTest(np.nan, float(k), float(df2), np.nan, names, "none", "few_clusters")
    return JointTest(
        statistic, float(k), float(df2), float(special.fdtrc(k, df2, statistic)), names, name, ""
    )


def difference_in_differences(
    design: SurveyDesign, y, wave, region, before: str, after: str, regions, comparison: str, kind: str
) -> pd.DataFrame:
    """(change in the region) - (change in `comparison`), one row per name in `regions`; arguments as
    `change_by_region`.

    Columns: region, change, change_comparison, did, did_se, did_lower, did_upper (95 %), df, p, p_holm,
    smallest_detectable, n_before, n_after, n_comparison_before, n_comparison_after, clusters,
    clusters_comparison, method, note. It is an effect of the campaign only if both areas would have changed
    alike without it.
    method: "taylor_t" (df = clusters - strata that hold the region or the comparison area in either wave);
    "cr2_t" when one of the four cells has fewer than 40 clinics (see `few`); "cluster_t" when one of them
    has fewer than four: did is then the mean difference of the clinics' own changes, each clinic counting
    once, with a pooled t (see `areas`), and may differ a little from change - change_comparison; "..._mover"
    as in `change_by_region`; "none".
    note: "" | "no_baseline" | "no_after" | "one_cluster" (in the region or the comparison area, and too few
    clinics serve both waves; then no standard error) | "no_variation" (all clinics changed alike: the same) |
    "too_rare" (fewer than four clinics in an arm, where fewer than five respondents can be expected to have
    the attribute, or not to have it: no method covers there, so no standard error is given; see the
    simulation study).
    """
    y = check_outcome(y, kind, design.size)
    names = [*regions, comparison]
    cells = wave_cells(design, y, wave, region, before, after, names)
    size, n, held = len(names), cells.estimates.n, cells.estimates.clusters
    change, _ = changes(cells, size)
    own, last = np.arange(size - 1), np.full(size - 1, size - 1)
    did = change[own] - change[-1]
    place = np.where(cells.codes >= 0, cells.codes % size, -1)
    df = np.array([_df(cells.design, y, (place == i) | (place == size - 1)) for i in own], dtype=float)
    terms = [(own, -1.0), (own + size, 1.0), (last, 1.0), (last + size, -1.0)]
    variance, df, method = uncertainty(cells.design, y, cells.codes, cells.estimates, terms, df)
    half = intervals.t_value(df) * np.sqrt(variance)
    near, down, up = mover(describe(cells.design, cells.estimates, y, cells.codes, kind), cells.covariance)
    near = near[own] | near[-1]
    # The limits of two changes add up in the same way as those of two levels.
    lowered, raised = np.sqrt(down[own] ** 2 + up[-1] ** 2), np.sqrt(up[own] ** 2 + down[-1] ** 2)
    near &= np.isfinite(lowered) & np.isfinite(raised)
    down, up = np.where(near, lowered, half), np.where(near, raised, half)
    method = np.char.add(method, np.where(near, "_mover", "_t")).astype(object)
    carries = _carries(cells, size)
    lone = ~(carries[own] & carries[-1])
    empty_before = (n[own] == 0) | (n[size - 1] == 0)
    empty_after = (n[size + own] == 0) | (n[-1] == 0)
    fewest = np.minimum(held[:size], held[size:])
    few = cells.design.clustered & (np.minimum(fewest[own], fewest[-1]) < FEW_TREATED)
    rare = few & (kind == "share") & (_expected_with(cells, own, size) < RARE)
    for i in np.flatnonzero(few & ~rare & ~empty_before & ~empty_after):
        units = _units(cells, y, i, size)
        if not np.isnan(units.se):
            lone[i] = False
            did[i], df[i], method[i] = units.estimate, units.df, "cluster_t"
            down[i] = up[i] = intervals.t_value(units.df) * units.se
    still = no_variation((down + up) ** 2, kind)
    cases = [empty_before, empty_after, rare, lone, still]
    note = np.select(cases, ["no_baseline", "no_after", "too_rare", "one_cluster", "no_variation"], "")
    usable = note == ""
    df = np.where(usable, df, np.nan)
    se = (down + up) / 2 / intervals.t_value(df)
    p = p_value(did, down, up, df)
    columns = {"region": list(regions), "change": change[own], "change_comparison": change[last]}
    columns |= {
        "did": did,
        "did_se": se,
        "did_lower": np.where(usable, did - down, np.nan),
        "did_upper": np.where(usable, did + up, np.nan),
        "df": df,
        "p": p,
    }
    columns |= {"p_holm": holm(p), "smallest_detectable": power.smallest_detectable(se, df)}
    columns |= {"n_before": n[own], "n_after": n[size + own]}
    columns |= {"n_comparison_before": n[last], "n_comparison_after": n[size + last]}
    columns |= {"clusters": cells.clusters[own], "clusters_comparison": cells.clusters[last]}
    columns |= {"method": np.where(usable, method, "none"), "note": note}
    return pd.DataFrame(columns)


def _expected_with(cells: WaveCells, own: np.ndarray, size: int) -> np.ndarray:
    """How many respondents with (or without) the attribute the smaller arm, both waves together, is expected
    to have (R-1): by the share of the two arms together, so that what happens in the small arm does not
    decide whether it is reported."""
    n, count = (
        cells.estimates.n.reshape(2, size).sum(axis=0),
        cells.estimates.sum.reshape(2, size).sum(axis=0),
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        share = (count[own] + count[-1]) / (n[own] + n[-1])
    return np.nan_to_num(np.minimum(share, 1 - share) * np.minimum(n[own], n[-1]))


def changes(cells: WaveCells, size: int) -> tuple[np.ndarray, np.ndarray]:
    """after - before (R) and its covariance (R x R).

    `size` = R; in the unit of the outcome. A linear combination, so V_after + V_before - C - C'.
    """
    v = cells.covariance
    change = cells.estimates.estimate[size:] - cells.estimates.estimate[:size]
    return change, v[:size, :size] + v[size:, size:] - v[:size, size:] - v[size:, :size]


def _units(cells: WaveCells, y: np.ndarray, i: int, size: int) -> UnitDifference:
    place, period = cells.codes % size, cells.codes // size
    period = np.where((cells.codes >= 0) & ((place == i) | (place == size - 1)), period, -1)
    labels, means = unit_means(y, cells.design.weights, cells.design.psu, period)
    treated = np.zeros(len(cells.design.psu_stratum), dtype=bool)
    treated[cells.design.psu[(place == i) & (cells.codes >= 0)]] = True
    return unit_difference(means[:, 1] - means[:, 0], treated[labels])


def _share_clusters(cells: WaveCells, place: np.ndarray) -> bool:
    inside = place >= 0
    seen = np.unique(np.column_stack([cells.design.psu[inside], place[inside]]), axis=0)
    return len(np.unique(seen[:, 0])) < len(seen)


def _carries(cells: WaveCells, size: int) -> np.ndarray:
    in_wave = cells.estimates.df >= 1
    return in_wave[:size] & in_wave[size:]


def _df(design: SurveyDesign, y: np.ndarray, rows: np.ndarray) -> int:
    inside = np.flatnonzero(rows & ~np.isnan(y))
    clusters, strata = holders(design, inside, np.zeros(len(inside), dtype=np.intp), 1)
    return int(clusters[0] - strata[0])
