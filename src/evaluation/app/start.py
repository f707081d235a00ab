"""The start page: check the exports, see what a refresh would do, make the report, and open it."""

import webbrowser
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import ipywidgets as widgets

from evaluation.errors import UserError
from evaluation.pipeline import told
from evaluation.pipeline.crash import log
from evaluation.pipeline.refresh import refresh
from evaluation.pipeline.words import word


def start_page(study: str, quarter: str, out: str, language: str) -> widgets.VBox:
    """The page. study, out: paths of the study file and of the folder of all reports, from the working folder
    or one above it; quarter: "" for the newest complete one; language: of the page, "nl" or "en"."""
    say = partial(word, lang=language)
    place = widgets.Text(value=study, description=say("app_study"), layout=_WIDE, style=_LABEL)
    reports = widgets.Text(value=out, description=say("app_out"), layout=_WIDE, style=_LABEL)
    chosen = widgets.Text(
        value=quarter,
        placeholder=say("app_newest"),
        description=say("app_quarter"),
        layout=_WIDE,
        style=_LABEL,
    )
    sheets = widgets.Checkbox(value=True, description=say("app_sheets"), indent=False, layout=_WIDE)
    bar = widgets.IntProgress(value=0, max=1, layout=widgets.Layout(width=_WIDE.width, visibility="hidden"))
    lines = widgets.Textarea(
        value=say("app_ready"),
        rows=16,
        layout=_WIDE,
        description=say("app_told"),
        style=_LABEL,
    )

    def show(line: str) -> None:
        lines.value = f"{lines.value}\n{line}" if lines.value else line

    def progress(stage: str, name: str, state: str, finished: int, total: int) -> None:
        bar.layout.visibility = "visible"
        bar.max, bar.value = total, finished
        bar.description = f"{finished}/{total}"
        if state == "begun":
            show(say("stage_" + stage))
        elif state == "failed":
            show(f"{name}: {say('state_failed')}")

    def check() -> Iterable[str]:
        return told.checked(_found(place.value), say)

    def look() -> Iterable[str]:
        return told.planned(
            _found(place.value),
            chosen.value or None,
            _found(reports.value),
            say,
            municipalities=sheets.value,
        )

    def make() -> Iterable[str]:
        made = refresh(
            _found(place.value),
            chosen.value or None,
            _found(reports.value),
            progress=progress,
            municipalities=sheets.value,
        )
        return told.released(made, say)

    def open_report() -> Iterable[str]:
        index = _found(reports.value).resolve() / "index.html"
        if not index.is_file():
            return [say("app_no_report", path=index)]
        webbrowser.open(index.as_uri())
        return [say("app_opened", path=index)]

    actions = {"app_check": check, "app_look": look, "app_make": make, "app_open": open_report}
    buttons = [widgets.Button(description=say(name), layout=widgets.Layout(width="auto")) for name in actions]
    for button, action in zip(buttons, actions.values(), strict=True):
        button.on_click(partial(_run, action, buttons, lines, bar, show, say))
    title = widgets.HTML(f"<h2>{say('app_title')}</h2><p>{say('app_intro')}</p>")
    return widgets.VBox([title, place, reports, chosen, sheets, widgets.HBox(buttons), bar, lines])


# Fields have a margin of their own, which the whole width would push over the edge of the page.
_WIDE = widgets.Layout(width="calc(100% - 1em)")
_LABEL = {"description_width": "11em"}


def _run(action: Callable, buttons: list, lines, bar, show: Callable[[str], None], say, _) -> None:
    """Do what a button stands for; whatever happens ends in a sentence, and the buttons work again."""
    lines.value = ""
    for button in buttons:
        button.disabled = True
    try:
        for line in action():
            show(line)
    except UserError as error:
        show(error.text(say.keywords["lang"]))
    except Exception as error:
        kind, path = log(error)
        show(say("unexpected", type=kind, log=path))
    finally:
        bar.layout.visibility = "hidden"
        for button in buttons:
            button.disabled = False


def _found(text: str) -> Path:
    """A path as written, seen from the working folder or the nearest one above that has it."""
    path = Path(text).expanduser()
    for folder in (Path.cwd(), *Path.cwd().parents):
        if (folder / path).exists():
            return folder / path
    return path
