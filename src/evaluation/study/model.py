"""What a study file holds once it is read: frozen values that every station looks things up in."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

import pandas as pd

from evaluation.errors import StudyError
from evaluation.quarters import quarter_of
from evaluation.reference.questionnaire import Item, Text
from evaluation.study import places
from evaluation.study.schema import Design, OutcomeTable, Product, Target, Thresholds
from evaluation.study.style import Style

Outcome = OutcomeTable
# How the names of exports end.
EXPORTS = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".parquet", ".sav", ".zsav"})


@dataclass(frozen=True)
class Area:
    """Where the campaign ran, its regions in reporting order, and where it did not (comparison)."""

    name: Text
    regions: tuple[str, ...]
    geography: str | None
    municipalities: str | None
    level: str
    comparison: str | None
    comparison_municipalities: dict[str, str]
    region_labels: dict[str, Text]
    # Regions that started later than the study's start, each with its first day.
    starts: dict[str, date] = field(default_factory=dict)

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
    places: pd.DataFrame = field(repr=False, compare=False)
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
    def staggered(self) -> bool:
        """Whether regions started in different quarters."""
        return len({self.first_quarter(region) for region in self.area.regions}) > 1

    def first_quarter(self, region: str) -> str:
        """The quarter in which distribution started in a treated region; elsewhere that of the campaign."""
        return quarter_of(self.area.starts.get(region, self.start))

    def started(self, region: str, quarter: str) -> bool:
        """Whether distribution had started there by a wave. A region without a start of its own starts
        after the baseline, whatever the day."""
        return region not in self.area.starts or self.first_quarter(region) <= quarter

    def before(self, region: str) -> str | None:
        """The wave that changes in a place are counted from: the last one before its own start, and for all
        others (and the whole area, and the comparison area) the baseline."""
        if region not in self.area.starts or self.baseline is None:
            return self.baseline
        first = self.first_quarter(region)
        return max((wave for wave in self.waves if self.baseline <= wave < first), default=self.baseline)

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
        regions = dict(zip(self.places["code"], self.places["region"], strict=True))
        if self.area.comparison:
            regions |= dict.fromkeys(self.area.comparison_municipalities, self.area.comparison)
        return regions

    @property
    def unread(self) -> tuple[str, ...]:
        """The names of exports beside the study file that no entry under [files] reads: such a file was often
        saved in another form, under a name that the entry does not have."""
        read = {path for spec in self.files.values() for path in spec.paths} | {self.municipalities_path}
        beside = sorted(path for path in self.folder.iterdir() if path.suffix.lower() in EXPORTS)
        return tuple(path.name for path in beside if path not in read and path.is_file())

    @property
    def municipalities_path(self) -> Path | None:
        """The study's own table of municipalities, None when it has none."""
        return self.folder / self.area.municipalities if self.area.municipalities else None

    @cached_property
    def municipality_names(self) -> dict[str, str]:
        """Name of a treated or comparison municipality -> CBS code, with other spellings where known."""
        known = places.names(self.places, self.area.geography)
        return known | {name: code for code, name in self.area.comparison_municipalities.items()}

    @cached_property
    def _municipality_by_postcode(self) -> dict[str, str]:
        return places.placed(self.places, self.area.geography)

    def municipality_of_postcode(self, text: str) -> str | None:
        """The municipality (CBS code) of a postcode such as "6211 AB"; "" when it lies outside; None when
        that cannot be told."""
        return places.municipality_of(text, self.area.geography, self._municipality_by_postcode)

    def region_of_municipality(self, code: str) -> str | None:
        """The region a municipality (CBS code) lies in, None when it lies outside the study."""
        region = self._region_by_code.get(code)
        return region if region in self.all_regions else None

    def municipalities_of(self, region: str) -> list[str]:
        """The names of a region's municipalities, in order; none without a geography."""
        own = self.places[self.places["region"] == region]
        return sorted(own["name"])

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
