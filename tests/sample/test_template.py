"""The folder with which a foundation starts."""

import csv

import openpyxl
import pytest

from evaluation.errors import InputError
from evaluation.sample import write_template
from evaluation.study import load_study


def test_the_study_file_loads_and_is_not_synthetic(tmp_path):
    names = write_template(tmp_path / "eigen campagne")
    assert {path.name for path in (tmp_path / "eigen campagne").iterdir()} == set(names)
    study = load_study(tmp_path / "eigen campagne" / "study.toml")
    assert not study.synthetic
    assert study.primary.id == "aware"
    assert set(study.files) == {"responses", "orders", "organisations", "handouts", "costs", "margins"}


def test_every_setting_is_explained_in_two_languages(tmp_path):
    write_template(tmp_path)
    text = (tmp_path / "study.toml").read_text(encoding="utf-8")
    comments = [line for line in text.splitlines() if line.startswith("#")]
    assert len(comments) >= 25
    assert "Fill it in BEFORE" in text
    assert "VOORDAT de gegevens binnen zijn" in text


def test_the_tables_are_empty_and_have_the_headings_of_the_study_file(tmp_path):
    write_template(tmp_path)
    for kind, spec in load_study(tmp_path / "study.toml").files.items():
        for path in spec.paths:
            if path.suffix == ".xlsx":
                rows = list(openpyxl.load_workbook(path)["Uitgifte"].values)
            else:
                separator = "," if kind == "responses" else ";"
                with path.open(newline="", encoding="utf-8-sig") as file:
                    rows = list(csv.reader(file, delimiter=separator))
            assert len(rows) == 1, path.name
            if path.name != "survey_0.csv":
                assert set(spec.columns.values()) <= set(rows[0]), path.name


@pytest.mark.parametrize("name", ["study.toml", "orders.csv"])
def test_nothing_is_overwritten(tmp_path, name):
    (tmp_path / name).write_text("van mij", encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        write_template(tmp_path)
    assert refusal.value.key == "sample.exists"
    assert name in refusal.value.text("nl")
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text(encoding="utf-8") == "van mij"
