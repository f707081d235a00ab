"""Made-up persons in every text cell of every reader's fixture: none of them comes out, whatever is read.

SYNTHETIC: the numbers pass their checks and are nobody's (example ranges, or made for tests).
"""

import csv
import io
from contextlib import suppress

import pandas as pd
import pytest

from evaluation.errors import UserError
from evaluation.intake.mapping import propose
from evaluation.privacy import open_campaign
from evaluation.report.writers.receipt import write_receipt

from .test_hostile import FIXTURES

CANARIES = (
    "111222333",  # passes the 11-test
    "NL91ABNA0417164300",
    "kanarie@persoon.example",
    "06-00012345",
    "6411 ZX",
    "31-12-1987",
    "192.0.2.17",
    "Kanarie van Voorbeeldpersoon",
    "50.88821, 5.97953",
)
# In one cell there is room for all of them: each person is sought by itself.
EVERYBODY = " / ".join(CANARIES)


def _tables(raw: bytes, extension: str) -> list[list[str]]:
    if extension == "csv":
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("cp1252")
        separator = ";" if text.startswith("sep=;") else ","
        return list(csv.reader(io.StringIO(text.removeprefix("sep=;\r\n"), newline=""), delimiter=separator))
    read = {"xlsx": pd.read_excel, "parquet": pd.read_parquet, "sav": _sav}[extension]
    frame = read(io.BytesIO(raw)).astype(str)
    return [list(frame.columns), *frame.to_numpy().tolist()]


def _sav(raw: io.BytesIO) -> pd.DataFrame:
    import tempfile
    from pathlib import Path

    import pyreadstat

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "bestand.sav")
        path.write_bytes(raw.read())
        return pyreadstat.read_sav(str(path), apply_value_formats=True)[0]


def _written(rows: list[list[str]], extension: str) -> bytes:
    if extension == "csv":
        text = io.StringIO(newline="")
        csv.writer(text).writerows(rows)
        return text.getvalue().encode()
    frame, raw = pd.DataFrame(rows[1:], columns=rows[0]), io.BytesIO()
    if extension == "xlsx":
        frame.to_excel(raw, index=False)
    elif extension == "parquet":
        frame.to_parquet(raw, index=False)
    else:
        import tempfile
        from pathlib import Path

        import pyreadstat

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "bestand.sav")
            pyreadstat.write_sav(frame, str(path))
            return path.read_bytes()
    return raw.getvalue()


def _said(study, capfd) -> str:
    """All that is shown or written: messages, log, receipt (also as a page), quarantine, store, proposal."""
    said = ""
    try:
        campaign = open_campaign(study)
        said += repr(campaign) + repr(campaign.receipts) + campaign.quarantine.to_csv()
        said += "".join(frame.to_csv() for frame in campaign.tables.values()) + repr(campaign.protection)
        said += write_receipt(campaign.receipts, "2025Q4", "nl", True).decode()
    except UserError as error:
        said += error.text("nl") + error.text("en") + repr(error) + str(error)
        # What a traceback would show of what led to it.
        while error := error.__cause__ or (None if error.__suppress_context__ else error.__context__):
            said += repr(error)
    with suppress(UserError):
        proposal = propose(study.files[next(iter(study.files))].paths[0])
        said += repr(proposal) + proposal.toml()
    for path in (study.folder / "work").rglob("*"):
        if path.is_file() and path.suffix != ".parquet":  # read above, for it is compressed
            said += path.read_text(encoding="utf-8", errors="replace")
    return said + "".join(capfd.readouterr())


def _found(said: str) -> list[str]:
    parts = {"Kanarie", "kanarie", "50.88821", "5.97953", "0012345", "192.0.2"}
    return sorted(part for part in {*CANARIES, *parts} if part in said)


@pytest.mark.parametrize("name", FIXTURES)
def test_nobody_in_any_cell_of_any_fixture_comes_out(study_of, name, capfd):
    """A row per column holds everybody in that column, so that no row hides what another lets through."""
    extension, more, write = FIXTURES[name]
    rows = _tables(write(EVERYBODY), extension)
    head = {"surveymonkey": 2, "qualtrics": 3}.get(name, 1)
    spoiled, wide = [list(row) for row in rows], len(rows[0])
    while len(spoiled) - head < wide + 4:  # the shops' fixtures have fewer orders than columns
        spoiled += [list(row) for row in rows[head:]]
    for column in range(wide):
        spoiled[head + column][column] = EVERYBODY
    study = study_of({f"bestand.{extension}": _written(spoiled, extension)}, more)
    assert _found(_said(study, capfd)) == []


@pytest.mark.parametrize("name", ["limesurvey", "woocommerce", "excel"])
def test_nobody_in_all_cells_at_once_or_as_a_heading_comes_out(study_of, name, capfd):
    extension, more, write = FIXTURES[name]
    rows = _tables(write(EVERYBODY), extension)
    everywhere = [rows[0], *([EVERYBODY] * len(rows[0]) for _ in rows[1:5])]
    study = study_of({f"bestand.{extension}": _written(everywhere, extension)}, more)
    assert _found(_said(study, capfd)) == []
    # A file without its heading row: the first person's cells stand where the headings should.
    bare = [[*CANARIES, *rows[1][len(CANARIES) :]], *rows[2:]]
    study = study_of({f"bestand.{extension}": _written(bare, extension)}, more)
    assert _found(_said(study, capfd)) == []
