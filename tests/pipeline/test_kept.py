"""What is kept is believed only when it is whole; what changed is done again, and nothing else."""

import os
import random
import time

import pipeline_fakes
import pytest

from evaluation.errors import NotebookError
from evaluation.pipeline import kept, keys, manifest, ready
from evaluation.pipeline.refresh import How, refresh

FILES = {"a.txt": b"a" * 1000, "folder/b": bytes(range(256))}


def test_what_is_put_comes_back(tmp_path):
    kept.put(tmp_path / "kept", "k", FILES)
    assert kept.get(tmp_path / "kept", "k") == FILES
    assert kept.get(tmp_path / "kept", "other") is None
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["k"]


def test_no_damage_is_believed(tmp_path):
    kept.put(tmp_path, "k", FILES)
    whole = (tmp_path / "k").read_bytes()
    chance = random.Random(3)
    for _ in range(300):
        damaged = bytearray(whole)
        damaged[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        (tmp_path / "k").write_bytes(damaged)
        assert kept.get(tmp_path, "k") is None
    for length in (0, 10, 64, 65, len(whole) - 1):
        (tmp_path / "k").write_bytes(whole[:length])
        assert kept.get(tmp_path, "k") is None
    (tmp_path / "another").write_bytes(whole)
    assert kept.get(tmp_path, "another") is None


def test_what_was_not_used_for_months_is_swept(tmp_path):
    for key in ("old", "used", "new"):
        kept.put(tmp_path, key, FILES)
    (tmp_path / ".interrupted").touch()
    for key in ("old", "used"):
        os.utime(tmp_path / key, (time.time() - 200 * 86_400,) * 2)
    kept.used(tmp_path, {"used"})
    assert {path.name for path in tmp_path.iterdir()} == {"used", "new"}
    assert (tmp_path / "used").stat().st_mtime > time.time() - 60


def test_a_key_changes_with_each_thing_that_decides_a_run(monkeypatch):
    first = keys.of_run(b"notebook", {"a": 1}, "given")
    others = [
        keys.of_run(b"notebook 2", {"a": 1}, "given"),
        keys.of_run(b"notebook", {"a": 2}, "given"),
        keys.of_run(b"notebook", {"a": 1}, "given 2"),
    ]
    monkeypatch.setattr(keys, "_code_of_runs", lambda: "other code")
    others.append(keys.of_run(b"notebook", {"a": 1}, "given"))
    monkeypatch.setattr(keys, "packages", lambda leaving_out: {"pandas": "0"})
    others.append(keys.of_run(b"notebook", {"a": 1}, "given"))
    assert len({first.key, *(other.key for other in others)}) == 6


def test_the_packages_of_a_run_are_those_a_notebook_uses():
    of_runs = manifest.packages(keys._PACKAGES_NOT_OF_RUNS)
    assert {"numpy", "pandas", "scipy", "statsmodels", "matplotlib", "papermill", "python"} <= set(of_runs)
    assert not {"typst", "pikepdf", "gptables"} & set(of_runs)


@pytest.fixture
def campaign(tmp_path, monkeypatch):
    """(study file, how, out) of a campaign that was refreshed once."""
    monkeypatch.setattr(ready, "prepare", pipeline_fakes.prepared)
    study = pipeline_fakes.study_folder(tmp_path / "campaign")
    how = How(workers=2, notebooks=pipeline_fakes.notebooks(tmp_path / "notebooks"))
    refresh(study, "2026Q3", tmp_path / "out", how)
    return study, how, tmp_path / "out"


def again(campaign):
    """Refresh once more; gives the names of the notebooks that ran."""
    study, how, out = campaign
    with (study.parent / "a.csv").open("a") as grown:
        grown.write("\n")  # so that the release itself is not the same
    ran = []

    def progress(stage, name, state, finished, total):
        if stage == "notebooks" and state == "started":
            ran.append(name)

    release = refresh(study, "2026Q3", out, how, progress)
    assert release.ran == len(ran)
    assert release.ran + release.kept == 10
    return sorted(ran)


def test_only_what_may_read_what_changed_runs_again(campaign):
    needs = campaign[0]
    assert again(campaign) == []
    needs.write_text(needs.read_text().replace("region-Noord=1", "region-Noord=2"))
    assert again(campaign) == ["11_region_factsheet.noord.nl.ipynb"]
    needs.write_text(needs.read_text().replace("survey=1", "survey=2").replace("dose=1", "dose=2"))
    assert again(campaign) == ["03_awareness.nl.ipynb", "04_attribution.nl.ipynb", "05_planning.nl.ipynb"]


def test_a_changed_notebook_runs_again_and_no_other(campaign):
    pipeline_fakes.write_notebook(campaign[1].notebooks / "02_distribution.ipynb", "print(quarter, 2)")
    assert again(campaign) == ["02_distribution.nl.ipynb"]


def test_a_damaged_result_is_made_again(campaign):
    keep = kept.folder_of(campaign[0])
    runs = [path for path in keep.iterdir() if path.name.startswith("run-")]
    assert len(runs) == 10
    for path in runs[:2]:
        path.write_bytes(path.read_bytes()[:-5])
    assert len(again(campaign)) == 2


def test_a_refresh_that_failed_takes_up_where_it_stopped(campaign):
    notebooks = campaign[1].notebooks
    for path in notebooks.glob("0*.ipynb"):
        pipeline_fakes.write_notebook(path, f"print(quarter, {path.name!r}, 3)")
    pipeline_fakes.write_notebook(notebooks / "02_distribution.ipynb", "1 / 0")
    with pytest.raises(NotebookError):
        again(campaign)
    pipeline_fakes.write_notebook(notebooks / "02_distribution.ipynb", "print(quarter, 4)")
    assert again(campaign) == ["02_distribution.nl.ipynb"]
