"""The command line on a study that is taken in beforehand: `python run_fake.py refresh STUDY ... `.

A program of its own, so that tests can kill it. FAKE_NOTEBOOKS names the folder of its notebooks.
"""

import os
import sys
from pathlib import Path

import pipeline_fakes

from evaluation import cli
from evaluation.pipeline import ready, refresh

if __name__ == "__main__":
    ready.prepare = pipeline_fakes.prepared
    refresh.find_notebooks = lambda: Path(os.environ["FAKE_NOTEBOOKS"])
    cli.main(sys.argv[1:])
