"""Notebooks are thin: prose and one thought a cell, typed and commented parameters, no outputs in git."""

import ast
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def test_there_are_notebooks():
    assert {path.stem for path in NOTEBOOKS} >= {
        "01_data_check",
        "02_distribution",
        "03_awareness",
        "04_attribution",
        "05_planning",
        "10_province_report",
        "11_region_factsheet",
    }


def test_no_outputs_are_kept(notebook):
    for cell in notebook.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
    assert "papermill" not in notebook.metadata


def test_parameters_are_typed_and_commented(notebook):
    cells = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    assert len(cells) == 1
    names = []
    lines = cells[0].source.splitlines()
    for node in ast.parse(cells[0].source).body:
        assert isinstance(node, ast.AnnAssign)
        assert ast.unparse(node.annotation) in {"str", "int", "float", "bool"}
        assert "  # " in lines[node.lineno - 1], f"{node.target.id} has no comment"
        names.append(node.target.id)
    assert names[:2] == ["study", "quarter"]
    assert "language" in names


def test_cells_are_few_and_thin(notebook):
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(notebook.cells) <= 26
    assert len(code) <= 12
    for cell in code:
        assert len(cell.source.splitlines()) <= 12


def test_prose_opens_and_closes(notebook):
    first, last = notebook.cells[0], notebook.cells[-1]
    assert first.cell_type == "markdown"
    assert first.source.startswith("# ")
    assert "Question" in first.source
    assert "Data" in first.source
    assert last.cell_type == "markdown"
    assert "cannot show" in last.source
