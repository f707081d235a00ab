"""What a report model must hold to: its JSON Schema, and what a schema cannot say (references, numbers)."""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal
from functools import cache
from importlib.resources import files

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match


class ModelError(ValueError):
    """A report model that breaks its schema or its own references; the message says where."""


@cache
def schema() -> dict:
    """The JSON Schema of the model, as a dict."""
    return json.loads(files(__package__).joinpath("model.schema.json").read_text(encoding="utf-8"))


def validate(data: dict) -> None:
    """Hold plain JSON values to the schema and to what a schema cannot say. Raises ModelError."""
    problem = best_match(Draft202012Validator(schema()).iter_errors(data))
    if problem is not None:
        where = "/".join(map(str, problem.absolute_path)) or "report"
        raise ModelError(f"{where}: {problem.message[:300]}")
    _check_references(data)
    for item in data["tables"]:
        _check_table(item)


def _check_references(data: dict) -> None:
    for kind in ("figures", "tables", "sections", "key_figures"):
        ids = [item["id"] for item in data[kind]]
        if len(set(ids)) < len(ids):
            raise ModelError(f"{kind}: an id occurs twice")
    for kind in ("figures", "tables"):
        numbers = [item["number"] for item in data[kind]]
        if len(set(numbers)) < len(numbers):
            raise ModelError(f"{kind}: a number occurs twice")
    known = {kind: {item["id"] for item in data[kind + "s"]} for kind in ("figure", "table")}
    placed: list[tuple[str, str]] = []
    for section in data["sections"]:
        for block in section["blocks"]:
            if block["type"] in known:
                placed.append((block["type"], block["ref"]))
                if block["ref"] not in known[block["type"]]:
                    where = f"sections/{section['id']}"
                    raise ModelError(f"{where}: there is no {block['type']} {block['ref']!r}")
    if len(set(placed)) < len(placed):
        raise ModelError("sections: a figure or table is placed twice")
    if missing := known["figure"] - {ref for kind, ref in placed if kind == "figure"}:
        raise ModelError(f"figures: no section places {min(missing)!r}")
    for item in data["figures"]:
        if item["table"] is not None and item["table"] not in known["table"]:
            raise ModelError(f"figures/{item['id']}: there is no table {item['table']!r}")


def _check_table(data: dict) -> None:
    columns = {column["id"]: column for column in data["columns"]}
    where = f"tables/{data['id']}"
    if len(columns) < len(data["columns"]):
        raise ModelError(f"{where}: a column id occurs twice")
    if data["row_header"] not in columns:
        raise ModelError(f"{where}: row_header {data['row_header']!r} is not a column")
    for number, row in enumerate(data["rows"], start=1):
        if set(row) != set(columns):
            raise ModelError(f"{where}: row {number} does not have one cell per column")
        for name, cell in row.items():
            _check_cell(f"{where}: row {number}, column {name}", columns[name], cell)


def decimals_of(column: dict, cell: dict) -> int | None:
    """How many decimals a number prints, as `Cell.decimals_in`, in plain JSON values."""
    own = cell.get("decimals")
    return column["decimals"] if own is None else own


def _check_cell(where: str, column: dict, cell: dict) -> None:
    value = cell["value"]
    if value is None:
        if cell.get("decimals") is not None:
            raise ModelError(f"{where}: a cell has decimals and no value")
        return
    if column["kind"] != "number":
        raise ModelError(f"{where}: a {column['kind']} column holds a value")
    if cell["mark"] is not None:
        raise ModelError(f"{where}: a cell has both a value and a mark")
    if not math.isfinite(value):
        raise ModelError(f"{where}: the value is not finite")
    exact, decimals = Decimal(repr(value)), decimals_of(column, cell)
    rounded = exact.quantize(Decimal(1).scaleb(-decimals))
    if rounded != exact:
        raise ModelError(f"{where}: the value has more decimals than the {decimals} it prints")
    if re.sub(r"\D", "", cell["text"]) != re.sub(r"\D", "", format(rounded, "f")):
        raise ModelError(f"{where}: the text and the value are different numbers")
    before_digits = re.split(r"\d", cell["text"], maxsplit=1)[0]
    if value and (value < 0) != bool(re.search("[-\u2212]", before_digits)):
        raise ModelError(f"{where}: the text and the value differ in sign")
