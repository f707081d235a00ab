"""Checked estimates kept beside the anonymised store, named by everything that decides them."""

import json
import shutil
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pandas as pd
from filelock import FileLock

from evaluation import fingerprint
from evaluation.disclosure import Published, audit
from evaluation.privacy import Campaign

Checked = tuple[pd.DataFrame, dict[str, str], bytes]
Compute = Callable[[Campaign, str, list[Published]], Checked]
_ROOMS = ("estimation", "indicators", "disclosure", "notebook", "errors", "quarters")
_LIBRARIES = ("numpy", "pandas", "scipy", "statsmodels")


def cached(campaign: Campaign, quarter: str, earlier: list[Published], compute: Compute) -> Checked:
    """The checked estimates of a quarter, what is unavailable, and what the release gives away, computed when
    they are not kept yet for these earlier releases.

    Only checked estimates are kept: nothing that a reader may not see. Where the folder cannot be written
    they are computed each time.
    """
    store = campaign.store
    key = fingerprint.of_text(
        store.name,
        quarter,
        fingerprint.of_rooms(*_ROOMS),
        *(version(name) for name in _LIBRARIES),
        *(audit.to_json([past]).decode() for past in earlier),
    )
    folder = store.parent / f"findings-{key[:16]}"
    try:
        with FileLock(store.parent / f".{folder.name}.lock"):
            if not folder.is_dir():
                _write(folder, compute(campaign, quarter, earlier))
            return _read(folder)
    except OSError:
        return compute(campaign, quarter, earlier)


def _write(folder: Path, content: Checked) -> None:
    """Written beside its place and renamed, so that what has the name is whole."""
    staging = Path(tempfile.mkdtemp(prefix=".findings-", dir=folder.parent))
    try:
        checked, unavailable, cells = content
        checked.to_parquet(staging / "checked.parquet", index=False)
        (staging / "unavailable.json").write_text(json.dumps(unavailable), encoding="utf-8")
        (staging / "cells.json").write_bytes(cells)
        staging.rename(folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _read(folder: Path) -> Checked:
    unavailable = json.loads((folder / "unavailable.json").read_text(encoding="utf-8"))
    return pd.read_parquet(folder / "checked.parquet"), unavailable, (folder / "cells.json").read_bytes()
