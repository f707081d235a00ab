"""What staff can get wrong: one sentence in their language, its exit code, and no report half written."""

import shutil

import pytest

from tests.whole.command import FEWER, copy_sample, run


@pytest.fixture
def study(repository, tmp_path):
    return copy_sample(repository, tmp_path / "sample")


def _edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _empty_export(study):
    path = study.parent / "survey_2026Q3.csv"
    path.write_text(path.read_text(encoding="utf-8-sig").splitlines()[0] + "\n", encoding="utf-8")


def _one_clinic(study):
    """All parents of the newest wave were asked at one clinic."""
    path = study.parent / "survey_2026Q3.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    kept = [line for line in lines[1:] if '"Consultatiebureau Voorbeeld Beek"' in line]
    assert kept
    path.write_text(lines[0] + "".join(kept), encoding="utf-8")


CASES = {
    "missing file": (lambda study: (study.parent / "orders.csv").unlink(), 4, ["orders", "study.toml"]),
    "unknown mapping": (
        lambda study: _edit(study, 'date = "Besteldatum"', 'date = "Datum van bestelling"'),
        4,
        ["orders.csv", "Datum van bestelling"],
    ),
    "misspelt key": (
        lambda study: _edit(study, "weight_cap = 5.0", "weigth_cap = 5.0"),
        3,
        ["study.toml", "weigth_cap", "weight_cap"],
    ),
    "unknown region": (
        lambda study: _edit(study, '"Parkstad", "Maastricht', '"Parkstadt", "Maastricht'),
        3,
        ["study.toml", "Parkstadt"],
    ),
    "empty wave": (lambda study: (study.parent / "survey_2026Q3.csv").unlink(), 5, ["2026Q3", "2026Q2"]),
    "one clinic": (_one_clinic, 5, ["study.toml", "2026Q3"]),
    "empty export": (_empty_export, 4, ["survey_2026Q3.csv"]),
    "not what it says": (
        lambda study: (study.parent / "handouts.xlsx").write_text("Locatie;Kwartaal\n"),
        4,
        ["handouts.xlsx"],
    ),
    "an XLSX called CSV": (
        lambda study: (study.parent / "orders.csv").write_bytes(
            (study.parent / "handouts.xlsx").read_bytes()
        ),
        4,
        ["orders.csv"],
    ),
}


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("case", CASES)
def test_one_sentence_and_no_half_report(study, tmp_path, case, lang):
    spoil, code, named = CASES[case]
    spoil(study)
    refused = run(
        "refresh", study, "--quarter", "2026Q3", "--out", tmp_path / "reports",
        "--lang", lang, "--workers", 1, "--quiet",
    )  # fmt: skip
    assert refused.returncode == code, refused.stderr
    assert "Traceback" not in refused.stderr
    [sentence] = refused.stderr.splitlines()
    for name in named:
        assert name in sentence
    assert not (tmp_path / "reports" / "2026Q3").exists()
    assert not (tmp_path / "reports" / "index.html").exists()


def test_the_two_languages_differ(study, tmp_path):
    (study.parent / "orders.csv").unlink()
    said = {lang: run("check", study, "--lang", lang).stderr for lang in ("nl", "en")}
    assert said["nl"] != said["en"]


def test_an_unknown_quarter_lists_the_known_ones(study, tmp_path):
    refused = run("refresh", study, "--quarter", "2027Q1", "--out", tmp_path / "reports")
    assert refused.returncode == 3
    assert "2025Q4, 2026Q1, 2026Q2, 2026Q3" in refused.stderr
    assert not (tmp_path / "reports" / "2027Q1").exists()


@pytest.mark.slow
@pytest.mark.xdist_group("release")
def test_an_earlier_quarter_is_never_touched(sample_release, tmp_path):
    out = tmp_path / "reports"
    shutil.copytree(sample_release.out, out)
    before = {path: path.read_bytes() for path in (out / "2026Q3").rglob("*") if path.is_file()}
    made = run(*FEWER, sample_release.study, "--quarter", "2026Q2", "--out", out)
    assert made.returncode == 0, made.stderr
    assert {path: path.read_bytes() for path in (out / "2026Q3").rglob("*") if path.is_file()} == before
    index = (out / "index.html").read_text(encoding="utf-8")
    assert "2026Q2" in index
    assert "2026Q3" in index
