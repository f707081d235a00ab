"""Sentences of which a rule was wrong once: what they name, count and give as a reason."""

import pandas as pd
import pytest

from evaluation.report.content.municipality import municipality_factsheet
from evaluation.report.content.province import province_report
from tests.report_content.report_table import QUARTER, changed, texts_of

VENLO = "GM0983"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_map_of_a_municipality_is_named_after_the_region_it_shows(study, checked, language):
    shown = checked[checked["indicator"].eq("supply") & checked["level"].eq("municipality")]
    assert len(shown) > 1
    report = municipality_factsheet(study, QUARTER, VENLO, language, checked, {}, [])
    [drawn] = report.figures
    assert "Noord-Limburg" in drawn.headline
    assert "Venlo" not in drawn.headline


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_level_that_was_not_kept_for_privacy_is_not_said_to_be_without_data(study, checked, language):
    kept = {"by_municipality": "left_out_for_privacy"}
    reason = {"nl": "voor de privacy", "en": "for privacy"}[language]
    for unavailable, said in (({}, False), (kept, True)):
        report = municipality_factsheet(study, QUARTER, VENLO, language, checked, unavailable, [])
        assert any(reason in text for text in texts_of(report)) == said


def with_choices(checked, half: float, placebo_p: float):
    rows = [
        changed("area", value, half, measure="specification", group_by="weights", group=f"item_K{n}")
        for n, value in enumerate((3.0, 4.0, 5.0), start=1)
    ]
    rows.append(changed("area", 2.0, 3.0, measure="placebo", indicator="placebo_foil"))
    rows[-1] |= {"p_adjusted": placebo_p}
    more = pd.DataFrame(rows)[list(checked.columns.drop(["status", "reason"]))]
    return pd.concat([checked, more.assign(status="shown", reason="")], ignore_index=True)


@pytest.mark.parametrize(
    ("language", "none", "some"),
    [
        ("nl", ("Bij geen daarvan", "veranderde er geen"), ("Bij 2 daarvan", "is bij 1")),
        ("en", ("With none of them", "none demonstrably"), ("With 2 of them", "1 demonstrably")),
    ],
)
def test_nothing_is_called_none_and_not_0(study, checked, language, none, some):
    for half, placebo_p, wanted, other in ((9.0, 0.4, none, some), (3.5, 0.01, some, none)):
        frame = with_choices(checked, half, placebo_p)
        said = " ".join(texts_of(province_report(study, QUARTER, language, frame, {}, [])))
        assert all(text in said for text in wanted), wanted
        assert not any(text in said for text in other)
