"""One release of the sample, made as a newcomer makes it: by the command line, in a folder of its own."""

import os
from pathlib import Path

import pytest
from filelock import FileLock

from tests.whole.command import FEWER, MAKER, PLACES, Made, copy_sample, run


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


@pytest.fixture(scope="session")
def sheets(sample_release, tmp_path_factory) -> Path:
    """A folder with the sample's fact sheets of some municipalities, which `sample_release` leaves out, of a
    region, and the page for staff, each in both languages: HTML and PDF, as a release writes them."""
    from evaluation.notebook import findings, open_campaign
    from evaluation.pipeline import work
    from evaluation.report.content.factsheet import region_factsheet
    from evaluation.report.content.municipality import municipality_factsheet
    from evaluation.report.content.staff import staff_page
    from evaluation.report.model import to_json

    folder = tmp_path_factory.mktemp("sheets")
    found = findings(open_campaign(str(sample_release.study)), "2026Q3")
    known = found.checked, found.unavailable, found.receipts
    for language in ("nl", "en"):
        models = {
            f"municipality-{name}": municipality_factsheet(found.study, "2026Q3", code, language, *known)
            for name, code in PLACES.items()
        }
        models["region-parkstad"] = region_factsheet(found.study, "2026Q3", "Parkstad", language, *known)
        models["staff"] = staff_page(found.study, "2026Q3", language, *known)
        for name, report in models.items():
            made = work.render(to_json(report), f"{name}.{language}", None, found.study.style).files
            for path, content in made.items():
                if path.endswith((".html", ".pdf")):
                    (folder / path).write_bytes(content)
    return folder
