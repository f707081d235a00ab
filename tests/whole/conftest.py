"""One release of the sample, made as a newcomer makes it: by the command line, in a folder of its own."""

import os

import pytest
from filelock import FileLock

from tests.whole.command import FEWER, MAKER, Made, copy_sample, run


@pytest.fixture(scope="session")
def sample_release(repository, tmp_path_factory) -> Made:
    """Made by whichever test process needs it first; no test may change anything in it."""
    base = tmp_path_factory.getbasetemp()
    root = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "release"
    printed = root / "printed.txt"
    with FileLock(f"{root}.lock"):
        if not printed.exists():
            study = copy_sample(repository, root / "sample")
            made = run(*FEWER, study, "--quarter", "2026Q3", "--out", root / "reports", **MAKER)
            assert made.returncode == 0, made.stderr
            printed.write_text(made.stdout, encoding="utf-8")
    return Made(root / "sample" / "study.toml", root / "reports", printed.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def two_quarters(repository, tmp_path_factory) -> Made:
    """Two successive releases in one folder; the second whole, with municipalities and Word documents."""
    root = tmp_path_factory.mktemp("two")
    study = copy_sample(repository, root / "sample")
    for quarter, command in (("2026Q2", FEWER), ("2026Q3", ("refresh", "--docx"))):
        made = run(*command, study, "--quarter", quarter, "--out", root / "reports")
        assert made.returncode == 0, made.stderr
    return Made(study, root / "reports", made.stdout)
