"""The catalogue of indicators: each with its formula, inputs, and its place in the evaluation frameworks."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from tomllib import loads

from evaluation.reference.questionnaire import Text

REAIM = ("reach", "effectiveness", "adoption", "implementation", "maintenance")
KPIS = ("bereik", "herinnering", "waardering", "boodschapoverdracht", "kennis", "houding", "gedrag")
GCS = ("inputs", "outputs", "outtakes", "outcomes", "impact")
GOALS = ("rise", "keep", "at_least", "at_most")


@dataclass(frozen=True)
class IndicatorEntry:
    """One indicator of the catalogue.

    name, formula: "nl" and "en". needs: exports or questions. unit: percent, pp, points, scale_1_5, grade,
    count, euro, days, per_100_births. interval: none, bounds, wilson, newcombe, design, reach, regression.
    reaim, kpi, gcs: where it stands in the frameworks ("" nowhere). goal: one of GOALS, "" for none.
    indicator, measure, group_by, group: the row of the tidy table that is printed for it; "@primary" and
    "@index" stand for the study's outcomes. absent: why no study can carry it, "" otherwise.
    """

    id: str
    name: Text
    formula: Text
    needs: tuple[str, ...]
    unit: str
    interval: str
    reaim: str
    kpi: str
    gcs: str
    goal: str
    indicator: str = ""
    measure: str = ""
    group_by: str = ""
    group: str = ""
    absent: str = ""


@cache
def indicator_catalogue() -> tuple[IndicatorEntry, ...]:
    """All indicators, in the order of the reports."""
    text = files("evaluation.reference").joinpath("indicators.toml").read_text(encoding="utf-8")
    rows = loads(text)["indicators"]
    return tuple(IndicatorEntry(**row | {"needs": tuple(row["needs"])}) for row in rows)
