"""The catalogue of indicators: all 36, each in its place in the frameworks, and its page in step."""

import csv

import pytest

from evaluation.indicators.page import page
from evaluation.reference import indicator_catalogue, questionnaire
from evaluation.reference.indicators import GCS, GOALS, KPIS, REAIM

EXPORTS = {"orders", "responses", "organisations", "handouts", "costs", "margins"}
INTERVALS = {"none", "bounds", "wilson", "newcombe", "design", "reach", "regression"}


def test_every_indicator_of_the_proposal_is_there(shared):
    with (shared / "reference" / "indicators.csv").open(newline="", encoding="utf-8") as file:
        proposed = [row["id"] for row in csv.DictReader(file)]
    assert [one.id for one in indicator_catalogue()] == proposed


@pytest.mark.parametrize("one", indicator_catalogue(), ids=lambda one: one.id)
def test_an_indicator_is_whole(one):
    for text in (one.name, one.formula):
        assert set(text) == {"nl", "en"}
        assert all(text.values())
    assert one.reaim in ("", *REAIM)
    assert one.kpi in ("", *KPIS)
    assert one.gcs in ("", *GCS)
    assert one.goal in ("", *GOALS)
    assert one.interval in INTERVALS
    items = {name.partition("_")[0] for name in questionnaire()}
    known = EXPORTS | items | {"web statistics", "survey of organisations"}
    assert one.needs
    assert set(one.needs) <= known
    assert bool(one.absent) != bool(one.indicator and one.measure)


def test_every_framework_is_filled():
    entries = indicator_catalogue()
    assert {one.reaim for one in entries} - {""} == set(REAIM)
    assert {one.kpi for one in entries} - {""} == set(KPIS)
    assert {one.gcs for one in entries} - {""} == set(GCS)
    assert {"rise", "keep"} <= {one.goal for one in entries}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_is_in_step(repository, language):
    assert (repository / "docs" / f"indicators.{language}.md").read_text(encoding="utf-8") == page(language)
