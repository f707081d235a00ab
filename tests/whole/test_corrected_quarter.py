"""A quarter of the sample published, one of its orders doubled, and the quarter published again."""

import csv
import json
import re

import pytest

from tests.whole.command import FEWER, copy_sample, run

pytestmark = pytest.mark.slow


def double_an_order(orders) -> int:
    """Twice as many packs in the first Dutch leaflet order shipped in 2026Q1; gives how many copies more."""
    lines = orders.read_bytes().decode("utf-8-sig").splitlines(keepends=True)
    for i, line in enumerate(lines):
        cells = next(csv.reader([line], delimiter=";"))
        if cells[2].startswith("2026-02") and cells[3] == "Afgerond" and cells[9].startswith("FOL-NL"):
            old = f";{cells[10]};{cells[11]};"
            assert line.count(old) == 1
            lines[i] = line.replace(old, f";{cells[10]};{2 * int(cells[11])};")
            break
    orders.write_bytes("".join(lines).encode())
    return int(cells[9].rsplit("-", 1)[1]) * int(cells[11])


def take_back_an_order(orders) -> int:
    """Cancels the first Dutch leaflet order shipped in 2025Q4; gives how many copies it was."""
    lines = orders.read_bytes().decode("utf-8-sig").splitlines(keepends=True)
    for i, line in enumerate(lines):
        cells = next(csv.reader([line], delimiter=";"))
        if cells[2].startswith("2025-1") and cells[3] == "Afgerond" and cells[9].startswith("FOL-NL"):
            lines[i] = line.replace(";Afgerond;", ";Geannuleerd;")
            break
    orders.write_bytes("".join(lines).encode())
    return int(cells[9].rsplit("-", 1)[1]) * int(cells[11])


def supply(folder) -> dict[str, float | None]:
    """Place -> leaflets shipped, as the release gives them away; None where it hides them."""
    cells = json.loads((folder / "cells.json").read_text(encoding="utf-8"))["cells"]
    own = [(key, v) for key, v in cells if key[0] == "shipped" and key[2] == folder.name]
    return {key[1]: v for key, v in own if not key[3] and key[-1] == "amount"}


def test_a_corrected_order_of_a_published_quarter_is_published_and_the_audit_agrees(repository, tmp_path):
    study = copy_sample(repository, tmp_path / "sample")
    out = tmp_path / "reports"
    refresh = (*FEWER, study, "--quarter", "2026Q2", "--out", out)
    first = run(*refresh)
    assert first.returncode == 0, first.stderr
    before = supply(out / "2026Q2")
    extra = double_an_order(study.parent / "orders.csv")
    second = run(*refresh)
    assert second.returncode == 0, second.stderr
    after = supply(out / "2026Q2")
    assert sum(value is not None for value in before.values()) > 20
    # One organisation's order: the new total less the old one would be that order.
    assert all(value is None for value in after.values())
    for page in ("receipt.html", "province.nl.html", "province.en.html"):
        text = (out / "2026Q2" / page).read_text(encoding="utf-8")
        assert not says(text, before["area"] + extra)
    assert "2026Q2" in json.dumps(json.loads((out / "2026Q2" / "receipt.json").read_text())["restatements"])
    judged = run("audit", out)
    assert judged.returncode == 0, judged.stderr


def says(page: str, count: float) -> bool:
    """Whether a page holds a number of thousands, as Dutch or English writes it; not as part of another."""
    found = f"{count:,.0f}".replace(",", "[.,]")
    return re.search(rf"(?<![\d.,]){found}(?![\d.,])", page) is not None


def test_an_order_taken_back_three_quarters_later_is_told_by_no_quarter_made_again(repository, tmp_path):
    study = copy_sample(repository, tmp_path / "sample")
    out = tmp_path / "reports"
    quarters = ("2025Q4", "2026Q1", "2026Q2", "2026Q3")
    for quarter in quarters:
        first = run(*FEWER, study, "--quarter", quarter, "--out", out)
        assert first.returncode == 0, first.stderr
    took = take_back_an_order(study.parent / "orders.csv")
    old = {quarter: supply(out / quarter)["area"] for quarter in quarters}
    assert None not in old.values()
    for quarter in ("2026Q3", "2026Q2"):
        made = run(*FEWER, study, "--quarter", quarter, "--out", out)
        assert made.returncode == 0, made.stderr
        judged = run("audit", out)
        assert judged.returncode == 0, judged.stderr
        # Of no quarter what it is now is said.
        cells = json.loads((out / quarter / "cells.json").read_text(encoding="utf-8"))["cells"]
        told = {key[2]: v for key, v in cells if key[:2] == ["shipped", "area"] and not key[3]}
        assert told == dict.fromkeys(quarters)
        assert all(value is None for value in supply(out / quarter).values())
    for path in out.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        for count in old.values():
            assert not says(page, count - took), path.name
    receipt = json.loads((out / "2026Q3" / "receipt.json").read_text(encoding="utf-8"))
    listed = {(item["quarter"], item["indicator"]): item for item in receipt["restatements"]}
    for quarter, count in old.items():
        assert listed[quarter, "shipped"]["old"] == count
        assert listed[quarter, "shipped"]["new"] is None


def test_answers_withdrawn_from_a_published_wave_are_told_by_no_group(repository, tmp_path):
    study = copy_sample(repository, tmp_path / "sample")
    out = tmp_path / "reports"
    first = run(*FEWER, study, "--quarter", "2026Q2", "--out", out)
    assert first.returncode == 0, first.stderr
    answers = study.parent / "survey_2026Q2.csv"
    heading, *lines = answers.read_bytes().splitlines(keepends=True)
    # A few first: the message says what to do, and what is out stays.
    answers.write_bytes(b"".join([heading, *lines[4:]]))
    before = (out / "2026Q2" / "manifest.json").read_bytes()
    refused = run(*FEWER, study, "--quarter", "2026Q2", "--out", out, "--lang", "en")
    assert refused.returncode not in (0, 70)
    assert "2026Q2" in refused.stderr
    assert "by lot" in refused.stderr
    assert (out / "2026Q2" / "manifest.json").read_bytes() == before
    shown = [v for key, v in _bases(out / "2026Q2") if key[3]]
    assert sum(value is not None for value in shown) > 5
    answers.write_bytes(b"".join([heading, *(line for i, line in enumerate(lines) if i % 8)]))
    second = run(*FEWER, study, "--quarter", "2026Q2", "--out", out)
    assert second.returncode == 0, second.stderr
    told = json.loads((out / "2026Q2" / "cells.json").read_text(encoding="utf-8"))
    assert ["answers", "2026Q2"] in told["restated"]
    groups = [v for key, v in _bases(out / "2026Q2") if key[3]]
    assert len(groups) == len(shown)
    assert all(value is None for value in groups)
    area = dict(_bases(out / "2026Q2"))["aware", "area", "2026Q2", "", "", "base"]
    assert 1000 < area < 1100
    judged = run("audit", out)
    assert judged.returncode == 0, judged.stderr


def _bases(folder) -> list[tuple[tuple[str, ...], float | None]]:
    """The cells of how many parents of the release's own wave answered."""
    cells = json.loads((folder / "cells.json").read_text(encoding="utf-8"))["cells"]
    people = [(tuple(key), v) for key, v in cells if key[0] not in ("adoption", "reorder")]
    return [(key, v) for key, v in people if key[-1] == "base" and key[2] == folder.name]
