"""What a refresh would do: the plan, which runs are kept, and why the others are not. Writes nothing."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from evaluation.errors import InputError, NotebookError
from evaluation.pipeline import kept, keys, manifest, pool, ready
from evaluation.pipeline.plan import Run
from evaluation.pipeline.state import find_notebooks, made_from, unchanged


@dataclass(frozen=True)
class Planned:
    """A run of the plan. why: the parts of its key that changed since the release that lies there (fields of
    `keys.Parts`), ("new",) when it has none, () when its result is kept."""

    run: Run
    why: tuple[str, ...]


def outlook(
    study_path: Path,
    quarter: str | None,
    out: Path,
    docx: bool = False,
    municipalities: bool = True,
    notebooks: Path | None = None,
) -> tuple[str, list[Planned]]:
    """The quarter and the plan of a refresh with these arguments. Raises what the refresh would raise before
    its notebooks run."""
    study_path, out = Path(study_path), Path(out)
    notebooks = notebooks or find_notebooks()
    made = made_from(study_path, notebooks)
    if there := unchanged(out, made, quarter, docx, municipalities):
        runs = manifest.read(there.folder)["runs"]
        return there.quarter, [Planned(_run(run), ()) for run in runs]
    with tempfile.TemporaryDirectory(prefix="plan-") as folder:
        copy = _copy(study_path.resolve(), made, Path(folder) / study_path.resolve().parent.name)
        arguments = (copy, quarter, out.resolve(), Path(folder) / "kept", municipalities)
        [prepared] = pool.run_all([(study_path.name, ready.prepare, arguments)], 1)
    before = {run["output"]: run for run in (manifest.read(out / prepared.quarter) or {"runs": ()})["runs"]}
    keep = kept.folder_of(study_path.resolve())
    planned = []
    for run, given in zip(prepared.runs, prepared.given, strict=True):
        try:
            source = (notebooks / run.notebook).read_bytes()
        except OSError:
            raise NotebookError("pipeline.notebook_missing", notebook=run.notebook) from None
        parts = keys.of_run(source, run.parameters, given)
        is_kept = kept.get(keep, parts.key) is not None
        planned.append(Planned(run, () if is_kept else _why(parts, before.get(run.executed))))
    return prepared.quarter, planned


def _copy(study_path: Path, made: manifest.Made, folder: Path) -> Path:
    """The study and what was already taken in from it, where it may be written to."""
    for name in (study_path.name, *made.inputs):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(study_path.parent / name, folder / name)
        except OSError:
            raise InputError("intake.file_missing", file=name) from None
    for pattern in ("anonymised-*", "findings-*", "behind-*.parquet"):
        for taken in (study_path.parent / "work").glob(pattern):
            copy = shutil.copytree if taken.is_dir() else shutil.copyfile
            (folder / "work").mkdir(exist_ok=True)
            copy(taken, folder / "work" / taken.name)
    return folder / study_path.name


def _why(parts: keys.Parts, before: dict | None) -> tuple[str, ...]:
    then = (before or {}).get("made_from")
    if then is None:
        return ("new",)
    # Made from the same, but not kept any more.
    return tuple(name for name, value in vars(parts).items() if then.get(name) != value) or ("gone",)


def _run(listed: dict) -> Run:
    return Run(listed["notebook"], listed["parameters"], listed["output"], needs=listed.get("needs", ""))
