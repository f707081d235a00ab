"""One corrected row of the sample's orders: only what prints something of it is run again."""

from pathlib import Path

from evaluation.pipeline import pool, ready
from tests.whole.command import copy_sample


def given(study: Path) -> dict[str, str]:
    """Executed notebook -> key of what it may read, of which its result is made."""
    arguments = (study, "2026Q3", study.parent / "none", study.parent / "work" / "kept")
    [prepared] = pool.run_all([("x", ready.prepare, arguments)], 1)
    return {run.executed: key for run, key in zip(prepared.runs, prepared.given, strict=True)}


def correct(orders: Path) -> None:
    """A nursery in Maasgouw, in Midden-Limburg, had two packs instead of one."""
    text = orders.read_text(encoding="utf-8-sig")
    [row] = [line for line in text.splitlines() if line.startswith("1001;")]
    assert "Maasgouw" in row
    mended = row.replace(";1;0,00;", ";2;0,00;")
    assert mended != row
    orders.write_text("\ufeff" + text.replace(row, mended), encoding="utf-8")


def test_one_corrected_order_runs_the_notebooks_that_print_something_of_it(repository, tmp_path):
    study = copy_sample(repository, tmp_path / "sample")
    before = given(study)
    correct(study.parent / "orders.csv")
    after = given(study)
    changed = {name for name in before if before[name] != after[name]}
    of_area = {"01_data_check.nl", "02_distribution.nl", "04_attribution.nl", "13_staff_page.nl"}
    of_area |= {"10_province_report.nl", "10_province_report.en"}
    # The map on the sheet of a municipality shows its region.
    places = ["echt-susteren", "leudal", "maasgouw", "nederweert", "roerdalen", "roermond", "weert"]
    sheets = {"11_region_factsheet.midden-limburg.nl"}
    sheets |= {f"12_municipality_factsheet.{place}.nl" for place in places}
    assert changed == {f"{name}.ipynb" for name in of_area | sheets}
    assert len(before) == 44
