"""k-anonymity of the responses as the study declares it, and the report of what was done and the risk left.

Who is kept out: somebody who knows of a parent what the study's quasi-identifiers say, and that the parent
took part, but not in which quarter. Such a person finds at least k parents alike.

The waves of the first report are made coarser together and later ones beside them, each in its turn: a new
wave finds its parents' like among those before it, and changes nothing about them. So what was published of a
wave stays what it is: nobody can tell from two reports whose answers became coarser in between.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from evaluation.intake.values import as_text
from evaluation.privacy.ladder import Rung, class_sizes, climb
from evaluation.privacy.risk import report
from evaluation.reference import municipalities
from evaluation.study import Study

# What a value that is left out becomes: that of a parent who did not say.
_LEFT_OUT = {"municipality": ""}
# Areas from fine to coarse; only what is finer than the study's regions tells more than the region does.
_LEVELS = ("subregion", "corop", "ggd", "safety_region")


def key_of_responses(study: Study, frame: pd.DataFrame) -> tuple[list[str], list[str]]:
    """The columns that stay (region, and the wave where the study counts it) and the quasi-identifiers that
    may climb, as far as the responses have them."""
    declared = study.quasi_identifiers
    fixed = ["region", *(["wave"] if "wave" in declared else [])]
    return fixed, [name for name in declared if name in frame and name not in fixed]


def rungs(study: Study, columns: list[str]) -> list[Rung]:
    """The steps of the study's ladder for these columns."""
    found = []
    limburg = study.area.geography == "limburg"  # elsewhere there is nothing between municipality and region
    for step in study.disclosure.ladder:
        if step.column not in columns:
            continue
        if step.codes:
            found.append(Rung(step.column, "coarser", dict(step.codes)))
        elif step.level is None:
            found.append(Rung(step.column, "left_out", {}, _LEFT_OUT.get(step.column, "unknown")))
        elif _LEVELS.index(step.level) < _LEVELS.index(study.area.level) and limburg:
            table = municipalities()
            names = [f"{step.level}:{area}" for area in table[step.level]]
            found.append(Rung(step.column, step.level, dict(zip(table["code"], names, strict=True))))
    return found


def protect(
    study: Study, responses: pd.DataFrame, margins: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, dict]:
    """The responses with at least k parents in every class, and a report (counts, never a value of a row):

    key, k, wave_known (rows in classes under k for somebody who knows the quarter too), before and after
    (`risk.report`), steps (rows: column, step, rows), along (rows changed for the sake of others), left (rows
    left out because their region has fewer than k parents in all). An empty report where the study names no
    quasi-identifier that the responses have.
    """
    fixed, columns = key_of_responses(study, responses)
    if not columns or responses.empty:
        return responses, {}
    ladder, k, key = rungs(study, columns), study.disclosure.minimum_class, [*fixed, *columns]
    wave = as_text(responses["wave"])
    turns = np.unique(wave.where(wave > first_report(study), first_report(study)), return_inverse=True)[1]
    climbed = climb(responses, fixed, ladder, k, study.design.margins, turns)
    after = responses.assign(**{name: climbed.frame[name] for name in columns})[~climbed.left]
    sensitive = [name for name in _sensitive(study) if name in responses]
    region = as_text(responses["region"])
    weights = _weights(region, margins)
    done = {
        "key": key,
        "k": k,
        "before": report(responses, key, k, weights, sensitive),
        "after": report(after, key, k, weights[~climbed.left], sensitive),
        "wave_known": int((class_sizes(after, [*key, "wave"]) < k).sum()),
        "steps": [
            {"column": column, "step": step, "rows": rows} for (column, step), rows in climbed.steps.items()
        ],
        "along": climbed.along,
        "left": int(climbed.left.sum()),
    }
    return after.reset_index(drop=True), done


def first_report(study: Study) -> str:
    """The first wave of which a report can be made; "" where the study has none after the start."""
    return study.after[0] if study.after else ""


def coarser_codes(study: Study, column: str) -> dict[str, str]:
    """Code -> the coarsest that it may become before storing, for every code of a column that may.

    What is weighted by it is weighted by the coarser ones: nobody can tell, of which codes a coarse one is
    made up in a wave, without telling what was made coarser.
    """
    if study.disclosure.minimum_class < 2 or column not in study.quasi_identifiers:
        return {}
    found = {code: code for rung in rungs(study, [column]) for code in rung.coarser}
    for rung in rungs(study, [column]):
        found = {code: rung.coarser.get(to, to) for code, to in found.items()}
    return found


def _sensitive(study: Study) -> list[str]:
    """Answers that nobody should learn of a parent: how the leaflet made them feel, and what they know."""
    harm = [name for name, item in study.items.items() if item.block == "harm" and item.scale != "open"]
    return [*harm, *study.primary.items]


def _weights(region: pd.Series, margins: pd.DataFrame | None) -> np.ndarray:
    """(n) how many parents of the population each respondent stands for; 1 where the margins do not say."""
    sizes: Mapping[str, float] = {}
    if margins is not None:
        whole = margins[margins["margin"] == "region"]
        sizes = dict(zip(whole["region"], whole["population"], strict=True))
    asked = region.map(region.value_counts())
    return np.maximum(region.map(sizes).astype("float64").fillna(0) / asked, 1.0).to_numpy()
