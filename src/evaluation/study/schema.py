"""The format of the study file (TOML), as pydantic models that refuse a key they do not know."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PositiveInt

from evaluation.errors import LANGUAGES
from evaluation.quarters import is_quarter


def _both_languages(text: dict[str, str]) -> dict[str, str]:
    if set(text) != set(LANGUAGES):
        raise ValueError("hier horen nl en en, allebei", "both nl and en belong here")
    return text


def _a_quarter(text: str) -> str:
    if not is_quarter(text):
        raise ValueError("dit is geen kwartaal zoals 2026Q3", "this is not a quarter such as 2026Q3")
    return text


def _inside(pattern: str) -> str:
    if pattern.startswith(("/", "\\")) or ".." in pattern or ":" in pattern:
        raise ValueError(
            "het bestand moet in de map van het studiebestand liggen",
            "the file must lie in the folder of the study file",
        )
    return pattern


def _a_colour(text: str) -> str:
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", text):
        raise ValueError("dit is geen kleur zoals #12436D", "this is not a colour such as #12436D")
    return text.upper()


Bilingual = Annotated[dict[str, str], AfterValidator(_both_languages)]
Quarter = Annotated[str, AfterValidator(_a_quarter)]
Pattern = Annotated[str, AfterValidator(_inside)]
Colour = Annotated[str, AfterValidator(_a_colour)]
Percent = Annotated[float, Field(ge=0, le=100)]
Background = Literal[
    "role", "child_age", "education", "language", "clinic_visit", "first_child", "municipality", "region"
]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StudyTable(_Table):
    """[study]: names and dates."""

    title: Bilingual
    campaign: Bilingual
    topic: Bilingual
    population: Bilingual
    synthetic: bool = False
    start: date
    languages: tuple[Literal["nl", "en"], ...] = Field(default=("nl", "en"), min_length=1)


class AreaTable(_Table):
    """[area]: the treated regions and the comparison area.

    starts: region -> first day of distribution there, for regions that start later than [study] start.
    """

    name: Bilingual
    regions: tuple[str, ...] = Field(min_length=1)
    # file: the municipalities are those of the table that `municipalities` names.
    geography: Literal["limburg", "file"] | None = None
    municipalities: Pattern | None = None
    level: Literal["subregion", "corop", "ggd", "safety_region"] = "subregion"
    comparison: str | None = None
    comparison_municipalities: dict[str, str] = {}
    region_labels: dict[str, Bilingual] = {}
    starts: dict[str, date] = {}


class WavesTable(_Table):
    """[waves]: the quarters in which parents were asked.

    earlier: waves before the baseline, if any; they show whether the areas ran alike before the start.
    """

    earlier: tuple[Quarter, ...] = ()
    baseline: Quarter | None = None
    after: tuple[Quarter, ...] = Field(min_length=1)


class ItemTable(_Table):
    """[[items]]: a question of the study's own."""

    id: str
    text: Bilingual
    scale: Literal["true_false", "agree5", "yes_no", "yes_no_dk", "tick", "choice", "number", "open"]
    answers: dict[str, Bilingual] | None = None
    key: str | None = None
    section: int | None = None
    block: str = "own"
    asked: Literal["all", "after", "recipients", "readers"] = "all"


class OutcomeTable(_Table):
    """[[outcomes]]: all_correct is a share (0-1); percent_correct is in points (0-100).

    smallest_change: the smallest change of interest, in percentage points or points.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    kind: Literal["all_correct", "percent_correct"]
    items: tuple[str, ...] = Field(min_length=1)
    primary: bool = False
    label: Bilingual
    smallest_change: float = Field(gt=0, le=100)


class Design(_Table):
    """[design]: how parents were sampled and to what the answers are weighted.

    weight_cap: the largest weight, as a multiple of the mean weight of its wave.
    """

    cluster: bool = False
    stratum: Literal["region"] | None = None
    margins: tuple[str, ...] = ()
    weight_cap: float = Field(default=5.0, gt=1)


class Groups(_Table):
    """[groups]: the background columns by which reach is broken down."""

    columns: tuple[
        Literal["role", "child_age", "education", "language", "clinic_visit", "first_child"], ...
    ] = ()


class Step(_Table):
    """[disclosure] ladder: one step of a column of the responses to something coarser.

    level: a municipality becomes its sub-region or COROP region. codes: code -> coarser code. Neither: the
    value is left out.
    """

    column: Background
    level: Literal["subregion", "corop"] | None = None
    codes: dict[str, str] = {}


# What neighbours and colleagues know of a parent.
QUASI_IDENTIFIERS = ("municipality", "education", "language", "child_age", "first_child")
# What tells least about the campaign goes first; what answers are weighted by goes last.
LADDER = (
    Step(column="municipality", level="subregion"),
    Step(column="municipality", level="corop"),
    Step(column="municipality"),
    Step(column="child_age", codes={"0-1": "0-3", "2-3": "0-3", "4-7": "4-11", "8-11": "4-11"}),
    Step(column="child_age"),
    Step(column="role"),
    Step(column="clinic_visit"),
    Step(column="first_child"),
    Step(column="language", codes=dict.fromkeys(("tr", "ar", "ber", "de"), "other")),
    Step(column="education"),
    Step(column="language"),
)


class Thresholds(_Table):
    """[disclosure]: what is too small to show. Counts are unweighted numbers of people or sites.

    Sources of the defaults: 10 is the default of the Dutch GGD table books and of ACRO, 30 and 50 are
    used by GGD Hart voor Brabant, a minimum number of sites by Sport England.
    """

    minimum_count: PositiveInt = 10
    minimum_base: PositiveInt = 30
    flag_base: PositiveInt = 50
    rank_base: PositiveInt = 100
    minimum_complement: PositiveInt = 5
    minimum_sites: PositiveInt = 3
    # Percent of a cell's copies that one organisation may have; above it, the cell says what it ordered.
    maximum_share: Percent = 80.0
    # Parents alike in every quasi-identifier, at least so many, before a row is stored (k-anonymity).
    minimum_class: PositiveInt = 5
    quasi_identifiers: tuple[Background | Literal["wave"], ...] = QUASI_IDENTIFIERS
    ladder: tuple[Step, ...] = LADDER


class Target(_Table):
    """[targets]: what was hoped for, in the unit the report prints (percent, percentage points, euro).

    rise: by `value` at least, or at all where it is left out. keep: no loss. at_least, at_most: a level.
    """

    kind: Literal["rise", "keep", "at_least", "at_most"]
    value: float | None = None


class Product(_Table):
    """[products]: one article of the web shop; pack is copies per unit, price is euro per unit outside."""

    product: Literal["leaflet", "poster"]
    language: str
    pack: PositiveInt
    price: float = Field(default=0.0, ge=0)


class FileTable(_Table):
    """[files.*]: one kind of export."""

    path: Pattern
    format: Literal[
        "auto",
        "woocommerce",
        "shopify",
        "magento",
        "limesurvey",
        "surveymonkey",
        "google-forms",
        "qualtrics",
        "table",
    ] = "auto"
    wave: str | None = None
    wave_column: str | None = None
    encoding: str | None = None
    separator: str | None = Field(default=None, min_length=1, max_length=1)
    sheet: str | None = None
    columns: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}


class FilesTable(_Table):
    """[files]: the exports, each optional."""

    responses: FileTable | None = None
    orders: FileTable | None = None
    organisations: FileTable | None = None
    handouts: FileTable | None = None
    costs: FileTable | None = None
    margins: FileTable | None = None


class StyleTable(_Table):
    """[style]: colours ("#RRGGBB"), logo and fonts (files in the study's folder) of the reports.

    logo_text: what the logo shows, for who cannot see it.
    """

    accent: Colour | None = None
    colours: tuple[Colour, Colour, Colour] | None = None
    logo: Pattern | None = None
    logo_text: Bilingual | None = None
    font: Pattern | None = None
    font_bold: Pattern | None = None


class StudyFile(_Table):
    """The whole study file."""

    format: Literal[1]
    questionnaire: Literal["bond"] | None = None
    study: StudyTable
    area: AreaTable
    waves: WavesTable
    items: tuple[ItemTable, ...] = ()
    outcomes: tuple[OutcomeTable, ...] = Field(min_length=1)
    design: Design = Design()
    groups: Groups = Groups()
    disclosure: Thresholds = Thresholds()
    targets: dict[str, Target] = {}
    products: dict[str, Product] = {}
    files: FilesTable = FilesTable()
    style: StyleTable = StyleTable()
