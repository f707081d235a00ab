"""What decides a result: equal keys, equal results.

A run of a notebook is decided by the notebook, its parameters, what it is given to read, and the code and
packages that a notebook may use; a rendered report by its model, and the code and packages of the writers.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cache

from evaluation import fingerprint
from evaluation.pipeline.manifest import packages
from evaluation.pipeline.plan import Parameters

# What no notebook uses. All else counts as used: a result is then made anew too often rather than too seldom.
_NOT_OF_RUNS = (
    "app",
    "cli",
    "intake",
    "sample",
    "report/writers",
    *(
        f"pipeline/{name}"
        for name in ("cluster", "earlier", "index", "kept", "keys", "log", "plan", "publish", "refresh")
    ),
    *(
        f"pipeline/{name}"
        for name in (
            "outlook",
            "progress",
            "record",
            "rollback",
            "settle",
            "stamp",
            "state",
            "words",
            "words.toml",
        )
    ),
)
_PACKAGES_NOT_OF_RUNS = frozenset(
    {
        "click",
        "filelock",
        "gptables",
        "openpyxl",
        "pandera",
        "pikepdf",
        "pyreadstat",
        "python-docx",
        "python-stdnum",
        "rich",
        "typst",
    }
)


@dataclass(frozen=True)
class Parts:
    """What a run's key is made of, each as a sha256, so that a plan can say which of them changed."""

    notebook: str
    parameters: str
    given: str
    code: str
    packages: str

    @property
    def key(self) -> str:
        return "run-" + fingerprint.of_text(*vars(self).values())


def of_run(notebook: bytes, parameters: Parameters, given: str) -> Parts:
    """The parts of a run's key. given: the key of what it is given to read."""
    return Parts(
        hashlib.sha256(notebook).hexdigest(),
        _of(parameters),
        given,
        _code_of_runs(),
        _of(packages(_PACKAGES_NOT_OF_RUNS)),
    )


def of_rendering(*arguments: object) -> str:
    """The key of the files of a report. arguments: those of `work.render`, and of files their sha256."""
    return "report-" + fingerprint.of_text(_of(arguments), _code_of_reports(), _of(packages()))


@cache
def _code_of_runs() -> str:
    return fingerprint.of_package(*_NOT_OF_RUNS)


@cache
def _code_of_reports() -> str:
    return fingerprint.of_rooms(
        "report", "reference", "quarters", "pipeline/work", "pipeline/rendered", "pipeline/pdf_text"
    )


def _of(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
