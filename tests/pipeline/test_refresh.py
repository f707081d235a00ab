"""Whole refreshes with small notebooks: what is published, when nothing is, and when nothing has to be."""

import json
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pipeline_fakes
import pytest

from evaluation import fingerprint
from evaluation.errors import DataError, NotebookError, PublishError, StudyError, UserError
from evaluation.pipeline import manifest, publish, ready
from evaluation.pipeline.refresh import How, refresh

DOCUMENTS = ("province.nl", "province.en", "staff.nl", "region-noord.nl", "region-zuid-oost.nl")
NOTEBOOKS = (
    "01_data_check.nl",
    "02_distribution.nl",
    "03_awareness.nl",
    "04_attribution.nl",
    "05_planning.nl",
    "10_province_report.nl",
    "10_province_report.en",
    "11_region_factsheet.noord.nl",
    "11_region_factsheet.zuid-oost.nl",
    "13_staff_page.nl",
)
RECORDS = (
    "cells.json",
    "index.html",
    "receipt.html",
    "receipt.json",
    "quarantine.csv",
    "manifest.json",
    "provenance.json",
)
EXPECTED = {
    *(f"{name}.html" for name in DOCUMENTS),
    *(f"{name}.pdf" for name in DOCUMENTS),
    *(f"model/{name}.json" for name in DOCUMENTS),
    *(f"figures/{name}.fig.svg" for name in DOCUMENTS),
    *(f"notebooks/{name}.ipynb" for name in NOTEBOOKS),
    *("tables.nl.xlsx", "tables.en.xlsx", *RECORDS),
}
HEAVY = ("pandas", "numpy", "papermill", "matplotlib", "pydantic")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """One published release: (study file, notebooks folder, output folder, Release)."""
    folder = tmp_path_factory.mktemp("made")
    study = pipeline_fakes.study_folder(folder / "campaign")
    notebooks = pipeline_fakes.notebooks(folder / "notebooks")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ready, "prepare", pipeline_fakes.prepared)
        release = refresh(study, "2026Q3", folder / "reports", How(workers=2, notebooks=notebooks))
    return study, notebooks, folder / "reports", release


@pytest.fixture
def copy(made, tmp_path, monkeypatch):
    """A copy of `made` that a test may change, and whose refreshes take in the fake study."""
    folder = tmp_path / "copy"
    shutil.copytree(made[0].parent.parent, folder)
    monkeypatch.setattr(ready, "prepare", pipeline_fakes.prepared)
    return folder / "campaign" / "study.toml", folder / "notebooks", folder / "reports"


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def again(copy, quarter="2026Q3", **options):
    study, notebooks, out = copy
    return refresh(study, quarter, out, How(workers=2, notebooks=notebooks), **options)


def test_everything_of_the_layout_is_published_and_verifies(made):
    *_, out, release = made
    assert set(contents(release.folder)) == EXPECTED
    assert manifest.verify(release.folder) == []
    assert release.folder == out / "2026Q3"
    assert release.index.is_file()
    assert {path.name for path in out.iterdir()} - {".lock"} == {"2026Q3", "index.html"}
    assert b"2026Q3/province.nl.html" in (out / "index.html").read_bytes()
    assert b'href="region-zuid-oost.nl.pdf"' in (release.folder / "index.html").read_bytes()


def test_the_summary_counts_rows_and_hidden_cells(made):
    release = made[3]
    assert release.files == ({"file": "a.csv", "read": 10, "accepted": 7, "quarantined": 3},)
    assert release.suppressed == 5
    assert not release.unchanged


def test_the_manifest_names_what_went_in(made):
    study, _, _, release = made
    found = manifest.read(release.folder)
    assert found["inputs"] == [{"file": "a.csv", "sha256": fingerprint.of_file(study.parent / "a.csv")}]
    assert found["study"] == {"file": "study.toml", "sha256": fingerprint.of_file(study)}
    assert {"papermill", "numpy", "python"} <= set(found["packages"])
    assert [run["parameters"].get("region") for run in found["runs"]].count("Noord") == 1


def test_no_file_but_the_provenance_holds_a_time_or_a_path_of_this_machine(made):
    study, *_, release = made
    for name, content in contents(release.folder).items():
        assert str(study.parent).encode() not in content, name
        assert str(Path.home()).encode() + b"/" not in content, name
    assert json.loads((release.folder / "provenance.json").read_bytes())["seconds"] > 0


def test_the_same_input_gives_the_same_bytes_whatever_the_workers(made, tmp_path, monkeypatch):
    study, notebooks, out, release = made
    monkeypatch.setattr(ready, "prepare", pipeline_fakes.prepared)
    other = refresh(study, None, tmp_path / "other" / "reports", How(workers=1, notebooks=notebooks))
    first, second = contents(release.folder), contents(other.folder)
    assert {name for name in first if first[name] != second[name]} == {"provenance.json"}
    assert (out / "index.html").read_bytes() == other.index.read_bytes()


class TheNextDay(datetime):
    """A clock that is a day ahead."""

    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) + timedelta(days=1)


def test_another_day_gives_the_same_bytes(made, tmp_path, monkeypatch):
    study, notebooks, out, release = made
    monkeypatch.setattr(ready, "prepare", pipeline_fakes.prepared)
    monkeypatch.setattr("evaluation.pipeline.refresh.datetime", TheNextDay)
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    # What was kept a day before is not used: everything is made anew.
    shutil.copytree(study.parent, tmp_path / "campaign", ignore=shutil.ignore_patterns("work"))
    how = How(workers=3, notebooks=notebooks)
    other = refresh(tmp_path / "campaign" / "study.toml", None, tmp_path / "reports", how)
    assert (other.ran, other.kept) == (10, 0)
    first, second = contents(release.folder), contents(other.folder)
    assert {name for name in first if first[name] != second[name]} == {"provenance.json"}
    days = [json.loads(each["provenance.json"])["started"][:10] for each in (first, second)]
    assert days[0] < days[1]
    assert (out / "index.html").read_bytes() == other.index.read_bytes()


@pytest.mark.parametrize("quarter", ["2026Q3", None])
def test_unchanged_input_is_not_computed_again(copy, monkeypatch, quarter):
    monkeypatch.setattr(ready, "prepare", None)
    release = again(copy, quarter)
    assert release.unchanged
    assert release.quarter == "2026Q3"
    assert release.suppressed == 5


def test_an_unchanged_release_is_recognised_without_the_heavy_packages(copy):
    code = (
        "import sys; from pathlib import Path; from evaluation.pipeline.refresh import How, refresh\n"
        "study, notebooks, out = map(Path, sys.argv[1:])\n"
        "assert refresh(study, None, out, How(notebooks=notebooks)).unchanged\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    command = [sys.executable, "-c", code, *map(str, copy)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    "changed",
    [
        "campaign/a.csv",
        "campaign/b.csv",
        "campaign/study.toml",
        "notebooks/01_data_check.ipynb",
        "reports/2026Q3/tables.nl.xlsx",
        "reports/index.html",
    ],
)
def test_whatever_changed_is_computed_again(copy, changed):
    file = copy[0].parents[1] / changed
    if "reports" in changed:
        file.unlink()
    elif file.suffix == ".ipynb":
        pipeline_fakes.write_notebook(file, "print(quarter, 2)")
    else:
        with file.open("a") as grown:
            grown.write("\n")
    called = []

    def prepare(study, quarter, out, keep, municipalities):
        called.append(quarter)
        raise StudyError("evaluation.study_missing", file="x")

    monkey = pytest.MonkeyPatch()
    monkey.setattr(ready, "prepare", prepare)
    monkey.setattr(
        "evaluation.pipeline.pool.run_all", lambda tasks, workers, **_: [tasks[0][1](*tasks[0][2])]
    )
    with pytest.raises(StudyError):
        again(copy)
    monkey.undo()
    assert called == ["2026Q3"]


def test_a_failing_notebook_is_kept_for_staff_and_nothing_is_published(copy):
    _study, notebooks, out = copy
    before = contents(out)
    failing = f'raise ValueError("{pipeline_fakes.SECRET}"[::-1])'
    pipeline_fakes.write_notebook(notebooks / "02_distribution.ipynb", failing)
    with pytest.raises(NotebookError) as error:
        again(copy)
    assert "Notebook 02_distribution.ipynb stopte in cel 3" in error.value.text("nl")
    assert "(1 of 10 notebooks failed); the copies are in reports/failed-2026Q3" in error.value.text("en")
    after = contents(out)
    [kept] = set(after) - set(before)
    assert kept == "failed-2026Q3/02_distribution.nl.ipynb"
    assert pipeline_fakes.SECRET[::-1].encode() not in after[kept]
    assert before == {name: after[name] for name in before}


def test_a_mended_notebook_publishes_and_clears_the_failed_copies(copy):
    _study, notebooks, out = copy
    publish.keep_failed(out, "2026Q3", {"x.ipynb": b""})
    pipeline_fakes.write_notebook(notebooks / "01_data_check.ipynb", "print(quarter, 2)")
    assert not again(copy).unchanged
    assert not (out / "failed-2026Q3").exists()
    assert b"2026Q3 2" in (out / "2026Q3/notebooks/01_data_check.nl.ipynb").read_bytes()


def test_an_error_of_intake_arrives_as_it_was_raised(copy):
    with pytest.raises(DataError) as error:
        again(copy, "2025Q1")
    assert error.value.facts["quarter"] == "2025Q1"


def test_an_input_that_vanishes_in_mid_run_publishes_nothing(copy, monkeypatch):
    study, _notebooks, out = copy
    (study.parent / "a.csv").write_text("x\n2\n")
    before = contents(out)
    monkeypatch.setattr(ready, "prepare", pipeline_fakes.gone)
    with pytest.raises(PublishError) as error:
        again(copy)
    assert error.value.key == "pipeline.input_changed"
    assert contents(out) == before


def test_a_study_file_that_is_not_there_makes_no_output(tmp_path):
    with pytest.raises(UserError):
        refresh(tmp_path / "none.toml", None, tmp_path / "reports", How(notebooks=tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_earlier_quarters_stay_in_the_index(copy):
    _study, _notebooks, out = copy
    release = again(copy, "2026Q4")
    index = release.index.read_bytes()
    assert b"2026Q4/province.en.pdf" in index
    assert b"2026Q3/province.nl.html" in index
    assert manifest.verify(out / "2026Q3") == []
