"""What the worker processes of a refresh do: functions that return plain data, each in its own process."""

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from evaluation.errors import DisclosureError, NotebookError, UserError
from evaluation.pipeline import kept, rendered
from evaluation.pipeline.execute import execute
from evaluation.pipeline.kept import Files
from evaluation.pipeline.limits import OutOfTime
from evaluation.pipeline.plan import Parameters
from evaluation.pipeline.pool import out_of_time
from evaluation.pipeline.scan import leaks
from evaluation.pipeline.settle import Outcome

if TYPE_CHECKING:  # it needs pandas, which an unchanged release does without
    from evaluation.report.registered import Register
    from evaluation.study import Style


def run_notebook(
    name: str,
    source: bytes,
    parameters: Parameters,
    given: Files | tuple[Path, str],
    engine: str,
    publishes: bool,
    seconds: float | None = None,
) -> Outcome:
    """Run one notebook in a folder that holds only what it is given.

    given: files, or where they are kept and under which key. publishes: the notebook must leave a valid
    report model in its outputs. Gives the files notebook.ipynb, times.json and, when it publishes,
    model.json. A failure is in `Outcome.error`, so that the others go on, with the executed copy when there
    is one.
    """
    import evaluation.pipeline.preload  # noqa: F401  (where there is no fork, nothing is imported yet)

    files = given if isinstance(given, dict) else kept.get(*given)
    if files is None:
        return Outcome({}, NotebookError("pipeline.given_gone", notebook=name))
    with tempfile.TemporaryDirectory(prefix="run-") as folder:
        for path, content in ({name: source} | files).items():
            (Path(folder) / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / path).write_bytes(content)
        try:
            executed = execute(Path(folder) / name, parameters, Path(folder), engine, seconds)
        except OutOfTime:
            return Outcome({}, out_of_time(name, seconds))
        except UserError as error:
            return Outcome({}, error)
    made = {"notebook.ipynb": executed.text.encode(), "times.json": json.dumps(executed.times).encode()}
    if executed.error or not publishes:
        return Outcome(made, executed.error)
    try:
        return Outcome(made | {"model.json": published_model(executed.text, name).encode()})
    except NotebookError as error:
        return Outcome(made, error)


def published_model(notebook_text: str, notebook: str) -> str:
    """The one report model in an executed notebook's outputs, as canonical JSON. Raises NotebookError."""
    from evaluation.report import model

    found = [
        output["data"][model.MIME_TYPE]
        for cell in json.loads(notebook_text)["cells"]
        for output in cell.get("outputs", ())
        if model.MIME_TYPE in output.get("data", {})
    ]
    if len(found) != 1:
        raise NotebookError("pipeline.not_one_report", notebook=notebook, count=len(found))
    try:
        return model.checked_json(found[0])
    except model.ModelError as error:
        # Only the place: what follows it quotes the value.
        raise NotebookError(
            "pipeline.bad_report", notebook=notebook, place=str(error).split(":")[0]
        ) from None


def gate(
    quarter: str,
    models: list[str],
    notebooks: list[tuple[str, str]],
    register: "Register",
    receipts: list[dict],
    cells: bytes,
    out: Path,
) -> None:
    """The last look at a release before it is published.

    models: report models as JSON. notebooks: (file, text) of the executed ones. register, receipts: as
    `ready.Prepared`. cells: the release's `cells.json`, audited here with every release in `out`. Raises
    DisclosureError for a printed number that is not registered and for a hidden one that can be computed,
    NotebookError for an output that may not leave.
    """
    from evaluation.disclosure import audit, ledger
    from evaluation.report.printed import unregistered

    for name, text in notebooks:
        for cell, kind in leaks(text)[:1]:
            raise NotebookError("pipeline.notebook_leaks", notebook=name, cell=cell, kind=kind)
    strange = [found for model in models for found in unregistered(model, register, receipts)]
    if strange:
        raise DisclosureError(
            "disclosure.unregistered", quarter=quarter, count=len(strange), place=strange[0]
        )
    earlier = ledger.releases(out, leaving_out=quarter)
    audit.refuse(audit.narrowed([*audit.from_json(cells), *earlier]), quarter)


def render(model_text: str, document: str, tables: str | None, style: "Style", docx: bool = False) -> Outcome:
    """The files of one report, by path within the release. tables: stem of the workbook, None for none;
    style: the study's own; docx: whether to write the Word document too."""
    from evaluation.report import model
    from evaluation.report.writers import html, pdf

    report = model.from_json(model_text)
    files = {
        f"{document}.html": html.write(report, style),
        f"{document}.pdf": pdf.write(report, style),
        f"model/{document}.json": model_text.encode(),
    }
    if tables:
        from evaluation.report.writers import workbook

        files[f"{tables}.xlsx"] = workbook.write(report)
    if docx:
        from evaluation.report.writers import memo

        files[f"{document}.docx"] = memo.write(report, style)
    for figure in report.figures:
        files[f"figures/{document}.{figure.id}.svg"] = figure.svg.encode()
    if wrong := rendered.strange(files, model_text):
        named = {"quarter": report.quarter, "count": len(wrong), "place": wrong[0]}
        return Outcome({}, DisclosureError("disclosure.unregistered", **named))
    return Outcome(files)


def suppressed(model_text: str) -> int:
    """How many cells of a report's tables are hidden to protect people."""
    from evaluation.report.wording import words

    model = json.loads(model_text)
    mark = words(model["language"])("mark.suppressed")
    return sum(
        cell["mark"] == mark for table in model["tables"] for row in table["rows"] for cell in row.values()
    )
