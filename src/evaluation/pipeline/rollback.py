"""Back to the release before, by one atomic switch as when publishing."""

from pathlib import Path

from evaluation.pipeline import manifest, publish
from evaluation.pipeline.index import whole_index
from evaluation.study import Style


def roll_back(out: Path, quarter: str | None = None) -> tuple[str, bool]:
    """Bring back the version before of a quarter (None: the newest quarter), or withdraw the quarter when it
    has none. Gives the quarter, and whether a version of it was brought back.

    Both stay in the ledger, and rolling back once more undoes it. Raises PublishError when there is nothing
    before or another refresh runs.
    """

    def page(quarter: str, version: Path | None) -> bytes:
        entries = manifest.read(version)["entries"] if version else None
        language = manifest.read(out / quarter).get("language", "nl")
        # Without the study file at hand its own colours are not known; the next refresh brings them back.
        return whole_index(out, quarter, entries, language, Style())

    with publish.output_folder(out):
        quarter, key = publish.go_back(out, quarter, page)
    return quarter, key is not None
