"""Shows parts of a report model in a notebook, and publishes the whole of it."""

from html import escape

import pandas as pd
from IPython.display import HTML, SVG, display

from evaluation.report.model import MIME_TYPE, Report, to_dict


def figure(report: Report, ref: str) -> None:
    """Show one figure of the report with its headline and its alternative text."""
    shown = _found(report.figures, ref)
    if shown is None:
        return
    display(HTML(f"<h4>{escape(shown.headline)}</h4><p>{escape(shown.subtitle)}</p>"))
    display(SVG(shown.svg))
    display(HTML(f"<p><small>{escape(shown.alt)}</small></p>"))


def report_table(report: Report, ref: str) -> None:
    """Show one table of the report as it is printed."""
    shown = _found(report.tables, ref)
    if shown is None:
        return
    heads = [f"{column.label} ({column.unit})" if column.unit else column.label for column in shown.columns]
    cells = [[row[column.id].text for column in shown.columns] for row in shown.rows]
    display(HTML(f"<h4>{escape(shown.headline)}</h4><p>{escape(shown.subtitle)}</p>"))
    display(HTML(pd.DataFrame(cells, columns=heads).to_html(index=False)))


def preview(report: Report) -> None:
    """Show the report's answer and its key figures."""
    figures = "".join(
        f"<li>{escape(' '.join(filter(None, (item.label + ':', item.value, item.range, item.status))))}</li>"
        for item in report.key_figures
    )
    note = f"<p><em>{escape(report.synthetic)}</em></p>" if report.synthetic else ""
    display(
        HTML(
            f"<h3>{escape(report.title)}</h3>{note}<p><strong>{escape(report.answer.sentence)}</strong> "
            f"{escape(report.answer.range)}</p><ul>{figures}</ul>"
        )
    )


def publish(report: Report) -> None:
    """Hand the report to the refresh: its model becomes an output of this cell, checked against its schema.

    In JupyterLab it only says so; a refresh takes the model from here to the writers.
    Raises ModelError when the model breaks its schema.
    """
    model = to_dict(report)
    said = f"Report model of {report.area}, {report.quarter}, {report.language}: {len(report.tables)} tables."
    display({MIME_TYPE: model, "text/plain": said}, raw=True)


def _found(parts, ref: str):
    """The part with this id; where the study has no data for it, that is said in its place."""
    found = next((part for part in parts if part.id == ref), None)
    if found is None:
        display(HTML(f"<p><em>{escape(ref)}: the study has no data for this; see 01_data_check.</em></p>"))
    return found
