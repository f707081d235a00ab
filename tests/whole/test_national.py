"""A national campaign, 342 municipalities in 25 regions, from its exports to a published release."""

import json

import pytest

from tests.whole.command import run


@pytest.mark.slow
def test_a_national_study_is_refreshed_whole(tmp_path):
    folder, out = tmp_path / "national", tmp_path / "reports"
    assert run("sample", "--national", folder).returncode == 0
    made = run("refresh", "--no-municipalities", folder / "study.toml", "--out", out, "--lang", "en")
    assert made.returncode == 0, made.stderr
    assert run("verify", out).returncode == 0
    for language in ("nl", "en"):
        model = json.loads((out / "2026Q2" / "model" / f"province.{language}.json").read_bytes())
        rows = {table["id"]: table["rows"] for table in model["tables"]}
        assert len(rows["supply-table"]) == 342
    assert len(list(out.glob("2026Q2/region-*.pdf"))) == 25
