"""The numbers of a release, taken out of its files one kind at a time: HTML, PDF, XLSX, DOCX, CSV, SVG, JSON.

Nothing here asks the project's own writers: pages are read with Beautiful Soup, the tag tree of a PDF with
pikepdf, workbooks with openpyxl, documents with python-docx, and numbers are read with the decimal mark of
their language. A model says which registered number stands where; `differences` holds a file to that.
"""

import base64
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import groupby

import docx
import openpyxl
from bs4 import BeautifulSoup
from docx.oxml.ns import qn

from tests.report_writers import pdf_tags
from tests.whole import drawn

# name of a registered number -> its value, unrounded.
Value = Callable[[str], float]

_POINTS = {"nl": (".", ","), "en": (",", ".")}
_NUMBER = r"(<?[+\N{MINUS SIGN}]?€?\d(?:[\d.,]*\d)?%?)"
_ALONE = r"(?<!\d)(?<!\d[.,])"  # no digit of a longer number before it
_BLANK = re.compile(r"[\s\u00ad\u2060\u200b]+")


@dataclass
class Shown:
    """What a file shows. tables: number of the table (or its id) -> rows of cells, the headings first. lines:
    every piece of text, without blanks. pictures: texts that describe one. notes, drawings (by figure): of
    a drawing and of a page."""

    tables: dict[str, list[list]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    drawings: dict[str, bytes] = field(default_factory=dict)


def squeezed(text: str) -> str:
    return _BLANK.sub("", text)


def read(content: bytes, kind: str) -> Shown:
    """What a file of that kind ("html", "pdf", "xlsx", "docx", "svg" or "csv": the data in a page) shows."""
    if kind == "svg":
        return Shown(**drawn.words(content))
    return {"html": _html, "pdf": _pdf, "xlsx": _xlsx, "docx": _docx, "csv": _csv}[kind](content)


def _numbered(caption: str) -> str | None:
    """The number in a table's caption: "Tabel 3. ..." gives "3"."""
    found = re.match(r"\s*(?:Tabel|Table)\s*(\d+)\b", caption)
    return found[1] if found else None


def _html(content: bytes) -> Shown:
    page, shown = BeautifulSoup(content, "lxml"), Shown()
    for drawing in page.find_all("svg"):
        shown.drawings[drawing["id"].removeprefix("svg-")] = str(drawing).encode()
        shown.pictures += [squeezed(text.get_text()) for text in drawing.find_all("desc")]
        drawing.decompose()
    for block in page.select(".table-block"):
        number = _numbered(block.caption.get_text()) or block["id"].removeprefix("table-")
        rows = block.find_all("tr")
        shown.tables[number] = [[cell.get_text() for cell in row.find_all(["td", "th"])] for row in rows]
    for part in page.body.find_all(
        ["p", "li", "dt", "dd", "td", "th", "h1", "h2", "h3", "h4", "strong", "span"]
    ):
        if part.find(["li", "p"]) is None:
            shown.lines.append(squeezed(part.get_text()))
    return shown


def _csv(content: bytes) -> Shown:
    shown = Shown()
    for link in BeautifulSoup(content, "lxml").find_all("a", download=True):
        _, language, _, name, _ = link["download"].split(".")
        text = base64.b64decode(link["href"].partition("base64,")[2]).decode("utf-8-sig")
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=";" if language == "nl" else ",")
        shown.tables[name] = [[cell.removeprefix("'") for cell in line] for line in lines]
    return shown


def _pdf(content: bytes) -> Shown:
    shown, tree = Shown(), pdf_tags.read(content)
    number = None
    for tag in _in_order(tree):
        if tag.name == "Caption":  # of a table that goes on over pages, before it; of another, within it
            number = _numbered(tag.full_text()) or number
        elif tag.name == "Table":
            number = next((_numbered(inside.full_text()) for inside in tag.all("Caption")), number)
            rows = [[cell.full_text() for cell in row.kids] for row in tag.all("TR")]
            shown.tables[number or "input-files"] = rows
    shown.pictures = [squeezed(tag.alt or "") for tag in tree.all("Figure")]
    _pdf_lines(tree, shown.lines)
    return shown


def _in_order(tag: pdf_tags.Tag) -> Iterator[pdf_tags.Tag]:
    yield tag
    for kid in tag.kids:
        yield from _in_order(kid)


def _pdf_lines(tag: pdf_tags.Tag, lines: list[str]) -> None:
    """A line for each run of text under one tag."""
    for is_text, kids in groupby(tag.kids, key=lambda kid: kid.name == "text"):
        if is_text:
            lines.append(squeezed("".join(kid.text for kid in kids)))
        else:
            for kid in kids:
                _pdf_lines(kid, lines)


def _xlsx(content: bytes) -> Shown:
    shown, book = Shown(), openpyxl.load_workbook(io.BytesIO(content))
    for sheet in book:
        texts = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
        shown.lines += map(squeezed, texts)
        for name, place in sheet.tables.items():
            rows = [[cell.value for cell in row] for row in sheet[place]]
            shown.tables[_numbered(sheet.title) or name.removeprefix("data_").replace("_", "-")] = rows
    return shown


def _docx(content: bytes) -> Shown:
    shown, document, caption = Shown(), docx.Document(io.BytesIO(content)), None
    shown.pictures = [squeezed(shape._inline.docPr.get("descr", "")) for shape in document.inline_shapes]
    for part in document.iter_inner_content():
        if hasattr(part, "rows"):
            rows = [[cell.text for cell in row.cells] for row in part.rows]
            shown.lines += [squeezed(cell) for row in rows for cell in row]
            shown.tables[caption or "key_figures"] = rows
            continue
        # A caption and its subtitle are two lines of one paragraph.
        shown.lines += map(squeezed, part.text.split("\n"))
        if any(run._r.find(qn("w:drawing")) is None for run in part.runs):
            caption = _numbered(part.text) or caption
    return shown


def parsed(text: str, language: str) -> Decimal | None:
    """The number in a text, by the marks of its language; None when it is no number or wrongly written."""
    thousands, point = map(re.escape, _POINTS[language])
    whole = rf"\d{{1,3}}(?:{thousands}\d{{3}})+|\d+"
    found = re.fullmatch(rf"(<?)([+\N{{MINUS SIGN}}-]?)€?({whole})(?:{point}(\d+))?%?", squeezed(text))
    if found is None:
        return None
    digits = re.sub(thousands, "", found[3]) + (f".{found[4]}" if found[4] else "")
    return Decimal(digits).copy_negate() if found[2] in ("\N{MINUS SIGN}", "-") else Decimal(digits)


def expected(name: str, decimals: int, value: Value) -> Decimal:
    """A registered number as it is printed with so many decimals."""
    name, _, coarse = name.partition("~")
    number = value(name)
    number = round(number, -int(coarse)) if coarse else number
    rounded = Decimal(repr(float(number))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)
    return abs(rounded) if rounded == 0 else rounded


def _same(text: object, name: str, decimals: int, language: str, value: Value) -> bool:
    """Whether a printed text, or the number in a workbook, is the registered number."""
    if isinstance(text, int | float):
        return Decimal(repr(text)) == expected(name, decimals, value)
    found = parsed(str(text).rstrip("*"), language)
    if found is None or -found.as_tuple().exponent != decimals:
        return False
    if squeezed(text).startswith("<"):
        return value(name) < float(found)
    return found == expected(name, decimals, value)


def differences(model: dict, kind: str, shown: Shown, value: Value) -> list[str]:
    """Where what a file shows is not the registered number, or lacks one: "table 3, row 2, change: ...".
    model: of the report, as in its JSON. kind: of the file; "json" holds the model itself to the register."""
    if kind == "json":
        return list(_of_json(model, value))
    found = [*_of_tables(model, kind, shown, value)]
    found += _of_drawings(model, shown.drawings, value) if kind == "html" else []
    return found + ([] if kind == "csv" else [*_of_texts(model, kind, shown, value)])


def _of_json(model: dict, value: Value) -> Iterator[str]:
    language = model["language"]
    for table in model["tables"]:
        for line, row in enumerate(table["rows"]):
            for column in table["columns"]:
                cell = row[column["id"]]
                if cell["value"] is not None:
                    for said in (cell["value"], cell["text"]):
                        decimals = cell.get("decimals", column["decimals"])
                        if not _same(said, cell["registered"], decimals, language, value):
                            yield f"table {table['number']}, row {line}, {column['id']}: {said}"
    for number in model["numbers"]:
        at, said = number["start"], number["text"]
        if not number["place"].endswith("/svg"):
            printed = text_at(model, number["place"])[at : at + len(said)]
            if printed != said or not _same_text(printed, number["name"], said, language, value):
                yield f"{number['place']}: {printed}"
    yield from _of_drawings(model, {item["id"]: item["svg"].encode() for item in model["figures"]}, value)


def _of_drawings(model: dict, drawings: dict[str, bytes], value: Value) -> Iterator[str]:
    """What drawings within another file (by figure) show, held to the register."""
    for item in model["figures"]:
        shown = read(drawings.get(item["id"], b""), "svg")
        yield from drawn_differences(model, item["id"], shown, value)


def _main(model: dict) -> set[tuple[str, str]]:
    """("figure" or "table", id) of what stands in the main part."""
    blocks = [block for part in model["sections"] if part["part"] == "main" for block in part["blocks"]]
    return {(block["type"], block["ref"]) for block in blocks if "ref" in block}


def _of_tables(model: dict, kind: str, shown: Shown, value: Value) -> Iterator[str]:
    main = _main(model)
    for table in model["tables"]:
        if kind == "docx" and ("table", table["id"]) not in main:
            continue
        rows = shown.tables.get(table["id"] if kind == "csv" else str(table["number"]))
        if rows is None or len(rows) != len(table["rows"]) + 1:
            yield f"table {table['number']}: not there whole"
            continue
        for at, column in enumerate(table["columns"]):
            heading = squeezed(column["label"] + (f"({column['unit']})" if column["unit"] else ""))
            if not squeezed(str(rows[0][at])).startswith(heading):
                yield f"table {table['number']}: heading {rows[0][at]!r}"
        for line, (row, cells) in enumerate(zip(table["rows"], rows[1:], strict=True)):
            for column, cell in zip(table["columns"], cells, strict=True):
                if wrong := _wrong_cell(row[column["id"]], column, cell, kind, model["language"], value):
                    yield f"table {table['number']}, row {line}, {column['id']}: {wrong}"
    if kind in ("html", "pdf", "xlsx"):
        counts = {
            item["file"]: [item["read"], item["accepted"], item["quarantined"]]
            for item in model["provenance"]["inputs"]
        }
        if files_in(shown, model["language"]) != counts:
            yield f"files: {files_in(shown, model['language'])}"


def files_in(shown: Shown, language: str) -> dict[str, list[Decimal | None]]:
    """File -> rows read, accepted and refused, as the table of files tells them."""
    rows = shown.tables.get("input-files", ())[1:]
    return {row[0]: [parsed(str(count), language) for count in row[1:4]] for row in rows}


def _wrong_cell(
    cell: dict, column: dict, found: object, kind: str, language: str, value: Value
) -> str | None:
    if cell["value"] is not None:
        name = cell["registered"]
        decimals = cell.get("decimals", column["decimals"])
        said = found
        if kind == "csv":  # numbers without a mark between thousands
            said = str(found).replace("\N{MINUS SIGN}", "-")
        right = _same(said, name, decimals, language, value)
        return None if right else f"{found!r} for {name}"
    texts = {squeezed(cell["text"]), squeezed(cell["mark"] or cell["text"])}
    return None if squeezed(str(found or "")) in texts else f"{found!r} for {cell['text']!r}"


def text_at(model: dict, place: str) -> str:
    """The text of a model at a place such as "answer/range"."""
    held = model
    for step in place.split("/"):
        held = held[int(step)] if isinstance(held, list) else held[step]
    return held


@dataclass(frozen=True)
class _Wanted:
    """Words with numbers between them that a file must show. pattern: finds the words, a group per number.
    spans: (name, text) of each number."""

    pattern: re.Pattern
    spans: tuple[tuple[str, str], ...]
    in_picture: bool = False
    # A card's label may stand before another number too, as in a table of then and now.
    alone: bool = True


def _pattern(text: str, spans: list[dict]) -> tuple[str, list[tuple[str, str]]]:
    """A pattern of a text, with a group for each number in it; and (name, text) per group."""
    at, pattern, found = 0, "", []
    for span in sorted(spans, key=lambda span: span["start"]):
        pattern += re.escape(squeezed(text[at : span["start"]])) + _NUMBER
        at = span["start"] + len(span["text"])
        found.append((span["name"], span["text"]))
    pattern += re.escape(squeezed(text[at:]))
    # A number at either end is read whole.
    before = _ALONE if pattern.startswith(_NUMBER) else ""
    return rf"{before}{pattern}(?!\d|[.,]\d)", found


def _asked(place: str, model: dict, kind: str) -> bool:
    """Whether a file of this kind shows the text at that place of the model."""
    part, *rest = place.split("/")
    if part == "key_figures" or place.endswith("/svg") or "rows" in rest:
        return False  # cards, drawings and the cells of a table are read in a way of their own
    if part in ("figures", "tables"):
        item = model[part][int(rest[0])]
        main = (part.removesuffix("s"), item["id"]) in _main(model)
        return {"docx": main, "xlsx": part == "tables"}.get(kind, True)
    main = part == "answer" or (part == "sections" and model[part][int(rest[0])]["part"] == "main")
    return {"docx": main, "xlsx": part == "answer"}.get(kind, True)


def _texts_of(model: dict, kind: str) -> Iterator[_Wanted]:
    spans_of: dict[str, list[dict]] = {}
    for number in model["numbers"]:
        spans_of.setdefault(number["place"], []).append(number)
    for place, spans in spans_of.items():
        if _asked(place, model, kind):
            pattern, found = _pattern(text_at(model, place), spans)
            assert re.search(r"[^\W\d]{2}", text_at(model, place)), f"{place} has no words to find it by"
            # A picture's text stands alone; other words may stand beside theirs, as in "Tabel 3. ...".
            yield _Wanted(re.compile(pattern), tuple(found), place.endswith("/alt"))
    placed = [block for part in model["sections"] for block in part["blocks"]]
    if kind == "xlsx" or not any(block["type"] == "key_figures" for block in placed):
        return
    for at, card in enumerate(model["key_figures"]):
        label, value, *rest = (
            _pattern(card[name], spans_of.get(f"key_figures/{at}/{name}", []))
            for name in ("label", "value", "range", "target", "note")
        )
        # Everywhere the value stands right after the label and the range after that; what follows, each kind
        # of file has in an order and with words of its own.
        begin = rf"(?:^|\n)\n*{label[0]}\n+{value[0]}"
        between = (r"\n+", r"\n+(?:.*\n+){0,2}?(?:.*:)?", r"\n+(?:.*\n+){0,3}?(?:.*)?")
        found = [(begin, value[1])]
        found += [
            (begin + gap + text, value[1] + spans)
            for gap, (text, spans) in zip(between, rest, strict=True)
            if spans
        ]
        for pattern, spans in found:
            if spans:
                yield _Wanted(re.compile(pattern), tuple(spans), alone=False)


def _of_texts(model: dict, kind: str, shown: Shown, value: Value) -> Iterator[str]:
    """Each text with registered numbers is looked for by its words; what stands between them is read. As many
    times as the model has those words with those numbers the file has them too, and never with others."""
    texts = {at: "\n".join(lines) for at, lines in ((True, shown.pictures), (False, shown.lines))}
    asked: dict[tuple, Counter] = {}
    for wanted in _texts_of(model, kind):
        asked.setdefault((wanted.in_picture, wanted.alone, wanted.pattern), Counter())[wanted.spans] += 1
    for (in_picture, alone, pattern), counts in asked.items():
        right: Counter = Counter()
        for match in pattern.finditer(texts[in_picture]):
            meant = [spans for spans in counts if _all_same(match.groups(), spans, model["language"], value)]
            right.update(meant)
            if not meant and alone:
                yield f"{', '.join(match.groups())} in {match[0][:80]}"
        for spans, count in counts.items():
            if right[spans] < count:
                said = ", ".join(text for _, text in spans)
                yield f"{right[spans]} of {count} times {said} in {pattern.pattern[:80]}"


def _all_same(said: tuple[str, ...], spans: tuple[tuple[str, str], ...], language: str, value: Value) -> bool:
    return all(_same_text(text, *span, language, value) for text, span in zip(said, spans, strict=True))


def _same_text(said: str, name: str, printed: str, language: str, value: Value) -> bool:
    """Whether a number that was read is the registered one, with the decimals that the model prints."""
    number = parsed(printed, language)
    assert number is not None, printed
    if name == "listed":  # how many things are listed: registered as no more than an upper bound
        return parsed(said, language) == number
    return _same(said, name, -number.as_tuple().exponent, language, value)


def drawn_differences(model: dict, figure: str, shown: Shown, value: Value) -> list[str]:
    """Registered numbers that the drawing of a figure does not show as often as the model says."""
    [at] = [at for at, item in enumerate(model["figures"]) if item["id"] == figure]
    spans = [n for n in model["numbers"] if n["place"] == f"figures/{at}/svg"]
    wanted = Counter((n["name"], n["text"]) for n in spans if not n["name"].startswith("axis|"))
    # A comma between two numbers must not make one of them once blanks are gone.
    found = []
    for way, words in (("drawn", shown.lines), ("noted", shown.notes or shown.lines)):
        parts = "\n".join(squeezed(part) for line in words for part in re.split(r"(?<=[,;:]) ", line))
        numbers = Counter(re.findall(_ALONE + _NUMBER, parts))
        for text in {text for _, text in wanted}:
            names = [name for name, said in wanted.elements() if said == text]
            right = all(_same_text(text, name, text, model["language"], value) for name in names)
            if not right or numbers[squeezed(text)] < len(names):
                found.append(f"drawing {figure}, {way}: {text} for {names[0]}")
    return found
