"""Benchmarks and answer wordings."""

import json

import pytest

from evaluation.reference import benchmarks, likert_labels


def test_22_benchmarks_each_with_its_source():
    table = benchmarks()
    assert list(table["id"]) == [f"B{i:02d}" for i in range(1, 23)]
    assert (table["source"] != "").all()
    assert (table["seen_as"] != "").all()
    assert set(table["section"]) <= {"", "1", "2", "3", "4", "5"}


@pytest.mark.parametrize(
    ("row", "before", "after", "change"),
    [("B01", 42, 65, 23), ("B03", 51, 66, 15), ("B06", 58.4, 63.8, 5.4), ("B07", 63.3, 69.5, 6.2)],
)
def test_changes_are_after_minus_before(row, before, after, change):
    found = benchmarks().set_index("id").loc[row]
    assert (float(found["before"]), float(found["after"])) == (before, after)
    assert float(found["change"]) == change == pytest.approx(after - before)


def test_no_wording_stands_for_two_answers():
    labels = [word for words in likert_labels()["agree5"].values() for word in words]
    labels += [
        word
        for group in ("seven_point", "missing")
        for words in likert_labels()[group].values()
        for word in words
    ]
    assert len(set(labels)) == len(labels)
    assert all(word == word.casefold().strip() for word in labels)


def test_wordings_equal_the_reference_material(shared):
    given = json.loads((shared / "reference" / "likert_nl.json").read_text(encoding="utf-8"))
    ours = likert_labels()
    assert {code: list(words) for code, words in ours["agree5"].items()} == given["5"]
    assert {code: list(words) for code, words in ours["seven_point"].items()} == given["7_extra"]
    assert list(ours["missing"][""]) == given["missing"]
