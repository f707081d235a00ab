"""One release of the sample, made as a newcomer makes it: by the command line, in a folder of its own."""

import pytest

from tests.whole.command import FEWER, MAKER, Made, copy_sample, run


@pytest.fixture(scope="session")
def sample_release(repository, tmp_path_factory) -> Made:
    root = tmp_path_factory.mktemp("release")
    study = copy_sample(repository, root / "sample")
    made = run(*FEWER, study, "--quarter", "2026Q3", "--out", root / "reports", **MAKER)
    assert made.returncode == 0, made.stderr
    return Made(study, root / "reports", made.stdout)


@pytest.fixture(scope="session")
def two_quarters(repository, tmp_path_factory) -> Made:
    """Two successive releases in one folder; the second whole, with municipalities and Word documents."""
    root = tmp_path_factory.mktemp("two")
    study = copy_sample(repository, root / "sample")
    for quarter, command in (("2026Q2", FEWER), ("2026Q3", ("refresh", "--docx"))):
        made = run(*command, study, "--quarter", quarter, "--out", root / "reports")
        assert made.returncode == 0, made.stderr
    return Made(study, root / "reports", made.stdout)
