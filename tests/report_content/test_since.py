"""What changed since the last report, municipalities' sheets, and the page for staff."""

import re
from dataclasses import replace

import pytest

from evaluation.indicators.tidy import table
from evaluation.quarters import label
from evaluation.report.content.checklists import ABSENT, LISTS
from evaluation.report.content.municipality import municipality_factsheet
from evaluation.report.content.province import province_report
from evaluation.report.content.staff import staff_page
from evaluation.report.earlier import earlier_numbers, last_report
from evaluation.report.model import from_json, to_json
from evaluation.report.printed import unregistered
from evaluation.report.registered import register
from evaluation.report.wording import words
from tests.report_content.report_table import QUARTER, everything, hide, level, texts_of


@pytest.fixture(scope="module")
def releases(study, checked, receipts, tmp_path_factory):
    """A folder with last quarter's report, in which reading was below its target."""
    folder = tmp_path_factory.mktemp("releases")
    own = checked.copy()
    own.loc[own["indicator"].eq("read_half"), ["estimate", "lower", "upper"]] = [0.40, 0.35, 0.45]
    own["wave"] = own["wave"].replace(QUARTER, "2026Q2")
    model = folder / "2026Q2" / "model"
    model.mkdir(parents=True)
    for language in ("nl", "en"):
        text = to_json(province_report(study, "2026Q2", language, own, {}, receipts))
        (model / f"province.{language}.json").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_last_report_is_told_as_it_was_printed(study, checked, receipts, releases, language):
    last = last_report(releases, QUARTER, language)
    report = province_report(study, QUARTER, language, checked, {}, receipts, last)
    rows = {row["indicator"].text: row for row in report.table("since-table").rows}
    title = next(card.label for card in report.key_figures if card.id == "read_half")
    assert re.search(r"40[.,]0%", rows[title]["then"].text)
    assert re.search(r"58[.,]5%", rows[title]["now"].text)
    said = next(section for section in report.sections if section.id == "since").blocks[0].text
    went = {
        "nl": "ging van “doel niet gehaald” naar “doel gehaald”",
        "en": "went from “target not met” to “target met”",
    }
    assert f"“{title}” {went[language]}." in said
    assert said.count("“") == 3  # no other judgement moved, nor the answer
    short = next(section for section in report.sections if section.id == "unknown").blocks[0].items[0]
    assert short == f"{words(language).counted('since.short_cards', 1)} {words(language)('since.see')}"
    known = register(study, checked, receipts, earlier_numbers(last))
    assert unregistered(to_json(report), known, receipts) == []
    # Without what stood there, nobody answers for the numbers of then.
    assert unregistered(to_json(report), register(study, checked, receipts), receipts)


QUOTED = {"nl": "Het antwoord ging van “{}” naar “{}”.", "en": "The answer went from “{}” to “{}”."}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_another_answer_than_last_time_is_said_with_both_words(study, checked, receipts, language):
    """Of last quarter's change the range held zero: probably risen then, risen now."""
    own = checked.copy()
    area = own["indicator"].eq("aware") & own["measure"].eq("change") & own["region"].eq("area")
    own.loc[area, ["lower", "upper"]] = [-0.001, 0.065]
    own["wave"] = own["wave"].replace(QUARTER, "2026Q2")
    last = province_report(study, "2026Q2", language, own, {}, receipts)
    say = words(language)
    report = province_report(study, QUARTER, language, checked, {}, receipts, last)
    quoted = QUOTED[language].format(say("certainty.probably_risen"), say("certainty.risen"))
    told = {section.id: section.blocks[0] for section in report.sections}
    assert quoted in told["since"].text
    assert told["unknown"].items[0] == f"{say('since.short_answer')} {say('since.see')}"
    first = report.table("since-table").rows[0]
    assert first["status_then"].text.startswith(say("certainty.probably_risen") + "; ")
    assert first["status_now"].text.startswith(say("certainty.risen") + "; ")
    # The same report twice: nothing is said to have changed.
    again = province_report(
        study, "2026Q3", language, checked, {}, receipts, replace(report, quarter="2026Q2")
    )
    quarter = label("2026Q2", language)
    assert say("since.same", quarter=quarter) in texts_of(again)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_target_that_was_changed_since_is_said(study, checked, receipts, language):
    last = province_report(study, "2026Q2", language, checked, {}, receipts)
    reach = study.targets["reach"]
    other = replace(study, targets={**study.targets, "reach": reach.model_copy(update={"value": 30.0})})
    said = [
        " ".join(texts_of(province_report(one, QUARTER, language, checked, {}, receipts, last)))
        for one in (study, other)
    ]
    name = words(language)("key.reach", population=study.population[language])
    told = words(language)("since.other_targets", names=name)
    assert [told in text for text in said] == [False, True]


def test_without_an_earlier_report_that_is_said(study, checked, receipts, releases, tmp_path):
    assert last_report(None, QUARTER, "nl") is None
    assert last_report(tmp_path, QUARTER, "nl") is None
    assert last_report(releases, "2026Q2", "nl") is None
    report = province_report(study, QUARTER, "nl", checked, {}, receipts)
    assert words("nl")("since.none") in texts_of(report)
    (tmp_path / "2026Q1" / "model").mkdir(parents=True)
    (tmp_path / "2026Q1" / "model" / "province.nl.json").write_text("{", encoding="utf-8")
    assert last_report(tmp_path, QUARTER, "nl") is None


def own_table(half: float):
    """The checked table with a municipality's adoption and level, the latter with half a range."""
    rows = [
        level("adoption", "GM0983", 0.5, 0.1, measure="ratio") | {"level": "municipality"},
        level("aware", "GM0983", 0.42, half) | {"level": "municipality"},
    ]
    return table([*everything().drop(columns=["status", "reason"]).to_dict("records"), *rows]).assign(
        status="shown", reason=""
    )


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_municipality_shows_its_level_only_when_it_says_something(study, receipts, language):
    narrow = municipality_factsheet(study, QUARTER, "GM0983", language, own_table(0.1), {}, receipts)
    wide = municipality_factsheet(study, QUARTER, "GM0983", language, own_table(0.3), {}, receipts)
    frame = own_table(0.1)
    hidden = municipality_factsheet(
        study, QUARTER, "GM0983", language, hide(frame, frame["region"].eq("GM0983")), {}, receipts
    )
    assert "Venlo" in narrow.title
    level_of = re.compile(r"42[.,]0%")
    assert any(level_of.search(text) for text in texts_of(narrow))
    assert not any(level_of.search(text) for report in (wide, hidden) for text in texts_of(report))
    assert len(narrow.key_figures) == 6
    for report in (narrow, wide, hidden):
        assert from_json(to_json(report)).kind == "municipality"
        assert not [text for text in texts_of(report) if re.search(r"\bnan\b|[{}]", text)]
    known = register(study, own_table(0.1), receipts)
    assert unregistered(to_json(narrow), known, receipts) == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_without_a_survey_a_report_on_the_supply_comes_out(study, checked, receipts, language):
    own = checked[checked["indicator"].isin(["supply", "shipped", "ordered", "printed", "cost_total"])]
    gaps = {"aware": "no_responses", "reach": "no_responses", "change": "no_responses"}
    for report in (
        province_report(study, QUARTER, language, own, gaps, receipts),
        municipality_factsheet(study, QUARTER, "GM0983", language, own, gaps, receipts),
        staff_page(study, QUARTER, language, own, gaps, receipts),
    ):
        from_json(to_json(report))
        assert not [text for text in texts_of(report) if re.search(r"\bnan\b|[{}]", text)]
    assert words(language)("reason.no_responses") in " ".join(texts_of(report))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_checklists_are_answered_item_by_item(
    study, without_comparison, without_baseline, checked, language
):
    for one in (study, without_comparison, without_baseline):
        report = province_report(one, QUARTER, language, checked, {}, [])
        for name, items in LISTS.items():
            rows = report.table(f"list-{name}").rows
            assert len(rows) == len(items) == {"cross": 19, "strobe": 22, "trend": 22}[name]
            absent = words(language)("checklist.absent", reason="").strip()
            missing = [row["here"].text.startswith(absent) for row in rows]
            assert missing == [key in ABSENT for key in items.values()]
            assert all(row["here"].text for row in rows)


def test_the_passport_follows_the_design(study, without_comparison, without_baseline, checked):
    told = {}
    plain = replace(without_baseline, area=without_comparison.area)
    for name, one in (("comparison", study), ("first", without_comparison), ("description", plain)):
        rows = province_report(one, QUARTER, "nl", checked, {}, []).table("passport-table").rows
        told[name] = [row["brings"].text == words("nl")("passport.brings_yes") for row in rows]
    assert sum(told["description"]) == 0
    assert 0 < sum(told["first"]) < sum(told["comparison"])
    assert not told["comparison"][4]  # strong indications need more than this design
