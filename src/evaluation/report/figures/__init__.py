"""The charts: numbers in, SVG and its alternative text out; nothing here knows a study or a table."""

from evaluation.report.figures.svg import Drawing

__all__ = ["Drawing"]
