"""The list of all indicators: each number as its unit asks, and as the report prints it elsewhere."""

import re
from collections import defaultdict

import pandas as pd
import pytest

from evaluation.indicators.tidy import estimate, table
from evaluation.reference import benchmarks, indicator_catalogue
from evaluation.report.content.facts import Context
from evaluation.report.content.indicators import part
from evaluation.report.content.province import province_report
from evaluation.report.wording import words
from tests.report_content.report_table import QUARTER

# Unit -> decimals that a reader expects; of days as many as they need.
EXPECTED = {"percent": 1, "pp": 1, "points": 1, "grade": 1, "scale_1_5": 2, "count": 0, "euro": 2}
EXPECTED |= {"per_100_births": 0}
POINT = {"nl": ",", "en": "."}


def decimals(text: str, language: str) -> int:
    return len(re.sub(r"[*%]", "", text).partition(POINT[language])[2])


@pytest.mark.parametrize("language", ["nl", "en"])
def test_counts_are_whole_and_euros_have_cents(study, checked, language):
    here = Context(study, QUARTER, language, None, checked, {}, [], words(language))
    [listed] = part(here).tables
    units = [entry.unit for entry in indicator_catalogue()]
    seen = set()
    for unit, row in zip(units, listed.rows, strict=True):
        for name in ("amount", "lower", "upper"):
            cell = row[name]
            if cell.value is not None:
                wanted = EXPECTED.get(unit, 0 if cell.value == int(cell.value) else 1)
                assert decimals(cell.text, language) == wanted, (unit, cell.text)
                seen.add(unit)
    assert seen >= {"count", "euro", "percent", "pp"}


@pytest.mark.parametrize("days", [(4.0, 0), (4.5, 1)])
def test_days_are_whole_where_they_can_be(study, checked, days):
    value, wanted = days
    place = {"region": "area", "level": "area", "wave": QUARTER, "unit": "days", "n": 90.0}
    waited = table([estimate(indicator="delivery_time", measure="median", estimate=value, **place)])
    frame = pd.concat([checked, waited.assign(status="shown", reason="")])
    here = Context(study, QUARTER, "en", None, frame, {}, [], words("en"))
    [listed] = part(here).tables
    [cell] = [
        row["amount"]
        for entry, row in zip(indicator_catalogue(), listed.rows, strict=True)
        if entry.unit == "days"
    ]
    assert (cell.value, decimals(cell.text, "en")) == (value, wanted)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_number_is_printed_alike_in_every_table(study, checked, receipts, language):
    report = province_report(study, QUARTER, language, checked, {}, receipts)
    texts = defaultdict(set)
    for one in report.tables:
        for cell in (cell for row in one.rows for cell in row.values() if cell.value is not None):
            texts[cell.registered].add(cell.text.lstrip("+").rstrip("*"))
    assert sum(len(found) for found in texts.values()) > 100
    assert {name: found for name, found in texts.items() if len(found) > 1} == {}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_other_campaigns_have_the_decimals_of_their_source(study, checked, receipts, language):
    report = province_report(study, QUARTER, language, checked, {}, receipts)
    published = report.table("published-table")
    known = benchmarks().itertuples()
    source = {f"{row.campaign} ({row.country}, {row.year}): {row.design}": row for row in known}
    for row in published.rows:
        said = row["result"].text.lstrip("+").replace("\N{MINUS SIGN}", "-").replace(POINT[language], ".")
        assert said == source[row["campaign"].text].change
