"""An export that a Dutch Excel opened and saved again: the same rows, or a sentence that says why not."""

import csv
import io
import re
from datetime import datetime

import pandas as pd
import pytest

from evaluation.errors import DataError, InputError
from evaluation.intake import take_in

from .fixtures import shops, surveys

PERSON = "Kanarie Voorbeeldpersoon"
_MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
CASES = {
    name: (surveys.more_for(name), write) for name, (end, _, write) in surveys.SURVEYS.items() if end == "csv"
}
CASES |= {name: (shops.MORE, write) for name, write in shops.SHOPS.items()}


def _rows(raw: bytes) -> list[list[str]]:
    text = raw.decode("utf-8-sig" if not raw.startswith(b"sep") and b"\x80" not in raw else "cp1252")
    text = text.removeprefix("sep=;\r\n")
    separator = max(";,\t", key=text.partition("\n")[0].count)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def _as_excel_shows(cell: str) -> str:
    """Moments without their seconds, in the order of a Dutch date; what looks like a day and month as one."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", cell):
        moment = datetime.fromisoformat(cell)
        return f"{moment.day}-{moment.month}-{moment.year} {moment.hour:02d}:{moment.minute:02d}"
    if (pair := re.fullmatch(r"(\d{1,2})-(\d{1,2})", cell)) and int(pair[1]) >= 1 and 1 <= int(pair[2]) <= 12:
        return f"{int(pair[1])}-{_MONTHS[int(pair[2]) - 1]}"
    return cell


def _saved_again(raw: bytes) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows([[_as_excel_shows(cell) for cell in row] for row in _rows(raw)])
    return text.getvalue().encode("cp1252", errors="replace")


@pytest.mark.parametrize("name", CASES)
def test_saved_again_in_columns_it_gives_the_same_rows(study_of, name):
    more, write = CASES[name]
    raw = write(PERSON)
    expected = take_in(study_of({"bestand.csv": raw}, more))
    again = _saved_again(raw)
    assert again != raw
    taken = take_in(study_of({"bestand.csv": again}, more))
    for kind, table in expected.tables.items():
        pd.testing.assert_frame_equal(taken.tables[kind], table, check_categorical=False)
    for one, other in zip(taken.receipts, expected.receipts, strict=True):
        assert one.quarantined == other.quarantined
        assert one.format == other.format


def test_who_hurried_is_still_marked_after_excel_took_the_seconds_away(study_of):
    more = surveys.more_for("limesurvey")
    rows = _rows(surveys.limesurvey(PERSON))
    begun, sent = rows[0].index("startdate"), rows[0].index("submitdate")
    for number, row in enumerate(rows[1:]):
        if row[sent]:
            row[begun] = f"{row[sent][:11]}{int(row[sent][11:13]) - (number > 1):02d}{row[sent][13:]}"
            row[sent] = f"{row[sent][:14]}{'02' if number == 1 else row[sent][14:16]}:00"
            row[begun] = f"{row[begun][:14]}00:00"
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    flags = [
        take_in(study_of({"bestand.csv": raw}, more)).receipts[0].flags.get("speeder")
        for raw in (text.getvalue().encode(), _saved_again(text.getvalue().encode()))
    ]
    assert flags[0]
    assert flags[0] == flags[1]


@pytest.mark.parametrize("name", ["limesurvey", "shopify", "google-forms"])
def test_all_columns_in_one_cell_is_said_so(study_of, name):
    more, write = CASES[name]
    lines = [",".join(f'"{cell}"' for cell in row) for row in _rows(write(PERSON))]
    text = io.StringIO(newline="")
    # Excel takes the quotes off the first value only: that is where its cell begins.
    csv.writer(text, delimiter=";").writerows([[re.sub('^"([^"]*)"', r"\1", line)] for line in lines])
    with pytest.raises(InputError) as error:
        take_in(study_of({"bestand.csv": text.getvalue()}, more))
    assert error.value.key == "intake.one_cell"
    assert "Tekst naar kolommen" in error.value.text("nl")
    assert PERSON not in error.value.text("nl")


def test_an_export_saved_under_another_form_is_named_when_its_wave_is_empty(study_of):
    raw = "id;submitdate;A3;K1;K2\n1;2025-11-03 10:00:00;Heerlen;waar;niet waar\n"
    more = '[files.responses]\npath = "survey*.csv"\nwave = "submitdate"\n'
    with pytest.raises(DataError) as error:
        take_in(study_of({"survey_2025Q4.csv": raw, "survey_2025Q3.xlsx": b"PK"}, more))
    assert error.value.key == "intake.wave_empty_unread"
    assert "survey_2025Q3.xlsx" in error.value.text("nl")
    assert study_of({}, more).unread == ("survey_2025Q3.xlsx",)
