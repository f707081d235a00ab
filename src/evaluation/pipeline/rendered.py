"""What the writers printed, held to the report model: no number may be in a file that is not in the model.

The model's own numbers are held to the register before anything is written (`report.printed`). This looks at
the files themselves, so that a writer, a template or a library under it cannot add one.
"""

import base64
import csv
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from html import unescape
from html.parser import HTMLParser
from io import BytesIO, StringIO

# A number with its thousands and decimals, as one; a hash and a date are several.
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_READ = ("alt", "aria-label", "title", "value", "label")
_CSV = re.compile(r"data:text/csv[^,]*;base64,(.*)", re.DOTALL)
_CELL = re.compile(r"<c\b([^>]*)>(?:<f[^>]*>[^<]*</f>)?<v>([^<]*)</v>")
_TYPED = re.compile(r'\bt="(?!n")')
_COUNTS = ("read", "accepted", "quarantined")
_MOST_SAME = 9  # a heading that occurs again gets its number


def strange(files: Mapping[str, bytes], model_text: str) -> list[str]:
    """Names of the files in which a number stands that the report model does not hold.

    files: HTML, PDF, XLSX, DOCX and SVG as they will be published, by name; others are not looked at.
    """
    model = json.loads(model_text)
    allowed = numbers_of(_model_texts(model))
    values = {value for value in _values(model) if value is not None}
    found = []
    for name, content in files.items():
        texts, own, more = _READERS.get(name.rpartition(".")[2], _nothing)(content)
        if numbers_of(texts) - allowed - more or {float(value) for value in own} - values:
            found.append(name)
    return found


def numbers_of(texts) -> set[str]:
    """Every number in texts, as written."""
    return {number for text in texts for number in _NUMBER.findall(text)}


def _model_texts(model) -> Iterator[str]:
    """Every text in a model, its tables' and figures' numbers, and its values as CSV writes them."""
    from evaluation.report.model_rules import decimals_of
    from evaluation.report.printed import drawn_texts
    from evaluation.report.wording.numbers import number
    from evaluation.report.writers.layout import HASH_SHOWN

    for key, value in model.items() if isinstance(model, dict) else enumerate(model):
        if key == "svg":
            yield from drawn_texts(value)
        elif isinstance(value, str):
            yield value
            if str(key).endswith("sha256"):
                yield value[:HASH_SHOWN]
        elif isinstance(value, dict | list):
            yield from _model_texts(value)
        elif key in ("number", *_COUNTS):
            yield from (str(value), *(number(value, language) for language in ("nl", "en")))
    if isinstance(model, dict) and "columns" in model and "rows" in model:
        for column in model["columns"]:
            for row in model["rows"]:
                cell = row[column["id"]]
                if cell["value"] is not None:
                    plain = f"{cell['value']:.{decimals_of(column, cell) or 0}f}"
                    yield from (plain, plain.replace(".", ","))


def _values(model) -> Iterator[float | None]:
    for table in model["tables"]:
        for row in table["rows"]:
            yield from (cell["value"] for cell in row.values())
    for item in model["provenance"]["inputs"]:
        yield from (item[name] for name in _COUNTS)


# What a reader of files gives: texts, numbers that are stored as numbers, and what the format itself counts.
Read = tuple[list[str], list[float], set[str]]


def _nothing(content: bytes) -> Read:
    return [], [], set()


class _Page(HTMLParser):
    """The texts of a page that somebody can see, hear, copy or download."""

    def __init__(self):
        super().__init__()
        self.texts: list[str] = []
        self.skipping = False

    def handle_starttag(self, tag, attrs):
        self.skipping = tag in ("style", "script")
        given = dict(attrs)
        for name, value in attrs:
            if name in _READ or name.startswith("data-"):
                self.texts.append(value or "")
            elif name == "href" and (match := _CSV.match(value or "")):
                self.texts += _csv(base64.b64decode(match[1]))
        if tag == "meta" and given.get("name") == "description":
            self.texts.append(given.get("content") or "")

    def handle_endtag(self, tag):
        self.skipping = False

    def handle_data(self, data):
        if not self.skipping:
            self.texts.append(data)

    def handle_comment(self, data):
        self.texts.append(data)


def _csv(content: bytes) -> list[str]:
    text = content.decode("utf-8-sig")
    between = ";" if ";" in text.split("\n", 1)[0] else ","
    return [cell for row in csv.reader(StringIO(text, newline=""), delimiter=between) for cell in row]


def _html(content: bytes) -> Read:
    page = _Page()
    page.feed(content.decode("utf-8"))
    return page.texts, [], set()


def _svg(content: bytes) -> Read:
    from evaluation.report.printed import drawn_texts

    return drawn_texts(content.decode("utf-8")), [], set()


def _xlsx(content: bytes) -> Read:
    texts, values = [], []
    with zipfile.ZipFile(BytesIO(content)) as parts:
        for name in parts.namelist():
            xml = parts.read(name).decode("utf-8") if name.endswith(".xml") else ""
            for shared in re.split(r"</si>|</is>|</comment>", xml):
                texts.append("".join(re.findall(r"<(?:x:)?t(?: [^>]*)?>([^<]*)</", shared)))
            if name.startswith("docProps/"):
                texts += re.findall(r"<dc:(?:title|subject|description|creator)>([^<]*)<", xml)
            texts += re.findall(r'<(?:sheet|tableColumn|definedName)\b[^>]*?\bname="([^"]*)"', xml)
            texts += re.findall(r"<(?:odd|even|first)(?:Header|Footer)>([^<]*)<", xml)
            for kind, value in _CELL.findall(xml):
                if 't="s"' not in kind:  # an index into the texts that are shared
                    (texts if _TYPED.search(kind) else values).append(value)
    return [unescape(text) for text in texts], [*map(float, values)], {str(n) for n in range(2, _MOST_SAME)}


def _docx(content: bytes) -> Read:
    texts = []
    with zipfile.ZipFile(BytesIO(content)) as parts:
        for name in parts.namelist():
            if re.fullmatch(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml", name):
                xml = parts.read(name).decode("utf-8")
                for paragraph in re.split(r"</w:p>", xml):
                    texts.append("".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", paragraph)))
                texts += re.findall(r'\b(?:descr|title)="([^"]*)"', xml)
    return [unescape(text) for text in texts], [], set()


def _pdf(content: bytes) -> Read:
    from evaluation.pipeline.pdf_text import pages

    texts = pages(content)
    return texts, [], {str(number) for number in range(1, len(texts) + 1)}


_READERS = {"html": _html, "svg": _svg, "xlsx": _xlsx, "docx": _docx, "pdf": _pdf}
