"""The same plan on a Dask cluster gives the same bytes; what is wrong with a cluster is a sentence."""

import os

import pipeline_fakes
import pytest

from evaluation.errors import NotebookError, PublishError
from evaluation.pipeline import cluster, manifest, ready
from evaluation.pipeline.limits import Limits
from evaluation.pipeline.refresh import How, refresh

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def address():
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, dashboard_address=None, host="127.0.0.1"
    ) as local:
        yield local.scheduler_address


def contents(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_a_cluster_publishes_the_same_bytes(tmp_path, monkeypatch, address):
    monkeypatch.setattr(ready, "prepare", pipeline_fakes.prepared)
    notebooks = pipeline_fakes.notebooks(tmp_path / "notebooks")
    made = []
    for name, how in (
        ("here", How(workers=2, notebooks=notebooks)),
        ("there", How(scheduler=address, notebooks=notebooks)),
    ):
        study = pipeline_fakes.study_folder(tmp_path / name)
        release = refresh(study, "2026Q3", tmp_path / name / "reports", how)
        assert (release.ran, release.kept) == (10, 0)
        made.append(contents(release.folder))
    assert {name for name in made[0] if made[0][name] != made[1][name]} == {manifest.PROVENANCE}


def test_a_task_that_kills_its_process_is_a_sentence_and_the_others_go_on(address):
    tasks = [("a", os._exit, (9,)), ("b", pow, (2, 5))]
    found = dict(cluster.finished(tasks, lambda number: None, address=address, limits=Limits()))
    assert isinstance(found[0], NotebookError)
    assert found[0].key == "pipeline.worker_gone"
    assert found[1] == 32


def test_a_scheduler_that_is_not_there_is_a_sentence(monkeypatch):
    monkeypatch.setattr(cluster, "_WAIT", 1.0)
    with pytest.raises(PublishError) as error:
        list(cluster.finished([], lambda number: None, address="tcp://127.0.0.1:9", limits=Limits()))
    assert error.value.key == "pipeline.no_scheduler"
    assert "tcp://127.0.0.1:9" in error.value.text("nl")
