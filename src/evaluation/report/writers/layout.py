"""What the page writers share: which tables no section places, and the table of input files."""

from __future__ import annotations

from babel.numbers import format_decimal

from evaluation.report.model import Cell, Column, Figure, Report, Table

# Enough to recognise a file by; the release's manifest holds the whole checksum.
HASH_SHOWN = 16


def loose_tables(report: Report) -> tuple[Table, ...]:
    """The tables that no section places, in the model's order."""
    placed = {block.ref for section in report.sections for block in section.blocks if block.type == "table"}
    return tuple(item for item in report.tables if item.id not in placed)


def figures_of(report: Report) -> dict[str, tuple[Figure, ...]]:
    """Table id -> the figures drawn from it."""
    return {
        item.id: tuple(figure for figure in report.figures if figure.table == item.id)
        for item in report.tables
    }


def inputs_table(report: Report) -> Table | None:
    """The raw files with the rows read, accepted and set aside, unnumbered (0); None without files."""
    if not report.provenance.inputs:
        return None
    words = report.labels
    counts = ("read", "accepted", "quarantined")
    return Table(
        id="input-files",
        number=0,
        headline=words["inputs"],
        subtitle="",
        source="",
        columns=(
            Column("file", words["file"]),
            *(Column(name, words[name], kind="number", decimals=0) for name in counts),
            Column("sha256", words["sha256"]),
        ),
        row_header="file",
        rows=tuple(
            {
                "file": Cell(item.file),
                "sha256": Cell(item.sha256[:HASH_SHOWN]),
                **{name: _count(getattr(item, name), report.language) for name in counts},
            }
            for item in report.provenance.inputs
        ),
    )


def _count(number: int, language: str) -> Cell:
    return Cell(format_decimal(number, locale=language), number)
