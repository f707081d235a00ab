"""Labels, waves, places and duplicates of survey exports."""

import pytest

from evaluation.errors import DataError, InputError, StudyError
from evaluation.intake import take_in
from evaluation.intake.labels import item_labels
from evaluation.reference import questionnaire

HEADINGS = ["id", "submitdate", "ipaddr", "A3", "K1", "K2", "H1", "S[S1]", "W1", "R1"]
MORE = '[files.responses]\npath = "survey*.csv"\nformat = "limesurvey"\nwave = "submitdate"\n'
BASE = {
    "id": "1", "submitdate": "2025-09-10 10:00:00", "ipaddr": "192.0.2.1", "A3": "Heerlen", "K1": "Waar",
    "K2": "Niet waar", "H1": "Mee eens", "S[S1]": "Ja", "W1": "8", "R1": "",
}  # fmt: skip
AFTER = {"id": "900", "submitdate": "2025-11-10 10:00:00"}


def _csv(rows, headings=HEADINGS) -> str:
    cells = [headings, *([(BASE | row).get(heading, "") for heading in headings] for row in rows)]
    return "\ufeff" + "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in cells)


def _take(study_of, rows, more=MORE, headings=HEADINGS):
    numbered = [{"id": str(number)} | row for number, row in enumerate(rows, 2)]
    return take_in(study_of({"survey.csv": _csv([*numbered, AFTER], headings)}, more))


def _rules(intake):
    return intake.quarantine[["row", "column", "rule"]].to_numpy().tolist()


def test_answers_become_codes(study_of):
    row = _take(study_of, [{}]).tables["responses"].iloc[0]
    expected = {
        "wave": "2025Q3", "region": "Parkstad", "municipality": "GM0917", "K1": "true", "K2": "false",
        "H1": "4", "S1": "yes", "W1": "8",
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected


def test_answer_codes_are_read_too(study_of):
    rows = [{"K1": "true", "K2": "dont_know", "H1": "2", "S[S1]": "Y", "A3": "GM0935"}]
    row = _take(study_of, rows).tables["responses"].iloc[0]
    expected = ["true", "dont_know", "2", "yes", "Maastricht-Heuvelland"]
    assert row[["K1", "K2", "H1", "S1", "region"]].tolist() == expected


def test_an_empty_tick_box_of_a_question_for_all_is_no(study_of):
    assert _take(study_of, [{"S[S1]": ""}]).tables["responses"]["S1"].tolist() == ["no", "yes"]


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("helemaal mee oneens", "1"), ("Mee oneens", "2"), ("mee\u00a0oneens ", "2"), ("MEE EENS", "4"),
        ("niet eens, niet oneens", "3"), ("Weet ik niet", ""), ("", ""),
    ],
)  # fmt: skip
def test_likert_labels_are_matched_whole(study_of, label, code):
    assert _take(study_of, [{"H1": label}]).tables["responses"]["H1"].tolist() == [code, "4"]


@pytest.mark.parametrize("label", ["Enigszins mee eens", "een beetje mee oneens"])
def test_a_seven_point_scale_is_refused_for_a_five_point_item(study_of, label):
    with pytest.raises(DataError) as error:
        _take(study_of, [{"H1": label}] + [{}] * 20)
    assert error.value.key == "intake.seven_point"
    assert "H1" in error.value.text("nl")


def test_few_unmapped_labels_quarantine_their_rows(study_of):
    intake = _take(study_of, [{"K1": "Klopt wel"}] + [{}] * 20)
    assert _rules(intake) == [[2, "K1", "unmapped_label"]]
    assert intake.receipts[0].accepted == 21


def test_many_unmapped_labels_stop_the_column(study_of):
    rows = [{"K1": "Klopt"}] * 5 + [{"K1": "Klopt niet"}] * 3 + [{}] * 11
    with pytest.raises(DataError) as error:
        _take(study_of, rows)
    assert error.value.key == "intake.labels_unmapped"
    assert "K1" in str(error.value)
    assert '"Klopt", "Klopt niet"' in str(error.value)


def test_labels_that_may_be_typed_text_are_not_repeated(study_of):
    rows = [{"K1": "bel 0612345678"}, {"K1": "jan@thuis.example"}] * 4
    with pytest.raises(DataError) as error:
        _take(study_of, rows)
    assert "thuis" not in str(error.value)
    assert "0612" not in str(error.value)


def test_own_labels_of_the_study_file(study_of):
    more = MORE + '[files.responses.values.K1]\n"Klopt" = "true"\n'
    assert _take(study_of, [{"K1": "klopt"}], more).tables["responses"]["K1"].tolist() == ["true", "true"]
    with pytest.raises(StudyError) as error:
        _take(study_of, [{}], MORE + '[files.responses.values.K1]\n"Klopt" = "waar"\n')
    assert error.value.key == "intake.code_unknown"


def test_no_opinion_is_missing_on_an_agreement_scale_only():
    items = questionnaire()
    assert item_labels(items["H1"], {})["weet niet"] == ""
    assert item_labels(items["K1"], {})["weet niet"] == "dont_know"
    assert "weet niet" not in item_labels(items["N1"], {})


def test_each_rule_and_its_column(study_of):
    rows = [
        {"submitdate": ""},
        {},
        {"id": "3"},
        {"A3": "Atlantis"},
        {"A3": "Venlo"},
        {"submitdate": "2024-09-10 10:00:00"},
        {"submitdate": "gisteren"},
        {"W1": "acht"},
        *([{}] * 12),
    ]
    assert _rules(_take(study_of, rows)) == [
        [2, "submitdate", "incomplete"],
        [4, "id", "duplicate_row"],
        [5, "A3", "unknown_municipality"],
        [6, "A3", "outside_area"],
        [7, "submitdate", "wave_unknown"],
        [8, "submitdate", "bad_date"],
        [9, "W1", "bad_number"],
    ]


def test_a_response_number_may_return_in_another_survey_but_not_the_same_response(study_of):
    first = _csv([{"id": "1"}, {"id": "2"}])
    again = {"id": "1", "submitdate": "2025-11-01 09:00:00"}
    second = _csv([again, {"id": "2"}])
    intake = take_in(study_of({"survey_a.csv": first, "survey_b.csv": second}, MORE))
    assert intake.quarantine.to_dict("records") == [
        {"file": "survey_b.csv", "row": 3, "column": "id", "rule": "duplicate_row"}
    ]


def test_an_empty_wave_before_the_newest_stops_and_a_later_one_does_not(study_of):
    with pytest.raises(DataError) as error:
        take_in(study_of({"survey.csv": _csv([AFTER])}, MORE))
    assert error.value.key == "intake.wave_empty"
    assert "2025Q3" in error.value.text("nl")
    assert set(take_in(study_of({"survey.csv": _csv([{}])}, MORE)).tables["responses"]["wave"]) == {"2025Q3"}


def test_a_clinic_is_needed_where_clinics_were_sampled(study_of):
    more = "[design]\ncluster = true\n" + MORE
    headings = [*HEADINGS, "locatie"]
    intake = _take(study_of, [{"locatie": "Noord"}, {"locatie": " "}, {"locatie": "Noord"}], more, headings)
    assert _rules(intake) == [[3, "locatie", "no_clinic"], [5, "locatie", "no_clinic"]]


def test_open_answers_are_counted_and_dropped(study_of):
    intake = _take(study_of, [{"R1": "mail jan@thuis.example"}, {"R1": "niets"}])
    assert intake.receipts[0].notes == {"R1": {"email": 1}}
    assert "R1" not in intake.tables["responses"]
    assert {"R1", "ipaddr"} <= set(intake.receipts[0].columns_dropped)


def test_the_study_file_s_own_label_goes_before_what_is_known(study_of):
    more = MORE + '[files.responses.values.H1]\n"Mee eens" = "5"\n'
    assert _take(study_of, [{}], more).tables["responses"]["H1"].tolist() == ["5", "5"]
    assert _take(study_of, [{}]).tables["responses"]["H1"].tolist() == ["4", "4"]


@pytest.mark.parametrize("heading", ["M3[other]", "D1[comment]"])
def test_what_is_typed_beside_a_closed_question_is_counted_and_dropped_too(study_of, heading):
    row = {heading: "bel 06 12345678"}
    intake = _take(study_of, [row], headings=[*HEADINGS, heading])
    assert intake.receipts[0].notes == {heading: {"phone": 1}}
    assert heading in intake.receipts[0].columns_dropped


def test_a_mapped_column_that_is_not_there_is_named_with_those_that_are(study_of):
    with pytest.raises(InputError) as error:
        _take(study_of, [{}], MORE + '[files.responses.columns]\nclinic = "bureau"\n')
    assert error.value.key == "intake.column_missing"
    for word in ("bureau", "clinic", "submitdate", "survey.csv"):
        assert word in error.value.text("nl")


def test_a_mapping_to_a_column_that_does_not_exist(study_of):
    with pytest.raises(StudyError) as error:
        _take(study_of, [{}], MORE + '[files.responses.columns]\nkliniek = "locatie"\n')
    assert error.value.key == "intake.mapping_unknown"


def test_a_file_without_headings_does_not_give_its_first_row_away(study_of):
    raw = "1,2025-09-10,192.0.2.1,Jansen,jan@thuis.example\n"
    with pytest.raises(InputError) as error:
        take_in(study_of({"survey.csv": raw}, MORE))
    assert error.value.key == "intake.headings_missing"
    assert "Jansen" not in error.value.text("nl") + error.value.text("en")


def test_wave_and_region_from_columns(study_of):
    more = (
        '[files.responses]\npath = "survey*.csv"\nwave_column = "meting"\n'
        'columns = { region = "regio" }\n'
        '[files.responses.values.wave]\nvoor = "2025Q3"\nna = "2025Q4"\n'
    )
    rows = ["regio;meting", "Parkstad;Voor", "Parkstad;na", "Elders;na", "Parkstad;straks"]
    text = "\n".join(row + (";K1;K2" if row == rows[0] else ";waar;niet waar") for row in rows)
    intake = take_in(study_of({"survey.csv": text}, more))
    assert intake.tables["responses"][["wave", "region", "municipality", "clinic"]].to_numpy().tolist() == [
        ["2025Q3", "Parkstad", "", ""],
        ["2025Q4", "Parkstad", "", ""],
    ]
    assert _rules(intake) == [[4, "regio", "unknown_region"], [5, "meting", "wave_unknown"]]
