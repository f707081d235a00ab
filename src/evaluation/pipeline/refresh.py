"""One refresh: from a study file to a published release."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from evaluation import fingerprint
from evaluation.errors import NotebookError, PublishError
from evaluation.pipeline import kept, keys, manifest, pool, publish, ready, record, stamp, work
from evaluation.pipeline.index import whole_index
from evaluation.pipeline.limits import Limits
from evaluation.pipeline.log import logged
from evaluation.pipeline.settle import Outcome, Progress, Runner, Step, settle
from evaluation.pipeline.state import Release, find_notebooks, made_from, release, unchanged


@dataclass(frozen=True)
class How:
    """How the notebooks of a refresh are run. None of it changes what is published.

    workers: processes side by side, None for one per core. engine: "evaluation" or "kernel", None for the
    first where processes can fork. scheduler: address of a Dask scheduler ("tcp://host:8786") whose workers
    run them, None for this machine. limits: of one run. notebooks: their folder, None for the project's own.
    """

    workers: int | None = None
    engine: str | None = None
    scheduler: str | None = None
    limits: Limits = field(default_factory=Limits)
    notebooks: Path | None = None


def refresh(
    study_path: Path,
    quarter: str | None,
    out: Path,
    how: How = How(),
    progress: Progress = lambda stage, name, state, finished, total: None,
    docx: bool = False,
    municipalities: bool = True,
) -> Release:
    """Make and publish the release of a quarter (None: the newest complete one) in the folder `out`.

    progress: told of the stages "intake" (unless all of it was read before), "estimates", "notebooks",
    "reports" and "publish"; see `settle.Progress`. docx: also write the main pages of each report as a Word
    document. municipalities: also a fact sheet for each of them.

    Raises UserError; then `out` holds what it held before.
    """
    study_path, out = Path(study_path), Path(out)
    notebooks = how.notebooks or find_notebooks()
    made = made_from(study_path, notebooks)
    with publish.output_folder(out):
        if there := unchanged(out, made, quarter, docx, municipalities):
            return there
        with logged(study_path.resolve(), quarter, progress) as progress:
            return _make(study_path, quarter, out, made, notebooks, how, progress, docx, municipalities)


def _make(
    study_path: Path,
    quarter: str | None,
    out: Path,
    made: manifest.Made,
    notebooks: Path,
    how: How,
    progress: Progress,
    docx: bool,
    municipalities: bool,
) -> Release:
    started, clock = datetime.now(UTC), time.perf_counter()
    workers = how.workers or pool.default_workers()
    engine = how.engine or ("evaluation" if pool.can_fork() else "kernel")
    keep = kept.folder_of(study_path.resolve())
    prepared = _prepare(study_path, quarter, out, keep, municipalities, progress)
    run = _runner(how, workers)
    steps, parts = _steps(prepared, notebooks, keep, engine, how)
    ran, known = settle(steps, keep, run, "notebooks", progress)
    _refuse_failures(out, prepared, ran)
    named = stamp.inputs(prepared.receipts)
    texts = [stamp.notebook(one.files["notebook.ipynb"].decode(), named) for one in ran]
    models = [
        stamp.model(one.files["model.json"].decode(), named) for one in ran if "model.json" in one.files
    ]
    _gate(out, prepared, models, texts)
    files, rendered = _render(prepared, models, keep, run, progress, docx)
    progress("publish", prepared.quarter, "begun", 0, 1)
    for one, text in zip(prepared.runs, texts, strict=True):
        files[f"notebooks/{one.executed}"] = text.encode()
    files |= record.records(prepared)
    listing, document = record.listed(made, prepared, parts, files, models, docx, municipalities)
    files |= listing
    seconds = time.perf_counter() - clock
    times = [one.files["times.json"] for one in ran]
    files[manifest.PROVENANCE] = record.provenance(
        prepared.quarter, prepared.runs, times, known, engine, workers, started, seconds
    )
    if made_from(study_path, notebooks) != made:
        raise PublishError("pipeline.input_changed", file=study_path.name)
    index = whole_index(out, prepared.quarter, document["entries"], prepared.languages[0], prepared.style)
    publish.publish(out, prepared.quarter, files, index)
    publish.clear_failed(out, prepared.quarter)
    kept.used(keep, {step.key for step in steps} | rendered | set(prepared.given))
    progress("publish", prepared.quarter, "done", 1, 1)
    return release(out, document, False, len(ran) - len(known), len(known), prepared.skipped)


def _prepare(
    study_path: Path, quarter: str | None, out: Path, keep: Path, municipalities: bool, progress: Progress
) -> ready.Prepared:
    arguments = (study_path.resolve(), quarter, out.resolve(), keep, municipalities)
    [prepared] = pool.run_all([(study_path.name, ready.prepare, arguments)], 1, heard=progress)
    return prepared


def _runner(how: How, workers: int) -> Runner:
    if how.scheduler is None:
        return lambda tasks, started: pool.finished(tasks, workers, how.limits, started)
    from evaluation.pipeline import cluster

    return partial(cluster.finished, address=how.scheduler, limits=how.limits)


def _steps(
    prepared: ready.Prepared, notebooks: Path, keep: Path, engine: str, how: How
) -> tuple[list[Step], list[keys.Parts]]:
    """The steps that run the notebooks, and what each one's key is made of."""
    steps, parts = [], []
    for run, given in zip(prepared.runs, prepared.given, strict=True):
        try:
            source = (notebooks / run.notebook).read_bytes()
        except OSError:
            raise NotebookError("pipeline.notebook_missing", notebook=run.notebook) from None
        own = keys.of_run(source, run.parameters, given)
        publishes = run.document is not None
        arguments = (run.notebook, source, run.parameters, (keep, given), engine, publishes)
        steps.append(Step(run.executed, own.key, work.run_notebook, (*arguments, how.limits.seconds)))
        parts.append(own)
    return steps, parts


def _refuse_failures(out: Path, prepared: ready.Prepared, ran: Sequence[Outcome]) -> None:
    failed = [(run, one) for run, one in zip(prepared.runs, ran, strict=True) if one.error]
    if not failed:
        return
    copies = {run.executed: one.files["notebook.ipynb"] for run, one in failed if one.files}
    folder = publish.keep_failed(out, prepared.quarter, copies)
    first = failed[0][1].error
    raise NotebookError(
        "pipeline.not_published",
        reason_nl=first.text("nl"),
        reason_en=first.text("en"),
        quarter=prepared.quarter,
        failed=len(failed),
        total=len(prepared.runs),
        folder=f"{out.name}/{folder.name}",
    )


def _gate(out: Path, prepared: ready.Prepared, models: list[str], texts: list[str]) -> None:
    """Nothing personal leaves: every printed number is registered, the notebooks hold no rows, and the audit
    of this and all earlier releases finds nothing. Raises DisclosureError or NotebookError."""
    named = [(run.notebook, text) for run, text in zip(prepared.runs, texts, strict=True)]
    arguments = (
        prepared.quarter,
        models,
        named,
        prepared.register,
        prepared.receipts,
        prepared.cells,
        out.resolve(),
    )
    pool.run_all([("audit", work.gate, arguments)], 1)


def _render(
    prepared: ready.Prepared, models: list[str], keep: Path, run: Runner, progress: Progress, docx: bool
) -> tuple[kept.Files, set[str]]:
    """The files of all reports, and the keys they are kept under."""
    publishing = [one for one in prepared.runs if one.document]
    style = prepared.style
    look = (repr(style), *(fingerprint.of_file(path) for path in style.files))
    steps = []
    for one, model in zip(publishing, models, strict=True):
        key = keys.of_rendering(model, one.document, one.tables, docx, look)
        steps.append(Step(one.document, key, work.render, (model, one.document, one.tables, style, docx)))
    files: kept.Files = {}
    for outcome in settle(steps, keep, run, "reports", progress)[0]:
        if outcome.error:
            raise outcome.error
        files |= outcome.files
    return files, {step.key for step in steps}
