"""From a study file's name to a campaign, and from a campaign to what may be shown of it."""

import os
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from evaluation import disclosure, privacy
from evaluation.disclosure import ledger
from evaluation.errors import InputError
from evaluation.indicators import catalogue
from evaluation.indicators.tidy import concat
from evaluation.notebook import behind, given
from evaluation.notebook.cache import cached
from evaluation.notebook.restated import restatements, rows
from evaluation.privacy import Campaign
from evaluation.report.content.answer import judged
from evaluation.report.content.facts import Context
from evaluation.report.content.factsheet import region_factsheet
from evaluation.report.content.municipality import municipality_factsheet
from evaluation.report.content.province import province_report
from evaluation.report.content.staff import staff_page
from evaluation.report.earlier import earlier_numbers, last_report
from evaluation.report.model import Report
from evaluation.report.wording import words
from evaluation.report.wording.verdict import Verdict
from evaluation.study import Study, load_study

# The folder of all releases, as an environment variable: no cell of a notebook need know it.
RELEASES = "EVALUATION_RELEASES"


@dataclass(frozen=True)
class Findings:
    """What may be shown of a campaign in one quarter.

    checked: the tidy table of estimates with `status` and `reason`; nothing suppressed is left in it.
    unavailable: indicator -> key of the reason why the study's data cannot carry it.
    receipts: what was read, accepted and refused, per file. cells: the release's `cells.json`, what all of
    it gives away, audited with the earlier releases. releases: the folder of all releases, None without one.
    restatements: what an earlier release said otherwise (`restated.restatements`).
    """

    study: Study = field(repr=False)
    quarter: str
    checked: pd.DataFrame = field(repr=False)
    unavailable: dict[str, str]
    receipts: list[dict] = field(repr=False)
    cells: bytes = field(repr=False, default=b"")
    releases: Path | None = field(repr=False, default=None)
    restatements: list[dict] = field(repr=False, default_factory=list)

    def province_report(self, language: str) -> Report:
        """The report for the province, in "nl" or "en"."""
        last = last_report(self.releases, self.quarter, language)
        return province_report(
            self.study, self.quarter, language, self.checked, self.unavailable, self.receipts, last
        )

    def verdict(self, language: str) -> Verdict:
        """Which claim about the campaign as a cause the design carries."""
        return judged(
            Context(
                self.study,
                self.quarter,
                language,
                None,
                self.checked,
                self.unavailable,
                self.receipts,
                words(language),
            )
        )

    def region_factsheet(self, region: str, language: str) -> Report:
        """The two pages for one region. Raises StudyError for a region the study does not have."""
        self.study.require_region(region)
        return region_factsheet(
            self.study, self.quarter, region, language, self.checked, self.unavailable, self.receipts
        )

    def earlier_numbers(self) -> dict[str, float]:
        """Name -> number of what stands in the last published report, and may stand in this one again."""
        found: dict[str, float] = {}
        for language in self.study.languages:
            found |= earlier_numbers(last_report(self.releases, self.quarter, language))
        return found

    @property
    def municipalities(self) -> dict[str, str]:
        """CBS code -> name of the treated municipalities that have an estimate of supply, by name."""
        rows = self.checked[self.checked["indicator"].eq("supply") & self.checked["level"].eq("municipality")]
        names = self.study.places.set_index("code")["name"]
        return dict(sorted(names[names.index.isin(rows["region"])].items(), key=lambda item: item[1]))

    def municipality_factsheet(self, code: str, language: str) -> Report:
        """The two pages for one municipality (CBS code). Raises StudyError for one the study lacks."""
        return municipality_factsheet(
            self.study, self.quarter, code, language, self.checked, self.unavailable, self.receipts
        )

    def staff_page(self, language: str) -> Report:
        """What came in, what is missing and what to do, for staff of the foundation."""
        return staff_page(self.study, self.quarter, language, self.checked, self.unavailable, self.receipts)


def open_campaign(study: str) -> Campaign:
    """The anonymised tables of a study; takes its exports in first when that has not been done yet.

    study: path of the study file; a relative one is looked for in the working folder and those above it.
    Raises InputError, StudyError or DataError, each with one sentence. Tables are shown whole from here on:
    no row, column or sentence cut off, numbers to four decimals.
    """
    pd.set_option("display.max_rows", 500, "display.max_columns", None)
    pd.set_option("display.max_colwidth", None, "display.precision", 4)
    path = _locate(Path(study)).resolve()
    return given.campaign(path) if given.is_given(path.parent) else privacy.open_campaign(load_study(path))


def findings(campaign: Campaign, quarter: str) -> Findings:
    """Every estimate of a quarter, checked for disclosure together with the earlier releases in the folder
    that `RELEASES` in the environment names (a refresh sets it). Raises StudyError for an unknown quarter,
    DisclosureError when it cannot be made safe.

    The notebooks of a release ask for the same findings: the first computes them, the others read them.
    """
    study = campaign.study
    study.require_quarter(quarter)
    if given.is_given(study.folder):
        checked, unavailable, cells = given.findings(study, quarter)
        told = study.folder / given.RELEASES
        changed = given.restatements(study)
        return Findings(study, quarter, checked, unavailable, campaign.receipts, cells, told, changed)
    folder = os.environ.get(RELEASES)
    earlier = ledger.releases(Path(folder)) if folder else []
    checked, unavailable, cells = cached(campaign, quarter, earlier, _compute)
    releases = Path(folder) if folder else None
    changed = restatements(cells, earlier, study.primary.id)
    return Findings(study, quarter, checked, unavailable, campaign.receipts, cells, releases, changed)


def _compute(
    campaign: Campaign, quarter: str, earlier: list[disclosure.Published]
) -> tuple[pd.DataFrame, dict[str, str], bytes]:
    estimates = catalogue.all_estimates(campaign, quarter)
    estimates = concat([estimates, rows(campaign, quarter, earlier)])
    estimates, sites = behind.noted(estimates, campaign, earlier)
    found = disclosure.release(estimates, campaign.study.disclosure, earlier)
    behind.keep(campaign, found.published, sites)
    cells = ledger.entry(found.published, earlier)
    return found.checked, catalogue.unavailable(campaign, quarter), cells


def _locate(path: Path) -> Path:
    if path.is_absolute():
        return path
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / path).is_file():
            return folder / path
    raise InputError("evaluation.study_missing", file=str(path))
