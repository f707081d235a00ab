import json
import os
import pickle
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pipeline_fakes import SECRET, count_aloud, crash, loaded, write_notebook

from evaluation.errors import NotebookError
from evaluation.pipeline import pool, work
from evaluation.pipeline.limits import Limits

LEAK = """
import builtins, os, random
import matplotlib as mpl
import numpy as np
import pandas as pd
seen = [hasattr(builtins, "leak"), "LEAK" in os.environ, mpl.rcParams["font.size"] == 31.0,
        pd.get_option("display.max_rows") == 3, os.getcwd() == "/", random.random() == first]
builtins.leak = 1; os.environ["LEAK"] = "1"; mpl.rcParams["font.size"] = 31.0
pd.set_option("display.max_rows", 3); os.chdir("/")
random.seed(1)
print(seen)
"""


def test_nothing_leaks_from_one_run_to_the_next(tmp_path):
    notebook = write_notebook(tmp_path / "leak.ipynb", LEAK, parameters="first = 0.13436424411240122")
    tasks = [
        (str(i), work.run_notebook, (notebook.name, notebook.read_bytes(), {}, {}, "evaluation", False))
        for i in range(3)
    ]
    ran = pool.run_all(tasks, 1)
    assert all(
        "[False, False, False, False, False, False]" in one.files["notebook.ipynb"].decode() for one in ran
    )
    assert "LEAK" not in os.environ


@pytest.mark.skipif(not pool.can_fork(), reason="without fork every process imports for itself")
def test_a_worker_has_everything_imported_but_the_slow_parsers():
    names = ("pandas", "papermill", "matplotlib.pyplot", "evaluation.notebook", "rfc3987_syntax")
    [found] = pool.run_all([("x", loaded, names)], 1)
    assert found == [True, True, True, True, False]


THREADS = """
import json
from pathlib import Path
import evaluation.pipeline.preload
print(json.dumps(sorted(path.read_text().strip() for path in Path("/proc/self/task").glob("*/comm"))))
"""


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted as Linux does")
def test_what_workers_are_forked_from_has_no_thread_that_a_fork_would_lose():
    """But its own and that of Arrow's allocator, which starts anew after a fork."""
    done = subprocess.run([sys.executable, "-c", THREADS], capture_output=True, text=True, check=True)
    [main, *others] = reversed(json.loads(done.stdout))
    assert main.startswith("python")
    assert set(others) <= {"jemalloc_bg_thd"}


def test_results_come_in_the_order_of_the_tasks_and_progress_tells_all():
    told = []
    tasks = [(str(number), pow, (number, 2)) for number in range(5)]
    assert pool.run_all(tasks, 3) == [0, 1, 4, 9, 16]
    assert sorted(pool.finished(tasks, 3, None, told.append)) == [(n, n * n) for n in range(5)]
    assert told == [0, 1, 2, 3, 4]


def test_what_tasks_tell_is_heard_before_they_are_done():
    heard = []
    tasks = [(str(number), count_aloud, (number,)) for number in (3, 2)]
    assert pool.run_all(tasks, 2, heard=lambda *facts: heard.append(facts)) == [3, 2]
    assert sorted(heard) == [(2, 0), (2, 1), (3, 0), (3, 1), (3, 2)]
    assert [step for number, step in heard if number == 3] == [0, 1, 2]
    assert count_aloud(1) == 1  # outside a worker nobody listens


def test_an_unexpected_error_comes_back_without_its_text():
    with pytest.raises(pool.WorkerError) as error:
        pool.run_all([("x", crash, (SECRET,))], 1)
    assert error.value.kind == "ValueError"
    assert error.value.places[-1].startswith("pipeline/pipeline_fakes.py:")
    assert SECRET not in repr(error.value) + str(pickle.dumps(error.value))


def test_a_process_that_is_killed_is_a_sentence():
    with pytest.raises(NotebookError) as error:
        pool.run_all([("x", os._exit, (9,))], 1)
    assert error.value.key == "pipeline.worker_gone"


def test_the_first_error_stops_the_others():
    started = time.monotonic()
    with pytest.raises(pool.WorkerError):
        pool.run_all([("slow", time.sleep, (60,)), ("x", crash, ("",))], 2)
    assert time.monotonic() - started < 20


INTERRUPTED = """
import signal, time
from multiprocessing import forkserver
from evaluation.pipeline import pool
connect = forkserver.connect_to_new_process
def connected(fds):
    found = connect(fds)
    signal.raise_signal(signal.SIGINT)
    return found
forkserver.connect_to_new_process = connected
try:
    pool.run_all([("x", time.sleep, (60,))], 1)
except KeyboardInterrupt:
    print("stopped")
"""


@pytest.mark.skipif(not pool.can_fork(), reason="without fork a process starts in one go")
def test_an_interrupt_while_a_process_starts_ends_it_quietly(tmp_path):
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, timeout=100, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "stopped\n", "")
    assert time.monotonic() - started < 40


HUNGRY = "import numpy as np\nheld = np.ones(400_000_000)"
ENDLESS = "while True:\n    try:\n        sum(range(10**6))\n    except Exception:\n        pass"
DEAF = "import signal, time\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\ntime.sleep(60)"


@pytest.mark.skipif(not pool.can_fork(), reason="the system sets no limits")
@pytest.mark.parametrize(
    ("source", "key"),
    [(HUNGRY, "pipeline.cell_memory"), (ENDLESS, "pipeline.cell_time"), (DEAF, "pipeline.time_limit")],
)
def test_a_run_beyond_its_limits_is_stopped_with_a_sentence(tmp_path, monkeypatch, source, key):
    if source is DEAF:  # the others stop by themselves, on a busy machine somewhat later
        monkeypatch.setattr(pool, "_GRACE", 1.0)
    notebook = write_notebook(tmp_path / "big.ipynb", source, parameters="n = 1")
    arguments = (notebook.name, notebook.read_bytes(), {}, {}, "evaluation", False, 3.0)
    limits = Limits(seconds=3.0, megabytes=1500)
    [(_, found)] = pool.finished([("big.ipynb", work.run_notebook, arguments)], 1, limits)
    error = found if isinstance(found, NotebookError) else found.error
    assert error.key == key
    assert "big.ipynb" in error.text("nl")
