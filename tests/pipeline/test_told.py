"""What a refresh tells: the plan beforehand, a live table on a terminal, a log without a value."""

import os
import re
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pipeline_fakes
import pytest

from evaluation.errors import NotebookError
from evaluation.pipeline import ready, told
from evaluation.pipeline.refresh import How, refresh
from evaluation.pipeline.words import word

HERE = Path(__file__).parent


@pytest.fixture
def campaign(tmp_path, monkeypatch):
    monkeypatch.setattr(ready, "prepare", pipeline_fakes.prepared)
    study = pipeline_fakes.study_folder(tmp_path / "campaign")
    notebooks = pipeline_fakes.notebooks(tmp_path / "notebooks")
    monkeypatch.setattr("evaluation.pipeline.outlook.find_notebooks", lambda: notebooks)
    return study, How(workers=2, notebooks=notebooks), tmp_path / "out"


def everything(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


def test_the_plan_says_what_would_run_and_why_and_writes_nothing(campaign, tmp_path):
    study, how, out = campaign
    say = partial(word, lang="en")

    def states():
        before = everything(tmp_path)
        *lines, total = list(told.planned(study, "2026Q3", out, say))[1:]
        assert everything(tmp_path) == before
        return [re.split(r"  +", line)[-1] for line in lines], total

    found, total = states()
    assert found == ["run: new"] * 10
    assert total == "2026Q3: 10 notebooks, 0 unchanged, 10 to run. Nothing was written."
    refresh(study, "2026Q3", out, how)
    assert states()[0] == ["unchanged"] * 10
    *_, total = told.planned(study, "2026Q3", out, say, municipalities=False)
    assert total == "2026Q3: 7 notebooks, 7 unchanged, 0 to run. Nothing was written."
    pipeline_fakes.write_notebook(how.notebooks / "02_distribution.ipynb", "print(2)")
    study.write_text(study.read_text().replace("survey=1", "survey=2"))
    found, total = states()
    assert found.count("run: notebook changed") == 1
    assert found.count("run: data changed") == 2
    assert "7 unchanged, 3 to run" in total


def test_the_log_tells_what_ran_and_no_value(campaign):
    study, how, out = campaign
    failing = f'raise ValueError("{pipeline_fakes.SECRET}"[::-1])'
    pipeline_fakes.write_notebook(how.notebooks / "02_distribution.ipynb", failing)
    with pytest.raises(NotebookError):
        refresh(study, "2026Q3", out, how)
    [log] = (study.parent / "work" / "logs").iterdir()
    text = log.read_text()
    assert re.findall(r"(intake .*)", text) == [
        "intake begun 0/1",
        "intake started 0/1 a.csv",
        "intake done 1/1 a.csv",
    ]
    assert "notebooks failed" in text
    assert "notebooks done" in text
    assert "refused (pipeline.not_published): Notebook 02_distribution.ipynb stopped in cell 3" in text
    assert pipeline_fakes.SECRET[::-1] not in text


@pytest.mark.skipif(os.name == "nt", reason="a terminal as Unix has them")
def test_a_terminal_shows_a_live_table_and_ctrl_c_stops_cleanly(tmp_path):
    import pty

    study = pipeline_fakes.study_folder(tmp_path / "campaign")
    notebooks = pipeline_fakes.notebooks(tmp_path / "notebooks")
    slow = "import time\nprint(quarter)\ntime.sleep(60)"
    pipeline_fakes.write_notebook(notebooks / "10_province_report.ipynb", slow)
    ours, theirs = pty.openpty()
    command = [sys.executable, HERE / "run_fake.py", "refresh", study, "--quarter", "2026Q3", "--lang", "en"]
    child = subprocess.Popen(
        [*command, "--out", tmp_path / "out", "--workers", "2"],
        env=os.environ
        | {"FAKE_NOTEBOOKS": str(notebooks), "PYTHONPATH": str(HERE), "TERM": "xterm", "COLUMNS": "120"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    seen, deadline, stopped = "", time.monotonic() + 180, False
    while time.monotonic() < deadline:
        try:
            seen += os.read(ours, 65536).decode(errors="replace")
        except OSError:
            break
        if not stopped and "10_province_report.nl.ipynb" in seen:
            os.killpg(child.pid, signal.SIGINT)
            stopped = True
    assert child.wait(timeout=60) == 130
    os.close(ours)
    assert "Notebooks" in seen
    assert "0/10" in seen
    assert "Stopped; nothing was changed." in seen
    assert "Traceback" not in seen
    assert {path.name for path in (tmp_path / "out").iterdir()} <= {".lock"}
