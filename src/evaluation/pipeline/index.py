"""The lines of the index pages: which files of a release a reader finds there, and under which title."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from evaluation.pipeline import manifest
from evaluation.pipeline.plan import Run
from evaluation.pipeline.words import word
from evaluation.quarters import label

if TYPE_CHECKING:
    from evaluation.study import Style

# Under which heading a kind of report is listed, where that is not its own.
_LISTED = {"staff": "data"}
_RECORDS = {"receipt.html": "HTML", "receipt.json": "JSON", "quarantine.csv": "CSV", "manifest.json": "JSON"}


def release_entries(
    runs: Iterable[Run],
    models: Iterable[str],
    language: str,
    places: Mapping[str, list[str]],
    docx: bool = False,
) -> list[dict]:
    """One dict per linked file, as the fields of `site.Entry` with paths within the release.

    models: the report models, in the order of the runs that publish one. language: of the titles of what is
    not a report itself. places: the municipalities of each region. docx: whether the reports are there
    as Word documents too.
    """
    runs = list(runs)
    reports = [json.loads(text) for text in models]
    about = reports[0]
    # The index speaks one language, whatever that of a report in it.
    words = {"quarter_label": label(about["quarter"], language)}
    entries = []
    for run, report in zip((run for run in runs if run.document), reports, strict=True):
        for path, kind, form in (
            (f"{run.document}.html", report["kind"], "HTML"),
            (f"{run.document}.pdf", report["kind"], "PDF"),
            (f"{run.document}.docx", report["kind"], "DOCX"),
            (f"{run.tables}.xlsx", "data", "XLSX"),
        ):
            if (docx or form != "DOCX") and (run.tables or kind != "data"):
                title = report["region"] or report["title"]
                entry = _entry(report, path, title, _LISTED.get(kind, kind), report["language"], form) | words
                if kind == "region":
                    entry["places"] = places.get(run.parameters.get("region"), [])
                elif kind == "municipality":
                    entry["places"] = [report["region"]]
                entries.append(entry)
    for path, form in _RECORDS.items():
        title = word("index_" + Path(path).stem, language)
        entries.append(_entry(about, path, title, "data", "", form) | words)
    for run in runs:
        title = word("index_notebook", language, name=run.executed.removesuffix(".ipynb"))
        entries.append(_entry(about, f"notebooks/{run.executed}", title, "data", "", "IPYNB") | words)
    return entries


def _entry(report: dict, path: str, title: str, kind: str, language: str, form: str) -> dict:
    return {
        "path": path,
        "title": title,
        "quarter": report["quarter"],
        "area": report["area"],
        "kind": kind,
        "language": language,
        "format": form,
        "synthetic": report["synthetic"] is not None,
    }


def receipt_page(
    receipts: list[dict],
    quarter: str,
    language: str,
    synthetic: bool,
    style: "Style",
    protection: dict,
    restatements: list[dict],
) -> bytes:
    """The receipt as a page. protection, restatements: as in `ready.Prepared`."""
    from evaluation.report.writers.receipt import write_receipt

    return write_receipt(receipts, quarter, language, synthetic, style, protection, restatements)


def release_index(entries: list[dict], language: str, style: "Style") -> bytes:
    """The page of one quarter."""
    from evaluation.report.writers import site

    return site.write_quarter_index([site.Entry(**entry) for entry in entries], language, style)


def whole_index(out: Path, quarter: str, entries: list[dict] | None, language: str, style: "Style") -> bytes:
    """The page over all quarters: the reports and tables of each release in `out`, with `entries` for the
    release that is about to be `quarter`'s, None when there will be none."""
    from evaluation.report.writers import site

    listed = {} if entries is None else {quarter: entries}
    for path in sorted(out.glob("*Q[1-4]/" + manifest.MANIFEST)):
        found = manifest.read(path.parent)
        if found and path.parent.name != quarter:
            listed[path.parent.name] = found["entries"]
    return site.write_index(
        [
            site.Entry(**entry | {"path": f"{name}/{entry['path']}"})
            for name, of_release in sorted(listed.items())
            for entry in of_release
            if entry["kind"] != "data" or entry["format"] == "XLSX"
        ],
        language,
        style,
    )
