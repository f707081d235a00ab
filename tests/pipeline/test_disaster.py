"""What may befall a refresh: killed at any moment, started twice, a full or read-only disk. What the index
points to is always one whole release, no row is lost, and the next refresh finishes."""

import contextlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pipeline_fakes
import pytest

from evaluation.pipeline import manifest

HERE = Path(__file__).parent
RECEIPT = {"read": 10, "accepted": 7, "quarantined": {"duplicate_row": 2, "bad_date": 1}}

pytestmark = pytest.mark.skipif(os.name == "nt", reason="kills, mounts and signals as Unix does")


class Campaign:
    """A campaign in a folder, refreshed by a program of its own."""

    def __init__(self, folder: Path, out: Path | None = None):
        self.study = pipeline_fakes.study_folder(folder / "campaign")
        self.notebooks = pipeline_fakes.notebooks(folder / "notebooks")
        self.out = out or folder / "reports"

    def change(self) -> None:
        with (self.study.parent / "a.csv").open("a") as grown:
            grown.write("\n")

    def start(self) -> subprocess.Popen:
        options = ("--quarter", "2026Q3", "--out", self.out, "--workers", "2", "--lang", "en")
        return subprocess.Popen(
            [sys.executable, HERE / "run_fake.py", "refresh", self.study, *options],
            env=os.environ | {"FAKE_NOTEBOOKS": str(self.notebooks), "PYTHONPATH": str(HERE)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self) -> subprocess.CompletedProcess:
        child = self.start()
        out, told = child.communicate(timeout=300)
        return subprocess.CompletedProcess((), child.returncode, out, told)

    def assert_whole(self) -> None:
        """What the index points to is there, whole, and accounts for every row."""
        index = self.out / "index.html"
        if not index.exists():
            return
        quarters = set(re.findall(r'href="(\d{4}Q[1-4])/', index.read_text(encoding="utf-8")))
        assert quarters == {"2026Q3"}
        assert manifest.verify(self.out / "2026Q3") == []
        [receipt] = json.loads((self.out / "2026Q3" / "receipt.json").read_bytes())["files"]
        assert {name: receipt[name] for name in RECEIPT} == RECEIPT
        assert (
            self.out / "2026Q3" / "quarantine.csv"
        ).read_bytes() == b"file;row;column;rule\na.csv;3;;double\n"


def kill_again_and_again(campaign: Campaign, times: int, seed: int) -> None:
    chance = random.Random(seed)
    started = time.monotonic()
    assert campaign.run().returncode == 0
    usual = time.monotonic() - started
    finished = 0
    for number in range(times):
        campaign.change()
        if number % 3 == 0:  # so that kills fall among notebooks that run, too
            shutil.rmtree(
                campaign.study.parent / "work", ignore_errors=True
            )  # not made yet by one killed early
        child = campaign.start()
        time.sleep(chance.uniform(0, 1.1 * usual))
        finished += child.poll() is not None
        # The process alone, as when memory runs out, or all of them, as when the machine stops.
        with contextlib.suppress(ProcessLookupError):  # it had finished
            (os.kill if chance.random() < 0.5 else os.killpg)(child.pid, signal.SIGKILL)
        child.communicate()
        campaign.assert_whole()
    assert finished < times
    campaign.change()
    done = campaign.run()
    assert done.returncode == 0, done.stderr
    campaign.assert_whole()
    left = {path.name for path in campaign.out.iterdir()}
    assert left <= {".lock", ".earlier", "2026Q3", "index.html"}


def test_killed_at_random_moments(tmp_path):
    kill_again_and_again(Campaign(tmp_path), 4, seed=11)


@pytest.mark.slow
def test_killed_at_five_hundred_random_moments(tmp_path):
    kill_again_and_again(Campaign(tmp_path), 500, seed=12)


@pytest.mark.slow
def test_interrupted_at_sixty_random_moments(tmp_path):
    """Ctrl-C, which reaches every process of the terminal at once: a sentence, exit code 130, and a whole
    release."""
    campaign, chance = Campaign(tmp_path), random.Random(13)
    started = time.monotonic()
    assert campaign.run().returncode == 0
    usual, stopped = time.monotonic() - started, 0
    for number in range(60):
        campaign.change()
        if number % 3 == 0:
            shutil.rmtree(campaign.study.parent / "work", ignore_errors=True)
        child = campaign.start()
        begun = child.stderr.readline()  # from here on it is this program that answers
        time.sleep(chance.uniform(0, usual))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGINT)
        _, told = child.communicate(timeout=120)
        assert child.returncode in (0, 130), begun + told
        assert "Traceback" not in told
        if child.returncode:
            assert told.splitlines()[-1] == "Stopped; nothing was changed."
            stopped += 1
        campaign.assert_whole()
    assert stopped > 10
    assert campaign.run().returncode == 0
    assert {path.name for path in campaign.out.iterdir()} <= {".lock", ".earlier", "2026Q3", "index.html"}


def test_of_two_refreshes_at_once_one_is_refused_with_a_sentence(tmp_path):
    campaign = Campaign(tmp_path)
    children = [campaign.start() for _ in range(2)]
    ends = [(child.communicate(timeout=300), child.returncode) for child in children]
    codes = sorted(code for _, code in ends)
    assert codes in ([0, 8], [0, 0])  # both when one began after the other had ended
    for (_, told), code in ends:
        if code:
            assert (
                told
                == "A report is being made in reports already; wait until it has finished and try again.\n"
            )
    campaign.assert_whole()


@pytest.fixture
def small_disk(tmp_path):
    """Mounts a file system of some kilobytes; gives a function mount(kilobytes) -> folder."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def mount(kilobytes: int) -> Path:
        command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", folder]
        if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode:
            pytest.skip("this user may not mount a file system")
        return folder

    yield mount
    subprocess.run(["umount", folder], capture_output=True)


def seen(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_a_full_disk_is_a_sentence_and_leaves_the_report_that_was_there(tmp_path, small_disk):
    campaign = Campaign(tmp_path)
    assert campaign.run().returncode == 0
    size = sum(path.stat().st_size + 4096 for path in campaign.out.rglob("*")) // 1024
    campaign.out = small_disk(round(1.4 * size)) / "reports"
    first = campaign.run()
    assert first.returncode == 0, first.stderr
    before = seen(campaign.out)
    campaign.change()
    refused = campaign.run()
    assert refused.returncode == 8
    sentence = "The disk with reports is full; make room and try again. The earlier report is still there."
    assert refused.stderr.splitlines()[-1] == sentence
    assert seen(campaign.out) == before
    campaign.assert_whole()


def test_a_read_only_folder_is_a_sentence(tmp_path, small_disk):
    campaign = Campaign(tmp_path)
    disk = small_disk(20_000)
    campaign.out = disk / "reports"
    assert campaign.run().returncode == 0
    before = seen(campaign.out)
    campaign.change()
    assert subprocess.run(["mount", "-o", "remount,ro", disk], capture_output=True).returncode == 0
    refused = campaign.run()
    assert refused.returncode == 8
    assert refused.stderr == (
        "Writing in reports is not allowed; ask for permission or choose another folder with --out.\n"
    )
    assert seen(campaign.out) == before


def test_a_full_disk_beside_the_study_is_a_sentence(tmp_path, small_disk):
    campaign = Campaign(tmp_path)
    disk = small_disk(28)
    shutil.copytree(campaign.study.parent, disk / "campaign")
    with pytest.raises(OSError, match="space"):
        (disk / "filler").write_bytes(b"x" * 28 * 1024)
    campaign.study = disk / "campaign" / "study.toml"
    refused = campaign.run()
    assert refused.returncode == 8
    assert len(refused.stderr.splitlines()) <= 2
    assert "Traceback" not in refused.stderr
    assert not (campaign.out / "2026Q3").exists()
    assert not (campaign.out / "index.html").exists()
