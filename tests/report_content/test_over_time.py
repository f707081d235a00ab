"""Supply over time in the province's report: what is drawn, and what is said of it or without it."""

import pandas as pd
import pytest

from evaluation.report.content.province import province_report
from evaluation.report.model import from_json, to_json
from tests.report_content.report_table import QUARTER, hide, texts_of

WAVES = ("2025Q4", "2026Q1", "2026Q2", "2026Q3")
COUNTS = {
    ("", ""): (7900, 6300, 5600, 5150),
    ("setting", "clinic"): (5000, 4000, 3600, 3150),
    ("setting", "gp"): (2900, 2300, 2000, 2000),
    ("language", "nl"): (7900, 5800, 5100, 4600),
    ("language", "tr"): (0, 500, 500, 550),
}


def with_quarters(checked, counts=COUNTS):
    whole = checked[checked["indicator"].eq("shipped")].iloc[[0]]
    rows = [
        whole.assign(
            indicator="shipped_in_quarter", wave=wave, group_by=keys[0], group=keys[1],
            estimate=float(count), count=float(count),
        )
        for keys, own in counts.items()
        for wave, count in zip(WAVES[-len(own) :], own, strict=True)
    ]  # fmt: skip
    return pd.concat([checked, *rows], ignore_index=True)


def section(report):
    return next(section for section in report.sections if section.id == "over-time")


@pytest.mark.parametrize(
    ("language", "headline", "most"),
    [
        (
            "nl",
            "Er zijn minder folders verzonden: 7.900 in het 4e kwartaal 2025, 5.150 in het 3e kwartaal 2026",
            "In elk kwartaal was meer dan de helft van de folders in één taal: Nederlands",
        ),
        (
            "en",
            "Fewer leaflets were shipped: 7,900 in the fourth quarter of 2025, "
            "5,150 in the third quarter of 2026",
            "In every quarter more than half of the leaflets were in one language: Dutch",
        ),
    ],
)
def test_each_number_is_in_chart_and_table_under_a_finding(study, checked, language, headline, most):
    report = province_report(study, QUARTER, language, with_quarters(checked), {}, [])
    from_json(to_json(report))
    channels, languages = report.figure("over-time-setting"), report.figure("over-time-language")
    table = report.table("over-time-table")
    assert channels.headline == table.headline == headline
    assert languages.headline == most
    assert channels.table == languages.table == table.id
    shown = [[cell.value for cell in row.values() if cell.value is not None] for row in table.rows]
    assert sorted(map(tuple, shown)) == sorted(COUNTS.values())
    for (group_by, _), counts in COUNTS.items():
        alt = languages.alt if group_by == "language" else channels.alt
        for count in counts:
            assert f"{count:,}".replace(",", "." if language == "nl" else ",") in alt
    synthetic = {"nl": "Verzonnen gegevens", "en": "Synthetic data"}[language]
    assert channels.source.startswith(synthetic)


def test_a_hidden_number_is_nowhere_and_names_no_largest_language(study, checked):
    own = with_quarters(checked)
    nl = own["indicator"].eq("shipped_in_quarter") & own["group"].eq("nl") & own["wave"].eq("2026Q1")
    report = province_report(study, QUARTER, "nl", hide(own, nl), {}, [])
    assert report.figure("over-time-language").headline == "Verzonden folders per kwartaal, naar taal"
    assert "niet te tonen in K1 2026" in report.figure("over-time-language").alt
    assert "5.800" not in " ".join([*texts_of(report), report.figure("over-time-language").svg])
    assert "te klein" in [cell.text for row in report.table("over-time-table").rows for cell in row.values()]


@pytest.mark.parametrize("change", [0, 100])
def test_as_many_or_more_leaflets_are_not_called_fewer(study, checked, change):
    counts = {("", ""): (5000, 4000, 4500, 5000 + change)}
    report = province_report(study, QUARTER, "nl", with_quarters(checked, counts), {}, [])
    assert "minder" not in report.table("over-time-table").headline
    assert ("evenveel" if change == 0 else "meer") in report.table("over-time-table").headline


def test_without_numbers_there_is_a_sentence_and_no_chart(study, checked):
    own = with_quarters(checked)
    one = with_quarters(checked, {("", ""): (5150,)})
    cases = {
        "Over de verzonden folders per kwartaal zijn geen gegevens.": checked,
        "De aantallen per kwartaal zijn te klein om te tonen.": hide(
            own, own["indicator"].eq("shipped_in_quarter")
        ),
        "Er zijn pas in één kwartaal folders verzonden. Een verloop is er nog niet.": one,
    }
    for said, rows in cases.items():
        report = province_report(study, QUARTER, "nl", rows, {}, [])
        assert [block.text for block in section(report).blocks] == [said]
        assert not [figure for figure in report.figures if figure.id.startswith("over-time")]
