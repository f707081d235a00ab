"""Missing answers: how many answered the primary outcome, and whether the gaps could have moved it."""

import numpy as np
import pandas as pd

from evaluation.estimation import intervals, scores
from evaluation.estimation.change import change_by_region
from evaluation.estimation.missing import combine, hot_deck
from evaluation.indicators.awareness import KINDS, score
from evaluation.indicators.rows import level_rows
from evaluation.indicators.survey import Survey
from evaluation.indicators.tidy import AREA, concat, estimate, facts, table
from evaluation.indicators.tidy_rows import UNITS

IMPUTATIONS = 10
# What donors share with those whose answer they fill in, as far as the study asked it.
CELLS = ("education", "language")
SEED = 20260703
UNKNOWN = "unknown"


def from_survey(survey: Survey) -> pd.DataFrame:
    """Indicators "answered" and "background": the share of respondents that answered every question of the
    primary outcome, and of whom every characteristic is known that the weights go by; unweighted, per wave
    and place. Measure "missing_comparison" (needs a baseline): the primary outcome's
    change in the area by three treatments of gaps (group_by "missing"):
    "complete"  those of whom both are known, with the weights they were drawn with;
    "raked"     the estimate of the reports: raked weights, a skipped question counts as not known;
    "imputed"   raked weights, an undecided outcome filled in from donors (`hot_deck`), Rubin's rules; absent
                when there is nothing to fill in."""
    outcome = survey.study.primary
    if not survey.asked(*outcome.items):
        return table([])
    whole, known = answered(survey), background(survey)
    parts = [level_rows(survey.unweighted, "answered", whole.astype(float), "share", survey.waves)]
    if known is None:
        known = np.ones(len(whole), dtype=bool)
    else:
        parts.append(level_rows(survey.unweighted, "background", known.astype(float), "share", survey.waves))
    return concat([*parts, _comparison(survey, whole, whole & known)])


def answered(survey: Survey) -> np.ndarray:
    """(n) bool: every question of the primary outcome has an answer."""
    return (survey.answers[list(survey.study.primary.items)] != "").to_numpy(dtype=bool).all(axis=1)


def background(survey: Survey) -> np.ndarray | None:
    """(n) bool: every characteristic of the margins is known; None when none of them was asked."""
    names = [name for name in survey.study.design.margins if name != "region" and name in survey.answers]
    if not names:
        return None
    return (~survey.answers[names].isin(["", UNKNOWN])).to_numpy(dtype=bool).all(axis=1)


def undecided(survey: Survey, whole: np.ndarray) -> np.ndarray:
    """The primary outcome (n), NaN where the skipped questions decide it. Somebody with one answer wrong does
    not have all of them right, whatever he skipped."""
    outcome = survey.study.primary
    y = score(survey, outcome)
    if outcome.kind == "percent_correct":
        return np.where(whole, y, np.nan)
    wrong = np.zeros(len(y), dtype=bool)
    for item in outcome.items:
        wrong |= scores.correct(survey.answers, item, survey.study.items[item].key) == 0
    return np.where(whole | wrong, np.where(wrong, 0.0, y), np.nan)


def _comparison(survey: Survey, whole: np.ndarray, all_known: np.ndarray) -> pd.DataFrame:
    study = survey.study
    y, kind = score(survey, study.primary), KINDS[study.primary.kind]
    there = (survey.place == AREA) & ~np.isnan(y)
    waves = [study.baseline, survey.quarter]
    if study.baseline is None or not all((all_known & there & (survey.wave == wave)).any() for wave in waves):
        return table([])
    complete = np.where(all_known, y, np.nan)
    found = {"raked": (_change(survey, survey.design, y, kind), y)}
    left_out = [(there & ~all_known & (survey.wave == wave)).sum() for wave in waves]
    # What is left out could be computed from the two: it must be nobody, or enough to show.
    if all(count == 0 or count >= study.disclosure.minimum_base for count in left_out):
        found = {"complete": (_change(survey, survey.unraked, complete, kind), complete)} | found
    gaps = undecided(survey, whole)
    if not (np.isnan(gaps) & (survey.place == AREA)).any():
        return table(_row(survey, kind, name, row, value) for name, (row, value) in found.items())
    names = [name for name in CELLS if name in survey.answers]
    columns = [survey.wave, survey.region, *(survey.answers[name].to_numpy(dtype=object) for name in names)]
    cells = np.array(["\t".join(parts) for parts in zip(*columns, strict=True)], dtype=object)
    rng = np.random.default_rng(SEED)
    filled = [hot_deck(gaps, cells, rng) for _ in range(IMPUTATIONS)]
    each = [_change(survey, survey.design, one, kind) for one in filled]
    usual = [
        (one["change"], ((one["change_upper"] - one["change_lower"]) / 2 / intervals.t_value(one["df"])) ** 2)
        for one in each
    ]
    known = combine(*zip(*usual, strict=True), df_complete=each[0]["df"])
    pooled = each[0] | {
        "change": known["estimate"],
        "change_se": known["se"],
        "change_lower": known["lower"],
        "change_upper": known["upper"],
        "df": known["df"],
        "p": known["p"],
        "deff": np.nan,
        "method": "rubin_t",
        "note": facts(imputations=str(IMPUTATIONS), missing=f"{known['missing_information']:.3f}"),
    }
    found["imputed"] = (pooled, filled[0])
    return table(_row(survey, kind, name, row, value) for name, (row, value) in found.items())


def _change(survey: Survey, design, y: np.ndarray, kind: str) -> dict:
    span = survey.study.baseline, survey.quarter
    return change_by_region(design, y, survey.wave, survey.place, *span, [AREA], kind).iloc[0].to_dict()


def _row(survey: Survey, kind: str, treatment: str, row: dict, y: np.ndarray) -> dict:
    names = {"estimate": "change", "se": "change_se", "lower": "change_lower", "upper": "change_upper"}
    names |= {"n": "n_after", "n_before": "n_before", "df": "df", "p": "p", "deff": "deff"}
    counts = {"count": np.nan, "count_before": np.nan}
    if kind == "share":
        inside = survey.place == AREA
        for name, wave in (("count", survey.quarter), ("count_before", survey.study.baseline)):
            counts[name] = float(np.nansum(y[inside & (survey.wave == wave)]))
    fewest = min(row["clusters_before"], row["clusters_after"])
    return estimate(
        indicator=survey.study.primary.id,
        measure="missing_comparison",
        region=AREA,
        level="area",
        wave=survey.quarter,
        wave_before=survey.study.baseline,
        group_by="missing",
        group=treatment,
        unit=UNITS[kind],
        clusters=fewest if survey.study.design.cluster else np.nan,
        method=row["method"],
        note=row["note"],
        **{name: row[source] for name, source in names.items()},
        **counts,
    )
