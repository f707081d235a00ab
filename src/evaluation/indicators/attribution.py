"""Attribution: what speaks for and against the campaign as the cause of the primary outcome's change.

None of these rows is the headline. Each is judged by the disclosure station beside the levels and changes it
is made of.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from evaluation.estimation import scores
from evaluation.estimation.contrast import difference_in_differences
from evaluation.estimation.event import event_study, pre_trend
from evaluation.estimation.multiple import holm
from evaluation.estimation.sensitivity import breakdown, e_value
from evaluation.estimation.staggered import StaggeredSurvey
from evaluation.indicators.areas import has_areas, permutation_row
from evaluation.indicators.companions import dose_row, equivalences, pooled, trends
from evaluation.indicators.question import Question, answered, has_comparison, number, question, scaled
from evaluation.indicators.specifications import specifications
from evaluation.indicators.staggered import before_starts, effects, staggered_rows
from evaluation.indicators.survey import Survey, read_survey
from evaluation.indicators.tidy import AREA, facts, table
from evaluation.indicators.tidy_rows import did_row
from evaluation.privacy import Campaign

# Outcomes that no leaflet about the bond can move: recognising a leaflet that does not exist, and who the
# parents are (a first child; a visit to the clinic, for which the campaign asks nobody). When one of them
# moves more in the area than elsewhere, the samples or the asking changed, not the parents. Attitude H4 is no
# placebo: the leaflet is about it, and it is near its ceiling.
PLACEBOS = {
    "foil": ("R3f", "yes"),
    "first_child": ("first_child", "yes"),
    "clinic_visit": ("clinic_visit", "yes"),
}


def attribution(campaign: Campaign, quarter: str, made: pd.DataFrame) -> pd.DataFrame:
    """Tidy table of everything about the cause of the primary outcome's change; empty without a baseline.

    made: the tables of `awareness`, whose changes and did are what these rows weigh. quarter: a wave after
    the start (StudyError otherwise).
    """
    survey = read_survey(campaign, quarter)
    return table([]) if survey is None else from_survey(survey, campaign.tables, made)


def from_survey(survey: Survey, tables: dict[str, pd.DataFrame], made: pd.DataFrame) -> pd.DataFrame:
    """As `attribution`, from a survey that has been read."""
    asked = question(survey, made)
    if asked is None:
        return table([])
    rows = [*trends(asked), *equivalences(asked), *pooled(asked), *dose_row(asked, tables)]
    if has_comparison(survey):
        late = effects(asked)
        rows += [*_over_waves(asked), *_before_start(asked, late), *_placebos(asked), *_sensitivity(asked)]
        rows += [*staggered_rows(asked, late), *permutation_row(asked), *specifications(asked)]
    return table(rows)


_PARTS = ("dose_response", "permutation", "placebo", "pre_trend")


def gaps(survey: Survey | None, tables: dict[str, pd.DataFrame]) -> dict[str, str]:
    """Parts of attribution that the data cannot carry, each with its reason."""
    if survey is None:
        return dict.fromkeys(_PARTS, "no_responses")
    if survey.study.baseline is None:
        return dict.fromkeys(_PARTS, "no_baseline")
    missing = {}
    if not has_comparison(survey):
        missing |= dict.fromkeys(("permutation", "placebo", "pre_trend"), "no_comparison")
    else:
        if not survey.study.earlier:
            missing["pre_trend"] = "one_wave_before"
        if not has_areas(survey):
            missing["permutation"] = "few_areas"
    if "orders" not in tables:
        missing["dose_response"] = "no_orders"
    elif survey.study.area.geography is None or "municipality" not in survey.answers:
        missing["dose_response"] = "no_geography"
    return missing


def _over_waves(asked: Question) -> Iterator[dict]:
    """The event study: the did of every other wave, those before the baseline too."""
    survey, (base, quarter) = asked.survey, asked.span
    waves = [wave for wave in survey.waves if wave != quarter and answered(asked, wave)]
    if len(waves) < 2:
        return
    found = event_study(
        survey.design,
        asked.y,
        survey.wave,
        survey.place,
        waves,
        base,
        AREA,
        survey.study.area.comparison,
        asked.kind,
    )
    for row in found.to_dict("records"):
        yield did_row(survey, asked.indicator, asked.kind, row, wave=row["wave"])


def _before_start(asked: Question, late: StaggeredSurvey | None) -> Iterator[dict]:
    """Test that the areas ran alike before the start, and a did as if it had started at the first wave. With
    no wave before the baseline, the regions that started later are tested."""
    survey, (base, quarter) = asked.survey, asked.span
    before = [wave for wave in survey.study.earlier if answered(asked, wave)]
    if not before:
        yield from before_starts(asked, late)
        return
    times = [number(wave) for wave in (*before, base)]
    per_quarter = scaled(asked, survey.study.primary.smallest_change) / (number(quarter) - number(base))
    arguments = (survey.design, asked.y, survey.wave, survey.place)
    places = (AREA, survey.study.area.comparison, asked.kind)
    found = pre_trend(*arguments, before, base, *places, per_quarter, times)
    n = [int((~np.isnan(asked.y) & (survey.wave == wave)).sum()) for wave in (base, before[0])]
    yield asked.row(
        "pre_trend",
        wave=base,
        wave_before=before[0],
        unit="F",
        estimate=found.statistic,
        df=found.df2,
        p=found.p,
        n=n[0],
        n_before=n[1],
        smallest_detectable=found.detectable,
        method="adjusted_wald_f" if not found.note else "none",
        note="; ".join(filter(None, (facts(power=f"{found.power:.3f}"), found.note))),
    )
    placebo = event_study(*arguments, [before[0], base], before[0], *places).iloc[0]
    keys = {"measure": "placebo_date", "wave": base, "wave_before": before[0]}
    yield did_row(survey, asked.indicator, asked.kind, placebo, **keys)


def _placebos(asked: Question) -> list[dict]:
    """The did of outcomes that the campaign cannot move, with Holm over them."""
    survey, rows = asked.survey, []
    for name, (column, code) in PLACEBOS.items():
        if column not in survey.answers or column in survey.left_out:
            continue
        y = scores.equals(survey.answers, column, {code})
        y[survey.answers[column].eq("unknown").to_numpy()] = np.nan
        there = [~np.isnan(y) & (survey.place == place) for place in (AREA, survey.study.area.comparison)]
        if not all((here & (survey.wave == wave)).any() for here in there for wave in asked.span):
            continue
        found = difference_in_differences(
            survey.design,
            y,
            survey.wave,
            survey.place,
            *asked.span,
            [AREA],
            survey.study.area.comparison,
            "share",
        ).iloc[0]
        rows.append(did_row(survey, f"placebo_{name}", "share", found, measure="placebo"))
    for row, adjusted in zip(rows, holm([row["p"] for row in rows]), strict=True):
        row["p_adjusted"] = adjusted
    return rows


def _sensitivity(asked: Question) -> Iterator[dict]:
    """How far the areas' own trends may differ before the did's interval holds 0; the E-value of a share."""
    did = asked.did
    if did is None:
        return
    same = {name: did[name] for name in ("n", "n_before", "clusters")}
    distance = max(did["lower"], -did["upper"], 0.0)
    yield asked.row("breakdown", estimate=distance, method="interval_to_zero", **same)
    if asked.survey.study.earlier:
        steps = [row["estimate"] for row in _over_waves(asked) if row["wave"] in asked.survey.study.earlier]
        if steps and np.isfinite(largest := max(map(abs, steps))):
            times = breakdown(did["lower"], did["upper"], largest)
            yield asked.row(
                "breakdown",
                group_by="unit",
                group="pre_trend",
                unit="ratio",
                estimate=times,
                method="relative_magnitudes",
                **same,
            )
    if asked.kind != "share":
        return
    now = asked.changes("area")
    made = asked.made
    level = made[
        made["indicator"].eq(asked.indicator)
        & made["measure"].eq("level")
        & made["region"].eq(AREA)
        & made["wave"].eq(asked.span[1])
        & made["group_by"].eq("")
    ]
    if len(now) and len(level):
        share = float(level["estimate"].iloc[0])
        nearest = min(max(did["lower"], 0.0), share) if did["estimate"] > 0 else min(did["upper"], 0.0)
        values = [e_value(share, min(max(share - effect, 0.0), 1.0)) for effect in (did["estimate"], nearest)]
        yield asked.row(
            "e_value", unit="ratio", estimate=values[0], lower=values[1], method="risk_ratio", **same
        )
