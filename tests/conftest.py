"""Where tests find the checkout, and material that is not in the repository."""

import os
import signal
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]

# A shell that starts the tests in the background has its programs ignore Ctrl-C, and those that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The checkout the tests run in."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder with material that is not part of the project; the test skips where it is absent."""
    folder = Path(os.environ.get("EVALUATION_SHARED", REPOSITORY.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("the shared reference material is not on this machine")
    return folder
