"""Small studies of a few rows, written where a test can spoil them."""

import pytest

from evaluation.study import load_study

STUDY = """
format = 1
questionnaire = "bond"
[study]
title = { nl = "Proef", en = "Trial" }
campaign = { nl = "de folder", en = "the leaflet" }
topic = { nl = "de band", en = "the bond" }
population = { nl = "ouders", en = "parents" }
synthetic = true
start = 2025-10-01
[area]
name = { nl = "Limburg", en = "Limburg" }
geography = "limburg"
regions = ["Parkstad", "Maastricht-Heuvelland"]
[waves]
baseline = "2025Q3"
after = ["2025Q4"]
[[outcomes]]
id = "aware"
kind = "all_correct"
items = ["K1", "K2"]
primary = true
label = { nl = "Bewust", en = "Aware" }
smallest_change = 5.0
[products]
FOL-NL-25 = { product = "leaflet", language = "nl", pack = 25, price = 6.25 }
"""


@pytest.fixture
def study_of(tmp_path):
    """Writes files (name -> text or bytes) and a study file that ends in `more`, and loads it."""

    def make(files: dict[str, str | bytes], more: str):
        for name, content in files.items():
            raw = content if isinstance(content, bytes) else content.encode("utf-8")
            (tmp_path / name).write_bytes(raw)
        (tmp_path / "study.toml").write_text(STUDY + more, encoding="utf-8")
        return load_study(tmp_path / "study.toml")

    return make
