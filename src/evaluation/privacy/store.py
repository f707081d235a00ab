"""The store of anonymised tables beside a study: written whole or not at all, named by its content."""

import json
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from filelock import FileLock

from evaluation import fingerprint
from evaluation.errors import InputError
from evaluation.intake.names import installed
from evaluation.intake.read import relative_name
from evaluation.study import Study

# What decides the content of a store besides its inputs: the code that makes it and the tables it looks up.
_CODE = ("intake", "privacy", "reference", "study")
_MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Campaign:
    """Anonymised data of a study: tables by kind (a kind without data is absent), receipts, quarantine, and
    the report on k-anonymity (`protect`; empty without responses or quasi-identifiers).

    store: the folder they are from, named by its content; None for a campaign that is in no store.
    """

    study: Study
    tables: dict[str, pd.DataFrame]
    receipts: list[dict]
    quarantine: pd.DataFrame
    store: Path | None = None
    protection: dict = field(default_factory=dict)

    def __repr__(self) -> str:
        """Sizes only: a notebook that ends a cell with a campaign shows no rows of it."""
        sizes = ", ".join(f"{name}: {len(rows)} rows" for name, rows in sorted(self.tables.items()))
        return f"Campaign({self.study.path.name}; {sizes})"


def store_for(study: Study) -> Path:
    """The folder that holds (or will hold) the anonymised tables of the study's present inputs."""
    return study.folder / "work" / f"anonymised-{_content_key(study, _input_hashes(study))}"


def open_campaign(study: Study, progress=None) -> Campaign:
    """The study's anonymised data; taken in first when the store has none for the present inputs.

    progress: as for `evaluation.intake.take_in`. Raises what taking in raises, and InputError when the store
    cannot be written or an input changes meanwhile.
    """
    hashes = _input_hashes(study)
    store = study.folder / "work" / f"anonymised-{_content_key(study, hashes)}"
    if not _is_whole(store):
        try:
            store.parent.mkdir(exist_ok=True)
            # Notebooks start side by side: one takes in, the others wait for it.
            with FileLock(store.parent / ".lock"):
                if not _is_whole(store):
                    _make(study, store, hashes, progress)
        except FileNotFoundError:
            raise  # not a matter of the folder: intake says in its own words which export is gone
        except OSError:
            raise InputError("privacy.store_unwritable", folder=store.parent.name) from None
    return _read(study, store)


def _make(study: Study, store: Path, hashes: dict[str, str], progress) -> None:
    # Both load parsers and contracts, which a reader of the store can do without.
    from evaluation.intake import take_in
    from evaluation.privacy.anonymise import anonymise

    intake = take_in(study, progress)
    for receipt in intake.receipts:
        if hashes[receipt.file] != receipt.sha256:
            raise InputError("privacy.input_changed", file=receipt.file)
    tables, protection = anonymise(study, intake)
    staging = Path(tempfile.mkdtemp(prefix=".taking-in-", dir=store.parent))
    try:
        for kind, frame in (*tables.items(), ("quarantine", intake.quarantine)):
            _write_parquet(frame, staging / f"{kind}.parquet")
        receipts = [receipt.to_dict() for receipt in intake.receipts]
        _write_json(staging / "receipts.json", receipts)
        _write_json(staging / "protection.json", protection)
        _write_json(
            staging / _MANIFEST, {path.name: fingerprint.of_file(path) for path in sorted(staging.iterdir())}
        )
        for path in staging.iterdir():
            _flush(path)
        if store.exists():
            shutil.rmtree(store)
        staging.rename(store)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _read(study: Study, store: Path) -> Campaign:
    kinds = sorted(path.stem for path in store.glob("*.parquet") if path.stem != "quarantine")
    return Campaign(
        study=study,
        tables={kind: pd.read_parquet(store / f"{kind}.parquet") for kind in kinds},
        receipts=json.loads((store / "receipts.json").read_text(encoding="utf-8")),
        quarantine=pd.read_parquet(store / "quarantine.parquet"),
        store=store,
        protection=json.loads((store / "protection.json").read_text(encoding="utf-8")),
    )


def _is_whole(store: Path) -> bool:
    """Whether the store is there and every file of it is as it was written."""
    try:
        manifest = json.loads((store / _MANIFEST).read_text(encoding="utf-8"))
        return all(fingerprint.of_file(store / name) == digest for name, digest in manifest.items())
    except (OSError, ValueError):
        return False


def _input_hashes(study: Study) -> dict[str, str]:
    """Name of every export -> sha256 of its bytes."""
    hashes = {}
    own = [study.municipalities_path] if study.municipalities_path else []
    for paths in (*(spec.paths for spec in study.files.values()), own):
        for path in paths:
            name = relative_name(study, path)
            try:
                hashes[name] = fingerprint.of_file(path)
            except OSError:
                raise InputError("intake.file_missing", file=name) from None
    return hashes


def _content_key(study: Study, hashes: dict[str, str]) -> str:
    inputs = json.dumps(hashes, sort_keys=True)
    made_by = (pd.__version__, installed(), fingerprint.of_rooms(*_CODE))
    return fingerprint.of_text(study.sha256, inputs, *made_by)[:16]


def _write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Categories are written as they are (Parquet numbers different values itself) and read back as text."""
    import pyarrow as pa
    from pyarrow import parquet

    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata()
    parquet.write_table(table, path, compression="zstd", store_schema=False)


def _write_json(path: Path, content: object) -> None:
    path.write_text(
        json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8"
    )


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
