"""What may not be in the outputs of an executed notebook, and numbers that nobody registered."""

import json
import math

import pipeline_fakes
import pytest

from evaluation.disclosure.audit import Published, to_json
from evaluation.errors import DisclosureError
from evaluation.pipeline import work
from evaluation.pipeline.scan import leaks
from evaluation.report.registered import Register


def notebook(**output):
    return json.dumps(
        {"cells": [{"cell_type": "code", "outputs": [{"output_type": "display_data"} | output]}]}
    )


@pytest.mark.parametrize(
    ("kind", "output"),
    [
        ("path", {"text": "saved in /home/somebody/out"}),
        ("path", {"text": "C:\\Users\\somebody\\out"}),
        ("email", {"data": {"text/plain": "clinic@care.example"}}),
        ("iban", {"text": "NL91 ABNA 0417 1643 00"}),
        ("pickle", {"text": "gASVKAAAAAAAAAB9"}),
        ("pseudonym", {"data": {"text/html": "<td>ba5526b77e8d</td>"}}),
        ("reason", {"data": {"text/html": "<th>status</th><th>reason</th><td>all_or_none</td>"}}),
        ("reason", {"text": "Parkstad  suppressed  too_few_respondents"}),
        ("rows", {"data": {"text/html": "<th>wave</th><th>clinic</th><th>child_age</th><td>1</td>"}}),
        ("rows", {"data": {"text/plain": "  wave clinic stratum\n0 2026Q3 a b"}}),
        ("type", {"data": {"application/octet-stream": "AAAA"}}),
    ],
)
def test_what_may_not_leave_is_found(kind, output):
    assert leaks(notebook(**output)) == [(1, kind)]


def test_estimates_and_figures_may_leave():
    svg = {"image/svg+xml": "<svg>ba5526b77e8d</svg>", "text/plain": "<IPython.core.display.SVG object>"}
    assert leaks(notebook(data=svg)) == []
    table = "<th>indicator</th><th>region</th><th>estimate</th><th>n</th><td>aware</td><td>41.0</td>"
    assert leaks(notebook(data={"text/html": table})) == []


@pytest.mark.parametrize(
    ("cell", "refused"),
    [
        ({"value": 41.3, "registered": "aware:value"}, False),
        ({"value": None, "text": "-", "mark": "-"}, False),
        ({"value": 41.4, "registered": "aware:value"}, True),
        ({"value": 41.3}, True),
        ({"value": 41.3, "registered": "hidden:value"}, True),
        ({"value": 41.3, "text": "41,2", "registered": "aware:value"}, True),
    ],
)
def test_a_table_value_must_be_a_registered_number(cell, refused, tmp_path):
    model = pipeline_fakes.model("nl", "2026Q3", None)
    model["tables"][0]["columns"][1]["decimals"] = 1
    model["tables"][0]["rows"][0]["share"] = {"text": "41,3", "mark": None} | cell
    model["provenance"]["inputs"] = []
    cells = to_json([Published("2026Q3", {}, frozenset(), ())])
    register = Register({"aware:value": 41.2749}, ("2026Q3",))
    arguments = ("2026Q3", [json.dumps(model)], [], register, [], cells, tmp_path)
    if refused:
        with pytest.raises(DisclosureError, match="tables/0/rows/0/share"):
            work.gate(*arguments)
    else:
        work.gate(*arguments)


def test_what_lies_published_is_audited_with_the_new_release(tmp_path):
    def showing(quarter, hidden):
        values = {"area": 100.0, "a": 3.0, "b": 40.0, "c": 57.0}
        keys = {name: ("aware", name, "2026Q2", "", "", "yes") for name in values}
        cells = {keys[name]: math.nan if name in hidden else value for name, value in values.items()}
        sums = (((keys["area"], -1.0), *((keys[name], 1.0) for name in "abc")), 0.0)
        return to_json([Published(quarter, cells, frozenset(), (sums,))])

    (tmp_path / "2026Q2").mkdir()
    (tmp_path / "2026Q2" / "cells.json").write_bytes(showing("2026Q2", {"a", "b"}))
    register = Register({}, ("2026Q3",))
    work.gate("2026Q3", [], [], register, [], showing("2026Q3", {"a", "b"}), tmp_path)
    with pytest.raises(DisclosureError, match="aware, a, 2026Q2"):
        work.gate("2026Q3", [], [], register, [], showing("2026Q3", {"a", "c"}), tmp_path)
