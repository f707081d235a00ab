"""The report as one HTML file that needs nothing else: no request, no script, readable from a USB stick."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from evaluation.report.model import Report, to_dict
from evaluation.report.writers.layout import HASH_SHOWN, inputs_table, loose_tables
from evaluation.report.writers.svg import inline


def write(report: Report) -> bytes:
    """The report as UTF-8 HTML. Raises ModelError when the model does not hold together."""
    to_dict(report)
    return render(
        "report.html.j2",
        report=report,
        words=report.labels,
        inline=inline,
        loose_tables=loose_tables(report),
        inputs_table=inputs_table(report),
        hash_shown=HASH_SHOWN,
    )


def render(template: str, **values: object) -> bytes:
    """A template of this folder, filled in; every value is escaped."""
    return environment().get_template(template).render(**values).encode("utf-8")


@cache
def environment() -> Environment:
    return Environment(
        loader=PackageLoader("evaluation.report.writers", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
