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
from scipy import special

from evaluation.errors import DataError
from evaluation.estimation import intervals
from evaluation.estimation.design import SurveyDesign, split_by_wave
from evaluation.estimation.few import uncertainty
from evaluation.estimation.levels import check_outcome, no_variation
from evaluation.estimation.linear import DomainEstimates, covariance, domain_means, holders

# With fewer clusters in a cell no variance can be trusted (see the simulation study).
FEWEST_CLUSTERS = 4


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


@dataclass(frozen=True, eq=False)
class StaggeredSurvey:
    """`overall` and `by_time`: one row each per aggregate, with the columns of `AGGREGATES`.

    effects: ATT(g, t) of every cohort and wave (columns first, time, estimate; a wave before the start is
    compared with the wave before it). pre: F test that all effects before the start are zero, (statistic,
    df1, df2, p, run) with `run` the noncentrality that a drift of one per unit of time would give; None
    without such waves. note: "" | "few_clusters" (a cell with fewer than four clusters: no se, interval, p) |
    "no_variation".
    """

    overall: pd.Series
    by_time: pd.DataFrame
    effects: pd.DataFrame
    pre: tuple[float, int, int, float, float] | None
    note: str


AGGREGATES = ("relative", "estimate", "se", "lower", "upper", "df", "p", "n", "clusters", "method")


def staggered_survey(design: SurveyDesign, y, time, first, kind: str) -> StaggeredSurvey:
    """Callaway-Sant'Anna on a survey of new respondents in every wave, comparison: never-treated places.

    y (n) and kind as in `levels`; time (n) whole numbers, the wave of each row (as 4 x year + quarter); first
    (n) the time at which distribution starts where the row belongs, 0 = never. ATT(g, t) = change of cohort g
    from its last wave before g to t, less that of the never-treated: of survey-weighted means, by the package
    diff-diff (repeated cross-sections, outcome regression without covariates, the survey's weights, strata
    and clusters). "overall" is their mean over all t >= g, each cohort by its weighted size; "by_time" the
    mean per time since the start (relative; negative = before it).

    Standard errors: every aggregate is a contrast of wave means, so it takes its variance from `uncertainty`
    (Taylor, or CR2 with few clusters, method "cr2_t"); it knows calibrated weights, which diff-diff's own
    does not, and takes the cohorts' sizes as known. A cohort that had not started in the last wave takes no
    part. Shares and effects 0-1, points 0-100. Raises DataError when nobody is never treated, or no cohort
    has waves before and after its start.
    """
    y = check_outcome(y, kind, design.size)
    time, first = np.asarray(time, dtype=int), np.asarray(first, dtype=int)
    times = np.unique(time)
    cohorts = [g for g in np.unique(first) if times[0] < g <= times[-1]]
    if not cohorts or not (first == 0).any():
        raise DataError("estimation.no_comparison_units")
    inside = ~np.isnan(y) & np.isin(first, [0, *cohorts])
    design = split_by_wave(design, time)
    found = _fitted(design, y, time, first, inside)
    groups = np.array([0, *cohorts])
    codes = np.where(inside, np.searchsorted(groups, np.where(inside, first, 0)), -1)
    codes = np.where(inside, codes * len(times) + np.searchsorted(times, time), -1)
    means = domain_means(design, y, codes, len(groups) * len(times))
    cells = _Cells(design, y, codes, means, groups, times)
    effects = {at: value["effect"] for at, value in found.group_time_effects.items()}
    after = [(g, t) for g, t in effects if t >= g]
    size = {g: design.weights[inside & (first == g)].sum() for g in cohorts}
    events = [[at for at in effects if at[1] - at[0] == e] for e in sorted({t - g for g, t in effects})]
    rows = [cells.aggregate(wanted, size) for wanted in (after, *events)]
    table = pd.DataFrame(rows)
    table["estimate"] = [float(found.overall_att), *(_mean(effects, wanted, size) for wanted in events)]
    note = (
        "few_clusters" if cells.few else "no_variation" if no_variation(table["se"] ** 2, kind).any() else ""
    )
    if note:
        table[["se", "df"]] = np.nan
        table["method"] = "none"
    half = intervals.t_value(table["df"]) * table["se"]
    table["lower"], table["upper"] = table["estimate"] - half, table["estimate"] + half
    with np.errstate(invalid="ignore"):
        table["p"] = 2 * special.stdtr(table["df"], -np.abs(table["estimate"] / table["se"]))
    listed = [(int(g), int(t), float(value)) for (g, t), value in effects.items()]
    before = [at for at in effects if at[1] < at[0]]
    pre = cells.test(effects, before) if before and not note else None
    return StaggeredSurvey(
        table.iloc[0][list(AGGREGATES)],
        table.iloc[1:][list(AGGREGATES)].reset_index(drop=True),
        pd.DataFrame(listed, columns=["first", "time", "estimate"]),
        pre,
        note,
    )


def _fitted(design: SurveyDesign, y, time, first, inside):
    # diff-diff takes some time to import; most reports have one start.
    from diff_diff import CallawaySantAnna
    from diff_diff import SurveyDesign as Drawn

    columns = {"y": y, "time": time, "first": first, "w": design.weights}
    columns |= {"stratum": design.stratum, "psu": design.psu, "unit": np.arange(len(y))}
    frame = pd.DataFrame(columns)[inside]
    drawn = Drawn(weights="w", strata="stratum", psu="psu", lonely_psu="adjust")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = CallawaySantAnna(control_group="never_treated", panel=False, estimation_method="reg")
        return model.fit(frame, "y", "unit", "time", "first", survey_design=drawn)


def _mean(effects: dict, wanted: list, size: dict) -> float:
    weights = np.array([size[g] for g, _ in wanted])
    return float(weights @ [effects[at] for at in wanted] / weights.sum())


@dataclass(frozen=True, eq=False)
class _Cells:
    """The means of every cohort (row 0: never treated) in every wave, and contrasts of them."""

    design: SurveyDesign
    y: np.ndarray
    codes: np.ndarray
    means: DomainEstimates
    groups: np.ndarray
    times: np.ndarray

    @property
    def few(self) -> bool:
        held = self.means.clusters[self.means.n > 0]
        return bool(self.design.clustered and (held < FEWEST_CLUSTERS).any())

    def contrast(self, g: int, t: int) -> np.ndarray:
        """Coefficients of ATT(g, t) on the cells."""
        own = np.zeros((len(self.groups), len(self.times)))
        base = self.times[self.times < min(g, t)][-1]
        row = int(np.searchsorted(self.groups, g))
        for i, sign in ((row, 1.0), (0, -1.0)):
            own[i, np.searchsorted(self.times, t)] += sign
            own[i, np.searchsorted(self.times, base)] -= sign
        return own.ravel()

    def aggregate(self, wanted: list, size: dict) -> dict:
        weights = np.array([size[g] for g, _ in wanted])
        k = (weights / weights.sum()) @ np.array([self.contrast(*at) for at in wanted])
        used = np.flatnonzero(np.abs(k) > 1e-15)
        rows = np.flatnonzero(np.isin(self.codes, used) & ~np.isnan(self.y))
        clusters, strata = holders(self.design, rows, np.zeros(len(rows), dtype=np.intp), 1)
        terms = [(np.array([at]), float(k[at])) for at in used]
        arguments = (self.design, self.y, self.codes, self.means, terms, clusters - strata)
        variance, df, method = uncertainty(*arguments)
        there = used[(used >= len(self.times)) & (k[used] > 0)]
        return {
            "relative": float(wanted[0][1] - wanted[0][0]),
            "se": float(np.sqrt(variance[0])),
            "df": float(df[0]),
            "n": float(self.means.n[there].sum()),
            "clusters": float(self.means.clusters[used].min()),
            "method": f"{method[0]}_t",
        }

    def test(self, effects: dict, wanted: list) -> tuple[float, int, int, float, float] | None:
        """Adjusted Wald F that the effects `wanted` are zero."""
        contrast = np.array([self.contrast(*at) for at in wanted])
        v = contrast @ covariance(self.design, self.means.influence) @ contrast.T
        d = np.array([effects[at] for at in wanted])
        rows = np.flatnonzero((self.codes >= 0) & ~np.isnan(self.y))
        clusters, strata = holders(self.design, rows, np.zeros(len(rows), dtype=np.intp), 1)
        k = int(np.linalg.matrix_rank(v, hermitian=True))
        df2 = int(clusters[0] - strata[0]) - k + 1
        if k < len(wanted) or df2 < 1:
            return None
        inverse = np.linalg.inv(v)
        scale = df2 / ((df2 + k - 1) * k)
        statistic = float(d @ inverse @ d) * scale
        run = np.array([t - self.times[self.times < t][-1] for _, t in wanted], dtype=float)
        unit = float(run @ inverse @ run) * scale * k
        return statistic, k, df2, float(special.fdtrc(k, df2, statistic)), unit
