"""Small notebooks, a study taken in beforehand, and a report model, for tests of the machinery alone.

A module of its own, because worker processes import what they run by name.
"""

import json
import os
import signal
import sys
from pathlib import Path

import nbformat
import nbformat.v4

from evaluation.disclosure.audit import Published, to_json
from evaluation.errors import DataError
from evaluation.pipeline import publish
from evaluation.pipeline.execute import execute
from evaluation.pipeline.plan import plan
from evaluation.pipeline.pool import tell
from evaluation.pipeline.progress import of_files
from evaluation.pipeline.ready import Prepared, keep_given
from evaluation.report.registered import Register
from evaluation.study import Style

SECRET = "jansen@example.example"
PARAMETERS = 'study = "study.toml"  # the study file\nquarter = "2026Q3"\nlanguage = "nl"\nregion = "Noord"'


def write_notebook(path: Path, *sources: str, parameters: str = PARAMETERS) -> Path:
    """A notebook with a parameters cell and one code cell per source."""
    cells = [nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})]
    cells += [nbformat.v4.new_code_cell(source) for source in sources]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path


def given(study_path: Path, need: str, region: str | None) -> dict[str, bytes]:
    """What a run is given here: the models to publish, and what the comment in the study file has for it."""
    comment = study_path.read_text(encoding="utf-8").partition("# ")[2]
    lines = dict(line.split("=") for line in comment.split())
    own = lines.get(f"{need}-{region}" if need == "region" else need, "")
    models = {language: model(language, "2026Q3", None) for language in ("nl", "en")}
    return {"models.json": json.dumps(models).encode(), "own.txt": own.encode()}


def prepared(
    study_path: Path, quarter: str | None, out: Path, keep: Path, municipalities: bool = True
) -> Prepared:
    """As `ready.prepare`, of a study whose folder holds nothing but rows to refuse."""
    if quarter == "2025Q1":
        raise DataError("pipeline.wave_empty", file=study_path.name, quarter=quarter, filled="2026Q3")
    told = of_files(tell)
    told(0, 1, "a.csv")
    told(1, 1, "")
    receipt = {"file": "a.csv", "read": 10, "accepted": 7, "quarantined": {"duplicate_row": 2, "bad_date": 1}}
    receipt |= {"sha256": "0" * 64}
    receipt |= {"kind": "orders", "format": "table", "flags": {}, "notes": {}, "columns_dropped": []}
    quarter = quarter or "2026Q3"
    runs = plan(study_path.name, quarter, ("nl", "en"), ("Noord", "Zuid-Oost"))
    runs = runs if municipalities else runs[:7]  # it has no sheets of municipalities to leave out
    keys = []
    for run in runs:
        files = given(study_path, run.needs, run.parameters.get("region"))
        keys.append(keep_given(keep, files))
    return Prepared(
        runs=runs,
        given=tuple(keys),
        synthetic=True,
        quarter=quarter,
        newest="2026Q3",
        languages=("nl", "en"),
        receipts=[receipt],
        quarantine=b"file;row;column;rule\na.csv;3;;double\n",
        cells=to_json([Published(quarter, {}, frozenset(), ())]),
        register=Register({"share of a": 41.0}, ("2026Q3", "2026Q4", quarter, "a.csv")),
        style=Style(),
        places={"Noord": ["Venlo", "Venray"]},
    )


def gone(
    study_path: Path, quarter: str | None, out: Path, keep: Path, municipalities: bool = True
) -> Prepared:
    """A step during which an export vanishes."""
    (study_path.parent / "a.csv").unlink()
    return prepared(study_path, quarter, out, keep)


def crash(secret: str) -> None:
    raise ValueError(f"row 7: {secret}")


def count_aloud(number: int) -> int:
    for step in range(number):
        tell(number, step)
    return number


def loaded(*names: str) -> list[bool]:
    """Which modules this process has, without having asked for them."""
    return [sys.modules.get(name) is not None for name in names]


def twice(notebook: Path) -> tuple[str, str, bool]:
    """Two runs in one process, as a researcher's own script may do, and whether the process is as it was."""
    before = sys.stdout, sys.stderr, sys.displayhook, sys.modules["__main__"], Path.cwd()
    texts = [execute(notebook, {}, notebook.parent, "evaluation").text for _ in range(2)]
    after = sys.stdout, sys.stderr, sys.displayhook, sys.modules["__main__"], Path.cwd()
    return *texts, after == before


def model(language: str, quarter: str, region: str | None) -> dict:
    """The smallest valid report model with a figure, and a table in which one cell is hidden."""
    from evaluation.report.model import label_keys
    from evaluation.report.wording import words

    hidden = words(language)("mark.suppressed")
    cells = [
        {"name": {"text": name, "value": None, "mark": None}, "share": share}
        for name, share in (
            ("a", {"text": "41", "value": 41, "mark": None, "registered": "share of a"}),
            ("b", {"text": hidden, "value": None, "mark": hidden}),
        )
    ]
    columns = [
        {"id": "name", "label": "x", "unit": "", "kind": "text", "decimals": None},
        {"id": "share", "label": "y", "unit": "%", "kind": "number", "decimals": 0},
    ]
    common = {"number": 1, "headline": "Kop", "subtitle": "Onder", "source": "Bron"}
    inside = '<title>t</title><desc>d</desc><rect width="9" height="9"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{inside}</svg>'
    return {
        "format": "outreach-report/1",
        "kind": "region" if region else "province",
        "language": language,
        "title": f"Rapport {region or 'provincie'} {language}",
        "subtitle": "",
        "quarter": quarter,
        "quarter_label": quarter,
        "area": "Gebied",
        "region": region,
        "synthetic": None,
        "answer": {"sentence": "Zin.", "range": "een tot twee", "certainty": "zeker"},
        "key_figures": [],
        "sections": [
            {
                "id": "main",
                "title": "Deel",
                "part": "main",
                "blocks": [{"type": "figure", "ref": "fig"}, {"type": "table", "ref": "tab"}],
            }
        ],
        "figures": [common | {"id": "fig", "alt": "Alt", "svg": svg, "table": "tab"}],
        "tables": [
            common | {"id": "tab", "columns": columns, "row_header": "name", "rows": cells, "notes": []}
        ],
        "labels": {key: key for key in label_keys()},
        "sources": [],
        "numbers": [],
        "provenance": {
            "quarter": quarter,
            "study_sha256": "0" * 64,
            "package_version": "0.1.0",
            "inputs": [{"file": "a.csv", "sha256": "0" * 64, "read": 10, "accepted": 7, "quarantined": 3}],
        },
    }


PUBLISH = """
import json
import sys
from pathlib import Path
from IPython.display import display
found = json.loads(Path("models.json").read_text())[language]
found |= {"quarter": quarter, "title": found["title"] + str(region)}
found |= {"kind": "region", "region": region} if "region" in REGIONAL else {}
display({"application/vnd.outreach-report+json": found, "text/plain": "report"}, raw=True)
"""


def study_folder(folder: Path) -> Path:
    """A study file with one export beside it, and in a comment what each need reads."""
    folder.mkdir()
    (folder / "a.csv").write_text("x\n1\n")
    needs = "everything=1 estimates=1 survey=1 dose=1 region-Noord=1 region-Zuid-Oost=1"
    (folder / "study.toml").write_text(f'[files.orders]\npath = "*.csv"\n# {needs}\n')
    return folder / "study.toml"


def notebooks(folder: Path) -> Path:
    """The notebooks of a refresh, each doing next to nothing."""
    for name in ("01_data_check", "02_distribution", "03_awareness", "04_attribution", "05_planning"):
        write_notebook(folder / f"{name}.ipynb", f"print(quarter, {name!r})")
    for name in ("10_province_report", "13_staff_page"):
        write_notebook(folder / f"{name}.ipynb", f'REGIONAL = ""  # {name}', PUBLISH)
    write_notebook(folder / "11_region_factsheet.ipynb", 'REGIONAL = "region"', PUBLISH)
    return folder


STEPS = ("rename", "replace", "fsync", "rmdir", "unlink", "mkdir")


def dies_at(step: int):
    """Make the step-th change of the file system the last thing this process does."""
    left = [step]

    def deadly(real):
        def call(*arguments, **options):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **options)

        return call

    for name in STEPS:
        setattr(os, name, deadly(getattr(os, name)))
    exchange = publish._exchange
    publish._exchange = deadly(exchange)
