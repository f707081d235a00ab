"""A study file is read whole, or refused in one sentence that names the place and the remedy."""

from pathlib import Path

import pytest

from evaluation.errors import InputError, StudyError, UserError
from evaluation.study import load_study

TEXT = Path(__file__).with_name("study.toml").read_text(encoding="utf-8")


@pytest.fixture
def write(tmp_path):
    (tmp_path / "costs.csv").write_text("Kwartaal;Soort;Bedrag\n")

    def write(text: str) -> Path:
        path = tmp_path / "study.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def refusal(path: Path) -> UserError:
    with pytest.raises(UserError) as caught:
        load_study(path)
    for lang in ("nl", "en"):
        assert "study.toml" in caught.value.text(lang)
        assert "\n" not in caught.value.text(lang)
    return caught.value


def test_a_study_is_read_whole(write):
    study = load_study(write(TEXT))
    assert study.waves == ("2025Q3", "2025Q4", "2026Q1")
    assert study.primary.id == "aware"
    assert study.all_regions == ("Parkstad", "Noord-Limburg", "De Peel")
    assert study.items["K2"].key == "false"
    assert study.disclosure.minimum_base == 30
    assert study.files["costs"].paths == (study.folder / "costs.csv",)
    assert not study.synthetic


def test_a_region_may_start_later_and_is_counted_from_the_wave_before(write):
    text = TEXT.replace("[waves]", "starts = { Noord-Limburg = 2026-02-01 }\n\n[waves]")
    study = load_study(write(text))
    assert study.staggered
    assert (study.before("Noord-Limburg"), study.before("Parkstad")) == ("2025Q4", "2025Q3")
    assert (study.before("area"), study.before("De Peel")) == ("2025Q3", "2025Q3")
    assert [study.started("Noord-Limburg", wave) for wave in study.after] == [False, True]
    assert not load_study(write(TEXT)).staggered


@pytest.mark.parametrize(
    ("starts", "said"),
    [
        ("Heerlen = 2026-02-01", "is not one of the regions"),
        ("Parkstad = 2025-09-01", "lies before the start of the campaign"),
    ],
)
def test_a_start_that_cannot_be_is_refused(write, starts, said):
    text = TEXT.replace("[waves]", f"starts = {{ {starts} }}\n\n[waves]")
    error = refusal(write(text))
    assert said in error.text("en")
    assert "[area] starts" in error.text("nl")


@pytest.mark.parametrize(
    ("code", "region"),
    [
        ("GM0917", "Parkstad"),
        ("GM0983", "Noord-Limburg"),
        ("GM0762", "De Peel"),
        ("GM0935", None),
        ("GM0363", None),
    ],
)
def test_a_municipality_lies_in_its_region_or_outside_the_study(write, code, region):
    assert load_study(write(TEXT)).region_of_municipality(code) == region


def test_a_misspelt_key_names_its_line_and_the_right_spelling(write):
    error = refusal(write(TEXT.replace("synthetic", "x").replace("smallest_change", "smalest_change")))
    assert isinstance(error, StudyError)
    assert error.exit_code == 3
    line = 1 + TEXT.splitlines().index("smallest_change = 5.0")
    assert error.text("nl") == (
        f"In study.toml, regel {line}, staat outcomes.0.smalest_change, dat niet bestaat; "
        "bedoelt u smallest_change?"
    )


@pytest.mark.parametrize(
    ("old", "new", "nl", "en"),
    [
        (
            'population = { nl = "ouders", en = "parents" }',
            "",
            "ontbreekt study.population",
            "study.population is missing",
        ),
        ("start = 2025-10-01", 'start = "gisteren"', "een datum", "a date"),
        ("smallest_change = 5.0", 'smallest_change = "5"', "", ""),
        ("smallest_change = 5.0", "smallest_change = 0", "groter dan 0", "greater than 0"),
        ('en = "Trial"', 'de = "Versuch"', "nl en en", "nl and en"),
        ('baseline = "2025Q3"', 'baseline = "2025-3"', "kwartaal", "quarter"),
        ('kind = "rise"', 'kind = "up"', "'rise'", "'rise'"),
        ('kind = "rise"', 'kind = "keep"', "keep heeft geen value", "keep has no value"),
        ('"rise", value = 5.0', '"at_least"', "value ontbreekt", "value is missing"),
        (
            'path = "costs.csv"',
            'path = "../costs.csv"',
            "in de map van het studiebestand",
            "in the folder of the study",
        ),
        (
            'path = "costs.csv"',
            'path = "/etc/passwd"',
            "in de map van het studiebestand",
            "in the folder of the study",
        ),
        ("primary = true", "primary = false", "precies een", "exactly one"),
        ('items = ["K1", "K2"]', 'items = ["K1", "K99"]', "K99 bestaat niet", "K99 does not exist"),
        (
            'items = ["K1", "K2"]',
            'items = ["K1", "A4"]',
            "A4 heeft geen goed antwoord",
            "A4 has no right answer",
        ),
        (
            '"Parkstad", "Noord-Limburg"',
            '"Parkstad", "Parkstad"',
            "Parkstad staat er dubbel",
            "Parkstad is in it twice",
        ),
        ('"Parkstad", "Noord-Limburg"', '"Utrecht"', "Utrecht is niet een van", "Utrecht is not one of"),
        ('comparison = "De Peel"', 'comparison = "Parkstad"', "ook bij regions", "also one of the regions"),
        ('after = ["2025Q4", "2026Q1"]', 'after = ["2026Q1", "2025Q4"]', "volgorde", "in order"),
        ("format = 1", "format = 1\nformat = 1", "geen geldige TOML", "not valid TOML"),
        ("[files.costs]", "[files.costz]", "bedoelt u costs", "did you mean costs"),
    ],
)
def test_what_is_wrong_is_said_in_both_languages(write, old, new, nl, en):
    assert old in TEXT
    path = write(TEXT.replace(old, new))
    if not nl:  # a number in quotes is still that number
        assert load_study(path).primary.smallest_change == 5.0
        return
    error = refusal(path)
    assert isinstance(error, StudyError)
    assert nl in error.text("nl")
    assert en in error.text("en")


def test_a_file_that_is_not_there_is_named(write):
    error = refusal(write(TEXT.replace("costs.csv", "kosten*.csv")))
    assert isinstance(error, InputError)
    assert error.exit_code == 4
    assert "kosten*.csv" in error.text("nl")


def test_a_study_file_that_is_not_there_is_named(tmp_path):
    assert isinstance(refusal(tmp_path / "study.toml"), InputError)


def test_a_study_file_that_is_not_text_is_refused(tmp_path):
    (tmp_path / "study.toml").write_bytes(b"\xff\xfe\x00")
    assert isinstance(refusal(tmp_path / "study.toml"), InputError)


def test_an_unknown_quarter_or_region_lists_the_known_ones(write):
    study = load_study(write(TEXT))
    assert study.require_quarter("2026Q1") == "2026Q1"
    assert study.require_region("Parkstad") == "Parkstad"
    with pytest.raises(StudyError, match="2025Q4, 2026Q1"):
        study.require_quarter("2025Q3")
    with pytest.raises(StudyError, match="Parkstad, Noord-Limburg"):
        study.require_region("De Peel")


def test_an_error_survives_the_way_between_processes():
    import pickle

    error = StudyError("evaluation.unknown_quarter", file="a.toml", quarter="2026Q9", known="2026Q1")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.text("nl")) == (StudyError, error.text("nl"))
