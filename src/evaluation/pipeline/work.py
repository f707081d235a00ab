"""What the worker processes of a refresh do: functions that return plain data, each in its own process."""

import json
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from evaluation.errors import DataError, DisclosureError, NotebookError, PublishError, UserError
from evaluation.pipeline import kept, rendered
from evaluation.pipeline.execute import execute
from evaluation.pipeline.kept import Files
from evaluation.pipeline.limits import OutOfTime
from evaluation.pipeline.plan import Parameters, Run, plan
from evaluation.pipeline.pool import out_of_time, tell
from evaluation.pipeline.progress import of_files
from evaluation.pipeline.scan import leaks
from evaluation.pipeline.settle import Outcome

if TYPE_CHECKING:  # it needs pandas, which an unchanged release does without
    from evaluation.report.registered import Register
    from evaluation.study import Style


@dataclass(frozen=True)
class Prepared:
    """The study taken in. newest: the newest complete wave. receipts: as in `Campaign.receipts`.
    quarantine: the CSV for staff, without a value of a row. cells: what the release gives away (its
    `cells.json`). register: every number that may be printed, by name. runs: the plan. given: for each run
    the key under which what it may read is kept. style: of the study. places: the municipalities of each
    region, by name, for who looks for one. municipalities: CBS code -> name of those that a fact sheet can be
    made of. skipped: waves with data after the quarter, passed over because they are not complete.
    protection: as in `Campaign.protection`; restatements: as in `Findings.restatements`."""

    quarter: str
    newest: str
    languages: tuple[str, ...]
    synthetic: bool
    receipts: list[dict]
    quarantine: bytes
    cells: bytes
    register: "Register"
    runs: tuple[Run, ...]
    given: tuple[str, ...]
    style: "Style"
    places: dict[str, list[str]]
    skipped: tuple[str, ...] = ()
    municipalities: dict[str, str] = field(default_factory=dict)
    protection: dict = field(default_factory=dict)
    restatements: list[dict] = field(default_factory=list)


def prepare(
    study_path: Path, quarter: str | None, out: Path, keep: Path, municipalities: bool = True
) -> Prepared:
    """Take the study in, strip it of what is personal, check its estimates together with the releases that
    are in `out` already, unless that is done, and lay ready in `keep` what each run may read.

    quarter None: the newest complete wave. Raises the errors of study, intake, privacy and indicators,
    DataError when the quarter has no responses, DisclosureError when it cannot be published safely.
    """
    from evaluation.notebook import findings
    from evaluation.notebook.session import RELEASES
    from evaluation.privacy import open_campaign
    from evaluation.report.registered import register
    from evaluation.report.writers.quarantine import write_quarantine
    from evaluation.study import load_study

    study = load_study(study_path)
    if quarter is not None:
        study.require_quarter(quarter)
    campaign = open_campaign(study, of_files(tell))
    filled = _waves_with_data(study.after, campaign.tables)
    if not filled:
        raise DataError("pipeline.no_wave", file=study_path.name, waves=", ".join(study.after))
    if quarter is not None and quarter not in filled:
        raise DataError(
            "pipeline.wave_empty", file=study_path.name, quarter=quarter, filled=", ".join(filled)
        )
    complete = _complete(study, campaign.tables, filled)
    quarter = quarter or complete
    os.environ[RELEASES] = str(out)
    # Once, before all notebooks ask for it; what the data cannot carry is said here, not each time.
    tell("estimates", quarter, "begun", 0, 1)
    found = findings(campaign, quarter)
    receipts = json.loads(json.dumps(campaign.receipts))
    places = found.municipalities if municipalities else {}
    where = study.region_of_municipality
    tell("estimates", quarter, "done", 1, 1)
    runs = plan(study_path.name, quarter, study.languages, study.area.regions, places, where)
    return Prepared(
        quarter=quarter,
        newest=complete,
        skipped=tuple(wave for wave in filled if wave > quarter) if quarter == complete else (),
        languages=study.languages,
        synthetic=study.synthetic,
        receipts=receipts,
        quarantine=write_quarantine(campaign.quarantine, study.languages[0]),
        cells=found.cells,
        register=register(study, found.checked, receipts, found.earlier_numbers()),
        runs=runs,
        given=_lay_ready(campaign, found, runs, keep),
        protection=campaign.protection,
        restatements=found.restatements,
        style=study.style,
        places={region: study.municipalities_of(region) for region in study.area.regions},
        municipalities=found.municipalities,
    )


def _lay_ready(campaign, found, runs: tuple[Run, ...], keep: Path) -> tuple[str, ...]:
    from evaluation.notebook import given

    keys: dict[tuple, str] = {}
    for run in runs:
        wanted = run.needs, run.region
        if wanted not in keys:
            parts = found.checked, found.unavailable, found.cells
            keys[wanted] = keep_given(
                keep, given.pack(campaign, found.quarter, parts, *wanted, found.releases, found.restatements)
            )
    return tuple(keys[run.needs, run.region] for run in runs)


def _waves_with_data(after: tuple[str, ...], tables: dict) -> list[str]:
    """The waves after the start that have responses; without a survey, those that have orders."""
    for table, column in (("responses", "wave"), ("orders", "quarter")):
        if table in tables:
            found = set(tables[table][column])
            return [wave for wave in after if wave in found]
    return list(after)


def keep_given(keep: Path, files: Files) -> str:
    """Keep what a run is given, unless it is kept already; gives its key. Raises PublishError."""
    key = "given-" + kept.key_of(files)
    if kept.get(keep, key) is None:
        try:
            kept.put(keep, key, files)
        except OSError:
            raise PublishError("pipeline.not_kept", folder=keep.parent.name) from None
    return key


def _complete(study, tables: dict, filled: list[str]) -> str:
    """The newest wave in which every region that ever answered has the answers a percentage needs; when no
    wave has, the newest with data."""
    if "responses" in tables:
        answers = tables["responses"].groupby(["region", "wave"]).size().unstack(fill_value=0)
        enough = (answers >= study.disclosure.minimum_base).all()
        for wave in reversed(filled):
            if enough[wave]:
                return wave
    return filled[-1]


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
    `Prepared`. cells: the release's `cells.json`, audited here with every release in `out`. Raises
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
