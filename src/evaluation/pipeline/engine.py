"""Papermill engines: "evaluation" runs cells in this process, "evaluation-kernel" in a standard kernel.

Both reduce a failure to its type, its cell and, for an error a user can mend, its sentence, before papermill
sees it: an exception's text and traceback carry values of rows, and papermill writes them to disk.

`papermill NOTEBOOK OUT --engine evaluation` works too; the package registers that entry point.
"""

import tempfile

import nbformat.v4
from papermill.engines import Engine, NBClientEngine, papermill_engines

from evaluation.errors import UserError
from evaluation.pipeline.environment import environment
from evaluation.pipeline.failures import reduce_failure
from evaluation.pipeline.shell import INLINE, NotebookShell, notebook_shell

_QUIET = ["--log-level=50"]


class InProcessEngine(Engine):
    """Runs the cells in IPython's own shell inside this process and saves once, at the end."""

    @classmethod
    def execute_notebook(cls, nb, kernel_name, output_path=None, **options):
        # papermill itself writes the finished notebook; without a path here nothing is saved in between.
        return super().execute_notebook(nb, kernel_name, output_path=None, **options)

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, on_failure=None, **_):
        """Run the cells up to the first that fails, in place; then call on_failure(notebook)."""
        with notebook_shell() as shell:
            for index, cell in enumerate(nb_man.nb.cells):
                if cell.cell_type != "code" or not cell.source.strip():
                    continue
                nb_man.cell_start(cell, index)
                failed = _fails(shell, cell)
                if failed:
                    nb_man.cell_exception(cell, cell_index=index)
                nb_man.cell_complete(cell, cell_index=index)
                if failed:
                    break
        _report_failure(nb_man.nb, on_failure)


def _fails(shell: NotebookShell, cell) -> bool:
    """Run one cell; its outputs land in it. Whether an exception stopped it."""
    shell.error = None
    shell.outputs.begin(cell.outputs)
    cell.execution_count = shell.execution_count
    result = shell.run_cell(cell.source, store_history=True)
    error = shell.error or result.error_before_exec or result.error_in_exec
    if error is not None:
        text = str(error) if isinstance(error, UserError | SystemExit) else ""
        cell.outputs.append(
            nbformat.v4.new_output("error", ename=type(error).__name__, evalue=text, traceback=[])
        )
    return error is not None


class KernelEngine(NBClientEngine):
    """A standard kernel, as papermill runs it, with failures reduced."""

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, on_failure=None, **options):
        """As `InProcessEngine.execute_managed_notebook`."""
        # The kernel draws charts into the notebook unless the environment names another backend, and
        # runs the start-up files in somebody's home unless it is given a folder of its own.
        with (
            tempfile.TemporaryDirectory() as ipython_dir,
            environment(MPLBACKEND=INLINE, IPYTHONDIR=ipython_dir),
        ):
            super().execute_managed_notebook(nb_man, kernel_name, extra_arguments=_QUIET, **options)
        _report_failure(nb_man.nb, on_failure)


def _report_failure(nb, on_failure) -> None:
    if reduce_failure(nb) and on_failure:
        on_failure(nb)


def register() -> None:
    """Make both engines known to papermill in this process."""
    papermill_engines.register("evaluation", InProcessEngine)
    papermill_engines.register("evaluation-kernel", KernelEngine)
