"""Names of persons in open answers: counted where deduce is installed, and said whether it was."""

import logging
import pickle
import sys
import types

import pandas as pd
import pytest

from evaluation.intake import names, take_in
from evaluation.report.writers.receipt import write_receipt

from .fixtures import surveys
from .test_tools import PERSON


@pytest.mark.parametrize("by", ["deduce 9.9", ""])
def test_the_receipt_says_whether_names_were_looked_for(study_of, monkeypatch, by):
    monkeypatch.setattr("evaluation.intake.read.looked_by", lambda: by)
    monkeypatch.setattr(names, "_holds_name", lambda text: text == PERSON)
    study = study_of({"bestand.csv": surveys.limesurvey(PERSON)}, surveys.more_for("limesurvey"))
    receipt = take_in(study).receipts[0]
    # 81 rows: also what an unfinished response typed is looked at.
    assert receipt.names == {"by": by, "cells": {"R1": 81, "A1[other]": 81} if by else {}}
    for language, looked in (("nl", "niet naar namen"), ("en", "were not looked for")):
        page = write_receipt([receipt.to_dict()], "2025Q4", language, True).decode()
        assert (looked in page) == (by == "")
        assert (by or "package deduce" if language == "en" else by or "pakket deduce") in page
        assert PERSON not in page
    assert (
        "R1: 81 × naam van een persoon" in write_receipt([receipt.to_dict()], "2025Q4", "nl", True).decode()
    ) == (by != "")


def test_a_file_without_open_answers_says_nothing_of_names(study_of):
    study = study_of({"bestand.parquet": surveys.parquet(PERSON)}, surveys.more_for("parquet"))
    assert take_in(study).receipts[0].names == {}


@pytest.mark.slow
def test_deduce_tells_names_and_leaves_other_words_alone():
    pytest.importorskip("deduce")
    said = [
        "De verpleegkundige Annemiek Jansen was heel vriendelijk",
        "Bedankt aan mevrouw De Vries!",
        "Mijn zoon Daan van den Berg, geboren op 3 mei 2021",
        "de folder lag bij de balie",
        "Ik vond het een goede folder, maar Heerlen is ver",
        "bel 06-00012345",
        "",
    ]
    root = logging.getLogger()
    before = root.level, root.handlers[:]
    assert names.count_names(pd.Series([*said, said[0]], dtype="str")) == 4
    assert (root.level, root.handlers) == before


def test_a_deduce_that_cannot_start_is_as_good_as_none(monkeypatch):
    broken = types.ModuleType("deduce")

    def starts():
        raise pickle.UnpicklingError("half written")

    broken.Deduce = starts
    monkeypatch.setitem(sys.modules, "deduce", broken)
    monkeypatch.setattr(names, "installed", lambda: "deduce 3")
    names._finder.cache_clear()
    try:
        assert names.looked_by() == ""
    finally:
        names._finder.cache_clear()
