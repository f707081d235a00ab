"""Other models of the same difference-in-differences: adjusted for background, logistic, by clinic, by
bootstrap. Rows of the specification curve (see `specifications`)."""

from collections.abc import Iterator

import numpy as np
from scipy import special

from evaluation.errors import DataError
from evaluation.estimation.areas import unit_difference, unit_means
from evaluation.estimation.intervals import t_value
from evaluation.estimation.models import Model, fit
from evaluation.estimation.wild import wild_bootstrap
from evaluation.indicators.question import Question
from evaluation.indicators.survey import Survey
from evaluation.indicators.tidy import AREA

# Background that a model adjusts for, when the survey has it: name of the choice -> characteristics.
COVARIATES = {
    "adjusted": ("role", "child_age", "education", "language", "first_child"),
    "adjusted_margins": ("education", "language"),
    "adjusted_family": ("role", "child_age", "first_child"),
}
FEWEST = 30  # answers that a category needs for a column of its own
DRAWS = 999
_TERMS = ["one", "area", "after", "did"]


def regressions(asked: Question) -> Iterator[dict]:
    """Tidy rows, measure "specification", group_by "model"."""
    survey = asked.survey
    here = np.isin(survey.wave, asked.span) & ~np.isnan(asked.y)
    after, area = (survey.wave == asked.span[1]).astype(float), (survey.place == AREA).astype(float)
    x = np.column_stack([np.ones(len(area)), area, after, area * after])
    y, tried = np.where(here, asked.y, np.nan), set()
    for name, characteristics in COVARIATES.items():
        columns = _background(survey, here, characteristics)
        if columns.shape[1] in tried:
            continue  # the survey asked no more than the set before
        tried.add(columns.shape[1])
        yield from _model(asked, name, y, np.column_stack([x, columns]), "linear")
    if asked.kind == "share":
        columns = _background(survey, here, COVARIATES["adjusted"])
        yield from _model(asked, "logistic", y, np.column_stack([x, columns]), "logistic")
    if survey.study.design.cluster:
        yield from _by_clinic(asked, here, x, after, area)


def _model(asked: Question, choice: str, y: np.ndarray, x: np.ndarray, family: str) -> Iterator[dict]:
    names = [*_TERMS, *(f"x{i}" for i in range(x.shape[1] - len(_TERMS)))]
    try:
        model = fit(asked.survey.design, y, x, names, family)
    except DataError:
        return  # too few clinics for so many columns, or columns that say the same
    at = names.index("did")
    value, se = float(model.coefficients[at]), float(model.se[at])
    if family == "logistic":
        value, se = _on_shares(model, x, y, asked.survey.design.weights, at)
    half = t_value(np.array([model.df]))[0] * se
    cells = {"estimate": value, "se": se, "df": model.df, "lower": value - half, "upper": value + half}
    cells["p"] = float(2 * special.stdtr(model.df, -abs(value / se)))
    yield _row(asked, choice, **cells, **_base(asked), method=f"{family}_model_taylor_t")


def _on_shares(model: Model, x, y, weights, at: int) -> tuple[float, float]:
    """The effect of a logistic model on the share (0-1) of those it is about, the area afterwards: their mean
    fitted share less that without the term `at`. Standard error by the delta method (Puhani 2012, Econ.
    Lett. 115:85)."""
    rows = (x[:, at] == 1) & ~np.isnan(y)
    own, w = x[rows], weights[rows] / weights[rows].sum()
    bare = own.copy()
    bare[:, at] = 0
    fitted, without = special.expit(own @ model.coefficients), special.expit(bare @ model.coefficients)
    gradient = (w * fitted * (1 - fitted)) @ own - (w * without * (1 - without)) @ bare
    return float(w @ (fitted - without)), float(np.sqrt(gradient @ model.covariance @ gradient))


def _by_clinic(asked: Question, here, x, after, area) -> Iterator[dict]:
    survey = asked.survey
    found = wild_bootstrap(
        asked.y[here], x[here], survey.design.psu[here], 3, survey.design.weights[here], draws=DRAWS
    )
    if np.isfinite([found.lower, found.upper]).all():
        cells = {"estimate": found.estimate, "lower": found.lower, "upper": found.upper, "p": found.p}
        yield _row(asked, "wild_bootstrap", **cells, **_base(asked), method=found.method)
    period = np.where(here, after, -1).astype(int)
    labels, means = unit_means(asked.y, survey.design.weights, survey.design.psu, period)
    treated = np.zeros(survey.design.psu.max() + 1, dtype=bool)
    treated[survey.design.psu[area == 1]] = True
    units = unit_difference(means[:, 1] - means[:, 0], treated[labels])
    if np.isfinite(units.se):
        half = t_value(np.array([float(units.df)]))[0] * units.se
        cells = {"estimate": units.estimate, "se": units.se, "df": units.df, "p": units.p}
        cells |= {"lower": units.estimate - half, "upper": units.estimate + half}
        yield _row(asked, "clinic_means", **cells, **_base(asked), method="cluster_t")


def _background(survey: Survey, here: np.ndarray, characteristics: tuple[str, ...]) -> np.ndarray:
    """Columns (n x k) of 0 and 1, for every answer but the commonest that at least thirty parents gave."""
    columns = []
    for name in characteristics:
        if name not in survey.answers:
            continue
        answer = survey.answers[name].replace("", "unknown").fillna("unknown")
        counts = answer[here].value_counts()
        commonest = counts.index[0] if len(counts) else ""
        kept = sorted(counts.index[counts >= FEWEST].drop(commonest, errors="ignore"))
        columns += [answer.eq(label).to_numpy(dtype=float) for label in kept]
    return np.column_stack(columns) if columns else np.empty((len(survey.answers), 0))


def _base(asked: Question) -> dict:
    return {name: asked.did[name] for name in ("n", "n_before", "clusters")}


def _row(asked: Question, name: str, **cells: object) -> dict:
    keys = {"group_by": "model", "group": name, "count": 0.0, "count_before": 0.0}
    return asked.row("specification", **keys, **cells)
