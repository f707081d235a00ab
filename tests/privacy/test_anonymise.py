"""Pseudonyms, keys, and the gate that lets nothing else through."""

import dataclasses
import hashlib
import hmac
import traceback

import pandas as pd
import pytest

from evaluation.errors import DataError, InputError
from evaluation.intake import Intake
from evaluation.intake.values import as_texts
from evaluation.privacy import anonymise, make_key
from evaluation.privacy.gate import pass_gate
from evaluation.privacy.keys import VARIABLE, key_of
from evaluation.privacy.pseudonyms import pseudonyms


@pytest.fixture(scope="module")
def tables(sample_study, sample_intake):
    return anonymise(sample_study, sample_intake)[0]


def test_columns_are_those_of_the_contract(tables):
    assert list(tables["responses"].columns[:12]) == [
        "wave", "region", "municipality", "clinic", "stratum", "weight", "role", "child_age", "education",
        "language", "clinic_visit", "first_child",
    ]  # fmt: skip
    assert list(tables["orders"].columns) == [
        "order", "date", "shipped_date", "quarter", "shipped_quarter", "organisation", "setting",
        "municipality", "region", "product", "language", "copies", "amount", "shipped",
    ]  # fmt: skip
    assert (tables["responses"]["stratum"] == tables["responses"]["region"]).all()
    assert (tables["responses"]["weight"] == 1.0).all()


def test_no_row_is_lost_on_the_way(tables, sample_intake):
    assert {kind: len(frame) for kind, frame in tables.items()} == {
        kind: len(frame) for kind, frame in sample_intake.tables.items()
    }


def test_a_clinic_has_one_pseudonym_in_log_and_register_and_another_in_the_answers(tables, sample_intake):
    names = sample_intake.tables["organisations"]["organisation"]
    code = dict(zip(names, tables["organisations"]["organisation"], strict=True))
    handouts = sample_intake.tables["handouts"]["clinic"].map(code)
    assert handouts.tolist() == tables["handouts"]["clinic"].tolist()
    assert tables["responses"]["clinic"].nunique() == sample_intake.tables["responses"]["clinic"].nunique()
    # Otherwise the register's municipality could be laid beside a respondent whose own was left out.
    assert not set(tables["responses"]["clinic"]) & (
        set(code.values()) | set(tables["orders"]["organisation"])
    )


def test_a_pseudonym_is_an_hmac_of_the_evened_name():
    names = pd.Series(["De Ooievaar", " de  OOIEVAAR", ""], dtype="str")
    expected = hmac.new(b"k" * 32, b"organisation\x00de ooievaar", hashlib.sha256).hexdigest()[:12]
    assert pseudonyms(names, b"k" * 32, "organisation").tolist() == [expected, expected, ""]
    assert pseudonyms(names, b"l" * 32, "organisation")[0] != expected
    assert pseudonyms(names, b"k" * 32, "order")[0] != expected


def test_the_order_of_rows_does_not_depend_on_the_key(
    sample_study, sample_intake, tables, monkeypatch, tmp_path
):
    monkeypatch.setenv(VARIABLE, str(make_key(tmp_path / "key")))
    other, _ = anonymise(dataclasses.replace(sample_study, synthetic=False), sample_intake)
    assert other["responses"]["clinic"].tolist() != tables["responses"]["clinic"].tolist()
    for kind, frame in tables.items():
        plain = [name for name in frame.columns if name not in ("clinic", "organisation", "order")]
        pd.testing.assert_frame_equal(frame[plain], other[kind][plain])


def test_the_order_of_answers_is_not_the_order_of_the_file(tables, sample_intake):
    columns = ["municipality", "role", "child_age"]
    before, after = sample_intake.tables["responses"][columns], tables["responses"][columns]
    assert not before.equals(after)
    assert (
        after["municipality"]
        .groupby(tables["responses"][["wave", "region"]].agg("|".join, axis=1))
        .apply(lambda names: names.is_monotonic_increasing)
        .all()
    )


def test_without_a_key_a_real_study_says_how_to_make_one(sample_study, sample_intake, monkeypatch, tmp_path):
    real = dataclasses.replace(sample_study, synthetic=False)
    monkeypatch.setenv(VARIABLE, str(tmp_path / "none"))
    with pytest.raises(InputError) as error:
        anonymise(real, sample_intake)
    assert error.value.key == "privacy.key_missing"
    assert "evaluation key" in error.value.text("nl")


def test_a_study_without_names_needs_no_key(sample_study, sample_intake, monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "none"))
    real = dataclasses.replace(sample_study, synthetic=False)
    only_costs = dataclasses.replace(sample_intake, tables={"costs": sample_intake.tables["costs"]})
    assert set(anonymise(real, only_costs)[0]) == {"costs"}


def test_keys(sample_study, monkeypatch, tmp_path):
    real = dataclasses.replace(sample_study, synthetic=False)
    path = make_key(tmp_path / "safe" / "key")
    assert path.stat().st_mode & 0o077 == 0
    monkeypatch.setenv(VARIABLE, str(path))
    assert len(key_of(real)) == 64
    with pytest.raises(InputError) as error:
        make_key(path)
    assert error.value.key == "privacy.key_exists"
    path.chmod(0o600)
    path.write_text("short", encoding="ascii")
    with pytest.raises(InputError) as error:
        key_of(real)
    assert error.value.key == "privacy.key_short"
    monkeypatch.setenv(VARIABLE, str(sample_study.folder / "key"))
    with pytest.raises(InputError) as error:
        key_of(real)
    assert error.value.key == "privacy.key_in_study"


CANARY = "jan.canary@thuis.example"


@pytest.mark.parametrize(
    ("kind", "column", "value"),
    [
        ("responses", "education", CANARY),
        ("responses", "K1", "waar"),
        ("responses", "clinic", "Consultatiebureau Heerlen"),
        ("responses", "municipality", "6411 AB"),
        ("responses", "region", "Elders"),
        ("orders", "organisation", "De Ooievaar"),
        ("organisations", "organisation", "De Ooievaar"),
        ("handouts", "quarter", "06-12345678"),
        ("margins", "category", CANARY),
    ],
)
def test_the_gate_refuses_a_value_and_names_only_the_column(tables, sample_study, kind, column, value):
    frame = as_texts(tables[kind])
    frame.loc[frame.index[-1], column] = value
    with pytest.raises(DataError) as error:
        pass_gate(kind, frame, sample_study)
    assert error.value.key == "privacy.refused"
    assert column in str(error.value)
    assert value not in "".join(traceback.format_exception(error.value))


@pytest.mark.parametrize("column", ["ipaddr", "postcode", "R1"])
def test_the_gate_refuses_a_column_that_is_not_in_the_contract(tables, sample_study, column):
    with pytest.raises(DataError) as error:
        pass_gate("responses", tables["responses"].assign(**{column: ""}), sample_study)
    assert column in str(error.value)


def test_a_code_of_the_study_file_that_looks_personal_is_refused(tables, sample_study):
    item = dataclasses.replace(sample_study.items["K1"], answers={"06-12345678": {"nl": "x", "en": "x"}})
    study = dataclasses.replace(sample_study, items={**sample_study.items, "K1": item})
    frame = tables["responses"].assign(K1="06-12345678").astype({"K1": "str"})
    with pytest.raises(DataError) as error:
        pass_gate("responses", frame, study)
    assert "K1" in str(error.value)


def test_an_intake_without_tables_is_an_empty_campaign(sample_study, sample_intake):
    assert anonymise(sample_study, Intake({}, sample_intake.quarantine, ())) == ({}, {})
