"""The report as one HTML file that needs nothing else: no request, no script, readable from a USB stick."""

from __future__ import annotations

from functools import cache, partial

from jinja2 import Environment, PackageLoader, StrictUndefined

from evaluation.report.model import Report, to_dict
from evaluation.report.writers import look, table_csv
from evaluation.report.writers.layout import HASH_SHOWN, figures_of, inputs_table, loose_tables
from evaluation.report.writers.svg import inline
from evaluation.study import Style

PLAIN = Style()


def write(report: Report, style: Style = PLAIN) -> bytes:
    """The report as UTF-8 HTML, in a study's own style. Raises ModelError when the model does not hold
    together."""
    to_dict(report)
    colours = look.roles(style)
    return render(
        "report.html.j2",
        style,
        report.language,
        report=report,
        words=report.labels,
        inline=partial(inline, colours=colours),
        loose_tables=loose_tables(report),
        inputs_table=inputs_table(report),
        hash_shown=HASH_SHOWN,
        csv_uri=partial(table_csv.data_uri, language=report.language),
        csv_name=partial(table_csv.file_name, report=report),
        figures_of=figures_of(report),
    )


def render(template: str, style: Style, language: str, **values: object) -> bytes:
    """A template of this folder, filled in; every value is escaped."""
    values |= {
        "language": language,
        "colours": look.variables(style),
        "faces": look.font_faces(style),
        "logo": look.logo_uri(style),
        "logo_text": (style.logo_text or {}).get(language, ""),
    }
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
