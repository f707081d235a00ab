"""A study's own table of municipalities, and what is said of one that is not right."""

import pytest

from evaluation.errors import InputError, UserError
from evaluation.study.places import expand, municipality_of, placed, read_places

HEADING = "code;name;region;births;postcodes\n"
GOOD = HEADING + "GM9001;Aa;Noord;120;1000-1002 1010\nGM9002;Bee;Zuid;80,5;1003\n"


def table(tmp_path, text):
    path = tmp_path / "municipalities.csv"
    path.write_text(text, encoding="utf-8")
    return read_places("file", "subregion", path)


def test_a_table_is_read_and_places_postcodes(tmp_path):
    found = table(tmp_path, GOOD)
    assert found["births"].tolist() == [120.0, 80.5]
    by_postcode = placed(found, "file")
    assert by_postcode == {**dict.fromkeys(("1000", "1001", "1002", "1010"), "GM9001"), "1003": "GM9002"}
    assert municipality_of("1001 AB", "file", by_postcode) == "GM9001"
    assert municipality_of("6211 AB", "file", by_postcode) == ""
    assert municipality_of("unknown", "file", by_postcode) is None


def test_spans_of_postcodes():
    assert expand("6211 6213-6215") == ["6211", "6213", "6214", "6215"]


def test_limburg_comes_with_the_suite():
    assert len(read_places("limburg", "subregion", None)) == 31
    assert read_places(None, "subregion", None).empty


@pytest.mark.parametrize(
    ("text", "key", "facts"),
    [
        ("code;name\n", "evaluation.places_column", {"column": "region"}),
        (HEADING + "GM1;;Noord;1;\n", "evaluation.places_value", {"row": 2, "column": "name"}),
        (HEADING + "GM1;A;Noord;0;\n", "evaluation.places_value", {"row": 2, "column": "births"}),
        (HEADING + "GM1;A;Noord;1;12\n", "evaluation.places_value", {"row": 2, "column": "postcodes"}),
        (HEADING + "GM1;A;Noord;1;1010-1001\n", "evaluation.places_value", {"row": 2, "column": "postcodes"}),
        (HEADING + "GM1;A;N;1;\nGM1;B;N;1;\n", "evaluation.places_double", {"row": 3, "column": "code"}),
        (HEADING + "GM1;A;N;1;1000\nGM2;B;N;1;1000\n", "evaluation.places_double", {"column": "postcodes"}),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column(tmp_path, text, key, facts):
    with pytest.raises(UserError) as error:
        table(tmp_path, text)
    assert error.value.key == key
    assert facts.items() <= error.value.facts.items()


def test_a_table_that_is_not_there(tmp_path):
    with pytest.raises(InputError) as error:
        read_places("file", "subregion", tmp_path / "none.csv")
    assert error.value.key == "evaluation.places_missing"
