"""The runs of one refresh: which notebook, with which parameters, under which names its products go.

Every study gets every run: a notebook whose data are absent says so itself.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

# Notebooks that publish no report, and what each may read.
_LOOKS = {
    "01_data_check": "everything",
    "02_distribution": "estimates",
    "03_awareness": "survey",
    "04_attribution": "dose",
    "05_planning": "survey",
}

Parameters = dict[str, str | int | float | bool | None]


@dataclass(frozen=True)
class Run:
    """One execution of one notebook.

    notebook: file name in the notebooks folder. executed: file name of the executed copy. document: stem of
    the report it publishes ("province.nl"), None when it publishes none. tables: stem of the workbook made
    from that report, None when there is none. needs: what it may read, one of
    `evaluation.notebook.given.NEEDS`; a run is given no more, and runs again when that changed. region: the
    one whose numbers it is given, where it needs those of a region or municipality.
    """

    notebook: str
    parameters: Parameters
    executed: str
    document: str | None = None
    tables: str | None = None
    needs: str = "everything"
    region: str | None = None


def plan(
    study: str,
    quarter: str,
    languages: tuple[str, ...],
    regions: tuple[str, ...],
    municipalities: Mapping[str, str] | None = None,
    region_of: Callable[[str], str | None] = lambda code: None,
) -> tuple[Run, ...]:
    """The runs for a quarter, the slowest kinds first so that two workers finish together.

    study: the file name of the study file, looked up in the folder the notebooks run in. Notebooks and fact
    sheets are in the study's first language, the province report in each of its languages. municipalities:
    CBS code -> name of those with a fact sheet; region_of: the region of a CBS code.
    """
    first = languages[0]

    def parameters(language: str, **more: str) -> Parameters:
        return {"study": study, "quarter": quarter, "language": language} | more

    province = [
        Run(
            "10_province_report.ipynb",
            parameters(language),
            f"10_province_report.{language}.ipynb",
            document=f"province.{language}",
            tables=f"tables.{language}",
            needs="estimates",
        )
        for language in languages
    ]
    factsheets = [
        Run(
            "11_region_factsheet.ipynb",
            parameters(first, region=region),
            f"11_region_factsheet.{name}.{first}.ipynb",
            document=f"region-{name}.{first}",
            needs="region",
            region=region,
        )
        for region, name in slugs(regions).items()
    ]
    looks = [
        Run(f"{name}.ipynb", parameters(first), f"{name}.{first}.ipynb", needs=needs)
        for name, needs in _LOOKS.items()
    ]
    return (*province, *factsheets, *_more(parameters(first), first, municipalities or {}, region_of), *looks)


def _more(
    parameters: Parameters,
    language: str,
    municipalities: Mapping[str, str],
    region_of: Callable[[str], str | None],
) -> list[Run]:
    """The page for staff, and a fact sheet per municipality."""
    sheets = [
        Run(
            "12_municipality_factsheet.ipynb",
            parameters | {"municipality": code},
            f"12_municipality_factsheet.{name}.{language}.ipynb",
            document=f"municipality-{name}.{language}",
            needs="municipality",
            region=region_of(code),
        )
        for code, name in zip(municipalities, slugs(tuple(municipalities.values())).values(), strict=True)
    ]
    page = Run(
        "13_staff_page.ipynb",
        parameters,
        f"13_staff_page.{language}.ipynb",
        document=f"staff.{language}",
        needs="everything",
    )
    return [page, *sheets]


def slugs(regions: tuple[str, ...]) -> dict[str, str]:
    """A name for files per region: lower-case ASCII; a number behind it keeps two alike regions apart."""
    names: dict[str, str] = {}
    for region in regions:
        ascii_only = unicodedata.normalize("NFKD", region).encode("ascii", "ignore").decode().lower()
        stem = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-") or "region"
        name, number = stem, 1
        while name in names.values():
            number += 1
            name = f"{stem}-{number}"
        names[region] = name
    return names
