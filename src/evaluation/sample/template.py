"""The folder with which a foundation starts its own evaluation."""

from importlib.resources import files
from pathlib import Path

from evaluation.errors import InputError
from evaluation.sample import orders, survey
from evaluation.sample.writing import table, workbook

_TABLES = {
    "organisations.csv": ["Organisatie", "Soort", "Postcode", "Gemeente"],
    "costs.csv": ["Kwartaal", "Soort", "Bedrag", "Exemplaren"],
    "margins.csv": ["Kenmerk", "Regio", "Categorie", "Aantal"],
}


def write_template(folder: Path) -> list[str]:
    """Write a commented study file and empty tables with the right headings into `folder`, and return the
    names of the files.

    Raises InputError when one of them is there already; nothing is written then.
    """
    folder = Path(folder)
    shipped = files("evaluation.sample").joinpath("templates")
    written = {name: shipped.joinpath(name).read_bytes() for name in ("study.toml", "LEESMIJ.md")}
    written |= {name: table(headings, [], mark=True) for name, headings in _TABLES.items()}
    written["orders.csv"] = table(orders.HEADINGS, [], mark=True)
    for name, wave in (("survey_0.csv", 0), ("survey_1.csv", 1)):
        written[name] = table(survey.columns(wave), [], ",", mark=True, quote=True)
    written["handouts.xlsx"] = workbook("Uitgifte", ["Locatie", "Kwartaal", "Uitgereikt", "Besproken"], [])
    for name in sorted(written):
        if (folder / name).exists():
            raise InputError("sample.exists", file=name)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in written.items():
        (folder / name).write_bytes(content)
    return sorted(written)
