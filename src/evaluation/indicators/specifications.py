"""The specification curve: the did of the area under every other choice that could be defended.

Each row is the reported did with one choice changed: the weights, how answers are coded, the model, or who is
in the sample. `group_by` names the choice, `group` what was chosen instead. `count` (and `count_before`) is
how many answers a choice leaves out of the quarter (the baseline), which disclosure judges.
"""

from collections.abc import Iterator

import numpy as np

from evaluation.errors import DataError
from evaluation.estimation import scores
from evaluation.estimation.areas import unit_difference, unit_means
from evaluation.estimation.contrast import difference_in_differences
from evaluation.estimation.design import SurveyDesign, split_by_wave
from evaluation.estimation.intervals import t_value
from evaluation.estimation.models import fit
from evaluation.estimation.wild import wild_bootstrap
from evaluation.indicators.question import Question
from evaluation.indicators.rows import did_row
from evaluation.indicators.survey import Survey
from evaluation.indicators.tidy import AREA, facts

# Background that a model adjusts for, when the survey has it.
COVARIATES = ("role", "child_age", "education", "language", "first_child")
DRAWS = 999


def specifications(asked: Question) -> Iterator[dict]:
    """Tidy rows, measure "specification"; none without a reported did."""
    if asked.did is None:
        return
    yield from _weights(asked)
    yield from _coding(asked)
    yield from _models(asked)
    yield from _samples(asked)


def _weights(asked: Question) -> Iterator[dict]:
    survey = asked.survey
    own = survey.answers["weight"].to_numpy(dtype=float)
    choices = {"unweighted": np.ones(len(own))}
    if np.ptp(own) > 0 and survey.design.calibration is not None:
        choices["not_raked"] = own
    for name, weight in choices.items():
        design = SurveyDesign(weight, survey.answers["stratum"].to_numpy(), survey.design.psu)
        yield from _did(asked, asked.y, "weights", name, split_by_wave(design, survey.wave))


def _coding(asked: Question) -> Iterator[dict]:
    study, answers = asked.survey.study, asked.survey.answers
    items = study.primary.items
    if asked.kind == "share" and len(items) > 1:
        for item in items:
            y = scores.correct(answers, item, study.items[item].key)
            yield from _did(asked, y, "coding", f"item_{item}")
    unsure = answers[list(items)].eq(scores.DONT_KNOW).any(axis=1).to_numpy()
    if unsure.any():
        yield from _did(asked, np.where(unsure, np.nan, asked.y), "coding", "dont_know_left_out")


def _models(asked: Question) -> Iterator[dict]:
    survey = asked.survey
    here = np.isin(survey.wave, asked.span) & ~np.isnan(asked.y)
    after, area = (survey.wave == asked.span[1]).astype(float), (survey.place == AREA).astype(float)
    x = np.column_stack([np.ones(len(area)), area, after, area * after])
    base = {name: asked.did[name] for name in ("n", "n_before", "clusters")}
    columns = _background(survey, here)
    try:
        names = ["one", "area", "after", "did", *(f"x{i}" for i in range(columns.shape[1]))]
        model = fit(survey.design, np.where(here, asked.y, np.nan), np.column_stack([x, columns]), names)
        at, half = names.index("did"), t_value(np.array([model.df]))[0]
        cells = {"estimate": model.coefficients[at], "se": model.se[at], "df": model.df, "p": model.p[at]}
        cells |= {"lower": cells["estimate"] - half * cells["se"]}
        cells |= {"upper": cells["estimate"] + half * cells["se"]}
        yield _row(asked, "model", "adjusted", **cells, **base, method="linear_model_taylor_t")
    except DataError:
        pass  # too few clinics for so many columns, or columns that say the same
    if not survey.study.design.cluster:
        return
    found = wild_bootstrap(
        asked.y[here], x[here], survey.design.psu[here], 3, survey.design.weights[here], draws=DRAWS
    )
    if np.isfinite([found.lower, found.upper]).all():
        cells = {"estimate": found.estimate, "lower": found.lower, "upper": found.upper, "p": found.p}
        yield _row(asked, "model", "wild_bootstrap", **cells, **base, method=found.method)
    period = np.where(here, after, -1).astype(int)
    labels, means = unit_means(asked.y, survey.design.weights, survey.design.psu, period)
    treated = np.zeros(survey.design.psu.max() + 1, dtype=bool)
    treated[survey.design.psu[area == 1]] = True
    units = unit_difference(means[:, 1] - means[:, 0], treated[labels])
    if np.isfinite(units.se):
        half = t_value(np.array([float(units.df)]))[0] * units.se
        cells = {"estimate": units.estimate, "se": units.se, "df": units.df, "p": units.p}
        cells |= {"lower": units.estimate - half, "upper": units.estimate + half}
        yield _row(asked, "model", "clinic_means", **cells, **base, method="cluster_t")


def _background(survey: Survey, here: np.ndarray) -> np.ndarray:
    """Columns (n x k) of 0 and 1, for every answer but the commonest that at least thirty parents gave."""
    columns = []
    for name in COVARIATES:
        if name not in survey.answers:
            continue
        answer = survey.answers[name].replace("", "unknown").fillna("unknown")
        counts = answer[here].value_counts()
        commonest = counts.index[0] if len(counts) else ""
        kept = sorted(counts.index[counts >= 30].drop(commonest, errors="ignore"))
        columns += [answer.eq(label).to_numpy(dtype=float) for label in kept]
    return np.column_stack(columns) if columns else np.empty((len(survey.answers), 0))


def _samples(asked: Question) -> Iterator[dict]:
    survey, study = asked.survey, asked.survey.study
    if "education" in survey.answers:
        unknown = survey.answers["education"].isin(["unknown", ""]).to_numpy()
        if unknown.any():
            yield from _did(asked, np.where(unknown, np.nan, asked.y), "sample", "education_known")
    if study.design.cluster:
        waves = [set(survey.design.psu[survey.wave == wave]) for wave in asked.span]
        both = np.isin(survey.design.psu, sorted(waves[0] & waves[1]))
        if not both.all():
            yield from _did(asked, np.where(both, asked.y, np.nan), "sample", "clinics_in_both_waves")
    if len(study.area.regions) > 2:
        for region in study.area.regions:
            y = np.where(survey.region == region, np.nan, asked.y)
            yield from _did(asked, y, "sample", f"without:{region}", note=facts(left_out=region))


def _did(
    asked: Question, y: np.ndarray, choice: str, name: str, design: SurveyDesign | None = None, note: str = ""
) -> Iterator[dict]:
    survey, comparison = asked.survey, asked.survey.study.area.comparison
    known = ~np.isnan(y)
    for place in (AREA, comparison):
        if not all((known & (survey.place == place) & (survey.wave == wave)).any() for wave in asked.span):
            return
    found = difference_in_differences(
        design or survey.design, y, survey.wave, survey.place, *asked.span, [AREA], comparison, asked.kind
    ).iloc[0]
    keys = {"measure": "specification", "group_by": choice, "group": name}
    row = did_row(survey, asked.indicator, asked.kind, found, note, **keys)
    if np.isfinite(row["lower"]):
        left = ~np.isnan(asked.y) & ~known
        at = [int((left & (survey.wave == wave)).sum()) for wave in asked.span]
        yield row | {"count_before": float(at[0]), "count": float(at[1])}


def _row(asked: Question, choice: str, name: str, **cells: object) -> dict:
    keys = {"group_by": choice, "group": name, "count": 0.0, "count_before": 0.0}
    return asked.row("specification", **keys, **cells)
