"""Whenever a refresh is killed, what the index points to is one whole release."""

import json
import os
import random
import shutil
import signal
import time

import pytest
from pipeline_fakes import dies_at

from evaluation.errors import PublishError
from evaluation.pipeline import manifest, publish
from evaluation.pipeline.manifest import Made

QUARTER = "2026Q3"


def release(version: int, quarter: str = QUARTER) -> tuple[dict[str, bytes], bytes]:
    """Files of a fake release and an index that names its key."""
    files = {f"folder/{n}.html": f"{version}".encode() * 5000 for n in range(4)}
    made = Made("study.toml", str(version), {}, "code", {})
    files["manifest.json"] = manifest.to_json(manifest.manifest(made, quarter, quarter, (), files))
    return files, f"index of {made.key(quarter)}".encode()


def publish_once(out, version, quarter=QUARTER):
    with publish.output_folder(out):
        publish.publish(out, quarter, *release(version, quarter))


def in_a_process_that_dies(function) -> None:
    """Run `function` in a forked copy of this process, whatever becomes of it."""
    child = os.fork()
    if child == 0:
        try:
            function()
        finally:
            os._exit(0)
    os.waitpid(child, 0)


def assert_whole(out, versions):
    """The release is one of `versions`, whole."""
    assert manifest.verify(out / QUARTER) == []
    assert manifest.read(out / QUARTER)["study"]["sha256"] in {str(version) for version in versions}


def assert_settled(out, versions):
    """After recovery: release and index agree, nothing is left over."""
    assert_whole(out, versions)
    assert (out / "index.html").read_text() == f"index of {manifest.read(out / QUARTER)['key']}"
    assert {path.name for path in out.iterdir()} - {".lock", ".earlier"} == {QUARTER, "index.html"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked copy of this process")
@pytest.mark.parametrize("can_exchange", [True, False])
def test_killed_at_every_step_of_replacing_a_release(tmp_path, monkeypatch, can_exchange):
    if not can_exchange:
        monkeypatch.setattr(publish, "_exchange", lambda one, other: False)
    pristine = tmp_path / "pristine"
    publish_once(pristine, 1)
    outcomes = set()
    for step in range(1, 200):
        out = tmp_path / "out"
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(pristine, out)
        finished = tmp_path / "finished"

        def attempt(step=step, out=out, finished=finished):
            dies_at(step)
            publish_once(out, 2)
            finished.touch()

        in_a_process_that_dies(attempt)
        if can_exchange:
            assert_whole(out, (1, 2))
        with publish.output_folder(out):
            pass
        assert_settled(out, (1, 2))
        outcomes.add(manifest.read(out / QUARTER)["study"]["sha256"])
        if finished.exists():
            break
    assert outcomes == {"1", "2"}
    assert step > 20


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked copy of this process")
def test_killed_at_random_moments_again_and_again(tmp_path):
    out = tmp_path / "out"
    publish_once(out, 0)
    chance = random.Random(7)
    alive = time.monotonic()
    for version in range(1, 5):
        publish_once(out, version)
    usual = (time.monotonic() - alive) / 4
    for version in range(5, 105):
        child = os.fork()
        if child == 0:
            publish_once(out, version)
            os._exit(0)
        time.sleep(chance.uniform(0, 1.3 * usual))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert_whole(out, range(version + 1))
    with publish.output_folder(out):
        pass
    assert_settled(out, range(105))


def test_a_first_release_killed_before_its_switch_leaves_no_release(tmp_path):
    def attempt():
        dies_at(5)
        publish_once(tmp_path, 1)

    in_a_process_that_dies(attempt)
    with publish.output_folder(tmp_path):
        pass
    assert {path.name for path in tmp_path.iterdir()} <= {".lock"}


def test_other_quarters_are_not_touched(tmp_path):
    publish_once(tmp_path, 1, "2026Q2")

    def seen():
        files = (tmp_path / "2026Q2").rglob("*")
        return {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in files}

    before = seen()
    publish_once(tmp_path, 2)
    publish_once(tmp_path, 3)
    assert seen() == before


def test_a_second_refresh_at_once_is_refused_with_a_sentence(tmp_path):
    with publish.output_folder(tmp_path):
        reader, writer = os.pipe()

        def attempt():
            try:
                with publish.output_folder(tmp_path):
                    pass
            except PublishError as error:
                os.write(writer, error.key.encode())

        in_a_process_that_dies(attempt)
        os.close(writer)
        assert os.read(reader, 99) == b"pipeline.busy"
        os.close(reader)


def test_a_full_disk_leaves_the_earlier_release_and_says_so(tmp_path, monkeypatch):
    publish_once(tmp_path, 1)

    def full(path, content, real=publish._write):
        if path.name == "3.html":
            raise OSError(28, "No space left on device")
        real(path, content)

    monkeypatch.setattr(publish, "_write", full)
    with pytest.raises(PublishError) as error:
        publish_once(tmp_path, 2)
    assert error.value.key == "pipeline.disk_full"
    assert_settled(tmp_path, (1,))


def test_a_file_held_open_on_the_way_leaves_the_earlier_release(tmp_path, monkeypatch):
    publish_once(tmp_path, 1)
    monkeypatch.setattr(publish, "_exchange", lambda one, other: False)
    real = os.rename

    def rename(source, target):
        if str(target).endswith(QUARTER) and ".staging-" in str(source):
            raise PermissionError(13, "in use")
        real(source, target)

    monkeypatch.setattr(os, "rename", rename)
    with pytest.raises(PublishError):
        publish_once(tmp_path, 2)
    assert_settled(tmp_path, (1,))


def test_an_output_folder_that_is_a_file_is_a_sentence(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(PublishError) as error, publish.output_folder(tmp_path / "out"):
        pass
    assert error.value.key == "pipeline.cannot_write"
    assert "EEXIST" in error.value.text("en")


@pytest.mark.parametrize("damage", ["missing", "changed", "unknown"])
def test_verify_names_what_is_wrong(tmp_path, damage):
    publish_once(tmp_path, 1)
    file = tmp_path / QUARTER / "folder" / "2.html"
    if damage == "missing":
        file.unlink()
    elif damage == "changed":
        file.write_bytes(file.read_bytes()[:-1] + b"x")
    else:
        file = file.with_name("new.html")
        file.touch()
    assert manifest.verify(tmp_path / QUARTER) == [(f"folder/{file.name}", damage)]


def test_a_folder_without_a_readable_manifest_is_not_whole(tmp_path):
    (tmp_path / "manifest.json").write_text(json.dumps({"format": "other"}))
    assert manifest.verify(tmp_path) == [("manifest.json", "missing")]
