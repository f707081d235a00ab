"""A part of a report: its sections with their figures and tables, numbered once all parts are known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from evaluation.report.model import Block, Figure, Section, Table

UNNUMBERED = 0


@dataclass(frozen=True)
class Part:
    """Sections in the order of the report (main and appendix may both occur) and what they place."""

    sections: tuple[Section, ...] = ()
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()


def main(name: str, title: str, blocks: Iterable[Block | None]) -> tuple[Section, ...]:
    return _section(name, title, "main", blocks)


def appendix(name: str, title: str, blocks: Iterable[Block | None]) -> tuple[Section, ...]:
    return _section(name, title, "appendix", blocks)


def _section(name: str, title: str, part: str, blocks: Iterable[Block | None]) -> tuple[Section, ...]:
    kept = tuple(block for block in blocks if block is not None)
    return (Section(name, title, part, kept),) if kept else ()


def assemble(parts: Iterable[Part]) -> Part:
    """All parts as one: main sections first, figures and tables numbered in the order they are placed."""
    parts = list(parts)
    sections = [section for part in parts for section in part.sections]
    sections.sort(key=lambda section: section.part != "main")
    return Part(
        tuple(sections),
        _numbered([figure for part in parts for figure in part.figures], _placed(sections, "figure")),
        _numbered([table for part in parts for table in part.tables], _placed(sections, "table")),
    )


def _placed(sections: list[Section], kind: str) -> list[str]:
    return [block.ref for section in sections for block in section.blocks if block.type == kind]


def _numbered(items: list, order: list[str]) -> tuple:
    by_id = {item.id: item for item in items}
    return tuple(replace(by_id[ref], number=number) for number, ref in enumerate(order, start=1))
