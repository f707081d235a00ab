"""One notebook through papermill: strict parameters in, a notebook that is the same every time out."""

import hashlib
import json
import re
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import nbformat

from evaluation.errors import NotebookError
from evaluation.pipeline import failures
from evaluation.pipeline.limits import limited_time
from evaluation.pipeline.plan import Parameters

ENGINES = {"evaluation": "evaluation", "kernel": "evaluation-kernel"}
_ALLOWED = (str, int, float, bool, type(None))
_ADDRESS = re.compile(r"\bat 0x[0-9a-f]{6,16}\b")
_CELL_FILES = re.compile(r"<ipython-input-\d+-\w+>|\S*[/\\]ipykernel_\d+[/\\]\d+\.py")


@dataclass(frozen=True)
class Executed:
    """A notebook that ran. text: the notebook as JSON. times: what goes into the provenance. error: why it
    stopped, None when it ran to its end."""

    text: str
    times: dict
    error: NotebookError | None


def execute(
    notebook: Path, parameters: Parameters, folder: Path, engine: str, seconds: float | None = None
) -> Executed:
    """Run a notebook in `folder` with one of `ENGINES`. seconds: how long it may take, None for ever.

    The executed notebook carries no times and no paths of this machine, and the same run gives the same
    text. Raises NotebookError when the notebook is not there or does not know a parameter.
    """
    import papermill
    from papermill.engines import papermill_engines
    from papermill.utils import chdir

    from evaluation.pipeline.engine import register

    register()
    check_parameters(notebook, parameters)
    failed = []
    started = datetime.now(UTC)
    clock = time.perf_counter()
    # Papermill prepares the notebook and its engine runs it; written it is once, here, without its times.
    nb = papermill.execute_notebook(_escaped(notebook), None, parameters=parameters, prepare_only=True)
    with limited_time(seconds), chdir(folder):
        nb = papermill_engines.execute_notebook_with_engine(
            ENGINES[engine],
            nb,
            kernel_name=papermill_engines.nb_kernel_name(ENGINES[engine], nb),
            progress_bar=False,
            on_failure=failed.append,
        )
    times = {
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(time.perf_counter() - clock, 3),
        "cells": [cell.metadata.get("papermill", {}).get("duration") for cell in nb.cells],
    }
    error = failures.notebook_error(nb, notebook.name) if failed else None
    text = nbformat.writes(clean(nb, parameters, folder)) + "\n"
    spaced = text.replace("\\n", " ")
    if error is None and any(pattern.search(spaced) for pattern, _ in _machine_paths(folder)):
        error = NotebookError("pipeline.machine_path", notebook=notebook.name)
    return Executed(text, times, error)


def check_parameters(notebook: Path, parameters: Parameters) -> None:
    """Refuse what papermill would only warn of, or write into the notebook as code. Raises NotebookError."""
    import papermill

    if not notebook.is_file():
        raise NotebookError("pipeline.notebook_missing", notebook=notebook.name)
    known = papermill.inspect_notebook(_escaped(notebook))
    for name, value in parameters.items():
        if name not in known:
            raise NotebookError(
                "pipeline.parameter_unknown",
                notebook=notebook.name,
                parameter=name,
                known=", ".join(sorted(known)),
            )
        if type(value) not in _ALLOWED:
            raise NotebookError("pipeline.parameter_type", notebook=notebook.name, parameter=name)


def _escaped(notebook: Path) -> str:
    # papermill fills {placeholders} in a path.
    return str(notebook).replace("{", "{{").replace("}", "}}")


def clean(nb, parameters: Parameters, folder: Path):
    """Take out of an executed notebook, in place, what differs from run to run or names this machine."""
    digest = hashlib.sha256(json.dumps(parameters, sort_keys=True).encode()).hexdigest()
    for key in ("papermill", "widgets"):
        nb.metadata.pop(key, None)
    nb.metadata["language_info"] = {"name": "python"}
    paths = _machine_paths(folder)
    for cell in nb.cells:
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if "injected-parameters" in cell.metadata.get("tags", ()):
            cell["id"] = f"parameters-{digest[:12]}"
        if cell.cell_type == "code":
            cell.outputs = _merged(cell.outputs)
            for output in cell.outputs:
                _without_paths(output, paths)
    return nb


def _merged(outputs: list) -> list:
    """Outputs with neighbouring pieces of one stream joined: a kernel sends them as its buffer empties."""
    joined: list = []
    for output in outputs:
        last = joined[-1] if joined else None
        if last and output.output_type == "stream" == last.output_type and output.name == last.name:
            last.text += output.text
        else:
            joined.append(output)
    return joined


def _without_paths(output, paths) -> None:
    def plain(text: str) -> str:
        text = _ADDRESS.sub("at 0x0", _CELL_FILES.sub("<cell>", text))
        for pattern, name in paths:
            text = pattern.sub(name, text)
        return text

    if output.output_type == "stream":
        output.text = plain(output.text)
    for mime, content in output.get("data", {}).items():
        if mime.startswith("text/") and isinstance(content, str):
            output.data[mime] = plain(content)


def _machine_paths(folder: Path) -> list[tuple[re.Pattern, str]]:
    """Folders of this machine, the deepest first, each with the name to print instead."""
    places = {
        str(folder.resolve()): "<study>",
        str(Path(__file__).resolve().parents[1]): "<package>",
        sys.prefix: "<python>",
        sys.base_prefix: "<python>",
        str(Path.cwd()): "<folder>",
        tempfile.gettempdir(): "<temporary>",
        str(Path.home()): "<home>",
    }
    longest_first = sorted((place for place in places if len(place) > 3), key=len, reverse=True)
    return [
        (re.compile(r"(?<![\w.-])" + re.escape(place) + r"(?![\w-])"), places[place])
        for place in longest_first
    ]
