"""Whole reports: every sentence holds to its number, and a study that lacks something says so."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.disclosure import check
from evaluation.errors import StudyError
from evaluation.indicators.tidy import table
from evaluation.report.content.answer import answer, caveats, largest_published
from evaluation.report.content.facts import Context
from evaluation.report.content.factsheet import region_factsheet
from evaluation.report.content.province import province_report
from evaluation.report.model import from_json, to_json
from evaluation.report.wording import rules, words
from tests.report_content.report_table import CHANGES, QUARTER, REGIONS, changed, everything, hide, texts_of

VERBS = {
    "nl": {
        "risen": "is dit aandeel gestegen",
        "probably_risen": "waarschijnlijk gestegen",
        "fallen": "is dit aandeel gedaald",
        "probably_fallen": "waarschijnlijk gedaald",
        "unchanged": "hooguit 5 procentpunt",
        "not_shown": "geen verandering",
    },
    "en": {
        "risen": "has risen",
        "probably_risen": "has probably risen",
        "fallen": "has fallen",
        "probably_fallen": "has probably fallen",
        "unchanged": "by at most 5",
        "not_shown": "no change is shown",
    },
}


def context(study, frame, language="nl", region=None, unavailable=None):
    return Context(study, QUARTER, language, region, frame, unavailable or {}, [], words(language))


def limits_in(text):
    """The numbers of a sentence as floats, whatever the language."""
    found = re.findall(r"[+−]?\d+[.,]\d+|[+−]\d+", text)
    return [float(number.replace("−", "-").replace(",", ".")) for number in found]


@settings(max_examples=60, deadline=None)
@given(
    change=st.floats(-60, 60),
    half=st.floats(0.2, 25),
    did=st.floats(-20, 20),
    did_half=st.floats(0.5, 20),
    df=st.sampled_from([4.0, 12.0, 55.0, np.nan]),
    compared=st.booleans(),
    language=st.sampled_from(["nl", "en"]),
)
def test_the_answer_holds_to_its_numbers(
    study, without_comparison, change, half, did, did_half, df, compared, language
):
    rows = [changed("area", change, half, df), changed("area", did, did_half, measure="did")]
    frame = table(rows).assign(status="shown", reason="")
    chosen = study if compared else without_comparison
    here = context(chosen, frame, language)
    said, more = answer(here), " ".join(caveats(here))
    lower, upper = change - half, change + half
    word = rules.certainty(change, lower, upper, df, 5.0)
    assert VERBS[language][word] in said.sentence
    assert sum(verb in said.sentence for verb in VERBS[language].values()) == 1
    printed = limits_in(said.range)
    assert printed == pytest.approx([change, lower, upper], abs=0.051)
    if word == "risen":
        assert printed[1] > 0
    if word == "fallen":
        assert printed[2] < 0
    assert ("effect" in more) == compared
    indication = {"nl": "een aanwijzing voor een effect", "en": "an indication of an effect"}[language]
    assert (indication in more) == (compared and did - did_half > 0)
    proof = {"nl": "eerste aanwijzing, geen bewijs", "en": "first indication, not proof"}[language]
    assert (proof in more) == (not compared)
    unusual = {"nl": "ongewoon groot", "en": "unusually large, check the measurement"}[language]
    assert (unusual in more) == (abs(change) > 2 * largest_published())


def test_the_largest_comparable_change_is_that_of_the_whole_population():
    """Not the +23 of the folic acid study: that is of a subgroup of 49 and 43 women."""
    assert largest_published() == 15.0


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_whole_report_is_a_valid_model_and_comes_out_the_same_twice(study, checked, receipts, language):
    first = to_json(province_report(study, QUARTER, language, checked, {}, receipts))
    second = to_json(
        province_report(
            study, QUARTER, language, checked.sample(frac=1, random_state=1).sort_index(), {}, receipts
        )
    )
    assert first == second
    report = from_json(first)
    assert {section.id for section in report.sections if section.part == "main"} == {
        "key-figures",
        "change",
        "supply",
        "delivery",
        "reach",
        "knowledge",
        "cost",
        "unknown",
        "decide",
    }
    assert len(report.key_figures) == 6
    assert [figure.number for figure in report.figures] == [*range(1, len(report.figures) + 1)]
    assert report.synthetic
    assert all("nan" not in text.split() for text in texts_of(report))


def test_the_regions_carry_the_words_their_intervals_allow(study, checked):
    report = province_report(study, QUARTER, "nl", checked, {}, [])
    said = next(section for section in report.sections if section.id == "change").blocks[0].text
    assert "Gestegen: Noord-Limburg." in said
    assert "Waarschijnlijk gestegen: Westelijke Mijnstreek." in said
    assert "Aantoonbaar nauwelijks veranderd: Parkstad." in said
    assert "Rangschik ze dus niet" in said
    alt = report.figure("change").alt
    assert "Noord-Limburg: van 38,0 naar 45,0, verandering +7,0 (+3,0 tot +11,0)." in alt


def test_a_region_that_does_not_hold_after_correction_is_at_most_probable(study, checked):
    wide = checked.copy()
    north = wide["region"].eq("Noord-Limburg") & wide["measure"].eq("change")
    wide.loc[north, "p_adjusted"] = 0.05
    report = province_report(study, QUARTER, "nl", wide, {}, [])
    said = next(section for section in report.sections if section.id == "change").blocks[0].text
    assert "Waarschijnlijk gestegen: Noord-Limburg en Westelijke Mijnstreek." in said
    assert not re.search(r"(^|\. )Gestegen", said)
    assert "Gestegen" not in report.figure("change").headline
    own = region_factsheet(study, QUARTER, "Noord-Limburg", "nl", wide, {}, [])
    assert "niet na correctie voor het aantal regio's" in own.answer.certainty


def test_who_is_not_reached_is_named_only_when_the_ranges_are_apart(study, checked):
    report = province_report(study, QUARTER, "nl", checked, {}, [])
    said = next(section for section in report.sections if section.id == "reach").blocks[0].text
    assert "lager bij lage opleiding (15,0%) dan bij hoge opleiding (35,0%)" in said
    wide = checked.copy()
    wide.loc[wide["group_by"].eq("education"), ["lower", "upper"]] = [0.05, 0.45]
    report = province_report(study, QUARTER, "nl", wide, {}, [])
    said = next(section for section in report.sections if section.id == "reach").blocks[0].text
    assert "lager" not in said
    assert "niet aangetoond naar opleiding" in said


@pytest.mark.parametrize("language", ["nl", "en"])
def test_without_a_comparison_area_the_word_effect_never_occurs(without_comparison, checked, language):
    own = checked[checked["measure"].ne("did") & checked["region"].ne("Helmond-De Peel")]
    report = province_report(without_comparison, QUARTER, language, own, {"did": "no_comparison"}, [])
    assert not [text for text in texts_of(report) if re.search("effect", text, re.IGNORECASE)]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_without_a_baseline_nothing_is_said_of_a_change(without_baseline, checked, language):
    own = checked[~checked["measure"].isin(["change", "did", "joint_test"]) & checked["wave"].ne("2025Q3")]
    report = province_report(without_baseline, QUARTER, language, own, {"change": "no_baseline"}, [])
    from_json(to_json(report))
    pattern = {
        "nl": r"gestegen|gedaald|veranderde|voor en na|vóór|meting vooraf|nulmeting|sinds de start|\bBegin\b",
        "en": r"\brisen\b|\bfallen\b|\bbefore\b|\bafter the start\b|since the start|baseline|it went from",
    }
    assert not [text for text in texts_of(report) if re.search(pattern[language], text)]
    assert "43,4%" in report.answer.sentence or "43.4%" in report.answer.sentence


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_suppressed_region_reads_and_its_numbers_are_nowhere(study, checked, language):
    own = hide(checked, checked["region"].eq("Parkstad") & checked["level"].eq("region"))
    whole = province_report(study, QUARTER, language, own, {}, [])
    sheet = region_factsheet(study, QUARTER, "Parkstad", language, own, {}, [])
    hidden = {"nl": ("niet te tonen", "te klein"), "en": ("cannot be shown", "too small")}[language]
    assert f"Parkstad: {hidden[0]}." in whole.figure("change").alt
    row = next(row for row in whole.table("change-table").rows if row["region"].text == "Parkstad")
    assert row["change"].value is None
    assert row["change"].mark == hidden[1]
    assert hidden[0] in sheet.answer.sentence
    assert sheet.answer.range
    for report in (whole, sheet):
        from_json(to_json(report))
        assert not [text for text in texts_of(report) if re.search(r"39[.,]5|\bnan\b", text)]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_with_everything_suppressed_every_part_still_reads(study, checked, language):
    own = hide(checked, checked["indicator"].ne(""))
    for report in (
        province_report(study, QUARTER, language, own, {}, []),
        region_factsheet(study, QUARTER, "Parkstad", language, own, {}, []),
    ):
        from_json(to_json(report))
        assert all("{" not in text and "nan" not in text.lower().split() for text in texts_of(report))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_study_with_only_a_survey_says_what_is_missing(study, checked, language):
    survey = checked[checked["indicator"].isin(["aware"])]
    gaps = {"supply": "no_orders", "shipped": "no_orders", "cost_total": "no_costs", "reach": "not_asked"}
    report = province_report(study, QUARTER, language, survey, gaps, [])
    reason = {"nl": "er zijn geen bestellingen", "en": "there are no orders"}[language]
    assert any(reason in text for text in texts_of(report))
    assert not any(figure.id == "supply" for figure in report.figures)


@pytest.mark.parametrize("region", [None, "Parkstad"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_without_a_survey_the_report_is_about_supply_alone(study, checked, language, region):
    counted = checked["indicator"].isin(["supply", "shipped", "ordered", "printed", "handed_out"])
    own = checked[counted | checked["indicator"].eq("cost_total")]
    if region is None:
        report = province_report(study, QUARTER, language, own, {"aware": "no_responses"}, [])
        assert {"supply", "delivery", "cost"} <= {figure.id for figure in report.figures}
    else:
        report = region_factsheet(study, QUARTER, region, language, own, {"aware": "no_responses"}, [])
    from_json(to_json(report))
    about = {"nl": "alleen over het aanbod", "en": "about supply"}[language]
    assert about in report.answer.sentence
    assert "281" in report.answer.range
    assert [item.id for item in report.key_figures] == ["supply"]
    asked = {
        "nl": r"gestegen|gedaald|veranderd|verandering in|steekproef|effect|te weinig|oorzaak|\bmarge\b",
        "en": r"\brisen\b|\bfallen\b|change in|sample could|effect|too few data|cause\b|range lies",
    }[language]
    tables = tuple(item for item in report.tables if item.id != "indicators-table")
    said = texts_of(replace(report, tables=tables))
    assert not [text for text in said if re.search(asked, text)]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_pictures_say_the_numbers_of_their_tables(study, checked, language):
    levels = checked[checked["indicator"].eq("reach") & checked["group"].ne("")]
    gaps = levels.assign(measure="gap", estimate=levels["estimate"] - 0.262, lower=-0.2, upper=0.2)
    shipped = checked[checked["indicator"].eq("shipped")]
    split = [
        shipped.assign(group_by=group_by, group=group, estimate=float(count), count=float(count))
        for group_by, group, count in (
            ("setting", "clinic", 15000),
            ("setting", "gp", 9950),
            ("language", "nl", 23000),
            ("language", "tr", 1950),
        )
    ]
    design = checked[checked["indicator"].eq("cost_total")].assign(
        group_by="type", group="design", estimate=9850.0, count=9850.0
    )
    own = pd.concat([checked, gaps, *split, design], ignore_index=True)
    report = province_report(study, QUARTER, language, own, {}, [])
    from_json(to_json(report))
    for name in ("delivery", "equity", "cost", "destinations"):
        drawn = report.figure(name)
        shown = report.table(drawn.table)
        numbers = [cell for row in shown.rows for cell in row.values() if cell.value is not None]
        assert numbers
        # Costs are drawn in whole euros, and the unweighted bases stand in the table alone.
        alone = {"n"} | ({"amount", "lower", "upper"} if name == "cost" else set())
        for row in shown.rows:
            for column, cell in row.items():
                if cell.value is not None and column not in alone:
                    assert cell.text.rstrip("*") in drawn.alt, (name, column)
    dot = {"nl": ".", "en": ","}[language]
    assert f"9{dot}850" in report.figure("cost").alt
    assert f"15{dot}000" in report.figure("destinations").headline
    low = {"nl": "15,0 tegen 26,2, verschil −11,2", "en": "15.0 against 26.2, gap −11.2"}[language]
    assert low in report.figure("equity").alt
    assert all(figure.id != "reach" for figure in report.figures)  # the gaps show these levels too


def test_the_largest_destination_is_not_named_when_a_hidden_one_may_be_larger(study, checked):
    shipped = checked[checked["indicator"].eq("shipped")]
    split = [
        shipped.assign(group_by="setting", group=group, estimate=count, count=count)
        for group, count in (("clinic", 9000.0), ("gp", 15950.0))
    ]
    own = pd.concat([checked, *split], ignore_index=True)
    own = hide(own, own["indicator"].eq("shipped") & own["group"].eq("gp"))
    report = province_report(study, QUARTER, "nl", own, {}, [])
    assert report.figure("destinations").headline == "Waar de folders heen gingen"
    assert "huisarts: niet te tonen" in report.figure("destinations").alt
    assert "15.950" not in " ".join(texts_of(report))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_most_and_the_least_supply_are_those_shown_when_one_is_hidden(study, checked, language):
    """The sample's second highest supply, once hidden, made the third the second highest."""
    top = checked[checked["level"].eq("municipality")]["estimate"].max()
    own = hide(checked, checked["level"].eq("municipality") & checked["estimate"].eq(top))
    open_, limited = {"nl": ("Het aanbod is het hoogst in", "Waar een cijfer is,")}.get(
        language, ("Supply is highest in", "Where a number can be shown,")
    )
    for frame, hidden in ((checked, False), (own, True)):
        report = province_report(study, QUARTER, language, frame, {}, [])
        said = next(section for section in report.sections if section.id == "supply").blocks[0].text
        assert (open_ in said) == (not hidden)
        assert (limited in said) == hidden
        # The headline too speaks of those shown alone.
        alone = {"nl": "waar een cijfer is", "en": "where a number can be shown"}[language]
        assert (alone in report.figure("supply").headline) == hidden


def test_the_shipped_questionnaire_says_its_answers_await_sign_off(study, checked):
    own = replace(study, questionnaire=None)
    said = [" ".join(texts_of(province_report(one, QUARTER, "nl", checked, {}, []))) for one in (study, own)]
    assert "De stichting moet ze nog vaststellen" in said[0]
    assert "De stichting moet ze nog vaststellen" not in said[1]


def test_a_quarter_or_region_the_study_does_not_have_is_refused(study, checked):
    with pytest.raises(StudyError):
        province_report(study, "2031Q1", "nl", checked, {}, [])
    with pytest.raises(StudyError):
        region_factsheet(study, QUARTER, "Elders", "nl", checked, {}, [])


def test_what_was_set_aside_is_told_per_reason(study, checked, receipts):
    report = province_report(study, QUARTER, "nl", checked, {}, receipts)
    rows = report.table("reasons-table").rows
    assert [(row["export"].text, row["quarantined"].value) for row in rows] == [
        ("Bestellingen", 8),
        ("Bestellingen", 4),
    ]
    assert "geannuleerd" in rows[0]["reason"].text
    assert report.provenance.inputs[0].quarantined == 12


def test_real_thresholds_reach_the_report(study, receipts):
    """The table as the disclosure station returns it, not as this file imagines it."""
    raw = everything().drop(columns=["status", "reason"])
    report = province_report(study, QUARTER, "en", check(raw, study.disclosure), {}, receipts)
    from_json(to_json(report))
    assert set(CHANGES) >= set(REGIONS)
