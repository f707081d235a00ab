"""What a user of the command line sees: help, sentences, exit codes; never a traceback."""

import io
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from click.testing import CliRunner

from evaluation import cli
from evaluation.errors import DataError
from evaluation.pipeline import manifest, pool, progress, told
from evaluation.pipeline.limits import Limits
from evaluation.pipeline.refresh import How
from evaluation.pipeline.state import Release

COMMANDS = ("sample", "check", "map", "refresh", "new", "key", "verify")
HEAVY = ("numpy", "pandas", "papermill", "pydantic", "rich", "jinja2")
SECRET = "jansen@example.example"


def call(*arguments, **options):
    return CliRunner().invoke(cli.main, [str(argument) for argument in arguments], **options)


@pytest.fixture
def refreshing(monkeypatch, tmp_path):
    """Make `evaluation refresh` do what `action(*arguments)` does."""
    monkeypatch.chdir(tmp_path)

    def replace(action):
        monkeypatch.setattr("evaluation.pipeline.refresh.refresh", action)

    return replace


def release(unchanged=False):
    files = (
        {"file": "orders.csv", "read": 1234, "accepted": 1200, "quarantined": 34},
        {"file": "survey.csv", "read": 10, "accepted": 9, "quarantined": 1},
    )
    return Release(Path("reports/2026Q3"), Path("reports/index.html"), "2026Q3", files, 5, unchanged)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_teaches_with_an_example(command):
    shown = call(command, "--help")
    assert shown.exit_code == 0
    assert f"  evaluation {command}" in shown.output
    assert "Example" in shown.output
    assert all(len(line) <= 80 for line in shown.output.splitlines())


def test_help_names_every_command_and_imports_nothing_heavy():
    code = (
        "import sys\nfrom evaluation.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert all(f"\n  {command} " in done.stdout for command in COMMANDS)


def test_the_end_of_a_refresh_says_where_and_how_much(refreshing):
    refreshing(lambda *arguments: release())
    shown = call("refresh", "study.toml")
    assert shown.exit_code == 0
    assert "orders.csv: 1.234 rijen gelezen, 1.200 aangenomen, 34 geweigerd" in shown.output
    assert "1.209 rijen aangenomen, 35 geweigerd; 5 cellen verborgen" in shown.output
    assert shown.output.endswith(f"Het rapport van 2026Q3 staat in {Path('reports/index.html')}\n")


def test_a_refresh_with_nothing_to_do_says_so_in_the_language_asked_for(refreshing):
    refreshing(lambda *arguments: release(unchanged=True))
    for shown in (
        call("refresh", "study.toml", "--lang", "en"),
        call("refresh", "study.toml", env={"EVALUATION_LANG": "en"}),
    ):
        assert "Nothing has changed since the report of 2026Q3" in shown.output
        assert "1,234 rows read" in shown.output


def test_arguments_reach_the_refresh(refreshing):
    seen = []
    refreshing(lambda *arguments: seen.extend(arguments[:4]) or release())
    options = ("--workers", "3", "--engine", "kernel", "--scheduler", "tcp://a:1", "--seconds", "5")
    call("refresh", "s.toml", "--quarter", "2026Q2", "--out", "o", *options, "--megabytes", "600")
    assert seen == [Path("s.toml"), "2026Q2", Path("o"), How(3, "kernel", "tcp://a:1", Limits(5.0, 600))]


def test_progress_without_a_terminal_is_plain_lines_on_stderr(refreshing):
    def action(study, quarter, out, how, progress, docx=False, municipalities=True):
        progress("intake", "s.toml", "begun", 0, 1)
        progress("intake", "s.toml", "done", 1, 1)
        progress("notebooks", "", "begun", 0, 3)
        progress("notebooks", "c", "kept", 1, 3)
        for name in ("a", "b"):
            progress("notebooks", name, "started", 1, 3)
        progress("notebooks", "b", "failed", 2, 3)
        progress("notebooks", "a", "done", 3, 3)
        progress("reports", "", "begun", 0, 1)
        progress("reports", "r", "kept", 1, 1)
        return release()

    refreshing(action)
    shown = call("refresh", "s.toml", "--lang", "en")
    assert shown.stderr.splitlines() == [
        "Reading and anonymising",
        "Notebooks",
        "  1 unchanged and not done again",
        "  2/3 b: failed",
        "  3/3 a",
        "Reports",
        "  1 unchanged and not done again",
    ]
    assert call("refresh", "s.toml", "--quiet").stderr == ""


def test_intake_tells_each_file_before_it_is_read_and_when_it_is_done():
    seen = []
    told = progress.of_files(lambda *facts: seen.append(facts))
    for done, file in enumerate(["a.csv", "b.csv", ""]):
        told(done, 2, file)
    assert seen == [
        ("intake", "", "begun", 0, 2),
        ("intake", "a.csv", "started", 0, 2),
        ("intake", "a.csv", "done", 1, 2),
        ("intake", "b.csv", "started", 1, 2),
        ("intake", "b.csv", "done", 2, 2),
    ]


@pytest.mark.parametrize("terminal", [True, False])
def test_a_check_tells_how_far_it_is_on_a_terminal_only(monkeypatch, terminal):
    def take_in(study, progress):
        for done, file in enumerate(["orders.csv", "survey.csv", ""]):
            progress(done, 2, file)
            time.sleep(0.3 if terminal else 0)
        return SimpleNamespace(receipts=())

    screen = io.StringIO()
    screen.isatty = lambda: terminal
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr("evaluation.intake.take_in", take_in)
    monkeypatch.setattr("evaluation.study.load_study", lambda path: SimpleNamespace(unread=()))
    assert list(told.checked(Path("s.toml"), partial(cli.word, lang="en"))) == []
    shown = screen.getvalue()
    if not terminal:
        assert shown == ""
        return
    for words in ("Reading and anonymising", "orders.csv", "survey.csv", "0/2", "1/2", "2/2", "0:00:0"):
        assert words in shown


def test_an_error_a_user_can_mend_is_one_sentence_and_its_exit_code(refreshing):
    def action(*_):
        raise DataError("pipeline.wave_empty", file="s.toml", quarter="2026Q2", filled="2026Q3")

    refreshing(action)
    shown = call("refresh", "s.toml")
    assert shown.exit_code == 5
    assert shown.stdout == ""
    assert shown.stderr.startswith("Voor kwartaal 2026Q2 in s.toml zijn er geen antwoorden")
    assert len(shown.stderr.splitlines()) == 1


@pytest.mark.parametrize("in_worker", [False, True])
def test_an_unexpected_error_leaves_a_log_without_a_value(refreshing, tmp_path, in_worker):
    def action(*_):
        if in_worker:
            raise pool.WorkerError("ValueError", ("pipeline/work.py:7 in prepare",))
        raise ValueError(f"row 3: {SECRET}")

    refreshing(action)
    shown = call("refresh", "s.toml", "--lang", "en")
    log = (tmp_path / "evaluation-error.log").read_text()
    assert shown.exit_code == 70
    assert shown.stderr.startswith("Something unexpected went wrong (ValueError); send ")
    assert len(shown.stderr.splitlines()) == 1
    assert "\nValueError\n" in log
    assert ("pipeline/work.py:7 in prepare" if in_worker else "test_cli.py:") in log
    assert SECRET not in log + shown.output
    assert str(tmp_path) not in log


@pytest.mark.parametrize("command", ["check", "refresh"])
def test_a_study_file_that_is_not_there(command, tmp_path):
    shown = call(
        command, tmp_path / "none.toml", *(("--out", tmp_path / "out") if command == "refresh" else ())
    )
    assert shown.exit_code == 4
    assert shown.stderr.startswith("Het studiebestand none.toml bestaat niet")
    assert list(tmp_path.iterdir()) == []


def test_check_prints_what_is_refused_and_why(monkeypatch):
    receipt = SimpleNamespace(
        file="orders.csv",
        read=5,
        accepted=2,
        quarantined={"failed": 1, "cancelled": 2},
        columns_dropped=("E-mail",),
        notes={"R1": {"email": 2}},
        flags={},
        names={"by": "", "cells": {}},
    )
    refused = [("orders.csv", 3, "", "failed")]
    refused += [("orders.csv", row, "Status", "cancelled") for row in range(4, 11)]
    quarantine = pd.DataFrame(refused, columns=["file", "row", "column", "rule"])
    intake = SimpleNamespace(receipts=(receipt,), quarantine=quarantine)
    monkeypatch.setattr("evaluation.intake.take_in", lambda study, progress=None: intake)
    study = SimpleNamespace(unread=("orders.xlsx",))
    monkeypatch.setattr("evaluation.study.load_study", lambda path: study)
    lines = call("check", "s.toml", "--lang", "en").stdout.splitlines()
    assert lines[0] == "orders.csv: 5 rows read, 2 accepted, 3 quarantined"
    assert lines[1].startswith("  2 x The order was cancelled. Do nothing")
    assert lines[2] == "      column Status, row 4, 5, 6, 7, 8 and 2 more"
    assert lines[3].startswith("  1 x The order failed.")
    assert lines[4] == "      row 3"
    assert lines[5] == "  column R1: 2 x e-mail address; this column was left out"
    assert lines[6].startswith("  names of persons were not looked for in the open answers")
    assert lines[7] == "  columns left out: E-mail"
    assert lines[8:] == ["Not read, because no entry under [files] names them: orders.xlsx"]


def test_new_makes_a_study_file_and_refuses_to_overwrite_it(tmp_path):
    assert call("new", tmp_path / "mine").exit_code == 0
    before = (tmp_path / "mine" / "study.toml").read_bytes()
    shown = call("new", tmp_path / "mine")
    assert shown.exit_code == 4
    assert len(shown.stderr.splitlines()) == 1
    assert (tmp_path / "mine" / "study.toml").read_bytes() == before


def test_key_is_made_once(tmp_path):
    env = {"EVALUATION_KEY_FILE": str(tmp_path / "key")}
    assert call("key", env=env).exit_code == 0
    secret = (tmp_path / "key").read_bytes()
    assert call("key", env=env).exit_code == 4
    assert (tmp_path / "key").read_bytes() == secret


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    shown = call("sample", tmp_path / "file" / "inside")
    assert shown.exit_code == 8
    assert len(shown.stderr.splitlines()) == 1


def test_verify_tells_whole_from_damaged(tmp_path):
    made = manifest.Made("s", "0", {}, "0", {})
    folder = tmp_path / "reports" / "2026Q3"
    folder.mkdir(parents=True)
    (folder / "a.html").write_bytes(b"a")
    document = manifest.manifest(made, "2026Q3", "2026Q3", (), {"a.html": b"a"})
    (folder / "manifest.json").write_bytes(manifest.to_json(document))
    for given in (folder, folder.parent):
        shown = call("verify", given, "--lang", "en")
        assert (shown.exit_code, shown.stdout) == (0, "2026Q3: all 1 files agree with the manifest.\n")
    (folder / "a.html").write_bytes(b"b")
    shown = call("verify", folder.parent, "--lang", "en")
    assert shown.exit_code == 8
    assert "first a.html (changed)" in shown.stderr
    assert call("verify", tmp_path).exit_code == 8


SLOW = """
import sys, time
from evaluation import cli
from evaluation.pipeline import pool

real = pool.run_all

def slow(*tasks, **how):
    real([("warm", pow, (2, 2))], 1)
    print("started", flush=True)
    return real([("sleep", time.sleep, (60,))] * 2, 2)

if __name__ == "__main__":
    pool.run_all = slow
    cli.main(["refresh", sys.argv[1], "--out", sys.argv[2], "--lang", "en"])
"""


@pytest.mark.skipif(os.name == "nt", reason="sends Ctrl-C to a process group")
def test_ctrl_c_stops_cleanly(tmp_path):
    (tmp_path / "study.toml").write_text("")
    script = tmp_path / "slow.py"
    script.write_text(SLOW)
    out = tmp_path / "out"
    child = subprocess.Popen(
        [sys.executable, script, tmp_path / "study.toml", out],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert child.stdout.readline() == "started\n"
    time.sleep(0.5)
    os.killpg(child.pid, signal.SIGINT)
    _, told = child.communicate(timeout=20)
    assert child.returncode == 130
    assert told.splitlines()[-1] == "Stopped; nothing was changed."
    assert "Traceback" not in told
    assert {path.name for path in out.iterdir()} <= {".lock"}
    # The workers, which sleep for a minute, are gone as well.
    deadline = time.monotonic() + 5
    while _alive(child.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _alive(child.pid)


LATE = """
import atexit, os, signal, sys
atexit.register(os.kill, os.getpid(), signal.SIGINT)
from evaluation import cli
cli.main(["new", sys.argv[1]])
"""


@pytest.mark.skipif(os.name == "nt", reason="sends itself Ctrl-C as Unix does")
def test_ctrl_c_after_the_work_is_done_changes_nothing(tmp_path):
    command = [sys.executable, "-c", LATE, tmp_path / "campaign"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "study.toml" in done.stdout


def _alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
