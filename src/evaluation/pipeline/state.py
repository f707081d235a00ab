"""What a refresh finds when it starts: the notebooks, what the study is made from, and whether it changed."""

from dataclasses import dataclass
from pathlib import Path

from evaluation.errors import NotebookError
from evaluation.pipeline import manifest


@dataclass(frozen=True)
class Release:
    """A published release. files: per input file its counts (read, accepted, quarantined). suppressed: how
    many table cells are hidden. unchanged: it was there already and nothing was computed. ran, kept: how many
    notebooks ran and how many were kept from an earlier refresh. skipped: later, incomplete waves."""

    folder: Path
    index: Path
    quarter: str
    files: tuple[dict, ...]
    suppressed: int
    unchanged: bool
    ran: int = 0
    kept: int = 0
    skipped: tuple[str, ...] = ()


def find_notebooks() -> Path:
    """The folder of the project's notebooks: beside the package's source, else in the working folder or one
    above it. Raises NotebookError."""
    for folder in (Path(__file__).resolve().parents[3], Path.cwd(), *Path.cwd().parents):
        if (folder / "notebooks" / "10_province_report.ipynb").is_file():
            return folder / "notebooks"
    raise NotebookError("pipeline.no_notebooks")


def made_from(study_path: Path, notebooks: Path) -> manifest.Made:
    """As `manifest.made_from`, with a sentence for a study file that is not right."""
    try:
        return manifest.made_from(study_path, notebooks)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        from evaluation.study import load_study

        load_study(study_path)  # says in a sentence what is wrong with the file
        raise


def unchanged(
    out: Path, made: manifest.Made, quarter: str | None, docx: bool = False, municipalities: bool = True
) -> Release | None:
    """The release that is there already, whole, and made from just this; quarter None: of the newest wave
    with complete data. docx, municipalities: whether there are to
    be Word documents and their fact sheets."""
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
            and found.get("municipalities", True) == municipalities
            and docx == any(entry["format"] == "DOCX" for entry in found["entries"])
            and not manifest.verify(out / candidate)
        ):
            return release(out, found, unchanged=True)
    return None


def release(
    out: Path, document: dict, unchanged: bool, ran: int = 0, kept: int = 0, skipped: tuple[str, ...] = ()
) -> Release:
    """The release that a manifest in `out` describes."""
    return Release(
        folder=out / document["quarter"],
        index=out / "index.html",
        quarter=document["quarter"],
        files=tuple(document["summary"]["files"]),
        suppressed=document["summary"]["suppressed"],
        unchanged=unchanged,
        ran=ran,
        kept=kept,
        skipped=skipped,
    )
