"""A copy of the sample campaign that a test may spoil, and its accepted rows."""

import shutil

import pytest

from evaluation.intake import take_in
from evaluation.study import load_study


@pytest.fixture
def campaign_folder(repository, tmp_path):
    """The sample's files in a folder of their own, without a store."""
    folder = tmp_path / "campaign"
    shutil.copytree(
        repository / "data" / "sample", folder, ignore=shutil.ignore_patterns("work", "truth.json")
    )
    return folder


@pytest.fixture(scope="session")
def sample_study(repository):
    return load_study(repository / "data" / "sample" / "study.toml")


@pytest.fixture(scope="session")
def sample_intake(sample_study):
    return take_in(sample_study)
