"""k-anonymity of the sample's responses, what it does to the estimates, and what the gate refuses."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from evaluation.errors import DataError, StudyError
from evaluation.indicators import survey
from evaluation.indicators.awareness import awareness
from evaluation.privacy import Campaign, anonymise
from evaluation.privacy.gate import pass_gate
from evaluation.privacy.ladder import class_sizes
from evaluation.privacy.protect import coarser_codes, first_report, protect, rungs
from evaluation.study import load_study
from evaluation.study.schema import Step

KEY = ["region", "municipality", "education", "language", "child_age", "first_child"]


@pytest.fixture(scope="module")
def made(sample_study, sample_intake):
    tables, protection = anonymise(sample_study, sample_intake)
    return tables, protection


def _with(study, **limits):
    return dataclasses.replace(
        study,
        disclosure=study.disclosure.model_copy(update=limits),
        quasi_identifiers=limits.get("quasi_identifiers", study.quasi_identifiers),
    )


def test_at_least_five_parents_are_alike(made, sample_intake):
    tables, protection = made
    assert class_sizes(sample_intake.tables["responses"], KEY).min() == 1
    assert class_sizes(tables["responses"], KEY).min() == 5
    assert (protection["before"]["k"], protection["after"]["k"]) == (1, 5)
    assert protection["before"]["under_k"] == 1_678
    assert protection["before"]["uniques"] == protection["before"]["special_uniques"] == 703
    assert protection["after"]["special_uniques"] == 0
    assert protection["after"]["largest_risk"] < 0.05 < protection["before"]["largest_risk"]
    assert protection["left"] == 0


def test_the_report_counts_what_was_done_and_holds_no_row(made, sample_intake):
    tables, protection = made
    # Few parents lose what the answers are weighted by; nobody loses the region.
    rows = {(step["column"], step["step"]): step["rows"] for step in protection["steps"]}
    weighted = sum(count for (column, _), count in rows.items() if column in ("language", "education"))
    assert weighted < 0.05 * protection["before"]["rows"]
    assert rows.get(("language", "left_out"), 0) + rows["education", "left_out"] < 0.012 * len(
        tables["responses"]
    )
    assert protection["along"] < 0.01 * protection["before"]["rows"]
    before = sample_intake.tables["responses"]
    assert rows["municipality", "left_out"] == (tables["responses"]["municipality"] == "").sum()
    assert sorted(tables["responses"]["region"]) == sorted(before["region"])


@pytest.mark.parametrize("quarter", ["2025Q4", "2026Q1", "2026Q2"])
def test_a_later_wave_changes_nothing_about_those_before_it(made, sample_study, sample_intake, quarter):
    """Two reports on one wave would otherwise tell of the few parents whose answers became coarser, or came
    to their own again, in between."""
    responses = sample_intake.tables["responses"]
    early = responses[responses["wave"] <= quarter].reset_index(drop=True)
    then, _ = protect(sample_study, early)
    now, _ = protect(sample_study, responses)
    assert then.equals(now[now["wave"] <= quarter].reset_index(drop=True))
    # So do the weights and all that is estimated from them.
    tables = dict(sample_intake.tables) | {"responses": early}
    found = []
    for own in (anonymise(sample_study, dataclasses.replace(sample_intake, tables=tables)), made):
        rows = awareness(Campaign(sample_study, own[0], [], None, protection=own[1]), quarter)
        found.append(rows[rows["indicator"] == "aware"].reset_index(drop=True))
    pd.testing.assert_frame_equal(*found)


def test_the_waves_of_the_first_report_are_made_coarser_together(sample_study, sample_intake):
    """One by one they would lose more, and no report comes out between them."""
    responses = sample_intake.tables["responses"]
    assert first_report(sample_study) == "2025Q4"
    early = responses[responses["wave"] <= "2025Q4"].reset_index(drop=True)
    _, together = protect(sample_study, early)
    before_start = dataclasses.replace(sample_study, after=())
    _, each = protect(before_start, early)
    cells = [sum(step["rows"] for step in done["steps"]) for done in (together, each)]
    assert cells[0] < 0.9 * cells[1]


def test_answers_are_weighted_by_the_coarsest_of_what_is_stored(sample_study):
    other = dict.fromkeys(("tr", "ar", "ber", "de"), "other")
    assert coarser_codes(sample_study, "language") == other
    assert coarser_codes(sample_study, "child_age") == {
        "0-1": "0-3", "2-3": "0-3", "4-7": "4-11", "8-11": "4-11"
    }  # fmt: skip
    assert coarser_codes(sample_study, "education") == {}
    # Where nothing is made coarser, the categories stay as they are.
    assert coarser_codes(_with(sample_study, minimum_class=1), "language") == {}
    assert coarser_codes(_with(sample_study, quasi_identifiers=("education",)), "language") == {}
    # Step after step.
    ladder = (Step(column="language", codes={"tr": "east"}), Step(column="language", codes={"east": "other"}))
    assert coarser_codes(_with(sample_study, ladder=ladder), "language") == {"tr": "other", "east": "other"}


@pytest.fixture(scope="module")
def estimates(made, sample_study, sample_intake):
    """The primary outcome with and without k-anonymity."""
    found = []
    for tables, protection in (anonymise(_with(sample_study, minimum_class=1), sample_intake), made):
        rows = awareness(Campaign(sample_study, tables, [], None, protection=protection), "2026Q3")
        rows = rows[rows["indicator"].isin(["aware", "index"]) & rows["measure"].isin(["change", "did"])]
        found.append(rows.set_index(["indicator", "measure", "region"]))
    return found


def test_the_primary_outcome_hardly_moves(estimates):
    before, after = estimates
    shift = (after["estimate"] - before["estimate"]).abs()
    for measure in ("change", "did"):
        assert shift["aware", measure, "area"] < 0.003
        assert shift["index", measure, "area"] < 0.3
    # Of no region does the primary outcome move by a quarter of its standard error.
    assert (shift / before["se"]).loc["aware"].max() < 0.25
    assert (shift / before["se"]).max() < 0.4
    assert (after["se"] / before["se"]).between(0.85, 1.15).all()


def test_weighted_by_the_finer_codes_it_would_not_hold(sample_study, made, monkeypatch):
    """What is guarded against: 'other' in the sample against 'other' in the population."""
    monkeypatch.setattr(survey, "coarser_codes", lambda study, name: {})
    with pytest.raises(DataError):
        awareness(Campaign(sample_study, made[0], [], None, protection=made[1]), "2026Q3")


def test_a_study_without_quasi_identifiers_stores_what_came_in(sample_study, sample_intake):
    responses = sample_intake.tables["responses"]
    after, protection = protect(_with(sample_study, quasi_identifiers=()), responses)
    assert after is responses
    assert protection == {}


def test_the_wave_counts_when_the_study_says_so(sample_study, sample_intake):
    names = ("wave", *sample_study.quasi_identifiers)
    after, protection = protect(
        _with(sample_study, quasi_identifiers=names), sample_intake.tables["responses"]
    )
    assert class_sizes(after, ["wave", *KEY]).min() >= 5
    assert protection["wave_known"] == 0


def test_a_region_with_too_few_parents_is_left_out_and_counted(sample_study, sample_intake):
    responses = sample_intake.tables["responses"]
    few = responses[responses["region"] != "Parkstad"]
    few = pd.concat([few, responses[responses["region"] == "Parkstad"].iloc[:4]], ignore_index=True)
    after, protection = protect(sample_study, few)
    assert protection["left"] == 4
    assert len(after) == len(few) - 4
    assert "Parkstad" not in set(after["region"])


def test_a_study_of_coarse_regions_uses_the_areas_between(sample_study, repository):
    coarse = dataclasses.replace(sample_study, area=dataclasses.replace(sample_study.area, level="ggd"))
    names = [rung.name for rung in rungs(coarse, ["municipality"])]
    assert names == ["subregion", "corop", "left_out"]
    first = rungs(coarse, ["municipality"])[0]
    assert (first.of("GM0917"), first.of("GM0794")) == ("subregion:Parkstad", "GM0794")
    # Regions that are sub-regions already say all that a sub-region says.
    assert [rung.name for rung in rungs(sample_study, ["municipality"])] == ["left_out"]


def test_the_gate_refuses_what_is_not_k_anonymous(sample_study, sample_intake, made):
    frame = made[0]["responses"].copy()
    frame.loc[0, "education"] = "unknown" if frame.loc[0, "education"] != "unknown" else "low"
    if class_sizes(frame, KEY).min() >= 5:
        frame = frame.drop(index=np.flatnonzero(class_sizes(frame, KEY) == 5)[0])
    with pytest.raises(DataError) as error:
        pass_gate("responses", frame, sample_study)
    assert error.value.key == "privacy.too_few_alike"
    assert "municipality" in error.value.text("nl")


@pytest.mark.parametrize(
    ("ladder", "words"),
    [
        ('[{ column = "education" }]', "municipality"),
        ('[{ column = "region" }]', "blijft"),
        ('[{ column = "language", level = "corop" }]', "level"),
        ('[{ column = "language", codes = { tr = "other", other = "tr" } }]', "links en rechts"),
        ('[{ column = "municipality", level = "corop", codes = { GM0917 = "x" } }]', "niet allebei"),
    ],
)
def test_a_ladder_that_leads_nowhere_is_one_sentence(repository, tmp_path, ladder, words):
    text = (repository / "tests" / "study" / "study.toml").read_text(encoding="utf-8")
    head, _, tail = text.partition("[disclosure]\n")
    text = f"{head}[disclosure]\nladder = {ladder}\n{tail}"
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    with pytest.raises(StudyError) as error:
        load_study(tmp_path / "study.toml")
    assert error.value.key == "evaluation.study_contradiction"
    assert words in error.value.text("nl")


@pytest.mark.parametrize(
    ("geography", "level", "steps"),
    [
        ("limburg", "subregion", ["left_out"]),  # nothing lies between, and a larger area tells no more
        ("limburg", "corop", ["subregion", "left_out"]),
        ("file", "subregion", ["left_out"]),  # a table of one's own knows no areas in between
        (None, "subregion", ["left_out"]),
    ],
)
def test_a_municipality_climbs_only_to_what_is_finer_than_the_regions(sample_study, geography, level, steps):
    area = dataclasses.replace(sample_study.area, geography=geography, level=level)
    ladder = rungs(dataclasses.replace(sample_study, area=area), ["municipality"])
    assert [rung.name for rung in ladder] == steps
