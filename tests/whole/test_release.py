"""The release of the sample campaign, whole: what is in it, what is not, and that it is the same twice."""

import csv
import hashlib
import io
import json
import re
import shutil
import zipfile
from datetime import date
from pathlib import Path

import nbformat
import page
import pikepdf
import pytest

from evaluation.report.model import from_json
from tests.whole.command import FEWER, copy_sample, run

pytestmark = pytest.mark.xdist_group("release")

REGIONS = ("noord-limburg", "midden-limburg", "westelijke-mijnstreek", "parkstad", "maastricht-heuvelland")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_everything_is_there(sample_release):
    names = {path.relative_to(sample_release.folder).as_posix() for path in sample_release.folder.rglob("*")}
    assert {f"province.{lang}.{kind}" for lang in ("nl", "en") for kind in ("html", "pdf")} <= names
    assert {"tables.nl.xlsx", "tables.en.xlsx"} <= names
    assert {f"region-{region}.nl.{kind}" for region in REGIONS for kind in ("html", "pdf")} <= names
    assert {"index.html", "manifest.json", "provenance.json", "receipt.json", "quarantine.csv"} <= names
    assert sum(name.startswith("notebooks/") and name.endswith(".ipynb") for name in names) == 13
    assert (sample_release.out / "index.html").is_file()


def test_the_command_says_where_the_report_lies_and_what_became_of_the_rows(sample_release):
    assert "index.html" in sample_release.printed
    truth = json.loads((sample_release.study.parent / "truth.json").read_text())
    planted = sum(sum(rules.values()) for rules in truth["dirt"].values())
    assert str(planted) in sample_release.printed
    receipt = json.loads((sample_release.folder / "receipt.json").read_text())
    for file in receipt["files"]:
        assert file["read"] == file["accepted"] + sum(file["quarantined"].values())
    assert sum(sum(file["quarantined"].values()) for file in receipt["files"]) == planted


def test_the_manifest_names_every_input_and_output(sample_release):
    manifest = json.loads((sample_release.folder / "manifest.json").read_text())
    outputs = {
        path.relative_to(sample_release.folder).as_posix(): _sha256(path)
        for path in sample_release.folder.rglob("*")
        if path.is_file() and path.name not in ("manifest.json", "provenance.json")
    }
    assert {entry["file"]: entry["sha256"] for entry in manifest["outputs"]} == outputs
    inputs = {entry["file"]: entry["sha256"] for entry in [manifest["study"], *manifest["inputs"]]}
    for name in ("study.toml", "orders.csv", "survey_2025Q3.csv", "handouts.xlsx", "margins.csv"):
        assert inputs[name] == _sha256(sample_release.study.parent / name)


def _texts(path: Path) -> str:
    """All text in a file, unpacked: a PDF's streams and text, the parts of an XLSX."""
    content = path.read_bytes()
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    if path.suffix == ".pdf":
        with pikepdf.open(path) as document:
            streams = [item.read_bytes() for item in document.objects if isinstance(item, pikepdf.Stream)]
        return page_text(path) + b"\n".join(streams).decode("latin-1")
    return content.decode("utf-8", "replace")


def page_text(path: Path) -> str:
    from tests.report_writers.pdf_tags import read

    return read(path.read_bytes()).full_text()


def _personal(folder: Path) -> dict[str, set[str]]:
    """Every e-mail address, IP address, postcode and order customer in the raw exports."""
    found: dict[str, set[str]] = {
        "email": set(),
        "ip": set(),
        "postcode": set(),
        "customer": set(),
    }
    for path in sorted(folder.glob("*.csv")):
        text = path.read_text(encoding="utf-8-sig")
        found["email"] |= set(re.findall(r"[\w.+-]+@[\w.-]+\.\w+", text))
        found["ip"] |= set(re.findall(r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b", text))
    for name, columns in {
        "orders.csv": {"postcode": "Postcode (verzending)", "customer": "Bedrijf (verzending)"},
        "organisations.csv": {"postcode": "Postcode", "customer": "Organisatie"},
    }.items():
        with (folder / name).open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file, delimiter=";"):
                for kind, column in columns.items():
                    # A postcode without a figure ("onbekend") is nobody's.
                    if kind != "postcode" or re.search(r"\d", row[column]):
                        found[kind].add(row[column].strip())
    found["postcode"] |= {re.sub(r"\s", "", code).upper() for code in found["postcode"]}
    return {kind: {value for value in values if len(value) > 4} for kind, values in found.items()}


def _first_hit(text: str, personal: dict[str, set[str]]) -> str | None:
    """The kind of the first personal value in a text. Looks where a word begins: thousands of values, at
    once, in megabytes of text."""
    begins: dict[str, list[tuple[str, str]]] = {}
    for kind, values in personal.items():
        for value in values:
            begins.setdefault(re.match(r"\w+", value)[0], []).append((kind, value))
    for word in re.finditer(r"\w+", text):
        for kind, value in begins.get(word[0], ()):
            if text.startswith(value, word.start()):
                return kind
    return None


def test_nothing_personal_of_the_raw_exports_is_in_any_file(sample_release):
    personal = _personal(sample_release.study.parent)
    assert all(len(values) > 50 for values in personal.values())
    store = [path for path in (sample_release.study.parent / "work").rglob("*") if path.is_file()]
    assert store
    for path in [*sample_release.files, *store]:
        hit = _first_hit(_texts(path), personal)
        assert hit is None, f"{path.name} holds personal data: {hit}"


def test_the_search_for_personal_data_would_find_it(sample_release, tmp_path):
    personal = _personal(sample_release.study.parent)
    for kind, values in personal.items():
        (tmp_path / "page.html").write_text(f"<p>{sorted(values)[0]}</p>")
        assert _first_hit(_texts(tmp_path / "page.html"), personal) == kind
    shown = page_text(sample_release.folder / "province.nl.pdf")
    assert "Parkstad" in shown


def test_no_machine_path_in_any_file(sample_release):
    places = (str(sample_release.out.parent), str(Path.home()) + "/", str(Path(__file__).parents[2]) + "/")
    for path in sample_release.files:
        text = _texts(path)
        assert not any(place in text for place in places), path.name


@pytest.mark.parametrize("profile", ["ua1", "2a"])
def test_every_pdf_is_accessible_and_fit_for_archives(sample_release, profile):
    pdfs = sorted(sample_release.folder.glob("*.pdf"))
    assert len(pdfs) == 8
    for path in pdfs:
        result = page.validate_pdf_bytes(path.read_bytes(), profile=profile)
        assert result.is_compliant, path.name


def test_the_answer_takes_two_pages_and_then_comes_the_appendix(sample_release):
    for path in sorted(sample_release.folder.glob("*.pdf")):
        with pikepdf.open(path) as document, document.open_outline() as outline:
            (top,) = outline.root
            (appendix,) = [item for item in top.children if item.title in ("Bijlage", "Appendix")]
            # The page for staff is a list of what came in, shorter when little did.
            pages = (1, 2) if path.stem.startswith("staff") else (2,)
            assert document.pages.index(pikepdf.Page(appendix.destination[0])) in pages, path.name


def test_executed_notebooks_ran_to_their_end_and_keep_their_charts(sample_release):
    images = {}
    for path in sorted((sample_release.folder / "notebooks").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
        assert outputs
        assert not [output for output in outputs if output.output_type == "error"]
        images[path.stem] = sum("image/svg+xml" in output.get("data", {}) for output in outputs)
    assert sum(count for name, count in images.items() if name.startswith("02_")) == 2
    assert sum(count for name, count in images.items() if name.startswith("03_")) == 2


def test_executed_notebooks_show_no_rows_of_people(sample_release):
    # The columns of the anonymised responses that no estimate and no receipt is named after.
    for path in sorted((sample_release.folder / "notebooks").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        shown = json.dumps([cell.get("outputs", []) for cell in notebook.cells])
        for column in ("child_age", "stratum"):
            assert column not in shown, f"{path.name} shows {column}"


def test_models_are_valid_and_say_that_the_data_are_synthetic(sample_release):
    models = sorted((sample_release.folder / "model").glob("*.json"))
    assert len(models) == 8
    for path in models:
        report = from_json(path.read_text(encoding="utf-8"))
        assert report.synthetic
        page = (sample_release.folder / path.with_suffix(".html").name).read_text(encoding="utf-8")
        assert report.synthetic in page


def test_a_goal_is_met_only_when_its_whole_interval_lies_beyond_it(sample_release):
    # Planted: +6.3 points, goal 5 or more. The interval of the estimate holds 5, so nothing is met yet.
    report = from_json((sample_release.folder / "model" / "province.nl.json").read_text(encoding="utf-8"))
    change = next(item for item in report.key_figures if item.id == "change")
    assert change.target == "stijging van 5,0 of meer"
    assert change.status == "nog niet zeker"
    assert report.answer.certainty.startswith("Gestegen")


def test_the_same_input_gives_the_same_bytes_elsewhere_and_on_another_day(
    sample_release, repository, tmp_path
):
    # Every process, the PDF's writer among them, then sees a clock that is ahead; without it, today's.
    clock = ("faketime", "-m", "--exclude-monotonic", "-f", "+40d") if shutil.which("faketime") else ()
    study = copy_sample(repository, tmp_path / "elsewhere")
    made = run(
        *FEWER, study, "--quarter", "2026Q3", "--out", tmp_path / "out", "--workers", 1,
        before=clock, TZ="Pacific/Kiritimati",
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    started = [
        date.fromisoformat(json.loads((folder / "provenance.json").read_bytes())["started"][:10])
        for folder in (sample_release.folder, tmp_path / "out" / "2026Q3")
    ]
    assert not clock or (started[1] - started[0]).days >= 39
    compared = 0
    for path in sample_release.files:
        if path.name in ("provenance.json", ".lock"):
            continue
        again = tmp_path / "out" / path.relative_to(sample_release.out)
        assert again.read_bytes() == path.read_bytes(), path.name
        compared += 1
    assert compared > 40


def test_a_second_refresh_computes_nothing_and_changes_nothing(sample_release):
    before = {path: (path.stat().st_mtime_ns, _sha256(path)) for path in sample_release.files}
    again = run(*FEWER, sample_release.study, "--quarter", "2026Q3", "--out", sample_release.out)
    assert again.returncode == 0, again.stderr
    assert {path: (path.stat().st_mtime_ns, _sha256(path)) for path in sample_release.files} == before
    assert "index.html" in again.stdout


def test_verify_accepts_the_release_and_refuses_a_changed_copy(sample_release, tmp_path):

    assert run("verify", sample_release.out).returncode == 0
    copy = tmp_path / "2026Q3"
    shutil.copytree(sample_release.folder, copy)
    (copy / "province.nl.html").write_bytes(b"changed")
    refused = run("verify", copy)
    assert refused.returncode == 8
    assert "province.nl.html" in refused.stderr
