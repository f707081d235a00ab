"""Back to the version before, and to the quarter before; the ledger forgets nothing of it."""

import json
import os
import shutil

import pytest
from pipeline_fakes import dies_at

from evaluation.disclosure import ledger
from evaluation.disclosure.audit import Published, to_json
from evaluation.errors import PublishError
from evaluation.pipeline import earlier, manifest, publish
from evaluation.pipeline.rollback import roll_back

MADE = manifest.Made("study.toml", "0", {}, "0", {})


def release(out, version, quarter="2026Q3"):
    """Publish a version of a quarter whose ledger shows `version` in one cell."""
    made = manifest.Made("study.toml", str(version), {}, "0", {})
    cells = {("cell", "", "", "", "", ""): float(version)}
    files = {
        "a.html": f"version {version}".encode(),
        "cells.json": to_json([Published(quarter, cells, frozenset(), ())]),
    }
    document = manifest.manifest(made, quarter, quarter, (), files) | {"entries": [], "language": "en"}
    with publish.output_folder(out):
        everything = files | {"manifest.json": manifest.to_json(document)}
        publish.publish(out, quarter, everything, f"index with {quarter}".encode())


def shown(out, quarter="2026Q3"):
    assert manifest.verify(out / quarter) == []
    return (out / quarter / "a.html").read_text()


def counted(out):
    return sorted(value for one in ledger.releases(out) for value in one.cells.values())


def test_the_version_before_comes_back_and_both_stay_counted(tmp_path):
    release(tmp_path, 1)
    release(tmp_path, 2)
    assert counted(tmp_path) == [1.0, 2.0]
    assert roll_back(tmp_path) == ("2026Q3", True)
    assert shown(tmp_path) == "version 1"
    assert counted(tmp_path) == [1.0, 2.0]
    assert roll_back(tmp_path) == ("2026Q3", True)
    assert shown(tmp_path) == "version 2"
    assert counted(tmp_path) == [1.0, 2.0]
    assert {path.name for path in tmp_path.iterdir()} == {".earlier", ".lock", "2026Q3", "index.html"}


def test_a_quarter_without_an_earlier_version_is_withdrawn_and_stays_counted(tmp_path):
    release(tmp_path, 1, "2026Q2")
    release(tmp_path, 2)
    before = (tmp_path / "2026Q2" / "a.html").stat()
    assert roll_back(tmp_path) == ("2026Q3", False)
    assert not (tmp_path / "2026Q3").exists()
    assert "2026Q3" not in (tmp_path / "index.html").read_text()
    assert counted(tmp_path) == [1.0, 2.0]
    assert (tmp_path / "2026Q2" / "a.html").stat() == before
    release(tmp_path, 3)  # and it can be made again
    assert shown(tmp_path) == "version 3"
    assert counted(tmp_path) == [1.0, 2.0, 3.0]


@pytest.mark.parametrize("quarter", [None, "2026Q3"])
def test_with_nothing_before_it_is_refused_and_all_stays(tmp_path, quarter):
    release(tmp_path, 1)
    with pytest.raises(PublishError) as error:
        roll_back(tmp_path, quarter)
    assert error.value.key == "pipeline.nothing_before"
    assert shown(tmp_path) == "version 1"


def test_a_damaged_earlier_version_does_not_come_back(tmp_path):
    release(tmp_path, 1)
    release(tmp_path, 2)
    (earlier.newest_earlier(tmp_path, "2026Q3") / "a.html").write_text("changed")
    with pytest.raises(PublishError) as error:
        roll_back(tmp_path)
    assert error.value.key == "pipeline.not_whole"
    assert shown(tmp_path) == "version 2"


def test_of_many_versions_three_are_whole_and_all_are_counted(tmp_path):
    for version in range(1, 8):
        release(tmp_path, version)
    shelf = tmp_path / ".earlier" / "2026Q3"
    assert sorted(path.name for path in shelf.iterdir()) == ["1", "2", "3", "4", "5", "6"]
    assert [bool(manifest.read(shelf / name)) for name in "123456"] == [False] * 3 + [True] * 3
    assert counted(tmp_path) == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]


def test_a_quarter_that_is_not_there(tmp_path):
    release(tmp_path, 1)
    with pytest.raises(PublishError) as error:
        roll_back(tmp_path, "2030Q1")
    assert error.value.key == "pipeline.no_release"


def test_killed_while_going_back_leaves_one_whole_version(tmp_path):
    if not hasattr(os, "fork"):
        pytest.skip("kills a forked copy of this process")
    pristine = tmp_path / "pristine"
    release(pristine, 1)
    release(pristine, 2)
    seen = set()
    for step in range(1, 200):
        out = tmp_path / "out"
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(pristine, out)
        child = os.fork()
        if child == 0:
            dies_at(step)
            roll_back(out)
            os._exit(0)
        finished = os.waitpid(child, 0)[1] == 0
        assert shown(out) in ("version 1", "version 2")
        with publish.output_folder(out):
            pass
        seen.add(shown(out))
        assert counted(out) == [1.0, 2.0]
        if finished:
            break
    assert seen == {"version 1", "version 2"}
    assert json.loads((out / "2026Q3" / "manifest.json").read_bytes())["study"]["sha256"] == "1"
