"""The sample campaign: what its truth says was planted comes out, to the row."""

import csv
import json

import pytest

from evaluation.intake import take_in
from evaluation.reference import quarantine_rules
from evaluation.study import load_study


@pytest.fixture(scope="module")
def sample(repository):
    return repository / "data" / "sample"


@pytest.fixture(scope="module")
def intake(sample):
    return take_in(load_study(sample / "study.toml"))


@pytest.fixture(scope="module")
def truth(sample):
    return json.loads((sample / "truth.json").read_text(encoding="utf-8"))


# The sample plants what was not paid for under one name; intake tells the three apart.
_UNPAID = ("cancelled", "failed", "refunded")


def test_dirt_is_quarantined_exactly(intake, truth):
    for receipt in intake.receipts:
        found = dict(receipt.quarantined)
        planted = dict(truth["dirt"].get(receipt.file, {}))
        assert sum(found.pop(rule, 0) for rule in _UNPAID) == sum(planted.pop(rule, 0) for rule in _UNPAID)
        assert found == planted, receipt.file


def test_identifiers_in_open_answers_are_counted(intake, truth):
    for receipt in intake.receipts:
        counted: dict[str, int] = {}
        for hits in receipt.notes.values():
            for kind, cells in hits.items():
                counted[kind] = counted.get(kind, 0) + cells
        assert counted == truth["notes"].get(receipt.file, {}), receipt.file


def test_read_is_accepted_plus_quarantined_and_every_row_of_the_file(intake, sample):
    for receipt in intake.receipts:
        assert receipt.read == receipt.accepted + sum(receipt.quarantined.values())
        if receipt.file.endswith(".csv"):
            separator = "," if receipt.file.startswith("survey") else ";"
            with (sample / receipt.file).open(encoding="utf-8-sig", newline="") as file:
                assert receipt.read == sum(1 for _ in csv.reader(file, delimiter=separator)) - 1


def test_row_numbers_are_those_of_a_spreadsheet(intake, sample):
    with (sample / "orders.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    caught = intake.quarantine[intake.quarantine["file"] == "orders.csv"]
    for row, rule in zip(caught["row"], caught["rule"], strict=True):
        raw = rows[row - 2]
        expected = {
            "cancelled": raw["Status"] == "Geannuleerd",
            "failed": raw["Status"] == "Mislukt",
            "refunded": raw["Status"] == "Terugbetaald",
            "test_order": raw["Klantnotitie"].startswith("TEST"),
            "unknown_postcode": raw["Bedrijf (verzending)"].startswith("Ouderinitiatief"),
            "duplicate_row": raw == rows[row - 3],
        }
        assert expected[rule], (row, rule)


def test_copies_shipped_by_region_and_quarter_are_the_true_ones(intake, truth):
    orders = intake.tables["orders"]
    leaflets = orders[orders["shipped"] & (orders["product"] == "leaflet")]
    shipped = leaflets.groupby(["region", "shipped_quarter"])["copies"].sum()
    planted = {
        (region, quarter): copies
        for region, quarters in truth["orders"]["shipped_copies"].items()
        for quarter, copies in quarters.items()
    }
    assert shipped.to_dict() == planted


def test_adopters_are_matched_to_the_register(intake, truth):
    names = {
        "clinic": "consultatiebureau",
        "gp": "huisarts",
        "nursery": "kinderdagverblijf",
        "playgroup": "peuterspeelzaal",
    }
    orders, register = intake.tables["orders"], intake.tables["organisations"]
    adopted = orders[orders["setting"] != "unknown"].groupby("setting")["organisation"].nunique()
    assert {names[setting]: count for setting, count in adopted.items()} == truth["orders"]["adopted"]
    registered = register["setting"].value_counts()
    assert {names[setting]: count for setting, count in registered.items()} == truth["orders"]["registered"]


def test_personal_columns_do_not_leave_the_reader(intake):
    dropped = intake.dropped_columns
    assert {"ipaddr", "refurl", "seed", "R1"} <= set(dropped["survey_2025Q3.csv"])
    assert "E-mail (facturering)" in dropped["orders.csv"]
    for kind, frame in intake.tables.items():
        for column in frame.select_dtypes(include="str"):
            assert not frame[column].str.contains("@", regex=False).any(), (kind, column)
    assert "postcode" not in intake.tables["orders"]


def test_codes_are_the_questionnaires(intake):
    answers = intake.tables["responses"]
    assert set(answers["K1"].unique()) == {"true", "false", "dont_know"}
    assert set(answers["H1"].unique()) == {"1", "2", "3", "4", "5"}
    assert set(answers["S1"].unique()) == {"yes", "no"}
    assert set(answers["education"].unique()) == {"low", "middle", "high", "unknown"}
    assert answers.groupby("wave").size().to_dict() == {
        "2025Q3": 2400, "2025Q4": 1600, "2026Q1": 1600, "2026Q2": 1600, "2026Q3": 1600,
    }  # fmt: skip


def test_every_rule_has_its_texts_and_is_used(repository):
    source = "".join(path.read_text("utf-8") for path in (repository / "src/evaluation/intake").glob("*.py"))
    for key, texts in quarantine_rules().items():
        assert set(texts) == {"nl", "en", "remedy_nl", "remedy_en"}
        assert f'"{key}"' in source, key


def test_taking_in_tells_how_far_it_is(sample):
    calls = []
    study = load_study(sample / "study.toml")
    take_in(study, lambda done, total, file: calls.append((done, total, file)))
    assert calls[0] == (0, 10, "organisations.csv")
    assert calls[-2:] == [(9, 10, "margins.csv"), (10, 10, "")]
