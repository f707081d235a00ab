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
