"""Each notebook runs top to bottom with its defaults in a standard kernel, as JupyterLab runs it, and shows
what the release's copy shows, which ran in the suite's own engine and was given no more than it needs."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from evaluation.notebook import findings, open_campaign
from evaluation.notebook.given import pack
from evaluation.pipeline import stamp, work
from evaluation.pipeline.execute import clean

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
# With the defaults of its parameters, where it has more than the quarter and the language.
DEFAULT = {"11_region_factsheet": "parkstad.nl"}


def shown(notebook) -> list:
    """The outputs of every code cell but the injected one."""
    cells = [cell for cell in notebook.cells if "injected-parameters" not in cell.metadata.get("tags", ())]
    outputs = [cell.outputs for cell in cells if cell.cell_type == "code"]
    return [[{**output, "execution_count": None} for output in one] for one in outputs]


def kinds(outputs: list) -> list[str]:
    return sorted(kind for cell in outputs for output in cell for kind in output.get("data", ()))


def sheet_in_own_engine(study: Path):
    """The sheet of the municipality that is the notebook's default, as a refresh runs it."""
    name, quarter = "12_municipality_factsheet.ipynb", "2026Q3"
    campaign = open_campaign(str(study))
    found = findings(campaign, quarter)
    parts = found.checked, found.unavailable, found.cells
    files = pack(campaign, quarter, parts, "municipality", "Noord-Limburg")
    parameters = {"study": study.name, "quarter": quarter, "municipality": "GM0983", "language": "nl"}
    source = (NOTEBOOKS / name).read_bytes()
    made = work.run_notebook(name, source, parameters, files, "evaluation", True)
    assert made.error is None
    text = made.files["notebook.ipynb"].decode()
    return nbformat.reads(stamp.notebook(text, stamp.inputs(found.receipts)), as_version=4)


@pytest.mark.parametrize("name", sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb")))
def test_it_runs_from_its_own_folder_and_shows_what_the_release_shows(name, sample_release):
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(NOTEBOOKS)}}).execute()
    clean(notebook, {}, NOTEBOOKS)
    here = shown(notebook)
    assert any(here)
    assert not [output for cell in here for output in cell if output["output_type"] == "error"]
    assert "...</t" not in str(here)  # no column and no sentence of a table is cut off
    copy = sample_release.folder / "notebooks" / f"{name}.{DEFAULT.get(name, 'nl')}.ipynb"
    if name != "00_start":  # that one runs refreshes and is part of none
        made = name == "12_municipality_factsheet"  # left out of this release, for its time
        executed = sheet_in_own_engine(sample_release.study) if made else nbformat.read(copy, as_version=4)
        there = shown(executed)
        assert kinds(here) == kinds(there)
        assert here == there


PAPERMILL = Path(sys.executable).with_name("papermill")
SHEET = NOTEBOOKS / "11_region_factsheet.ipynb"


def test_papermill_tells_what_a_notebook_can_be_asked(tmp_path):
    done = subprocess.run(
        [PAPERMILL, "--help-notebook", SHEET], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    told = re.sub(r"\s+", " ", done.stdout)
    assert 'region: str (default "Parkstad") one of the regions listed in the study file' in told
    assert "language: str" in told


@pytest.mark.slow
def test_papermill_itself_runs_a_notebook_with_other_parameters(sample_release, tmp_path):
    """As a researcher does, in a standard kernel: the same report as the refresh made of it."""
    asked = ("-p", "study", sample_release.study, "-p", "region", "Noord-Limburg", "-p", "quarter", "2026Q3")
    subprocess.run([PAPERMILL, SHEET, tmp_path / "out.ipynb", *asked], check=True, capture_output=True)
    here = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    copy = sample_release.folder / "notebooks" / "11_region_factsheet.noord-limburg.nl.ipynb"
    there = nbformat.read(copy, as_version=4)
    clean(here, {}, sample_release.study.parent)
    assert kinds(shown(here)) == kinds(shown(there))
    assert "Noord-Limburg" in str(shown(here))
