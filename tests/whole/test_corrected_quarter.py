"""A quarter of the sample published, one of its orders doubled, and the quarter published again."""

import csv
import json

import pytest

from tests.whole.command import FEWER, copy_sample, run

pytestmark = pytest.mark.slow


def double_an_order(orders) -> None:
    """Twice as many packs in the first Dutch leaflet order shipped in 2026Q1."""
    lines = orders.read_bytes().decode("utf-8-sig").splitlines(keepends=True)
    for i, line in enumerate(lines):
        cells = next(csv.reader([line], delimiter=";"))
        if cells[2].startswith("2026-02") and cells[3] == "Afgerond" and cells[9].startswith("FOL-NL"):
            old = f";{cells[10]};{cells[11]};"
            assert line.count(old) == 1
            lines[i] = line.replace(old, f";{cells[10]};{2 * int(cells[11])};")
            break
    orders.write_bytes("".join(lines).encode())


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
    double_an_order(study.parent / "orders.csv")
    second = run(*refresh)
    assert second.returncode == 0, second.stderr
    after = supply(out / "2026Q2")
    assert after["area"] > before["area"]
    assert sum(value is not None for value in before.values()) > 20
    assert [place for place, value in after.items() if value is not None] == ["area"]
    judged = run("audit", out)
    assert judged.returncode == 0, judged.stderr
