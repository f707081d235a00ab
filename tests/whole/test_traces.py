"""What a release says beside its content: no name, machine or folder, and not why a cell is hidden."""

import base64
import getpass
import io
import json
import re
import socket
import struct
import zipfile
from pathlib import Path

import pikepdf
import pytest

from evaluation.disclosure import rules
from evaluation.report.model import from_json
from evaluation.report.wording import words
from evaluation.report.writers import memo
from tests.whole.command import MAKER

# What a program may say of itself; a person is none of these.
PROGRAMS = re.compile(r"(?:Typst [\d.]+|Microsoft Excel|Matplotlib v[\d.]+.*)?")
PERSONAL = ("creator", "lastModifiedBy", "Author", "Company", "Manager", "author", "producer", "owner")
# Chunks of a PNG that hold a picture and no words.
PICTURE = {b"IHDR", b"IDAT", b"IEND", b"PLTE", b"pHYs", b"sRGB", b"gAMA", b"tRNS", b"bKGD", b"sBIT", b"cHRM"}


@pytest.fixture(scope="module")
def files(sample_release) -> dict[str, bytes]:
    """Every file of the release, the Word documents that `--docx` would add among them."""
    found = {
        path.relative_to(sample_release.out).as_posix(): path.read_bytes() for path in sample_release.files
    }
    for name in [name for name in found if "/model/" in name]:
        report = from_json(found[name].decode("utf-8"))
        found[name.replace("/model/", "/").replace(".json", ".docx")] = memo.write(report)
    return found


def parts(name: str, content: bytes) -> dict[str, bytes]:
    """The file and, of one that holds others, each of those unpacked."""
    if name.endswith((".xlsx", ".docx")):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return {f"{name}!{part}": packed.read(part) for part in packed.namelist()}
    if name.endswith(".pdf"):
        with pikepdf.open(io.BytesIO(content)) as document:
            streams = [item.read_bytes() for item in document.objects if isinstance(item, pikepdf.Stream)]
            info = " ".join(f"{key}={value}" for key, value in document.docinfo.items())
        return {name: content, f"{name}!info": info.encode(), f"{name}!streams": b"\n".join(streams)}
    return {name: content}


def properties(name: str, content: bytes) -> dict[str, str]:
    """Property -> what a document says of who or what made it."""
    found = {}
    for part, raw in parts(name, content).items():
        text = raw.decode("utf-8", "replace")
        for key in PERSONAL:
            for value in re.findall(rf"<(?:\w+:)?{key}\b[^>]*>(.*?)</(?:\w+:)?{key}>", text, re.DOTALL):
                found[f"{part}:{key}"] = re.sub(r"<[^>]*>", "", value).strip()
            for value in re.findall(rf'<meta name="{key}" content="([^"]*)"', text):
                found[f"{part}:{key}"] = value
        if part.endswith("!info"):
            with pikepdf.open(io.BytesIO(content)) as document:
                for key in ("/Author", "/Creator", "/Producer"):
                    found[f"{part}:{key}"] = str(document.docinfo.get(key, ""))
    return found


def chunks(png: bytes) -> set[bytes]:
    found, at = set(), 8
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at : at + 8])
        found.add(kind)
        at += 12 + size
    return found


def pictures(name: str, content: bytes):
    """Every PNG in a file: in a Word document, or in the outputs of a notebook."""
    for part, raw in parts(name, content).items():
        if raw.startswith(b"\x89PNG"):
            yield part, raw
    if name.endswith(".ipynb"):
        for cell in json.loads(content)["cells"]:
            for output in cell.get("outputs", ()):
                if "image/png" in output.get("data", {}):
                    yield name, base64.b64decode(output["data"]["image/png"])


def test_every_format_is_looked_at(files):
    kinds = {name.rpartition(".")[2] for name in files}
    assert {"pdf", "xlsx", "docx", "html", "svg", "ipynb", "json", "csv"} <= kinds
    assert any("!word/media/" in part for name in files for part, _ in pictures(name, files[name]))


def test_document_properties_name_nobody(files):
    looked = 0
    for name, content in files.items():
        for place, value in properties(name, content).items():
            looked += 1
            assert PROGRAMS.fullmatch(value), f"{place} says {value}"
        for place, png in pictures(name, content):
            assert chunks(png) <= PICTURE, place
    assert looked > 30


def test_no_user_host_or_folder_in_any_byte(files, sample_release):
    secrets = {*MAKER.values(), str(sample_release.out.parent), str(Path(__file__).parents[2]) + "/"}
    # Short names of a user or machine occur in words; those of the maker of the release are long.
    secrets |= {name for name in (getpass.getuser(), socket.gethostname()) if len(name) > 5}
    secrets |= {str(Path.home()) + "/"} if len(str(Path.home())) > 2 else set()
    for name, content in files.items():
        for part, raw in parts(name, content).items():
            for secret in secrets:
                assert secret.encode() not in raw, part
                assert secret.encode("utf-16-be") not in raw, part


def test_a_notebook_says_what_ran_and_nothing_of_where(files):
    for name, content in files.items():
        if name.endswith(".ipynb"):
            notebook = json.loads(content)
            assert set(notebook["metadata"]) <= {"kernelspec", "language_info"}, name
            assert set(notebook["metadata"]["kernelspec"]) <= {"display_name", "language", "name"}
            for cell in notebook["cells"]:
                assert set(cell["metadata"]) <= {"tags"}, name


REASONS = (
    "too_few_respondents", "too_few_sites", "dominated", "all_or_none", "small_count", "small_complement",
    "coarse_only", "no_group", "primary suppression", "complementary",
)  # fmt: skip


def test_no_file_says_why_a_cell_is_hidden(files):
    assert {rules.base_reason(1), rules.sites_reason(1), rules.count_reason(1)} <= set(REASONS)
    for name, content in files.items():
        if name.endswith(("cells.json", "receipt.json")):
            continue  # these are asked below
        for part, raw in parts(name, content).items():
            for reason in REASONS[:8]:
                assert reason.encode() not in raw, f"{part}: {reason}"


def test_every_hidden_cell_of_a_release_looks_the_same(files):
    hidden = 0
    for name, content in files.items():
        if "/model/" not in name:
            continue
        model = json.loads(content)
        mark = words(model["language"])("mark.suppressed")
        for table in model["tables"]:
            found = [cell for row in table["rows"] for cell in row.values() if cell["mark"] == mark]
            hidden += len(found)
            assert len({json.dumps(cell, sort_keys=True) for cell in found}) <= 1, table["id"]
        page = files[name.replace("/model/", "/").replace(".json", ".html")].decode("utf-8")
        cells = re.findall(rf"<td([^>]*)>{mark}</td>", page)
        assert len(set(cells)) <= 1
    assert hidden > 20


def test_the_ledger_says_of_a_hidden_cell_that_it_is_and_nothing_else(files):
    (name,) = [name for name in files if name.endswith("cells.json")]
    ledger = json.loads(files[name])
    known = {"format", "quarter", "limits", "cells", "restated", "free", "sums", "replaced"}
    assert set(ledger) == known
    assert all(len(entry) == 2 for entry in ledger["cells"])
    assert sum(value is None for _, value in ledger["cells"]) > 20
