"""The suite on a real survey: 25 regions, a before and an after wave, no weights, no clinics, no leaflets.

The published percentages and 95 % intervals are RIVM's own; its analysis was lightly weighted, the rebuilt
responses are not, so the limits agree to about half a percentage point.
"""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from evaluation.disclosure import check
from evaluation.indicators import catalogue
from evaluation.privacy import open_campaign
from evaluation.study import load_study


@pytest.fixture(scope="module")
def study_path(shared, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("rivm")
    shutil.copy(Path(__file__).with_name("rivm.toml"), folder / "study.toml")
    shutil.copy(shared / "real" / "rivm_vaccination_intent_responses.csv", folder / "responses.csv")
    return folder / "study.toml"


@pytest.fixture(scope="module")
def campaign(study_path):
    return open_campaign(load_study(study_path))


@pytest.fixture(scope="module")
def checked(campaign):
    return check(catalogue.all_estimates(campaign, "2021Q1"), campaign.study.disclosure)


@pytest.fixture(scope="module")
def compared(checked, shared):
    """Published and estimated percentage and limits, one row per region and wave."""
    published = pd.read_csv(shared / "real" / "rivm_vaccination_intent_published.csv", dtype={"wave": str})
    published["quarter"] = published["wave"].map({"03": "2020Q4", "06": "2021Q1"})
    rows = checked[
        (checked["indicator"] == "willing") & (checked["measure"] == "level") & (checked["level"] == "region")
    ]
    both = published.merge(
        rows, left_on=["region_name", "quarter"], right_on=["region", "wave"], suffixes=("_published", "")
    )
    assert len(both) == 50
    return both


def test_every_respondent_is_accepted(campaign):
    (receipt,) = campaign.receipts
    assert receipt["read"] == receipt["accepted"] == 9861


def test_bases_are_the_published_ones(compared):
    assert (compared["n"] == compared["n_published"]).all()


def test_percentages_are_the_published_ones(compared):
    assert (100 * compared["estimate"] - compared["yes_pct"]).abs().max() <= 0.5


def test_interval_limits_are_close_to_the_published_ones(compared):
    differences = np.concatenate(
        [(100 * compared[limit] - compared[f"{limit}_pct"]).abs() for limit in ("lower", "upper")]
    )
    assert np.median(differences) <= 0.3
    assert differences.max() <= 1.6


def test_changes_are_the_differences_of_the_published_percentages(compared, checked):
    wide = compared.pivot_table(index="region", columns="quarter", values="yes_pct")
    changes = checked[
        (checked["indicator"] == "willing")
        & (checked["measure"] == "change")
        & (checked["level"] == "region")
    ].set_index("region")["estimate"]
    assert len(changes) == 25
    assert (100 * changes - (wide["2021Q1"] - wide["2020Q4"])).abs().max() <= 1.0


def test_what_has_no_data_says_so(campaign, checked):
    unavailable = catalogue.unavailable(campaign, "2021Q1")
    for indicator in ("supply", "shipped", "adoption", "cost_total", "cost_per_parent", "reach", "adverse"):
        assert indicator in unavailable
        assert not (checked["indicator"] == indicator).any()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_report_renders_and_says_what_is_missing(campaign, checked, language):
    from evaluation.report.content.province import province_report
    from evaluation.report.writers import html, pdf, workbook

    report = province_report(
        campaign.study,
        "2021Q1",
        language,
        checked,
        catalogue.unavailable(campaign, "2021Q1"),
        campaign.receipts,
    )
    page = html.write(report).decode()
    assert campaign.study.topic[language] in page
    assert {"nl": "vergelijkingsgebied", "en": "comparison area"}[language] in page
    assert pdf.write(report).startswith(b"%PDF")
    assert workbook.write(report).startswith(b"PK")
