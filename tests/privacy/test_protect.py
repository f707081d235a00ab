"""k-anonymity of the sample's responses, what it does to the estimates, and what the gate refuses."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from evaluation.errors import DataError, StudyError
from evaluation.indicators.awareness import awareness
from evaluation.privacy import Campaign, anonymise
from evaluation.privacy.gate import pass_gate
from evaluation.privacy.ladder import class_sizes
from evaluation.privacy.protect import protect, rungs
from evaluation.study import load_study

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
    assert weighted < 0.02 * protection["before"]["rows"]
    assert protection["along"] < 0.01 * protection["before"]["rows"]
    before = sample_intake.tables["responses"]
    assert rows["municipality", "left_out"] == (tables["responses"]["municipality"] == "").sum()
    assert sorted(tables["responses"]["region"]) == sorted(before["region"])
    merged = protection["merged"]["language"]
    assert set(merged) <= set(before["region"])
    assert all(to == "other" for codes in merged.values() for to in codes.values())


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


def test_without_merging_the_categories_of_the_weights_it_would_move(sample_study, made, estimates):
    """What is guarded against: 'other' in the sample against 'other' in the population."""
    tables, protection = made
    plain = Campaign(sample_study, tables, [], None, protection=protection | {"merged": {}})
    with pytest.raises(DataError):
        awareness(plain, "2026Q3")


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
