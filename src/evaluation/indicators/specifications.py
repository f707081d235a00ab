"""The specification curve: the did of the area under every other choice that could be defended.

Each row is the reported did with one choice changed: the weights, how answers are coded, the model, or who is
in the sample. `group_by` names the choice, `group` what was chosen instead. `count` (and `count_before`) is
how many answers a choice leaves out of the quarter (the baseline), which disclosure judges.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from evaluation.errors import DataError
from evaluation.estimation import scores
from evaluation.estimation.calibrate import rake
from evaluation.estimation.contrast import difference_in_differences
from evaluation.estimation.design import SurveyDesign, split_by_wave
from evaluation.indicators.question import Question
from evaluation.indicators.regressions import regressions
from evaluation.indicators.survey import Survey, margin_names
from evaluation.indicators.tidy import AREA, facts
from evaluation.indicators.tidy_rows import did_row

# Where weights are cut off: a multiple of the mean weight of their wave and place.
CUT = 2.0


def specifications(asked: Question) -> Iterator[dict]:
    """Tidy rows, measure "specification"; none without a reported did."""
    if asked.did is None:
        return
    yield from _weights(asked)
    yield from _coding(asked)
    yield from regressions(asked)
    yield from _samples(asked)
    yield from _waves(asked)


def _weights(asked: Question) -> Iterator[dict]:
    survey = asked.survey
    own = survey.answers["weight"].to_numpy(dtype=float)
    choices = {"unweighted": np.ones(len(own))}
    if np.ptp(own) > 0 and survey.design.calibration is not None:
        choices["not_raked"] = own
    for name, weight in choices.items():
        design = SurveyDesign(weight, survey.answers["stratum"].to_numpy(), survey.design.psu)
        yield from _did(asked, asked.y, "weights", name, split_by_wave(design, survey.wave))
    for name, design in _raked_otherwise(survey):
        yield from _did(asked, asked.y, "weights", name, design)


def _raked_otherwise(survey: Survey) -> Iterator[tuple[str, SurveyDesign]]:
    """The same survey with another way of weighting to the population: without one of the margins, without
    the cap where it bites, cut off at twice the mean."""
    if not survey.margins:
        return
    cap, names = survey.study.design.weight_cap, margin_names(survey.study)
    for i, name in enumerate(names):
        others = [margin for j, margin in enumerate(survey.margins) if j != i]
        if others and name != "region":
            try:
                yield f"without_margin:{name}", rake(survey.unraked, others, cap=cap)
            except DataError:
                continue  # under the cap these margins cannot be met: no choice to defend
    free = rake(survey.unraked, survey.margins)
    if not np.allclose(free.weights, survey.design.weights):
        yield "uncapped", free
    cells = np.unique(
        [f"{w}\t{p}" for w, p in zip(survey.wave, survey.place, strict=True)], return_inverse=True
    )
    mean = np.bincount(cells[1], free.weights) / np.bincount(cells[1])
    cut = np.minimum(free.weights, CUT * mean[cells[1]])
    if (cut < free.weights).any():
        yield "cut_off", replace(free, weights=cut, calibration=None)


def _coding(asked: Question) -> Iterator[dict]:
    study, answers = asked.survey.study, asked.survey.answers
    items = study.primary.items
    if asked.kind == "share" and len(items) > 1:
        for item in items:
            y = scores.correct(answers, item, study.items[item].key)
            yield from _did(asked, y, "coding", f"item_{item}")
        right = [scores.correct(answers, item, study.items[item].key) for item in items]
        right = np.column_stack(right)
        nothing = np.isnan(right).all(axis=1)
        known = np.nan_to_num(right)
        yield from _did(asked, np.where(nothing, np.nan, known.max(axis=1)), "coding", "any_item")
        mean = np.where(nothing, np.nan, known.mean(axis=1))
        yield from _did(asked, mean, "coding", "items_mean", kind="difference")
    skipped = (answers[list(items)] == "").any(axis=1).to_numpy()
    if (skipped & ~np.isnan(asked.y)).any():
        yield from _did(asked, np.where(skipped, np.nan, asked.y), "coding", "skipped_left_out")
    unsure = answers[list(items)].eq(scores.DONT_KNOW).any(axis=1).to_numpy()
    if unsure.any():
        yield from _did(asked, np.where(unsure, np.nan, asked.y), "coding", "dont_know_left_out")


def _samples(asked: Question) -> Iterator[dict]:
    survey, study = asked.survey, asked.survey.study
    if "education" in survey.answers:
        unknown = survey.answers["education"].isin(["unknown", ""]).to_numpy()
        if unknown.any():
            yield from _did(asked, np.where(unknown, np.nan, asked.y), "sample", "education_known")
    if "clinic_visit" in survey.answers and survey.answers["clinic_visit"].eq("yes").any():
        visited = survey.answers["clinic_visit"].eq("yes").to_numpy()
        yield from _did(asked, np.where(visited, asked.y, np.nan), "sample", "clinic_visitors")
    if study.design.cluster:
        waves = [set(survey.design.psu[survey.wave == wave]) for wave in asked.span]
        both = np.isin(survey.design.psu, sorted(waves[0] & waves[1]))
        if not both.all():
            yield from _did(asked, np.where(both, asked.y, np.nan), "sample", "clinics_in_both_waves")
    if len(study.area.regions) > 2:
        for region in study.area.regions:
            y = np.where(survey.region == region, np.nan, asked.y)
            yield from _did(asked, y, "sample", f"without:{region}", note=facts(left_out=region))


def _waves(asked: Question) -> Iterator[dict]:
    """All waves since the start together, and all waves before it, in place of the last of each."""
    survey, study = asked.survey, asked.survey.study
    later = [wave for wave in survey.waves if wave in study.after]
    if len(later) > 1:
        wave = np.where(np.isin(survey.wave, later), asked.span[1], survey.wave)
        yield from _did(asked, asked.y, "waves", "all_since_start", wave=wave)
    if study.earlier:
        before = [*study.earlier, study.baseline]
        wave = np.where(np.isin(survey.wave, before), asked.span[0], survey.wave)
        yield from _did(asked, asked.y, "waves", "all_before_start", wave=wave)


def _did(
    asked: Question,
    y: np.ndarray,
    choice: str,
    name: str,
    design: SurveyDesign | None = None,
    note: str = "",
    kind: str = "",
    wave: np.ndarray | None = None,
) -> Iterator[dict]:
    survey, comparison = asked.survey, asked.survey.study.area.comparison
    known = ~np.isnan(y)
    for place in (AREA, comparison):
        if not all((known & (survey.place == place) & (survey.wave == wave)).any() for wave in asked.span):
            return
    found = difference_in_differences(
        design or survey.design,
        y,
        survey.wave if wave is None else wave,
        survey.place,
        *asked.span,
        [AREA],
        comparison,
        kind or asked.kind,
    ).iloc[0]
    keys = {"measure": "specification", "group_by": choice, "group": name}
    row = did_row(survey, asked.indicator, asked.kind, found, note, **keys)
    if np.isfinite(row["lower"]):
        left = ~np.isnan(asked.y) & ~known
        at = [int((left & (survey.wave == wave)).sum()) for wave in asked.span]
        yield row | {"count_before": float(at[0]), "count": float(at[1])}
