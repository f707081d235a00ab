"""What one run of a notebook is given: a study folder that holds no more than the run may read.

A run can open nothing else, so its outcome depends on nothing else, and a refresh may keep the outcome for as
long as what it was given, the code and its parameters stay the same. In JupyterLab nothing is given: there a
notebook opens the study itself and reads all of it.
"""

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from evaluation.errors import StudyError
from evaluation.privacy import Campaign
from evaluation.report.wording.numbers import rounded
from evaluation.study import Study, load_study

# everything: rows of the anonymised tables too. estimates: all checked estimates and the receipts. survey:
# estimates from answers. dose: those, and how they go with supply. region: those from answers, and what was
# counted in one region. municipality: that, and the area's supply and adoption.
NEEDS = ("everything", "estimates", "survey", "dose", "region", "municipality")

# The folder in which what earlier releases said is given.
RELEASES = "releases"

_MARK = "given.json"
_CHECKED = "checked.parquet"
_QUARANTINE = "quarantine.parquet"
_TABLE = "table."
# Measures of what is counted in orders, logs and ledgers rather than asked of parents.
_COUNTED = ("count", "ratio", "coverage", "median", "p90")
_DOSE = "dose_response"
# What a fact sheet says of the whole area's money, beside its own region.
_OF_THE_AREA = ("cost_total", "parents_reached", "cost_per_parent")
# What a municipality's compares with the whole area.
_COMPARED = ("supply", "adoption")

# checked, unavailable, cells: as in `Findings`.
Checked = tuple[pd.DataFrame, dict[str, str], bytes]


def pack(
    campaign: Campaign,
    quarter: str,
    found: Checked,
    need: str,
    region: str | None = None,
    earlier: Path | None = None,
    restated: Sequence[Mapping] = (),
) -> dict[str, bytes]:
    """The files of the folder that a run with this need is given: name -> content.

    need: one of `NEEDS`; region: the one that "region" is about or the municipality lies in; earlier: the
    folder of all releases, of which the report of the quarter before is given; restated: as
    `Findings.restatements`. The same campaign and findings give the same bytes.
    """
    study, (checked, unavailable, cells) = campaign.study, found
    mark: dict = {"quarter": quarter, "unavailable": unavailable}
    files = {study.path.name: study.path.read_bytes()}
    own = (study.municipalities_path,) if study.municipalities_path else ()
    files |= {_name(study, path): path.read_bytes() for path in own + study.style.files}
    # The study names its exports; a run may know their names, not what is in them.
    names = {_name(study, path): b"" for s in study.files.values() for path in s.paths}
    files |= names
    files[_CHECKED] = _parquet(_rows(study, checked, need, region))
    if need in ("everything", "estimates"):
        mark["receipts"] = campaign.receipts
        mark["restatements"] = restated
        files |= _last_reports(study, quarter, earlier)
    if need == "everything":
        mark["protection"] = campaign.protection
        files["cells.json"] = cells
        files[_QUARANTINE] = _parquet(campaign.quarantine)
        files |= {f"{_TABLE}{kind}.parquet": _parquet(frame) for kind, frame in campaign.tables.items()}
    files[_MARK] = json.dumps(mark, sort_keys=True, ensure_ascii=False).encode()
    return files


def _last_reports(study: Study, quarter: str, earlier: Path | None) -> dict[str, bytes]:
    """The province's reports of the newest quarter before, per language, where `report.earlier` looks."""
    found = {}
    for language in study.languages if earlier else ():
        paths = sorted(earlier.glob(f"[0-9]*Q[1-4]/model/province.{language}.json"), reverse=True)
        for path in [path for path in paths if path.parents[1].name < quarter][:1]:
            found[f"{RELEASES}/{path.relative_to(earlier).as_posix()}"] = path.read_bytes()
    return found


def _name(study: Study, path: Path) -> str:
    return path.relative_to(study.folder).as_posix()


def _rows(study: Study, checked: pd.DataFrame, need: str, region: str | None) -> pd.DataFrame:
    if need in ("everything", "estimates"):
        return checked
    counted = checked["indicator"].isin(checked.loc[checked["measure"].isin(_COUNTED), "indicator"])
    asked = ~counted & (checked["measure"].ne(_DOSE) | (need == "dose"))
    if need in ("survey", "dose"):
        return checked[asked]
    of_area = checked["level"].isin(["area", "comparison"]) & checked["indicator"].isin(_OF_THE_AREA)
    own = checked["region"].map(lambda name: name == region or study.region_of_municipality(name) == region)
    if need == "region":
        return checked[asked | of_area | own]
    compared = checked["level"].eq("area") & checked["indicator"].isin(_COMPARED)
    compared &= checked["measure"].eq("ratio") & checked["group_by"].eq("")
    return _as_printed(checked[asked | own | compared], compared & checked["indicator"].eq("supply"))


def _as_printed(checked: pd.DataFrame, which: pd.Series) -> pd.DataFrame:
    """The rows with the estimates of some no finer than a sheet prints them (whole leaflets per 100 births),
    and nothing else of these: an order elsewhere then changes a sheet's input when it changes the sheet."""
    which = which[checked.index]
    printed = checked.loc[which, "estimate"].map(lambda value: rounded(value, 0))
    checked = checked.assign(estimate=checked["estimate"].mask(which, printed))
    for column in ("n", "count", "clusters"):
        checked[column] = checked[column].mask(which, 0)
    return checked.assign(note=checked["note"].mask(which, ""))


def is_given(folder: Path) -> bool:
    """Whether `folder` is one that a run was given."""
    return (folder / _MARK).is_file()


def campaign(study_path: Path) -> Campaign:
    """The campaign as far as it was given: without tables or receipts where the need leaves them out."""
    folder = study_path.parent
    quarantine = folder / _QUARANTINE
    return Campaign(
        study=load_study(study_path),
        tables={
            path.name.removeprefix(_TABLE).removesuffix(".parquet"): pd.read_parquet(path)
            for path in sorted(folder.glob(f"{_TABLE}*.parquet"))
        },
        receipts=_mark(folder).get("receipts", []),
        quarantine=pd.read_parquet(quarantine) if quarantine.is_file() else pd.DataFrame(),
        protection=_mark(folder).get("protection", {}),
    )


def findings(study: Study, quarter: str) -> Checked:
    """The checked estimates that were given. Raises StudyError for another quarter than theirs."""
    mark = _mark(study.folder)
    if quarter != mark["quarter"]:
        raise StudyError("notebook.other_quarter", quarter=quarter, given=mark["quarter"])
    cells = study.folder / "cells.json"
    return (
        pd.read_parquet(study.folder / _CHECKED),
        mark["unavailable"],
        cells.read_bytes() if cells.is_file() else b"",
    )


def restatements(study: Study) -> list[dict]:
    """What an earlier release said otherwise, as far as it was given."""
    return _mark(study.folder).get("restatements", [])


def _mark(folder: Path) -> dict:
    return json.loads((folder / _MARK).read_bytes())


def _parquet(frame: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.to_parquet(buffer, engine="pyarrow", compression="zstd", index=False)
    return buffer.getvalue()
