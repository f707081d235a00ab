"""Files that are broken on purpose: a receipt or one sentence, never a traceback, and no person anywhere."""

import csv
import io
import os
import random
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation.errors import InputError, UserError
from evaluation.intake import take_in
from evaluation.intake.mapping import propose
from evaluation.privacy import open_campaign
from evaluation.study import load_study

from .conftest import STUDY
from .fixtures import shops, surveys

CANARY = "Kanarie0612345678@persoon.example"
FIXTURES = {
    name: (extension, surveys.more_for(name), write)
    for name, (extension, _, write) in surveys.SURVEYS.items()
}
FIXTURES |= {name: ("csv", shops.MORE, write) for name, write in shops.SHOPS.items()}
FIXTURES["woocommerce-report"] = ("csv", shops.MORE, shops.woocommerce_report)


@pytest.mark.parametrize("name", FIXTURES)
def test_a_canary_in_every_personal_field_goes_nowhere(study_of, name, capfd):
    extension, more, write = FIXTURES[name]
    study = study_of({f"bestand.{extension}": write(CANARY)}, more)
    said = ""
    try:
        campaign = open_campaign(study)
        said += repr(campaign.receipts) + campaign.quarantine.to_csv()
        said += "".join(frame.to_csv() for frame in campaign.tables.values())
    except UserError as error:
        said += error.text("nl") + error.text("en")
    with suppress(UserError):
        proposal = propose(study.files[next(iter(study.files))].paths[0])
        said += repr(proposal) + proposal.toml()
    said += "".join(capfd.readouterr())
    assert "Kanarie" not in said
    assert "0612345678" not in said
    written = [path for path in (study.folder / "work").rglob("*") if path.is_file()]
    for path in written:
        assert b"Kanarie" not in path.read_bytes()
        assert b"0612345678" not in path.read_bytes()


@pytest.mark.parametrize("name", ["limesurvey", "woocommerce", "shopify"])
def test_a_canary_in_any_cell_goes_nowhere(study_of, name, tmp_path):
    """Also in the columns that are read: an unreadable cell is refused by row number only."""
    extension, more, write = FIXTURES[name]
    text = write("x").decode("cp1252" if name == "woocommerce" else "utf-8-sig").removeprefix("sep=;\r\n")
    separator = ";" if name == "woocommerce" else ","
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    for column in range(len(rows[0])):
        spoiled = [list(row) for row in rows]
        spoiled[2][column] = CANARY
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=separator).writerows(spoiled)
        study = study_of({f"bestand.{extension}": out.getvalue()}, more)
        try:
            intake = take_in(study)
            said = repr(intake.receipts) + intake.quarantine.to_csv()
        except UserError as error:
            said = error.text("nl") + error.text("en")
        assert "Kanarie" not in said, rows[0][column]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if name in shops.SHOPS or name == "limesurvey" else pytest.mark.slow)
        for name in FIXTURES
        if FIXTURES[name][0] == "csv"
    ],
)
def test_without_some_of_its_columns_a_file_is_a_receipt_or_a_sentence(tmp_path, name):
    extension, more, write = FIXTURES[name]
    text = write("x").decode("cp1252" if name == "woocommerce" else "utf-8-sig").removeprefix("sep=;\r\n")
    separator = max(";,\t", key=text.partition("\n")[0].count)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    width, draw = range(len(rows[0])), random.Random(name)
    several = [{column for column in width if draw.random() < 0.2} for _ in range(10)]
    for without in [{column} for column in width] + several:
        out = io.StringIO(newline="")
        less = ([cell for column, cell in enumerate(row) if column not in without] for row in rows)
        csv.writer(out, delimiter=separator).writerows(less)
        _outcome(tmp_path, extension, out.getvalue().encode(), more)


def _outcome(folder, extension, raw, more):
    """The seconds of processor a file took, its reader's own process among them; anything but a receipt or a
    sentence of ours is raised."""
    (folder / f"bestand.{extension}").write_bytes(raw)
    (folder / "study.toml").write_text(STUDY + more, encoding="utf-8")
    begun = sum(os.times()[:4])
    try:
        intake = take_in(load_study(folder / "study.toml"))
        sentence, receipts, refused = "", intake.receipts, ""
    except UserError as error:
        sentence, receipts, refused = error.text("nl"), (), error.key
    # A table that breaks its contract after all rules is a rule too few: one cell stops the whole study.
    assert refused != "intake.contract_broken"
    assert len(sentence.splitlines()) <= 1
    for receipt in receipts:
        assert receipt.read == receipt.accepted + sum(receipt.quarantined.values())
    return sum(os.times()[:4]) - begun


def _mutated(raw: bytes, draw: random.Random) -> bytes:
    """Bytes changed, cut out, doubled or put in, once to six times."""
    content = bytearray(raw)
    for _ in range(draw.randint(1, 6)):
        place = draw.randrange(len(content) + 1)
        length = draw.choice([1, 1, 4, 40, 400])
        match draw.randrange(5):
            case 0:
                content[place : place + 1] = bytes([draw.randrange(256)])
            case 1:
                del content[place : place + length]
            case 2:
                content[place:place] = content[place : place + length]
            case 3:
                content[place:place] = draw.choice(
                    [b'"', b";", b",", b"\r", b"\n", b"\x00", b"\xff\xfe", b"="]
                )
            case 4:
                content[place:] = b""
    return bytes(content)


def _fuzz(tmp_path, times, seed):
    draw = random.Random(seed)
    good = {name: write("x") for name, (_, _, write) in FIXTURES.items()}
    slowest = 0.0
    for number in range(times):
        name = draw.choice(sorted(good))
        extension, more, _ = FIXTURES[name]
        folder = tmp_path / f"{number % 7}"
        folder.mkdir(exist_ok=True)
        for old in folder.glob("bestand.*"):
            old.unlink()
        slowest = max(slowest, _outcome(folder, extension, _mutated(good[name], draw), more))
    return slowest


def test_mutated_fixtures_are_a_receipt_or_a_sentence(tmp_path):
    assert _fuzz(tmp_path, 60, seed=4) < 10


ROOT = Path(__file__).parents[2]
ALONE = """
import resource, sys
from pathlib import Path
from types import ModuleType

sys.modules["tests"] = tests = ModuleType("tests")  # some library installs a package of that name
tests.__path__ = ["tests"]
from tests.intake.test_hostile import _fuzz

slowest = _fuzz(Path(sys.argv[1]), 5_000, int(sys.argv[2]))
print(slowest, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="memory is counted as Unix does")
def test_ten_thousand_mutated_fixtures(tmp_path):
    """In processes of their own, so that the most memory they held counts what Arrow and NumPy hold, too."""
    children = []
    for seed in ("1", "2"):
        (tmp_path / seed).mkdir()
        command = [sys.executable, "-c", ALONE, tmp_path / seed, seed]
        children.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE))
    for child in children:
        told, _ = child.communicate()
        assert child.returncode == 0
        slowest, memory = map(float, told.split())
        assert slowest < 10
        assert memory < 1 << 30


@settings(max_examples=60, deadline=10_000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    raw=st.binary(max_size=400),
    extension=st.sampled_from(["csv", "xlsx", "sav", "parquet"]),
    magic=st.booleans(),
)
def test_any_bytes_are_a_receipt_or_a_sentence(tmp_path, raw, extension, magic):
    opening = {"csv": b"id,submitdate\n", "xlsx": b"PK\x03\x04", "sav": b"$FL2", "parquet": b"PAR1"}[
        extension
    ]
    for old in tmp_path.glob("bestand.*"):
        old.unlink()
    _outcome(tmp_path, extension, opening + raw if magic else raw, surveys.more_for("limesurvey"))


def test_a_link_out_of_the_folder_is_refused(study_of, tmp_path_factory):
    outside = tmp_path_factory.mktemp("elsewhere") / "bestand.csv"
    outside.write_bytes(surveys.limesurvey("x"))
    study = study_of({"bestand.csv": "id\n"}, surveys.more_for("limesurvey"))
    (study.folder / "bestand.csv").unlink()
    (study.folder / "bestand.csv").symlink_to(outside)
    with pytest.raises(InputError) as error:
        take_in(load_study(study.path))
    assert error.value.key == "intake.file_elsewhere"
    assert str(outside.parent) not in error.value.text("nl")
