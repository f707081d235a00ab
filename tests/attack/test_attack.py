"""An attacker with the published pages and nothing else: what can he compute of what is hidden?

He reads the tables of the HTML, of the PDF and of the XLSX, takes every printed number with its rounding,
knows how many births a municipality has (Statistics Netherlands publishes them) and that parts add up to
totals, and asks a linear programme for the least and greatest count of every hidden cell.
"""

import re
import shutil
from html.parser import HTMLParser
from io import BytesIO
from math import ceil, floor

import numpy as np
import openpyxl
import pytest
from scipy.optimize import linprog

from evaluation import disclosure
from evaluation.indicators import all_estimates, unavailable
from evaluation.indicators.tidy import facts
from evaluation.privacy import open_campaign
from evaluation.reference import municipalities
from evaluation.report.content.factsheet import region_factsheet
from evaluation.report.content.province import province_report
from evaluation.report.writers import html, pdf, workbook
from evaluation.study import load_study
from tests.report_writers import pdf_tags

# One process makes the releases that all of these read.
pytestmark = pytest.mark.xdist_group("attack")

QUARTER = "2026Q3"
SMALL = 30  # the study's least base
COUNT = 10  # its least count of people
REST = "group not known"
WRITERS = {"html": html.write, "pdf": pdf.write, "xlsx": workbook.write}


@pytest.fixture(scope="module")
def sample(repository, tmp_path_factory):
    folder = tmp_path_factory.mktemp("attack") / "sample"
    shutil.copytree(repository / "data" / "sample", folder, ignore=shutil.ignore_patterns("work"))
    campaign = open_campaign(load_study(folder / "study.toml"))
    return campaign, _alone(all_estimates(campaign, QUARTER)), unavailable(campaign, QUARTER)


def _alone(estimates):
    """As if five organisations had ordered in Voerendaal: then Simpelveld is the only place in Parkstad where
    fewer than three did, and what they ordered is what the region got less all others."""
    codes = dict(zip(municipalities()["name"], municipalities()["code"], strict=True))
    here = estimates["region"].eq(codes["Voerendaal"]) & estimates["indicator"].eq("supply")
    note = facts(region="Parkstad", largest="0.300000", since="2025Q4:5")
    return estimates.assign(
        clusters=estimates["clusters"].mask(here, 5.0), note=estimates["note"].mask(here, note)
    )


def publish(sample, complementary: bool) -> dict[str, bytes]:
    """The documents of a release, as bytes; nothing else leaves this function."""
    campaign, estimates, gaps = sample
    study = campaign.study
    checked = disclosure.release(estimates, study.disclosure, complementary=complementary).checked
    report = province_report(study, QUARTER, "en", checked, gaps, campaign.receipts)
    files = {kind: write(report) for kind, write in WRITERS.items()}
    for region in study.area.regions:
        sheet = region_factsheet(study, QUARTER, region, "en", checked, gaps, campaign.receipts)
        for kind, write in WRITERS.items():
            files[f"region {study.area.label(region, 'en')}.{kind}"] = write(sheet)
    return files


@pytest.fixture(scope="module")
def protected(sample):
    return publish(sample, True)


@pytest.fixture(scope="module")
def unprotected(sample):
    return publish(sample, False)


class _Rows(HTMLParser):
    def __init__(self):
        super().__init__()
        self.rows, self.cell = [], None

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.cell = ""

    def handle_endtag(self, tag):
        if tag in ("td", "th") and self.cell is not None:
            self.rows[-1].append(self.cell.strip())
            self.cell = None

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data


def rows_of(kind: str, content: bytes) -> list[list[str]]:
    """Every table row of a document as texts."""
    if kind == "xlsx":
        book = openpyxl.load_workbook(BytesIO(content), data_only=True)
        return [
            ["" if value is None else str(value) for value in row]
            for sheet in book
            for row in sheet.iter_rows(values_only=True)
        ]
    if kind == "pdf":
        rows = pdf_tags.read(content).all("TR")
        return [[cell.full_text().strip() for cell in row.kids] for row in rows]
    reader = _Rows()
    reader.feed(content.decode("utf-8"))
    return reader.rows


def number(text: str) -> float | None:
    plain = re.sub(r"[^\d.\-]", "", text.replace(",", ""))
    return float(plain) if re.search(r"\d", plain) else None


def attack(shown: list[float | None], total: float, half: list[float] | None = None) -> dict[int, tuple]:
    """Hidden part -> its least and greatest whole count. half: how far a shown part may be from its print."""
    half = half or [0.0] * len(shown)
    bounds = [
        (0, None) if value is None else (max(value - h, 0.0), value + h)
        for value, h in zip(shown, half, strict=True)
    ]
    found = {}
    for i, value in enumerate(shown):
        if value is None:
            aim = np.zeros(len(shown))
            aim[i] = 1
            ends = [
                linprog(sign * aim, A_eq=np.ones((1, len(shown))), b_eq=[total], bounds=bounds)
                for sign in (1, -1)
            ]
            if all(end.status == 0 for end in ends):
                found[i] = (ceil(ends[0].fun - 1e-6), floor(-ends[1].fun + 1e-6))
    return found


def bases(rows: list[list[str]]) -> dict[str, dict[int | str, tuple]]:
    """How many parents are in each hidden group of the table of reach by background."""
    found, total = {}, None
    groups: dict[str, dict[str, float | None]] = {}
    for row in (row for row in rows if len(row) >= 6):
        if row[0] == "Limburg as a whole" and row[1] in ("–", "") and total is None and number(row[5]):
            total = number(row[5])
        elif total and row[1] in (
            "Education",
            "Home language",
            "Language",
            "Language at home",
            "First child",
        ):
            # The table of gaps prints the same counts again.
            groups.setdefault(row[1], {}).setdefault(row[0], number(row[5]))
    for dimension, counts in groups.items():
        shown = list(counts.values())
        # Those of whom it is not known are in no row of the table, but in the total.
        hidden = attack([*shown, None], total)
        rest = hidden.pop(len(shown))
        found[dimension] = hidden | ({REST: rest} if rest != (0, 0) else {})
    return found


def supplies(files: dict[str, bytes], kind: str = "html") -> list[tuple[str, tuple]]:
    """Copies that each municipality without a printed supply got, from the regions' documents of a kind."""
    births = dict(zip(municipalities()["name"], municipalities()["births"], strict=True))
    found = []
    for name, content in files.items():
        if not (name.startswith("region ") and name.endswith(f".{kind}")):
            continue
        # A sheet of a workbook is as wide as the widest of its rows.
        rows = [row[: len(row) - empty_end(row)] for row in rows_of(kind, content)]
        own = [row for row in rows if len(row) == 3 and row[0] in births]
        assert len(own) > 2, name
        shipped = next(number(row[1]) for row in rows if row and row[0] == "Shipped")
        shown = [None if number(row[2]) is None else number(row[2]) * births[row[0]] / 100 for row in own]
        half = [0.5 * births[row[0]] / 100 for row in own]
        found += [(own[i][0], ends) for i, ends in attack(shown, shipped, half).items()]
    return found


def empty_end(row: list[str]) -> int:
    """How many cells at the end of a row are empty."""
    return next((i for i, cell in enumerate(reversed(row)) if cell), len(row))


@pytest.mark.parametrize("kind", WRITERS)
def test_no_hidden_group_can_be_computed(protected, kind):
    found = bases(rows_of(kind, protected[kind]))
    assert sum(len(hidden) for hidden in found.values()) > 3
    for hidden in found.values():
        # Who did not say it are a count of people, not to be recognised by anything.
        assert hidden.pop(REST, (0, COUNT))[1] >= COUNT
        # Which of them are the small ones does not show; each may be above the least base, and is wide open.
        assert all(high >= SMALL and high - low >= SMALL - 1 for low, high in hidden.values())


@pytest.mark.parametrize("kind", WRITERS)
def test_no_hidden_supply_can_be_computed(protected, kind):
    found = supplies(protected, kind)
    assert len(found) >= 2
    for _, (low, high) in found:
        assert high - low >= 0.15 * (low + high)


@pytest.mark.parametrize("kind", WRITERS)
def test_without_the_complementary_step_the_same_attack_counts_the_copies_of_one_organisation(
    unprotected, protected, sample, kind
):
    _, estimates, _ = sample
    rows = estimates[(estimates["indicator"] == "supply") & (estimates["level"] == "municipality")]
    names = dict(zip(municipalities()["code"], municipalities()["name"], strict=True))
    few = {names[row.region]: row.count for row in rows[rows["clusters"].between(1, 2)].itertuples()}
    told = dict(supplies(unprotected, kind))
    assert "Simpelveld" in few
    low, high = told["Simpelveld"]
    assert low <= few["Simpelveld"] <= high
    # As closely as printed numbers of the other places allow: these are whole leaflets per 100 births.
    assert high - low < 30
    assert low > 0
    # With that step he cannot tell whether it got anything at all.
    low, high = dict(supplies(protected, kind))["Simpelveld"]
    assert low == 0
    assert high >= 1.15 * few["Simpelveld"]


def test_the_workbook_and_the_pdf_name_nobody(protected):
    properties = openpyxl.load_workbook(BytesIO(protected["xlsx"])).properties
    assert not properties.lastModifiedBy
    assert (properties.creator or "") in ("", "openpyxl", "outreach-evaluation")


@pytest.mark.slow
def test_all_quarters_of_the_sample_together_tell_nothing(sample):
    campaign, *_ = sample
    past = []
    for quarter in campaign.study.after:
        estimates = all_estimates(campaign, quarter)
        found = disclosure.release(estimates, campaign.study.disclosure, past)
        past.append(found.published)
        primary = found.checked[found.checked["indicator"] == campaign.study.primary.id]
        assert (primary["status"] != "suppressed").all()
    assert disclosure.audit.narrowed(past) == []
