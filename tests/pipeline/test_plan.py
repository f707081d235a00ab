from evaluation.pipeline.plan import plan, slugs


def test_every_product_of_a_quarter_is_planned_once():
    runs = plan("study.toml", "2026Q3", ("nl", "en"), ("Noord-Limburg", "Parkstad"))
    assert {run.document for run in runs if run.document} == {
        "province.nl",
        "province.en",
        "region-noord-limburg.nl",
        "region-parkstad.nl",
        "staff.nl",
    }
    assert {run.tables for run in runs if run.tables} == {"tables.nl", "tables.en"}
    assert sorted(run.notebook for run in runs if not run.document) == [
        "01_data_check.ipynb",
        "02_distribution.ipynb",
        "03_awareness.ipynb",
        "04_attribution.ipynb",
        "05_planning.ipynb",
    ]
    assert len({run.executed for run in runs}) == len(runs) == 10


def test_municipalities_get_a_fact_sheet_each():
    places = {"GM0983": "Venlo", "GM0893": "Bergen (L)"}
    regions = {"GM0983": "Noord-Limburg", "GM0893": "Noord-Limburg"}
    runs = plan("study.toml", "2026Q3", ("nl", "en"), ("Parkstad",), places, regions.get)
    assert {run.region for run in runs if run.notebook.startswith("12")} == {"Noord-Limburg"}
    sheets = {run.document: run.parameters["municipality"] for run in runs if run.notebook.startswith("12")}
    assert sheets == {"municipality-venlo.nl": "GM0983", "municipality-bergen-l.nl": "GM0893"}


def test_regions_become_the_parameters_of_the_fact_sheets_only():
    runs = plan("study.toml", "2026Q3", ("en",), ("Venlo e.o.",))
    assert [run.parameters.get("region") for run in runs if run.notebook.startswith("11")] == ["Venlo e.o."]
    assert all("region" not in run.parameters for run in runs if not run.notebook.startswith("11"))
    assert {run.parameters["language"] for run in runs} == {"en"}


def test_regions_with_alike_names_keep_files_of_their_own():
    assert slugs(("Súd-West", "Sud West", "東")) == {
        "Súd-West": "sud-west",
        "Sud West": "sud-west-2",
        "東": "region",
    }
