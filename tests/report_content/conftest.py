"""The studies and the checked table that the tests of this room share."""

from dataclasses import replace

import pytest

from evaluation.study import load_study
from tests.report_content.report_table import everything


@pytest.fixture(scope="session")
def study(repository):
    return load_study(repository / "data" / "sample" / "study.toml")


@pytest.fixture(scope="session")
def checked():
    return everything()


@pytest.fixture(scope="session")
def receipts() -> list[dict]:
    return [
        {
            "file": "orders.csv",
            "kind": "orders",
            "format": "woocommerce",
            "sha256": "a" * 64,
            "read": 1200,
            "accepted": 1188,
            "quarantined": {"cancelled": 8, "duplicate_row": 4},
        },
    ]


@pytest.fixture(scope="session")
def without_comparison(study):
    return replace(study, area=replace(study.area, comparison=None, comparison_municipalities={}))


@pytest.fixture(scope="session")
def without_baseline(study):
    return replace(study, baseline=None)
