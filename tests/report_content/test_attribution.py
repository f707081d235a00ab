"""The appendix on attribution: its words are the verdict's, its numbers those of the table."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from evaluation.report.content.answer import attribution, judged
from evaluation.report.content.facts import Context
from evaluation.report.content.province import province_report
from evaluation.report.wording import words
from tests.report_content.report_table import QUARTER, changed, hide, level, texts_of

CURVE = {"unweighted": ("weights", 6.2), "item_K1": ("coding", 4.7), "without:Parkstad": ("sample", -1.4)}


def with_cause(checked, placebo_p=0.4, breakdown=0.0):
    rows = [changed("area", 1.1, 4.0, measure="did") | {"wave": "2025Q4"}]
    for group, (choice, value) in CURVE.items():
        cells = {"group_by": choice, "group": group}
        rows.append(changed("area", value, 5.0, measure="specification", **cells))
    rows.append(changed("area", 2.0, 3.0, measure="placebo", indicator="placebo_foil"))
    rows[-1] |= {"p_adjusted": placebo_p}
    rows.append(changed("area", 6.3, 7.7, measure="dose_response"))
    rows.append(level("aware", "area", breakdown, np.nan, measure="breakdown"))
    rows[-1] |= {"wave_before": "2025Q3"}
    more = pd.DataFrame(rows)[list(checked.columns.drop(["status", "reason"]))].assign(
        status="shown", reason=""
    )
    return pd.concat([checked, more], ignore_index=True)


def context_of(study, checked):
    return Context(study, QUARTER, "en", None, checked, {}, [], words("en"))


def section_of(study, checked, language="en"):
    report = province_report(study, QUARTER, language, checked, {}, [])
    section = next(section for section in report.sections if section.id == "attribution")
    said = " ".join(" ".join([block.text or "", *(block.items or ())]) for block in section.blocks)
    return report, section, said


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_curve_the_placebos_and_the_dose_are_said_and_drawn(study, checked, language):
    report, section, said = section_of(study, with_cause(checked), language)
    assert section.part == "appendix"
    minus, plus = ("−1,4", "+6,2") if language == "nl" else ("−1.4", "+6.2")
    assert minus in said
    assert plus in said
    table = next(item for item in report.tables if item.id == "attribution-table")
    # Two waves (2025Q4 and the quarter), three choices, one placebo.
    assert len(table.rows) == 6
    values = [row["change"].value for row in table.rows]
    assert values == [1.1, 2.7, 6.2, 4.7, -1.4, 2.0]
    figure = next(item for item in report.figures if item.id == "attribution")
    assert figure.table == "attribution-table"
    assert all(row["choice"].text in figure.alt for row in table.rows)


def test_how_far_trends_may_differ(study, checked):
    assert "is not shown, even if both areas ran alike" in section_of(study, with_cause(checked))[2]
    said = section_of(study, with_cause(checked, breakdown=0.012))[2]
    assert "less than 1.2 percentage points apart" in said


def test_a_placebo_that_moves_takes_the_indication_away(study, checked):
    rising = checked.copy()
    did = rising["measure"].eq("did")
    rising.loc[did, ["estimate", "lower", "upper"]] = [0.05, 0.01, 0.09]
    sound = context_of(study, with_cause(rising))
    assert judged(sound).claim == "comparison"
    assert attribution(sound) == "indication"
    moved = context_of(study, with_cause(rising, placebo_p=0.01))
    assert judged(moved).reasons == ("placebo",)
    assert attribution(moved) == "doubtful"
    report, _, said = section_of(study, with_cause(rising, placebo_p=0.01))
    assert "first indication at most" in said
    assert "is not sound" in " ".join(str(text) for text in texts_of(report))
    assert "indication of an effect" not in " ".join(str(text) for text in texts_of(report))


def test_an_earlier_wave_brings_its_test_into_the_verdict(study, checked):
    earlier = replace(study, earlier=("2025Q2",))
    row = level("aware", "area", 5.1, np.nan, "2025Q3", measure="pre_trend", note="power=0.412")
    row |= {"p": 0.03, "wave_before": "2025Q2"}
    rows = pd.DataFrame([row])[list(checked.columns.drop(["status", "reason"]))]
    tested = pd.concat([checked, rows.assign(status="shown", reason="")], ignore_index=True)
    assert judged(context_of(earlier, tested)).reasons == ("pre_trend",)
    tested.loc[tested["measure"].eq("pre_trend"), "p"] = 0.6
    assert judged(context_of(earlier, tested)).reasons == ("weak_pre_trend", "one_area")
    assert judged(context_of(study, checked)).reasons == ("no_earlier_wave", "one_area")
    assert judged(context_of(earlier, hide(tested, tested["measure"].eq("pre_trend")))).claim == "comparison"


def test_without_comparison_the_section_says_so_and_draws_nothing(
    without_comparison, without_baseline, checked
):
    report, _, said = section_of(without_comparison, checked[checked["measure"] != "did"])
    assert "There is no area to compare with." in said
    assert "attribution" not in {figure.id for figure in report.figures}
    assert "only describe how things are now" in section_of(without_baseline, checked)[2]
