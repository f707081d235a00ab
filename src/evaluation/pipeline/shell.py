"""IPython's own shell inside this process, with what a kernel would have sent put into notebook outputs."""

import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat.v4
from ipykernel.jsonutil import encode_images, json_clean
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import CBool, Type
from traitlets.config import Config

INLINE = "module://matplotlib_inline.backend_inline"


class Outputs:
    """The outputs of the cell that runs, and what `update_display` and `clear_output` need to know."""

    def __init__(self):
        self.cell: list = []
        self._displays: dict[str, list] = {}
        self._clear_first = False

    def begin(self, cell_outputs: list) -> None:
        self.cell = cell_outputs
        self._clear_first = False

    def add(self, output, display_id: str | None = None) -> None:
        if self._clear_first:
            self.cell.clear()
            self._clear_first = False
        self.cell.append(output)
        if display_id:
            self._displays.setdefault(display_id, []).append(output)

    def stream(self, name: str, text: str) -> None:
        last = self.cell[-1] if self.cell and not self._clear_first else None
        if last is not None and last.output_type == "stream" and last.name == name:
            last.text += text
        else:
            self.add(nbformat.v4.new_output("stream", name=name, text=text))

    def update(self, display_id: str, data: dict, metadata: dict) -> None:
        for output in self._displays.get(display_id, ()):
            output.data = nbformat.from_dict(data)
            output.metadata = nbformat.from_dict(metadata)

    def clear(self, wait: bool) -> None:
        if wait:
            self._clear_first = True
        else:
            self.cell.clear()


class _Stream(io.TextIOBase):
    encoding = "utf-8"

    def __init__(self, name: str, outputs: Outputs):
        self._name, self._outputs = name, outputs

    def write(self, text: str) -> int:
        if text:
            self._outputs.stream(self._name, text)
        return len(text)

    def writable(self) -> bool:
        return True


class _Hook(DisplayHook):
    """The value of a cell's last expression."""

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict, md_dict=None) -> None:
        self.shell.outputs.add(
            nbformat.v4.new_output(
                "execute_result",
                data=json_clean(encode_images(format_dict)),
                metadata=json_clean(md_dict or {}),
                execution_count=self.prompt_count,
            )
        )

    def finish_displayhook(self) -> None:
        self._is_active = False


class _Publisher(DisplayPublisher):
    """What a cell displays."""

    def publish(self, data, metadata=None, *, transient=None, update=False, **_) -> None:
        self._validate_data(data, metadata)
        data, metadata = json_clean(encode_images(data)), json_clean(metadata or {})
        display_id = (transient or {}).get("display_id")
        if update:
            self.shell.outputs.update(display_id, data, metadata)
        else:
            self.shell.outputs.add(
                nbformat.v4.new_output("display_data", data=data, metadata=metadata), display_id
            )

    def clear_output(self, wait=False) -> None:
        self.shell.outputs.clear(wait)


class NotebookShell(InteractiveShell):
    """The shell. `error` is the exception that stopped the cell, if one did; it is never formatted, because
    a traceback shows the values of the rows it stumbled over."""

    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)
    autoindent = CBool(False)

    def __init__(self, *args, **kwargs):
        self.outputs = Outputs()
        self.error: BaseException | None = None
        super().__init__(*args, **kwargs)

    def enable_gui(self, gui=None) -> None:
        pass

    def init_virtualenv(self) -> None:
        pass

    def showtraceback(self, exc_tuple=None, *args, **kwargs) -> None:
        self.error = self._get_exc_info(exc_tuple)[1]

    def showsyntaxerror(self, *args, **kwargs) -> None:
        self.error = sys.exc_info()[1]


@contextmanager
def notebook_shell() -> Iterator[NotebookShell]:
    """A fresh shell with streams and charts connected; what can be put back is put back afterwards.

    What a cell does to builtins, rcParams, pandas options or the environment stays in this process, so each
    notebook of a refresh gets a process of its own (`evaluation.pipeline.pool`).
    """
    import matplotlib as mpl
    import pandas as pd
    from matplotlib import pyplot

    columns = pd.get_option("display.max_columns")
    streams, main, folder = (sys.stdout, sys.stderr), sys.modules["__main__"], Path.cwd()
    backend = mpl.get_backend(auto_select=False)
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    with tempfile.TemporaryDirectory() as ipython_dir:
        # A folder of its own: start-up files in somebody's home would change what a notebook does.
        shell = NotebookShell.instance(config=config, ipython_dir=ipython_dir)
        try:
            sys.stdout, sys.stderr = _Stream("stdout", shell.outputs), _Stream("stderr", shell.outputs)
            _connect_charts(shell)
            if not columns:
                # Imported outside a notebook, pandas fits a table to the terminal; a kernel shows 20 columns.
                pd.set_option("display.max_columns", 20)
            yield shell
        finally:
            (sys.stdout, sys.stderr), sys.modules["__main__"] = streams, main
            os.chdir(folder)
            pd.set_option("display.max_columns", columns)
            pyplot.close("all")
            if backend:
                pyplot.switch_backend(backend)
            NotebookShell.clear_instance()


def _connect_charts(shell: NotebookShell) -> None:
    """Let pyplot draw into the notebook.

    The inline backend looks for its shell once, when it is imported. In a process forked after that import
    it would find none and every chart would be lost without a word; so it is told.
    """
    from IPython.core.pylabtools import activate_matplotlib
    from matplotlib_inline.backend_inline import configure_inline_support
    from matplotlib_inline.config import InlineBackend

    InlineBackend.clear_instance()
    configure_inline_support.current_backend = "unset"
    activate_matplotlib(INLINE)
    configure_inline_support(shell, INLINE)
