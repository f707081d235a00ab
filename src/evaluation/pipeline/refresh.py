"""One refresh: from a study file to a published release."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from evaluation.errors import NotebookError, PublishError
from evaluation.pipeline import manifest, pool, publish, work
from evaluation.pipeline.index import receipt_page, release_entries, release_index, whole_index
from evaluation.pipeline.plan import Run, plan

Progress = Callable[[str, str, int, int], None]


@dataclass(frozen=True)
class Release:
    """A published release. files: per input file its counts (read, accepted, quarantined). suppressed: how
    many table cells are hidden. unchanged: it was there already and nothing was computed."""

    folder: Path
    index: Path
    quarter: str
    files: tuple[dict, ...]
    suppressed: int
    unchanged: bool


def refresh(
    study_path: Path,
    quarter: str | None,
    out: Path,
    workers: int | None = None,
    engine: str | None = None,
    progress: Progress = lambda stage, name, finished, total: None,
    docx: bool = False,
    notebooks: Path | None = None,
) -> Release:
    """Make and publish the release of a quarter (None: the newest wave with data) in the folder `out`.

    workers: processes side by side, None for one per core. engine: "evaluation" or "kernel", None for the
    first where processes can fork. progress(stage, name, finished, total) is called as stages ("intake",
    "notebooks", "reports", "publish") begin and go on. notebooks: their folder, None for the project's own.
    docx: also write the main pages of each report as a Word document.
    Raises UserError; then `out` holds what it held before.
    """
    study_path, out = Path(study_path), Path(out)
    notebooks = notebooks or find_notebooks()
    workers = workers or pool.default_workers()
    engine = engine or ("evaluation" if pool.can_fork() else "kernel")
    made = _made_from(study_path, notebooks)
    with publish.output_folder(out):
        if there := _unchanged(out, made, quarter, docx):
            return there
        started, clock = datetime.now(UTC), time.perf_counter()
        progress("intake", study_path.name, 0, 1)
        [prepared] = pool.run_all(
            [(study_path.name, work.prepare, (study_path.resolve(), quarter, out.resolve()))], 1
        )
        runs = plan(study_path.name, prepared.quarter, prepared.languages, prepared.regions)
        ran = _run(runs, study_path.resolve().parent, notebooks, out.resolve(), engine, workers, progress)
        _refuse_failures(out, prepared.quarter, runs, ran)
        _gate(out, prepared, runs, ran)
        files = _render(prepared, runs, ran, workers, progress, docx)
        progress("publish", prepared.quarter, 0, 1)
        files |= {
            f"notebooks/{run.executed}": one.executed.text.encode()
            for run, one in zip(runs, ran, strict=True)
        }
        files["receipt.json"] = manifest.to_json(
            {
                "format": "outreach-receipt/1",
                "files": prepared.receipts,
                "protection": prepared.protection,
                "restatements": prepared.restatements,
            }
        )
        files["quarantine.csv"] = prepared.quarantine
        files["cells.json"] = prepared.cells
        files["receipt.html"] = receipt_page(
            prepared.receipts,
            prepared.quarter,
            prepared.languages[0],
            prepared.synthetic,
            prepared.style,
            prepared.protection,
            prepared.restatements,
        )
        models = [one.model for one in ran if one.model]
        entries = release_entries(runs, models, prepared.languages[0], prepared.places, docx)
        files["index.html"] = release_index(entries, prepared.languages[0], prepared.style)
        document = manifest.manifest(made, prepared.quarter, prepared.newest, runs, files) | {
            "entries": entries,
            "summary": {"files": _counts(prepared.receipts), "suppressed": sum(map(work.suppressed, models))},
        }
        files[manifest.MANIFEST] = manifest.to_json(document)
        files[manifest.PROVENANCE] = manifest.to_json(
            {
                "format": "outreach-provenance/1",
                "quarter": prepared.quarter,
                "started": started.isoformat(timespec="seconds"),
                "seconds": round(time.perf_counter() - clock, 3),
                "engine": engine,
                "workers": workers,
                "runs": [
                    {"output": run.executed} | one.executed.times for run, one in zip(runs, ran, strict=True)
                ],
            }
        )
        if _made_from(study_path, notebooks) != made:
            raise PublishError("pipeline.input_changed", file=study_path.name)
        index = whole_index(out, prepared.quarter, entries, prepared.languages[0], prepared.style)
        publish.publish(out, prepared.quarter, files, index)
        publish.clear_failed(out, prepared.quarter)
        return _release(out, document, unchanged=False)


def find_notebooks() -> Path:
    """The folder of the project's notebooks: beside the package's source, else in the working folder or one
    above it. Raises NotebookError."""
    for folder in (Path(__file__).resolve().parents[3], Path.cwd(), *Path.cwd().parents):
        if (folder / "notebooks" / "10_province_report.ipynb").is_file():
            return folder / "notebooks"
    raise NotebookError("pipeline.no_notebooks")


def _made_from(study_path: Path, notebooks: Path) -> manifest.Made:
    try:
        return manifest.made_from(study_path, notebooks)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        from evaluation.study import load_study

        load_study(study_path)  # says in a sentence what is wrong with the file
        raise


def _unchanged(out: Path, made: manifest.Made, quarter: str | None, docx: bool) -> Release | None:
    """The release that is there already, whole, and made from just this."""
    candidates = (
        [quarter] if quarter else sorted(path.parent.name for path in out.glob("*/" + manifest.MANIFEST))
    )
    for candidate in candidates:
        found = manifest.read(out / candidate)
        if (
            found
            and (quarter or found["newest"] == candidate)
            and found["key"] == made.key(candidate)
            and (out / "index.html").is_file()
            and docx == any(entry["format"] == "DOCX" for entry in found["entries"])
            and not manifest.verify(out / candidate)
        ):
            return _release(out, found, unchanged=True)
    return None


def _run(
    runs: tuple[Run, ...],
    folder: Path,
    notebooks: Path,
    out: Path,
    engine: str,
    workers: int,
    progress: Progress,
) -> list[work.Ran]:
    tasks = [
        (
            run.executed,
            work.run_notebook,
            (
                notebooks.resolve() / run.notebook,
                run.parameters,
                folder,
                engine,
                run.document is not None,
                out,
            ),
        )
        for run in runs
    ]
    return pool.run_all(tasks, workers, _counting(progress, "notebooks", len(tasks)))


def _refuse_failures(out: Path, quarter: str, runs: tuple[Run, ...], ran: list[work.Ran]) -> None:
    failed = [(run, one.executed) for run, one in zip(runs, ran, strict=True) if one.executed.error]
    if not failed:
        return
    copies = {run.executed: executed.text.encode() for run, executed in failed if executed.text}
    folder = publish.keep_failed(out, quarter, copies)
    first = failed[0][1].error
    raise NotebookError(
        "pipeline.not_published",
        reason_nl=first.text("nl"),
        reason_en=first.text("en"),
        quarter=quarter,
        failed=len(failed),
        total=len(runs),
        folder=f"{out.name}/{folder.name}",
    )


def _gate(out: Path, prepared: work.Prepared, runs: tuple[Run, ...], ran: list[work.Ran]) -> None:
    """Nothing personal leaves: every printed number is registered, the notebooks hold no rows, and the audit
    of this and all earlier releases finds nothing. Raises DisclosureError or NotebookError."""
    models = [one.model for one in ran if one.model]
    texts = [(run.notebook, one.executed.text) for run, one in zip(runs, ran, strict=True)]
    arguments = (
        prepared.quarter,
        models,
        texts,
        prepared.register,
        prepared.receipts,
        prepared.cells,
        out.resolve(),
    )
    pool.run_all([("audit", work.gate, arguments)], 1)


def _render(
    prepared: work.Prepared,
    runs: tuple[Run, ...],
    ran: list[work.Ran],
    workers: int,
    progress: Progress,
    docx: bool,
) -> dict[str, bytes]:
    tasks = [
        (run.document, work.render, (one.model, run.document, run.tables, prepared.style, docx))
        for run, one in zip(runs, ran, strict=True)
        if one.model
    ]
    files: dict[str, bytes] = {}
    for rendered in pool.run_all(tasks, workers, _counting(progress, "reports", len(tasks))):
        files |= rendered
    return files


def _counting(progress: Progress, stage: str, total: int) -> Callable[[str, bool], None]:
    finished = 0

    def count(name: str, done: bool) -> None:
        nonlocal finished
        finished += done
        progress(stage, name, finished, total)

    return count


def _counts(receipts: list[dict]) -> list[dict]:
    return [
        {
            "file": receipt["file"],
            "read": receipt["read"],
            "accepted": receipt["accepted"],
            "quarantined": sum(receipt["quarantined"].values()),
        }
        for receipt in receipts
    ]


def _release(out: Path, document: dict, unchanged: bool) -> Release:
    return Release(
        folder=out / document["quarter"],
        index=out / "index.html",
        quarter=document["quarter"],
        files=tuple(document["summary"]["files"]),
        suppressed=document["summary"]["suppressed"],
        unchanged=unchanged,
    )
