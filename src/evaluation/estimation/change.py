"""The change of an outcome between two waves, per region."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from evaluation.estimation import intervals, power
from evaluation.estimation.design import SurveyDesign, split_by_wave
from evaluation.estimation.few import uncertainty
from evaluation.estimation.labels import positions
from evaluation.estimation.levels import check_outcome, describe, no_variation
from evaluation.estimation.linear import DomainEstimates, covariance, domain_means, holders
from evaluation.estimation.multiple import holm


@dataclass(frozen=True, eq=False)
class WaveCells:
    """The R regions' means before (first R of `estimates`) and after (last R), and their covariance (2R x
    2R). `clusters`, `strata` (R): those that hold the region in either of the two waves. `codes` (n): cell
    of each row."""

    design: SurveyDesign
    estimates: DomainEstimates
    covariance: np.ndarray
    clusters: np.ndarray
    strata: np.ndarray
    codes: np.ndarray


def wave_cells(design: SurveyDesign, y, wave, region, before: str, after: str, regions) -> WaveCells:
    """The cells region x (before, after) within the pooled design. Raises DataError for a wave or region
    that does not occur.

    Arguments as `change_by_region`; means in the unit of `y` (shares 0-1, points 0-100). Taylor: see
    `linear`.
    """
    when = positions("wave", wave, [before, after], design.size)
    place = positions("region", region, regions, design.size)
    size = len(regions)
    codes = np.where((place >= 0) & (when >= 0), place + size * when, -1)
    design = split_by_wave(design, wave)
    estimates = domain_means(design, y, codes, 2 * size)
    inside = np.flatnonzero((codes >= 0) & ~np.isnan(y))
    clusters, strata = holders(design, inside, codes[inside] % size, size)
    return WaveCells(design, estimates, covariance(design, estimates.influence), clusters, strata, codes)


def change_by_region(
    design: SurveyDesign, y, wave, region, before: str, after: str, regions, kind: str
) -> pd.DataFrame:
    """after - before per region, one row per name in `regions`, in that order.

    y, kind: as `levels`. wave, region (n): labels. The whole area: pass a `region` that has one label for
    all its rows. Columns: region, {before, after} each with _se, _lower, _upper, and n_, count_,
    clusters_{before, after}; change, _se, _lower, _upper, df, p (two-sided, of no change), p_holm (Holm over
    the rows), smallest_detectable (80 % power, two-sided 5 %, from this standard error), deff (variance over
    that of two simple random samples), clusters (either wave), method, note. Shares and their changes 0-1,
    points 0-100.

    Standard error: with the covariance of clinics that serve both waves. method: "taylor_t", df = clusters -
    strata that hold the region in either wave; "cr2_t" when one of the waves has fewer than 40 clinics there
    (CR2 with Satterthwaite df, see `few`). "..._mover" where a share's own interval is Korn-Graubard or
    Wilson (few have it, or few do not): the interval is then built from the two levels' intervals (Zou and
    Donner 2008, Stat. Med. 27:1693), change_se is half its width over t and p agrees with it. "none": see
    note.
    note: "" | "no_baseline" | "no_after" (nobody answered then: no change) | "one_cluster" (fewer than two
    clusters in one of the waves, beyond the strata: the change stands without standard error, interval, p) |
    "no_variation" (every clinic changed alike to the last digit: as one_cluster).
    """
    y = check_outcome(y, kind, design.size)
    cells = wave_cells(design, y, wave, region, before, after, regions)
    size = len(regions)
    level = describe(cells.design, cells.estimates, y, cells.codes, kind)
    first, last = level.iloc[:size].reset_index(drop=True), level.iloc[size:].reset_index(drop=True)
    df = (cells.clusters - cells.strata).astype(float)
    own = np.arange(size)
    terms = [(own, -1.0), (own + size, 1.0)]
    variance, df, method = uncertainty(cells.design, y, cells.codes, cells.estimates, terms, df)
    lone = (
        (first["note"] == "one_cluster") | (last["note"] == "one_cluster") | (cells.clusters <= cells.strata)
    )
    near, down, up = mover(level, cells.covariance)
    still = no_variation(variance, kind) & ~near
    cases = [first["n"] == 0, last["n"] == 0, lone, still]
    note = np.select(cases, ["no_baseline", "no_after", "one_cluster", "no_variation"], "")
    usable = note == ""
    df = np.where(usable, df, np.nan)
    change = (last["estimate"] - first["estimate"]).to_numpy()
    half = intervals.t_value(df) * np.sqrt(variance)
    down, up = np.where(near, down, half), np.where(near, up, half)
    se = (down + up) / 2 / intervals.t_value(df)
    p = p_value(change, down, up, df)
    srs = cells.estimates.variance_srs[:size] + cells.estimates.variance_srs[size:]
    with np.errstate(invalid="ignore", divide="ignore"):
        deff = np.where(usable, variance / srs, np.nan)
    columns = {"region": list(regions)}
    for name, part in (("before", first), ("after", last)):
        columns |= {name: part["estimate"], f"{name}_se": part["se"]}
        columns |= {f"{name}_lower": part["lower"], f"{name}_upper": part["upper"]}
        columns |= {
            f"n_{name}": part["n"],
            f"count_{name}": part["count"],
            f"clusters_{name}": part["clusters"],
        }
    columns |= {
        "change": change,
        "change_se": se,
        "change_lower": np.where(usable, change - down, np.nan),
        "change_upper": np.where(usable, change + up, np.nan),
    }
    columns |= {"df": df, "p": p, "p_holm": holm(p), "smallest_detectable": power.smallest_detectable(se, df)}
    columns |= {"deff": deff, "clusters": cells.clusters}
    columns |= {
        "method": np.where(~usable, "none", np.char.add(method, np.where(near, "_mover", "_t"))),
        "note": note,
    }
    return pd.DataFrame(columns)


def mover(level: pd.DataFrame, covariance: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Distances from the change down to its lower and up to its upper limit, from the limits of both levels
    and their
    correlation (method of variance estimates recovery, Zou and Donner 2008), and where to use them: (near,
    down, up).

    level (2R rows): `describe` of the cells before (first R) and after; covariance (2R x 2R). near: one of
    the two levels has a Korn-Graubard or Wilson interval. In place of Wilson's limits Korn and Graubard's are
    taken here: the word "risen" hangs on the change.

    Arrays (R), in the unit of the outcome (share 0-1, points 0-100).
    """
    size = len(level) // 2
    estimate, lower, upper = (level[name].to_numpy() for name in ("estimate", "lower", "upper"))
    score = level["method"].str.endswith("wilson").to_numpy(dtype=bool)
    if score.any():
        numbers = (level[name].to_numpy(dtype=float) for name in ("n_effective", "n", "df"))
        low, high = intervals.korn_graubard(estimate, *numbers)
        lower, upper = np.where(score, low, lower), np.where(score, high, upper)
    below, above = estimate - lower, upper - estimate
    exact = score | level["method"].str.endswith("korn_graubard").to_numpy(dtype=bool)
    diagonal = np.diag(covariance)
    product = diagonal[:size] * diagonal[size:]
    shared = np.diag(covariance[:size, size:])
    r = np.where(product > 0, shared / np.sqrt(np.where(product > 0, product, 1)), 0)
    first, last = slice(0, size), slice(size, None)
    # Never below zero, but for rounding when the waves are perfectly correlated.
    down = np.sqrt(np.maximum(below[last] ** 2 + above[first] ** 2 - 2 * r * below[last] * above[first], 0))
    up = np.sqrt(np.maximum(above[last] ** 2 + below[first] ** 2 - 2 * r * above[last] * below[first], 0))
    known = np.isfinite(down) & np.isfinite(up)
    return (exact[first] | exact[last]) & known, down, up


def p_value(estimate, down, up, df) -> np.ndarray:
    """Two-sided p of zero, from the interval's distance on the side of zero, so that p < 0.05 exactly when
    the 95 % interval leaves zero out.

    All arrays (R), in the units of the estimate; p 0-1. t = distance / (half width / t quantile), as
    `intervals`.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        se = np.where(estimate > 0, down, up) / intervals.t_value(df)
        t = np.where(estimate == 0, 0.0, np.abs(estimate) / se)
    known = ~np.isnan(t) & (np.asarray(df) > 0)
    return np.where(known, 2 * special.stdtr(np.where(known, df, 1), -np.where(known, t, 0)), np.nan)
