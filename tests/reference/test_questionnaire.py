"""The questionnaire: complete, in two languages, and with the right answers of the proposal."""

import csv
import re

import pytest

from evaluation.reference import questionnaire, questionnaire_source

SCALES = {"true_false", "agree5", "yes_no", "yes_no_dk", "tick", "choice", "number", "open"}


def test_44_questions_one_on_the_first_child_and_two_codes_of_open_answers():
    assert len({name.split("_")[0] for name in questionnaire()}) == 47


def test_every_question_of_the_proposal_is_there(shared):
    with (shared / "reference" / "questionnaire.csv").open(newline="", encoding="utf-8") as file:
        proposed = {row["item"]: row for row in csv.DictReader(file)}
    ours = {name.split("_")[0] for name in questionnaire()}
    assert ours - set(proposed) == {"A7", "R1c", "M1c"}
    assert set(proposed) <= ours
    right = {"WAAR": "true", "NIET WAAR": "false", "SIGNAL": "yes", "FOIL": "no"}
    for name, row in proposed.items():
        if row["keyed_or_reverse"] in right:
            assert questionnaire()[name].key == right[row["keyed_or_reverse"]], name
        if row["leaflet_section"][:1].isdigit() and name != "R1":
            assert questionnaire()[name].section == int(row["leaflet_section"][0]), name


@pytest.mark.parametrize("item", questionnaire().values(), ids=lambda item: item.id)
def test_questions_are_whole(item):
    assert item.scale in SCALES
    assert item.section in (None, 1, 2, 3, 4, 5)
    assert item.asked in ("all", "after", "recipients", "readers", "professionals")
    for text in (item.text, *item.answers.values()):
        assert set(text) == {"nl", "en"}
        assert all(text.values())
    if item.scale not in ("number", "open") and item.id != "A3":
        assert len(item.answers) >= 2
        labels = [text["nl"].casefold() for text in item.answers.values()]
        assert len(set(labels)) == len(labels)
    assert item.key is None or item.key in item.answers


def test_only_knowledge_and_signals_have_a_right_answer():
    keyed = {name for name, item in questionnaire().items() if item.key}
    assert keyed == {f"K{i}" for i in range(1, 9)} | {f"S{i}" for i in range(1, 6)}


def test_background_questions_name_their_column():
    columns = [item.construct for item in questionnaire().values() if item.block == "background"]
    assert columns == [
        "role", "child_age", "municipality", "education", "language", "clinic_visit", "first_child",
    ]  # fmt: skip


def test_the_source_says_that_the_answers_await_sign_off():
    assert re.search("akkoord", questionnaire_source()["nl"])
    assert "sign-off" in questionnaire_source()["en"]
