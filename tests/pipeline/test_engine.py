"""Both engines give the same notebook, and a failure tells nothing of the rows it stumbled over."""

import json

import pytest
from pipeline_fakes import SECRET, twice, write_notebook

from evaluation.errors import NotebookError
from evaluation.pipeline import execute, pool, work

CELLS = (
    'import sys, warnings\nprint("één", n)\nprint("err", file=sys.stderr)\nwarnings.warn("mind")',
    "",
    'import pandas as pd\npd.DataFrame({"a": [1, 2]})',
    "pd.DataFrame([range(30)])",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3])",
    "fig, ax = plt.subplots(); ax.bar([1], [2])\nplt.show()\nfig2, ax2 = plt.subplots()",
    "from IPython.display import SVG, display, clear_output, update_display\n"
    'display({"application/vnd.outreach-report+json": {"a": [1]}, "text/html": "<b>x</b>"}, raw=True)\n'
    "display(SVG(\"<svg xmlns='http://www.w3.org/2000/svg'/>\"))",
    'display("old", display_id="k")\nupdate_display("new", display_id="k")\n7;',
    'print("gone")\nclear_output()\nprint("stays")',
    "import asyncio\nawait asyncio.sleep(0)\nobject()",
    "import os\nprint(os.getcwd(), os.path.dirname(pd.__file__))",
    "!echo from the shell",
)


def run(notebook, *engines, parameters=None, publishes=False):
    given = notebook.name, notebook.read_bytes(), parameters or {}, {}
    return pool.run_all([(engine, work.run_notebook, (*given, engine, publishes)) for engine in engines], 2)


def text_of(outcome):
    return outcome.files["notebook.ipynb"].decode()


def outputs(text):
    return [output for cell in json.loads(text)["cells"] for output in cell.get("outputs", ())]


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    notebook = write_notebook(
        tmp_path_factory.mktemp("both") / "n {x}.ipynb", *CELLS, parameters="n: int = 1"
    )
    return notebook, run(notebook, "evaluation", "kernel", "evaluation", parameters={"n": 3})


def test_both_engines_and_a_second_run_give_the_same_text(both):
    _, (own, kernel, again) = both
    assert own.error is None
    assert kernel.error is None
    assert text_of(own) == text_of(kernel)
    assert text_of(own) == text_of(again)


def test_no_output_of_a_cell_is_lost(both):
    _, (own, *_) = both
    found = outputs(text_of(own))
    kinds = [kind for output in found for kind in output.get("data", ())]
    assert kinds.count("image/png") == 3
    assert kinds.count("text/html") == 3
    assert kinds.count("image/svg+xml") == 1
    assert kinds.count("application/vnd.outreach-report+json") == 1
    text = [
        (output["name"], "".join(output["text"]).replace("\r", ""))
        for output in found
        if output["output_type"] == "stream"
    ]
    assert text[0] == ("stdout", "één 3\n")
    assert text[1][0] == "stderr"
    assert text[1][1].startswith("err\n")
    assert "UserWarning: mind" in text[1][1]
    assert ("stdout", "stays\n") in text
    assert ("stdout", "from the shell\n") in text
    assert "gone" not in "".join(content for _, content in text)
    shown = [
        "".join(output["data"]["text/plain"]) for output in found if "text/plain" in output.get("data", ())
    ]
    assert "'new'" in shown
    assert "'old'" not in shown
    assert "7" not in shown


def test_nothing_of_this_machine_or_this_moment_stays(both):
    notebook, (own, *_) = both
    assert str(notebook.parent) not in text_of(own)
    assert "<study> <python>" in text_of(own)
    assert "<cell>" in text_of(own)
    assert "object at 0x0>" in text_of(own)
    document = json.loads(text_of(own))
    assert set(document["metadata"]) == {"kernelspec", "language_info"}
    assert [cell["execution_count"] for cell in document["cells"] if cell["source"]] == list(range(1, 14))
    assert json.loads(own.files["times.json"])["seconds"] > 0


def test_a_second_run_in_one_process_loses_nothing(tmp_path):
    notebook = write_notebook(tmp_path / "t.ipynb", *CELLS[2:6], parameters="n = 1")
    [(first, second, restored)] = pool.run_all([("twice", twice, (notebook,))], 1)
    assert first == second
    assert first.count("image/png") == 3
    assert restored


def test_the_injected_cell_is_named_by_its_parameters(both):
    notebook, (own, *_) = both
    [other] = run(notebook, "evaluation", parameters={"n": 4})

    def injected(ran):
        return next(
            cell["id"] for cell in json.loads(text_of(ran))["cells"] if cell["id"].startswith("param")
        )

    assert injected(own) != injected(other)


@pytest.mark.parametrize("engine", ["evaluation", "kernel"])
def test_a_failing_cell_leaves_its_type_and_number_but_no_value(tmp_path, engine):
    failing = f'print("{SECRET}"[::-1])\nd = {{}}\nd["{SECRET}"[::-1]]'
    [ran] = run(write_notebook(tmp_path / "f.ipynb", "x = 1", failing), engine)
    assert isinstance(ran.error, NotebookError)
    assert ran.error.text("en").startswith(
        "Notebook f.ipynb stopped in cell 3 with an error of type KeyError"
    )
    [error] = outputs(text_of(ran))
    assert error == {
        "ename": "KeyError",
        "evalue": "",
        "output_type": "error",
        "traceback": ["KeyError in cell 3"],
    }
    assert SECRET[::-1] not in text_of(ran) + ran.error.text("nl")


@pytest.mark.parametrize("engine", ["evaluation", "kernel"])
def test_an_error_a_user_can_mend_keeps_its_sentence_in_both_languages(tmp_path, engine):
    raising = 'raise InputError("evaluation.study_missing", file="x.toml")'
    source = f"from evaluation.errors import InputError\n{raising}"
    [ran] = run(write_notebook(tmp_path / "u.ipynb", source), engine)
    assert "stopte in cel 2: Het studiebestand x.toml bestaat niet" in ran.error.text("nl")
    assert "stopped in cell 2: The study file x.toml does not exist" in ran.error.text("en")
    assert "The study file x.toml does not exist" in text_of(ran)


def test_a_foreign_error_with_the_name_of_ours_is_not_trusted(tmp_path):
    source = f'class DataError(Exception): pass\nraise DataError("row 3: " + "{SECRET}"[::-1])'
    for ran in run(write_notebook(tmp_path / "d.ipynb", source), "evaluation", "kernel"):
        assert "DataError" in ran.error.text("en")
        assert SECRET[::-1] not in text_of(ran) + ran.error.text("en")


@pytest.mark.parametrize(
    "source",
    [
        "1 +",
        "import sys\nsys.exit('row 3')",
        "raise KeyboardInterrupt('row 3')",
        "class Bad:\n    def _repr_html_(self): raise ValueError('row 3')\nBad()",
        "raise ExceptionGroup('row 3', [ValueError('row 3')])",
        "%no_such_magic row3",
    ],
)
def test_every_way_to_fail_is_reduced(tmp_path, source):
    [ran] = run(write_notebook(tmp_path / "w.ipynb", source), "evaluation")
    assert ran.error.key == "pipeline.cell_failed"
    assert "row 3" not in json.dumps(outputs(text_of(ran)))


@pytest.mark.parametrize(
    ("parameters", "key"),
    [
        ({"nn": 1}, "pipeline.parameter_unknown"),
        ({"n": (1, 2)}, "pipeline.parameter_type"),
        ({"n": ["__import__('os')"]}, "pipeline.parameter_type"),
        ({"n); print(1": 1}, "pipeline.parameter_unknown"),
    ],
)
def test_parameters_are_known_names_with_plain_values(tmp_path, parameters, key):
    notebook = write_notebook(tmp_path / "p.ipynb", "n", parameters="n = 1")
    with pytest.raises(NotebookError) as refusal:
        execute.check_parameters(notebook, parameters)
    assert refusal.value.key == key


def test_a_notebook_that_must_publish_one_valid_report_is_held_to_it(tmp_path):
    mime = "application/vnd.outreach-report+json"
    show = f'from IPython.display import display\ndisplay({{"{mime}": {{"title": "%s"}}}}, raw=True)'
    none = write_notebook(tmp_path / "none.ipynb", "1")
    bad = write_notebook(tmp_path / "bad.ipynb", show % SECRET)
    [first] = run(none, "evaluation", publishes=True)
    [second] = run(bad, "evaluation", publishes=True)
    assert first.error.key == "pipeline.not_one_report"
    assert second.error.key == "pipeline.bad_report"
    assert SECRET not in second.error.text("en")
