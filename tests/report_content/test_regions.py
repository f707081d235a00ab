"""The appendix on the regions beside one another, and on how firm the answer is."""

import numpy as np
import pandas as pd
import pytest

from evaluation.report.content.province import province_report
from evaluation.report.model import from_json, to_json
from evaluation.report.printed import unregistered
from evaluation.report.registered import register
from tests.report_content.report_table import QUARTER, REGIONS, changed, hide, level


def beside(checked, slope=(1.2, 0.4), equivalent=("Parkstad",)):
    rows = []
    for place, region in enumerate(REGIONS):
        rows.append(changed(region, 3.0 + place / 10, 2.0, measure="pooled"))
        rows.append(changed(region, 1.0, 2.5, measure="equivalence"))
        rows[-1] |= {"p": 0.01 if region in equivalent else 0.3}
        rows.append(changed(region, 0.5, 1.0, measure="trend"))
    rows.append(changed("area", *slope, measure="trend"))
    return added(checked, rows)


def added(checked, rows):
    more = pd.DataFrame(rows)[list(checked.columns.drop(["status", "reason"]))]
    return pd.concat([checked, more.assign(status="shown", reason="")], ignore_index=True)


def said(study, table, name, language="en"):
    report = province_report(study, QUARTER, language, table, {}, [])
    model = to_json(report)
    from_json(model)
    assert unregistered(model, register(study, table, []), []) == []
    section = next((one for one in report.sections if one.id == name), None)
    if section is None:
        return report, ""
    return report, " ".join(" ".join([block.text or "", *(block.items or ())]) for block in section.blocks)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_pooled_changes_slopes_and_the_joint_test_stand_in_the_appendix(study, checked, language):
    report, text = said(study, beside(checked), "regions", language)
    table = report.table("regions-table")
    assert [row["pooled"].value for row in table.rows[:5]] == [3.0, 3.1, 3.2, 3.3, 3.4]
    assert [row["change"].value for row in table.rows[:2]] == [7.0, 1.0]
    point = "," if language == "nl" else "."
    for number in (
        f"+3{point}0",
        f"+3{point}4",
        f"−0{point}5",
        f"+7{point}0",
        f"F = 1{point}20",
        f"p = 0{point}310",
    ):
        assert number in text
    assert "Parkstad" in text


def test_words_about_the_slope_follow_its_interval(study, checked):
    assert "the rise is +1.2 percentage points per quarter" in said(study, beside(checked), "regions")[1]
    down = said(study, beside(checked, (-1.2, 0.4)), "regions")[1]
    assert "the change was −1.2 percentage points per quarter" in down
    assert (
        "steady rise or fall per quarter is not shown"
        in said(study, beside(checked, (1.2, 1.4)), "regions")[1]
    )
    none = said(study, beside(checked, equivalent=()), "regions")[1]
    assert "In no region is it shown that the change is smaller than 5" in none


def test_without_more_than_changes_there_is_no_section(study, checked):
    assert said(study, checked[checked["measure"] != "joint_test"], "regions")[1] == ""


def firm(checked, complete=3.1, moved=0.4):
    gaps = {"group_by": "missing"}
    rows = [
        changed("area", complete, 2.1, measure="missing_comparison", group="complete", **gaps),
        changed("area", 3.2, 2.1, measure="missing_comparison", group="raked", **gaps),
        changed("area", 3.3, 2.1, measure="missing_comparison", group="imputed", **gaps),
    ]
    for group, value in (("raked", 0.434), ("capped 5", 0.434), ("trimmed 2", 0.441)):
        note = "largest=3.8; shift=0.01; rmse=0.02"
        cells = {"measure": "trimming", "group_by": "weights", "group": group, "note": note}
        rows.append(level("aware", "area", value, 0.02, **cells))
    for item, p in (("K1", moved), ("K2", 0.9)):
        row = level(f"item_{item}", "Helmond-De Peel", 0.2, 0.4, measure="comparability", unit="log_odds")
        rows.append(row | {"p_adjusted": p, "wave_before": "2025Q3"})
        rows.append(
            level(
                f"item_{item}",
                "area",
                0.21 if item == "K1" else 0.05,
                np.nan,
                measure="item_rest",
                unit="ratio",
            )
        )
    rows.append(level("knowledge", "area", 0.27, np.nan, measure="alpha", unit="ratio"))
    rows.append(level("answered", "area", 0.987, 0.01))
    return added(checked, rows)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_gaps_weights_and_questions_are_told(study, checked, language):
    _, text = said(study, firm(checked), "robustness", language)
    point = "," if language == "nl" else "."
    for number in ("98.7%", "+3.1", "+3.2", "+3.3", "3.8", "44.1%", "43.4%", "0.05", "0.21", "0.27"):
        assert number.replace(".", point) in text
    same = {"nl": "steeds hetzelfde", "en": "the same each time"}
    kept = {"nl": "Bij geen van de 2 vragen", "en": "For none of the 2 questions"}
    assert same[language] in text
    assert kept[language] in text


def test_a_verdict_that_hangs_on_gaps_and_a_question_that_moved_are_said(study, checked):
    _, text = said(study, firm(checked, complete=1.0, moved=0.01), "robustness")
    assert "the verdict depends on it" in text
    assert "Of 2 questions, 1 became easier or harder" in text


def test_what_is_hidden_is_not_told(study, checked):
    table = firm(checked)
    hidden = hide(table, table["measure"].isin(["missing_comparison", "trimming", "alpha", "comparability"]))
    assert said(study, hidden, "robustness")[1].strip().startswith("Of the parents, 98.7%")
