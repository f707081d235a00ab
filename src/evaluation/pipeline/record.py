"""The files of a release that say what it was made from and what became of every row."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from evaluation.pipeline import keys, manifest, ready, work
from evaluation.pipeline.index import receipt_page, release_entries, release_index
from evaluation.pipeline.kept import Files
from evaluation.pipeline.plan import Run


def records(prepared: ready.Prepared) -> Files:
    """The receipt, the refused rows and the ledger's entry."""
    return {
        "receipt.json": manifest.to_json(
            {
                "format": "outreach-receipt/1",
                "files": prepared.receipts,
                "protection": prepared.protection,
                "restatements": prepared.restatements,
            }
        ),
        "receipt.html": receipt_page(
            prepared.receipts,
            prepared.quarter,
            prepared.languages[0],
            prepared.synthetic,
            prepared.style,
            prepared.protection,
            prepared.restatements,
        ),
        "quarantine.csv": prepared.quarantine,
        "cells.json": prepared.cells,
    }


def listed(
    made: manifest.Made,
    prepared: ready.Prepared,
    parts: Sequence[keys.Parts],
    files: Files,
    models: list[str],
    docx: bool,
    municipalities: bool,
) -> tuple[Files, dict]:
    """The index page and the manifest of a release of these files: files to add, and the manifest itself."""
    language = prepared.languages[0]
    entries = release_entries(prepared.runs, models, language, prepared.places, docx)
    index = {"index.html": release_index(entries, language, prepared.style)}
    document = manifest.manifest(made, prepared.quarter, prepared.newest, prepared.runs, files | index) | {
        "entries": entries,
        "language": language,
        "municipalities": municipalities,
        "summary": {"files": _counts(prepared.receipts), "suppressed": sum(map(work.suppressed, models))},
    }
    for run, own in zip(document["runs"], parts, strict=True):
        run["made_from"] = vars(own)
    return index | {manifest.MANIFEST: manifest.to_json(document)}, document


def provenance(
    quarter: str,
    runs: Iterable[Run],
    times: Iterable[bytes],
    known: set[int],
    engine: str,
    workers: int,
    started: datetime,
    seconds: float,
) -> bytes:
    """The provenance: everything about a release that differs from one refresh to the next."""
    each = [
        {"output": run.executed, "kept": number in known} | json.loads(own)
        for number, (run, own) in enumerate(zip(runs, times, strict=True))
    ]
    return manifest.to_json(
        {
            "format": "outreach-provenance/1",
            "quarter": quarter,
            "started": started.isoformat(timespec="seconds"),
            "seconds": round(seconds, 3),
            "engine": engine,
            "workers": workers,
            "runs": each,
        }
    )


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
