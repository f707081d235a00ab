"""What a study file holds once it is read: frozen values that every station looks things up in."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from evaluation.errors import StudyError
from evaluation.reference import municipalities
from evaluation.reference.questionnaire import Item, Text
from evaluation.study.schema import Design, OutcomeTable, Product, Target, Thresholds
from evaluation.study.style import Style

Outcome = OutcomeTable


@dataclass(frozen=True)
class Area:
    """Where the campaign ran, its regions in reporting order, and where it did not (comparison)."""

    name: Text
    regions: tuple[str, ...]
    geography: str | None
    level: str
    comparison: str | None
    comparison_municipalities: dict[str, str]
    region_labels: dict[str, Text]

    def label(self, region: str, lang: str) -> str:
        """The region as readers know it; "area" is the whole treated area."""
        if region == "area":
            return self.name[lang]
        return self.region_labels.get(region, {}).get(lang, region)


@dataclass(frozen=True)
class FileSpec:
    """One kind of export: which files, how they are laid out, and what their headings and labels mean.

    columns: contract column -> heading in the file. values: contract column -> {label in the file -> code}.
    wave_from: ("date", heading) or ("column", heading); None for files without waves.
    """

    kind: str
    paths: tuple[Path, ...]
    format: str
    columns: dict[str, str]
    values: dict[str, dict[str, str]]
    wave_from: tuple[str, str] | None
    encoding: str | None
    separator: str | None
    sheet: str | None


@dataclass(frozen=True)
class Study:
    """One campaign's evaluation as its study file declares it."""

    path: Path
    sha256: str
    title: Text
    campaign: Text
    topic: Text
    population: Text
    synthetic: bool
    start: date
    languages: tuple[str, ...]
    area: Area
    earlier: tuple[str, ...]
    baseline: str | None
    after: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    items: dict[str, Item]
    questionnaire: str | None
    groups: tuple[str, ...]
    design: Design
    disclosure: Thresholds
    quasi_identifiers: tuple[str, ...]
    targets: dict[str, Target]
    products: dict[str, Product]
    files: dict[str, FileSpec]
    style: Style

    @property
    def folder(self) -> Path:
        """The folder of the study file, in which its exports lie."""
        return self.path.parent

    @property
    def waves(self) -> tuple[str, ...]:
        """All waves in order: those before the baseline, the baseline, those after the start."""
        return self.earlier + ((self.baseline,) if self.baseline else ()) + self.after

    @property
    def primary(self) -> Outcome:
        """The one outcome declared as primary."""
        return next(outcome for outcome in self.outcomes if outcome.primary)

    @property
    def all_regions(self) -> tuple[str, ...]:
        """The treated regions and, where there is one, the comparison area."""
        return self.area.regions + ((self.area.comparison,) if self.area.comparison else ())

    @cached_property
    def _region_by_code(self) -> dict[str, str]:
        regions = {}
        if self.area.geography == "limburg":
            known = municipalities()
            regions = dict(zip(known["code"], known[self.area.level], strict=True))
        if self.area.comparison:
            regions |= dict.fromkeys(self.area.comparison_municipalities, self.area.comparison)
        return regions

    def region_of_municipality(self, code: str) -> str | None:
        """The region a municipality (CBS code) lies in, None when it lies outside the study."""
        region = self._region_by_code.get(code)
        return region if region in self.all_regions else None

    def municipalities_of(self, region: str) -> list[str]:
        """The names of a region's municipalities, in order; none without a geography."""
        known = municipalities()
        names = dict(zip(known["code"], known["name"], strict=True))
        return sorted(
            names[code] for code, place in self._region_by_code.items() if place == region and code in names
        )

    def require_quarter(self, quarter: str) -> str:
        """`quarter` itself when it is a wave after the start; StudyError that lists those otherwise."""
        if quarter not in self.after:
            raise StudyError(
                "evaluation.unknown_quarter",
                file=self.path.name,
                quarter=quarter,
                known=", ".join(self.after),
            )
        return quarter

    def require_region(self, region: str) -> str:
        """`region` itself when it is one of the treated regions; StudyError that lists those otherwise."""
        if region not in self.area.regions:
            raise StudyError(
                "evaluation.unknown_region",
                file=self.path.name,
                region=region,
                known=", ".join(self.area.regions),
            )
        return region
