"""What may be told of a failed notebook cell: its number, the type of the error, and the sentence of an error
that a user can mend. Never the text of any other exception: it holds values of rows."""

import re
from functools import cache
from importlib.resources import files

import nbformat.v4

from evaluation import errors
from evaluation.errors import NotebookError, UserError
from evaluation.pipeline.limits import OUT_OF_MEMORY, OUT_OF_TIME


def reduce_failure(nb) -> bool:
    """Leave of each failed cell only what may be told, in place. Returns whether a cell failed."""
    failed = False
    for cell in nb.cells:
        error = next((output for output in cell.get("outputs", ()) if output.output_type == "error"), None)
        if error is None:
            continue
        failed = True
        sentence = error.evalue if user_error(error.ename, error.evalue) or _is_exit(error) else ""
        line = f"{error.ename} in cell {cell.execution_count}" + (f": {sentence}" if sentence else "")
        # What the cell printed before it failed goes too: it may be the rows it stumbled over.
        cell.outputs = [nbformat.v4.new_output("error", ename=error.ename, evalue=sentence, traceback=[line])]
    return failed


def _is_exit(error) -> bool:
    return error.ename == "SystemExit" and error.evalue in ("", "0")


def notebook_error(nb, notebook: str) -> NotebookError:
    """The error that names notebook, cell and reason, from a notebook whose failure is reduced."""
    cell, error = next(
        (cell, output)
        for cell in nb.cells
        for output in cell.get("outputs", ())
        if output.output_type == "error"
    )
    facts = {"notebook": notebook, "cell": cell.execution_count, "type": error.ename}
    cause = user_error(error.ename, error.evalue)
    if cause is None:
        if error.ename == OUT_OF_TIME:
            return NotebookError("pipeline.cell_time", **facts)
        if error.ename in OUT_OF_MEMORY:
            return NotebookError("pipeline.cell_memory", **facts)
        return NotebookError("pipeline.cell_failed", **facts)
    return NotebookError("pipeline.cell_refused", **facts, why_nl=cause.text("nl"), why_en=cause.text("en"))


def user_error(name: str, text: str) -> UserError | None:
    """The error a user can mend that printed `text` (its English sentence), None when it is not one of ours.

    A kernel hands over only the name and text of an exception. A name alone proves nothing (pandas has a
    DataError too), so the text must fit a sentence of the package, which also gives its facts back.
    """
    kind = getattr(errors, name, None)
    if not (isinstance(kind, type) and issubclass(kind, UserError)):
        return None
    for key, pattern in _sentences():
        if match := pattern.fullmatch(text):
            return kind(key, **match.groupdict(), **_dutch_halves(key, match.groupdict()))
    return None


def _dutch_halves(key: str, facts: dict) -> dict:
    """Facts that only the Dutch sentence has (`why_nl` beside `why_en`): the English one stands in."""
    room, name = key.rsplit(".", 1)
    missing = set(_placeholders(errors.messages(room)[name]["nl"])) - set(facts)
    return {fact: facts.get(fact.removesuffix("_nl") + "_en", "") for fact in missing}


@cache
def _sentences() -> list[tuple[str, re.Pattern]]:
    rooms = [
        "evaluation" if folder is None else folder.name
        for folder in [None, *sorted(files("evaluation").iterdir(), key=lambda entry: entry.name)]
        if folder is None or folder.joinpath("messages.toml").is_file()
    ]
    return [
        (f"{room}.{name}", _pattern(sentence["en"]))
        for room in rooms
        for name, sentence in errors.messages(room).items()
        if "en" in sentence
    ]


def _placeholders(sentence: str) -> list[str]:
    return re.findall(r"\{(\w+)\}", sentence)


def _pattern(sentence: str) -> re.Pattern:
    """The sentence as a pattern with one named group for each placeholder."""
    seen: set[str] = set()

    def group(match: re.Match) -> str:
        name = match[1]
        if name in seen:
            return f"(?P={name})"
        seen.add(name)
        return f"(?P<{name}>.*)"

    return re.compile(re.sub(r"\\\{(\w+)\\\}", group, re.escape(sentence)), re.DOTALL)
