"""Writes the synthetic campaign: raw exports as the web shop and the survey tool make them, its study file
and its truth."""

from importlib.resources import files
from pathlib import Path

from evaluation.sample import ledgers, orders, planted, survey
from evaluation.sample.places import register, survey_clinics
from evaluation.sample.truth import truth
from evaluation.sample.writing import document, table, workbook


def campaign_files(seed: int) -> dict[str, tuple[bytes, int]]:
    """Every file of the campaign: name -> (content, number of data rows)."""
    organisations = register(seed)
    clinics = survey_clinics(seed)
    ordered = orders.order_lines(seed, organisations)
    tables = {
        "orders.csv": (orders.HEADINGS, orders.order_rows(seed, ordered), {"mark": True}),
        "organisations.csv": (
            ["Organisatie", "Soort", "Postcode", "Gemeente", "E-mail"],
            ledgers.organisation_rows(organisations),
            {},
        ),
        "costs.csv": (["Kwartaal", "Soort", "Bedrag", "Exemplaren"], ledgers.cost_rows(), {}),
        "margins.csv": (["Kenmerk", "Regio", "Categorie", "Aantal"], ledgers.margin_rows(), {}),
    }
    for wave, quarter in enumerate(planted.WAVES):
        headings = survey.columns(wave)
        rows = [
            [row.get(heading, "") for heading in headings] for row in survey.survey_rows(seed, wave, clinics)
        ]
        tables[f"survey_{quarter}.csv"] = (headings, rows, {"separator": ",", "mark": True, "quote": True})
    written = {
        name: (table(headings, rows, **layout), len(rows))
        for name, (headings, rows, layout) in tables.items()
    }
    log = ledgers.handout_rows(seed, organisations, ordered)
    headings = ["Locatie", "Kwartaal", "Uitgereikt", "Besproken"]
    written["handouts.xlsx"] = (workbook("Uitgifte", headings, log), len(log))
    written["truth.json"] = (document(truth(seed, organisations, ordered)), 0)
    shipped = files("evaluation.sample").joinpath("campaign")
    for name in ("study.toml", "README.md"):
        written[name] = (shipped.joinpath(name).read_bytes(), 0)
    return dict(sorted(written.items()))


def write_sample(folder: Path, seed: int = 20251001) -> dict[str, int]:
    """Write the synthetic campaign into `folder` (made when it does not exist; files of the same name are
    replaced) and return file name -> number of data rows (0 for what is not a table).

    The same seed gives the same bytes on every machine.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    written = campaign_files(seed)
    for name, (content, _) in written.items():
        (folder / name).write_bytes(content)
    return {name: rows for name, (_, rows) in written.items()}
