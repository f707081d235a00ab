"""The made-up national campaign: its size, its own municipalities, and that no row of it is lost."""

import pytest

from evaluation.intake import take_in
from evaluation.sample import write_national
from evaluation.study import load_study


@pytest.fixture(scope="module")
def national(tmp_path_factory):
    folder = tmp_path_factory.mktemp("national")
    return folder, write_national(folder)


def test_it_has_the_size_of_the_country_and_says_it_is_made_up(national):
    folder, rows = national
    study = load_study(folder / "study.toml")
    assert study.synthetic
    assert len(study.places) == rows["municipalities.csv"] == 342
    assert len(study.area.regions) == 25
    assert study.places["births"].sum() == pytest.approx(165_000, rel=0.02)
    assert {product.language for product in study.products.values()} == {"nl", "tr", "ar", "de"}
    assert "made up" in (folder / "README.md").read_text(encoding="utf-8")


def test_the_same_seed_gives_the_same_bytes(national, tmp_path):
    folder, _ = national
    write_national(tmp_path)
    for path in folder.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_every_row_is_taken_in_and_every_order_has_its_place(national):
    folder, rows = national
    intake = take_in(load_study(folder / "study.toml"))
    for receipt in intake.receipts:
        assert receipt.read == receipt.accepted == rows[receipt.file]
    orders = intake.tables["orders"]
    assert orders["municipality"].str.fullmatch(r"GM9\d{3}").all()
    assert not orders["region"].eq("outside").any()
