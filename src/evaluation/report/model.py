"""The report model: one document that every writer renders and none recomputes.

All text is plain text without mark-up; the writers escape it. A cell's `text` is formatted once, here; a
cell's `value` is on the scale its column prints (percent 0-100, points, euro), rounded to the `decimals` of
its column, or to its own in a table whose rows differ in unit, so that HTML, PDF, XLSX and JSON cannot show
different numbers, and so that no hidden digit gives a suppressed count away.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields

from evaluation.report.model_rules import ModelError, schema, validate

__all__ = [
    "Answer",
    "Block",
    "Cell",
    "Column",
    "Figure",
    "InputFile",
    "KeyFigure",
    "ModelError",
    "Number",
    "Provenance",
    "Report",
    "Section",
    "Table",
    "bullets",
    "figure",
    "from_dict",
    "from_json",
    "key_figures",
    "label_keys",
    "paragraph",
    "schema",
    "table",
    "to_dict",
    "to_json",
    "validate",
]

FORMAT = "outreach-report/1"
MIME_TYPE = "application/vnd.outreach-report+json"


@dataclass(frozen=True)
class Answer:
    """The report's answer: `sentence`, its range in words and numbers, and how certain it is."""

    sentence: str
    range: str
    certainty: str


@dataclass(frozen=True)
class KeyFigure:
    """One card: `value`, `range`, `target`, `status` and `note` are finished text; empty = not printed."""

    id: str
    label: str
    value: str
    range: str = ""
    target: str = ""
    status: str = ""
    note: str = ""


@dataclass(frozen=True)
class Block:
    """One piece of a section; make it with paragraph(), bullets(), key_figures(), figure() or table()."""

    type: str
    text: str | None = None
    items: tuple[str, ...] | None = None
    ref: str | None = None


def paragraph(text: str) -> Block:
    return Block("paragraph", text=text)


def bullets(items) -> Block:
    return Block("list", items=tuple(items))


def key_figures() -> Block:
    return Block("key_figures")


def figure(ref: str) -> Block:
    return Block("figure", ref=ref)


def table(ref: str) -> Block:
    return Block("table", ref=ref)


@dataclass(frozen=True)
class Section:
    """`part` is "main" (the pages a policymaker reads) or "appendix"."""

    id: str
    title: str
    part: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Figure:
    """`svg` is a whole SVG document; `alt` says in words what it shows; `table` is the id of its table."""

    id: str
    number: int
    headline: str
    subtitle: str
    source: str
    alt: str
    svg: str
    table: str | None = None


@dataclass(frozen=True)
class Column:
    """`kind` is "text", "number" or "flag"; `decimals` is how many the column prints (number only)."""

    id: str
    label: str
    unit: str = ""
    kind: str = "text"
    decimals: int | None = None


@dataclass(frozen=True)
class Cell:
    """`text` is printed in HTML and PDF. A number cell has its `value`; one that may not be shown has
    value None and a `mark`, which the workbook writes in its place. `registered` names the checked number
    that a value is (report.registered); a value without it is not published. `decimals`: how many this number
    prints, where that is not what its column prints."""

    text: str
    value: float | int | None = None
    mark: str | None = None
    registered: str | None = None
    decimals: int | None = None

    def decimals_in(self, column: Column) -> int | None:
        return column.decimals if self.decimals is None else self.decimals


@dataclass(frozen=True)
class Table:
    """Each row maps every column id to a Cell; `row_header` is the id of the column that names a row.

    A table that no section places is printed at the end of the appendix."""

    id: str
    number: int
    headline: str
    subtitle: str
    source: str
    columns: tuple[Column, ...]
    row_header: str
    rows: tuple[dict[str, Cell], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class InputFile:
    """One raw file; `file` is relative to the study folder; read = accepted + quarantined."""

    file: str
    sha256: str
    read: int
    accepted: int
    quarantined: int


@dataclass(frozen=True)
class Provenance:
    quarter: str
    study_sha256: str
    package_version: str
    inputs: tuple[InputFile, ...] = ()


@dataclass(frozen=True)
class Number:
    """A registered number in a text: `text` stands `start` letters into the text at `place` (a path such as
    "answer/range"; of a drawing, into all of its words) and is the number `name` (report.registered)."""

    place: str
    start: int
    text: str
    name: str


@dataclass(frozen=True)
class Report:
    """The whole document. `labels` holds the fixed words the writers print, one for each key that
    model.schema.json requires; `synthetic` is the sentence that the data are synthetic, or None; `numbers`
    names every number in a text, `content.settled` makes it."""

    kind: str
    language: str
    title: str
    subtitle: str
    quarter: str
    quarter_label: str
    area: str
    region: str | None
    synthetic: str | None
    answer: Answer
    key_figures: tuple[KeyFigure, ...]
    sections: tuple[Section, ...]
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...]
    labels: dict[str, str]
    sources: tuple[str, ...]
    provenance: Provenance
    numbers: tuple[Number, ...] = ()
    format: str = field(default=FORMAT)

    def figure(self, ref: str) -> Figure:
        return next(item for item in self.figures if item.id == ref)

    def table(self, ref: str) -> Table:
        return next(item for item in self.tables if item.id == ref)


def label_keys() -> tuple[str, ...]:
    """Every key `Report.labels` must hold."""
    return tuple(schema()["properties"]["labels"]["required"])


def to_dict(report: Report) -> dict:
    """The model as plain JSON values, checked. Raises ModelError."""
    data = _without_empty(json.loads(json.dumps(asdict(report))))
    validate(data)
    return data


def _without_empty(data: dict) -> dict:
    """The model without what blocks and cells leave open, in place."""
    for section in data["sections"]:
        section["blocks"] = [
            {key: value for key, value in block.items() if value is not None} for block in section["blocks"]
        ]
    for cell in (cell for table in data["tables"] for row in table["rows"] for cell in row.values()):
        for name in ("registered", "decimals"):
            if cell.get(name, "") is None:
                del cell[name]
    return data


def to_json(report: Report) -> str:
    """The model as JSON text: sorted keys, same report same text. Raises ModelError."""
    return _text(to_dict(report))


def checked_json(data: dict) -> str:
    """Plain JSON values (as a notebook's output keeps them) as `to_json` writes the report that they hold.
    Raises ModelError."""
    validate(data)
    return _text(_without_empty(data))


def _text(data: dict) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False) + "\n"


def from_json(text: str) -> Report:
    """The report a JSON text holds. Raises ModelError when it is not a valid model."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise ModelError(f"not JSON: {error.msg} on line {error.lineno}") from None
    return from_dict(data)


def from_dict(data: dict) -> Report:
    """The report that plain JSON values hold (as a notebook's output keeps them). Raises ModelError."""
    validate(data)
    plain = {item.name: data[item.name] for item in fields(Report)}
    return Report(
        **plain
        | {
            "answer": Answer(**data["answer"]),
            "key_figures": tuple(KeyFigure(**item) for item in data["key_figures"]),
            "sections": tuple(_section(item) for item in data["sections"]),
            "figures": tuple(Figure(**item) for item in data["figures"]),
            "tables": tuple(_table(item) for item in data["tables"]),
            "sources": tuple(data["sources"]),
            "numbers": tuple(Number(**item) for item in data["numbers"]),
            "provenance": Provenance(
                **data["provenance"]
                | {"inputs": tuple(InputFile(**item) for item in data["provenance"]["inputs"])}
            ),
        }
    )


def _section(data: dict) -> Section:
    blocks = tuple(
        Block(**block | ({"items": tuple(block["items"])} if "items" in block else {}))
        for block in data["blocks"]
    )
    return Section(**data | {"blocks": blocks})


def _table(data: dict) -> Table:
    return Table(
        **data
        | {
            "columns": tuple(Column(**column) for column in data["columns"]),
            "rows": tuple({key: Cell(**cell) for key, cell in row.items()} for row in data["rows"]),
            "notes": tuple(data["notes"]),
        }
    )
