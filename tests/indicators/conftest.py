"""Small campaigns made by hand: a study of two regions and a comparison area, and tables to go with it."""

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from evaluation.study import Study, load_study

STUDY = """
format = 1
questionnaire = "bond"

[study]
title = { nl = "Proef", en = "Trial" }
campaign = { nl = "de folder", en = "the leaflet" }
topic = { nl = "de band", en = "the bond" }
population = { nl = "ouders", en = "parents" }
synthetic = true
start = 2025-10-01

[area]
name = { nl = "Limburg", en = "Limburg" }
geography = "limburg"
regions = ["Parkstad", "Noord-Limburg"]
comparison = "Elders"
comparison_municipalities = { GM0743 = "Asten" }

[waves]
baseline = "2025Q3"
after = ["2025Q4", "2026Q1"]

[[outcomes]]
id = "aware"
kind = "all_correct"
items = ["K1", "K2"]
primary = true
label = { nl = "Zich bewust", en = "Aware" }
smallest_change = 5.0

[[outcomes]]
id = "index"
kind = "percent_correct"
items = ["K1", "K2", "K3"]
label = { nl = "Kennis", en = "Knowledge" }
smallest_change = 3.0

[groups]
columns = ["education"]
"""


@pytest.fixture(scope="session")
def plain_study(tmp_path_factory) -> Study:
    """Two regions, a comparison area, three waves; no clinics, no margins."""
    path = tmp_path_factory.mktemp("study") / "study.toml"
    path.write_text(STUDY, encoding="utf-8")
    return load_study(path)


@pytest.fixture
def varied(plain_study):
    """The study with parts of its area or design changed: varied(margins=("region",), comparison=None)."""

    def vary(**changes) -> Study:
        area = {name: changes.pop(name) for name in ("comparison", "geography", "regions") if name in changes}
        design = {name: changes.pop(name) for name in ("cluster", "margins", "weight_cap") if name in changes}
        return replace(
            plain_study,
            area=replace(plain_study.area, **area),
            design=plain_study.design.model_copy(update=design),
            **changes,
        )

    return vary


def responses(*blocks: tuple) -> pd.DataFrame:
    """Blocks of equal respondents: (times, {column: value}); unsaid columns get a harmless value."""
    usual = {"wave": "2025Q4", "region": "Parkstad", "municipality": "GM0882", "clinic": "", "weight": 1.0}
    usual |= {"education": "middle", "K1": "true", "K2": "false", "K3": "false", "R3": "no", "R3f": "no"}
    usual |= {"D1": "", "D2": "", "D3": "", "N1": ""}
    frame = pd.DataFrame([usual | cells for times, cells in blocks for _ in range(times)])
    return frame.assign(stratum=frame["region"])


def campaign(study: Study, **tables: pd.DataFrame) -> SimpleNamespace:
    """What `evaluation.privacy` hands over: a study and its tables, no receipts, nothing made coarser."""
    return SimpleNamespace(study=study, tables=tables, receipts=[], protection={})


@pytest.fixture
def make():
    """The two builders above, for tests."""
    return SimpleNamespace(responses=responses, campaign=campaign)


@pytest.fixture
def survey_rows(make):
    """200 respondents per region and wave: aware 80 at the baseline, 100 in 2025Q4 and 120 in 2026Q1."""
    knows = {"2025Q3": 80, "2025Q4": 100, "2026Q1": 120}
    blocks = []
    for wave, count in knows.items():
        for region in ("Parkstad", "Noord-Limburg", "Elders"):
            right = 80 if region == "Elders" else count
            where = {"wave": wave, "region": region}
            blocks += [(right, where), (200 - right, where | {"K1": "dont_know", "K3": "dont_know"})]
    return make.responses(*blocks)


def one(table: pd.DataFrame, **keys) -> pd.Series:
    """The only row with these keys."""
    for column, value in ({"group_by": ""} | keys).items():
        table = table[table[column] == value]
    assert len(table) == 1
    return table.iloc[0]


@pytest.fixture
def only():
    return one
