"""The store: whole or not at all, the same bytes twice, and nobody of the raw files in it."""

import csv
import hashlib
import re
import shutil

import pandas as pd
import pyarrow.parquet
import pytest

from evaluation.errors import InputError
from evaluation.privacy import open_campaign, store_for
from evaluation.privacy import store as store_module
from evaluation.study import load_study


def _digests(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def _raw_values(folder) -> set[str]:
    """Everything in the raw exports that points at a person or an organisation."""
    personal = set()
    for path in sorted(folder.glob("*.csv")):
        raw = path.read_text(encoding="utf-8-sig")
        separator = "," if path.name.startswith("survey") else ";"
        rows = list(csv.DictReader(raw.splitlines(), delimiter=separator))
        for row in rows:
            for heading, value in row.items():
                named = heading.startswith(
                    ("Bedrijf", "Postcode", "E-mail", "Organisatie", "ipaddr", "locatie", "R1", "M1")
                )
                # "Nee" and the like are answers elsewhere too; three characters point at nobody.
                if named and value and len(value) > 3:
                    personal.add(value)
        personal |= set(re.findall(r"[\w.+-]+@[\w.-]+", raw))
    return personal


def test_nobody_of_the_raw_sample_is_in_any_file_of_the_store(campaign_folder):
    study = load_study(campaign_folder / "study.toml")
    campaign = open_campaign(study)
    personal = _raw_values(campaign_folder)
    assert len(personal) > 2_000
    cells = set()
    for frame in [*campaign.tables.values(), campaign.quarantine]:
        for column in frame.select_dtypes(include="str"):
            cells |= set(frame[column].unique())
    assert not cells & personal
    # Parquet is compressed, so its cells are read above; the texts beside it are searched as they are.
    for path in store_for(study).glob("*.json"):
        text = path.read_text(encoding="utf-8")
        assert not [value for value in personal if value in text], path.name


def test_two_stores_of_the_same_input_have_the_same_bytes(campaign_folder, tmp_path):
    other = shutil.copytree(campaign_folder, tmp_path / "other" / "place")
    stores = []
    for folder in (campaign_folder, other):
        study = load_study(folder / "study.toml")
        open_campaign(study)
        stores.append(store_for(study))
    assert stores[0].name == stores[1].name
    assert _digests(stores[0]) == _digests(stores[1])


def test_an_unchanged_input_is_not_taken_in_again_and_a_changed_one_is(campaign_folder, monkeypatch):
    study = load_study(campaign_folder / "study.toml")
    first = open_campaign(study)
    calls = []
    original = store_module._make
    monkeypatch.setattr(store_module, "_make", lambda *arguments: calls.append(1) or original(*arguments))
    again = open_campaign(study)
    assert not calls
    pd.testing.assert_frame_equal(first.tables["responses"], again.tables["responses"])
    with (campaign_folder / "costs.csv").open("a", encoding="utf-8") as file:
        file.write("2026Q3;personeel;10,00;\n")
    changed = open_campaign(load_study(campaign_folder / "study.toml"))
    assert calls == [1]
    assert len(changed.tables["costs"]) == len(first.tables["costs"]) + 1


def test_a_damaged_store_is_made_again(campaign_folder):
    study = load_study(campaign_folder / "study.toml")
    open_campaign(study)
    before = _digests(store_for(study))
    (store_for(study) / "responses.parquet").write_bytes(b"PAR1")
    open_campaign(study)
    assert _digests(store_for(study)) == before


def test_a_failure_halfway_leaves_nothing(campaign_folder, monkeypatch):
    study = load_study(campaign_folder / "study.toml")

    def full_disk(*arguments, **options):
        raise OSError("no space left")

    monkeypatch.setattr(pyarrow.parquet, "write_table", full_disk)
    with pytest.raises(InputError) as error:
        open_campaign(study)
    assert error.value.key == "privacy.store_unwritable"
    assert [path.name for path in (campaign_folder / "work").iterdir()] in ([], [".lock"])


def test_an_error_of_intake_leaves_nothing(campaign_folder):
    (campaign_folder / "survey_2026Q1.csv").write_text("id,submitdate\n1,2026-01-01\n", encoding="utf-8")
    with pytest.raises(InputError):
        open_campaign(load_study(campaign_folder / "study.toml"))
    assert not list((campaign_folder / "work").glob("*anonymised*"))


def test_an_input_that_changes_meanwhile_is_noticed(campaign_folder, monkeypatch):
    study = load_study(campaign_folder / "study.toml")
    hashes = store_module._input_hashes(study)
    monkeypatch.setattr(store_module, "_input_hashes", lambda _: hashes | {"costs.csv": "0" * 64})
    with pytest.raises(InputError) as error:
        open_campaign(study)
    assert error.value.key == "privacy.input_changed"


def test_receipts_and_quarantine_come_back(campaign_folder):
    campaign = open_campaign(load_study(campaign_folder / "study.toml"))
    assert all(r["read"] == r["accepted"] + sum(r["quarantined"].values()) for r in campaign.receipts)
    assert sum(sum(r["quarantined"].values()) for r in campaign.receipts) == len(campaign.quarantine)
    assert list(campaign.quarantine.columns) == ["file", "row", "column", "rule"]


def test_the_message_of_a_missing_file_is_one_sentence(campaign_folder):
    study = load_study(campaign_folder / "study.toml")
    (campaign_folder / "costs.csv").unlink()
    with pytest.raises(InputError) as error:
        open_campaign(study)
    assert "costs.csv" in error.value.text("nl")
