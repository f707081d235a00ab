"""The study taken in for a refresh: checked estimates, what each run may read, and what may be printed."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from evaluation.errors import DataError, PublishError
from evaluation.pipeline import kept
from evaluation.pipeline.kept import Files
from evaluation.pipeline.plan import Run, plan
from evaluation.pipeline.pool import tell
from evaluation.pipeline.progress import of_files

if TYPE_CHECKING:  # it needs pandas, which an unchanged release does without
    from evaluation.report.registered import Register
    from evaluation.study import Style


@dataclass(frozen=True)
class Prepared:
    """The study taken in. newest: the newest complete wave. receipts: as in `Campaign.receipts`.
    quarantine: the CSV for staff, without a value of a row. cells: what the release gives away (its
    `cells.json`). register: every number that may be printed, by name. runs: the plan. given: for each run
    the key under which what it may read is kept. style: of the study. places: the municipalities of each
    region, by name, for who looks for one. municipalities: CBS code -> name of those that a fact sheet can be
    made of. skipped: waves with data after the quarter, passed over because they are not complete.
    protection: as in `Campaign.protection`; restatements: as in `Findings.restatements`."""

    quarter: str
    newest: str
    languages: tuple[str, ...]
    synthetic: bool
    receipts: list[dict]
    quarantine: bytes
    cells: bytes
    register: "Register"
    runs: tuple[Run, ...]
    given: tuple[str, ...]
    style: "Style"
    places: dict[str, list[str]]
    skipped: tuple[str, ...] = ()
    municipalities: dict[str, str] = field(default_factory=dict)
    protection: dict = field(default_factory=dict)
    restatements: list[dict] = field(default_factory=list)


def prepare(
    study_path: Path, quarter: str | None, out: Path, keep: Path, municipalities: bool = True
) -> Prepared:
    """Take the study in, strip it of what is personal, check its estimates together with the releases that
    are in `out` already, unless that is done, and lay ready in `keep` what each run may read.

    quarter None: the newest complete wave. Raises the errors of study, intake, privacy and indicators,
    DataError when the quarter has no responses, DisclosureError when it cannot be published safely.
    """
    from evaluation.notebook import findings
    from evaluation.notebook.session import RELEASES
    from evaluation.privacy import open_campaign
    from evaluation.report.registered import register
    from evaluation.report.writers.quarantine import write_quarantine
    from evaluation.study import load_study

    study = load_study(study_path)
    if quarter is not None:
        study.require_quarter(quarter)
    campaign = open_campaign(study, of_files(tell))
    filled = _waves_with_data(study.after, campaign.tables)
    if not filled:
        raise DataError("pipeline.no_wave", file=study_path.name, waves=", ".join(study.after))
    if quarter is not None and quarter not in filled:
        raise DataError(
            "pipeline.wave_empty", file=study_path.name, quarter=quarter, filled=", ".join(filled)
        )
    complete = _complete(study, campaign.tables, filled)
    quarter = quarter or complete
    os.environ[RELEASES] = str(out)
    # Once, before all notebooks ask for it; what the data cannot carry is said here, not each time.
    tell("estimates", quarter, "begun", 0, 1)
    found = findings(campaign, quarter)
    receipts = json.loads(json.dumps(campaign.receipts))
    places = found.municipalities if municipalities else {}
    where = study.region_of_municipality
    tell("estimates", quarter, "done", 1, 1)
    runs = plan(study_path.name, quarter, study.languages, study.area.regions, places, where)
    return Prepared(
        quarter=quarter,
        newest=complete,
        skipped=tuple(wave for wave in filled if wave > quarter) if quarter == complete else (),
        languages=study.languages,
        synthetic=study.synthetic,
        receipts=receipts,
        quarantine=write_quarantine(campaign.quarantine, study.languages[0]),
        cells=found.cells,
        register=register(study, found.checked, receipts, found.earlier_numbers()),
        runs=runs,
        given=_lay_ready(campaign, found, runs, keep),
        protection=campaign.protection,
        restatements=found.restatements,
        style=study.style,
        places={region: study.municipalities_of(region) for region in study.area.regions},
        municipalities=found.municipalities,
    )


def _lay_ready(campaign, found, runs: tuple[Run, ...], keep: Path) -> tuple[str, ...]:
    from evaluation.notebook import given

    keys: dict[tuple, str] = {}
    for run in runs:
        wanted = run.needs, run.region
        if wanted not in keys:
            parts = found.checked, found.unavailable, found.cells
            keys[wanted] = keep_given(
                keep, given.pack(campaign, found.quarter, parts, *wanted, found.releases, found.restatements)
            )
    return tuple(keys[run.needs, run.region] for run in runs)


def _waves_with_data(after: tuple[str, ...], tables: dict) -> list[str]:
    """The waves after the start that have responses; without a survey, those that have orders."""
    for table, column in (("responses", "wave"), ("orders", "quarter")):
        if table in tables:
            found = set(tables[table][column])
            return [wave for wave in after if wave in found]
    return list(after)


def keep_given(keep: Path, files: Files) -> str:
    """Keep what a run is given, unless it is kept already; gives its key. Raises PublishError."""
    key = "given-" + kept.key_of(files)
    if kept.get(keep, key) is None:
        try:
            kept.put(keep, key, files)
        except OSError:
            raise PublishError("pipeline.not_kept", folder=keep.parent.name) from None
    return key


def _complete(study, tables: dict, filled: list[str]) -> str:
    """The newest wave in which every region that ever answered has the answers a percentage needs; when no
    wave has, the newest with data."""
    if "responses" in tables:
        answers = tables["responses"].groupby(["region", "wave"]).size().unstack(fill_value=0)
        enough = (answers >= study.disclosure.minimum_base).all()
        for wave in reversed(filled):
            if enough[wave]:
                return wave
    return filled[-1]
