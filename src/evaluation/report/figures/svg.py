"""From a matplotlib figure to an SVG that can stand in any page: same bytes, ids of its own, described."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from html import escape

from matplotlib.figure import Figure

from evaluation.report.figures.style import recoloured
from evaluation.report.wording.marks import remarked


@dataclass(frozen=True)
class Drawing:
    """A chart: a whole SVG document, and its alternative text."""

    svg: str
    alt: str


def drawing(figure: Figure, name: str, title: str, alt: str) -> Drawing:
    """The figure as a Drawing. `name` prefixes every id, so that charts on one page cannot collide."""
    buffer = io.StringIO()
    figure.savefig(
        buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
    )
    svg = _remarked(recoloured(buffer.getvalue()))
    alt = remarked(alt, ticks=False)
    return Drawing(described(svg, name, title, alt), alt)


def _remarked(svg: str) -> str:
    """The names of registered numbers back into what the drawing says as text."""
    return re.sub(r"<!--.*?-->|>[^<>]*\d[^<>]*<", lambda text: remarked(text[0]), svg, flags=re.DOTALL)


def described(svg: str, name: str, title: str, alt: str) -> str:
    """`svg` without prolog and metadata, its ids prefixed, with a title and a description."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r'(href="#|url\(#)([^")]+)', rf"\g<1>{name}-\2", svg)
    head, rest = svg.split(">", 1)
    head = re.sub(r'\s(version)="[^"]*"', "", head)
    labelled = f'{head} role="img" aria-labelledby="{name}-title {name}-desc">'
    texts = (
        f'<title id="{name}-title">{escape(title, quote=False)}</title>'
        f'<desc id="{name}-desc">{escape(alt, quote=False)}</desc>'
    )
    return f"{labelled}\n {texts}{rest}"
