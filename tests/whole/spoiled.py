"""Published files with one number spoiled, to see that a comparison of their numbers finds it."""

import base64
import io
import json
import random
import re

import docx
import openpyxl
import pikepdf
from bs4 import BeautifulSoup

from evaluation.pipeline.pdf_text import to_unicode

# A number with a decimal mark; of these every one in the reports is registered.
DECIMAL = re.compile(r"(?<![\d.,])([+\N{MINUS SIGN}-]?)(\d+)([.,])(\d+)(?![\d.,])")


def wrong(text: str, way: int) -> str:
    """A text with its first decimal number spoiled: a digit, its sign, or its decimal mark."""

    def spoiled(found: re.Match) -> str:
        sign, whole, mark, rest = found.groups()
        if way % 3 == 1 and sign and int(whole + rest):
            return ("\N{MINUS SIGN}" if sign == "+" else "+") + whole + mark + rest
        if way % 3 == 2:
            return sign + whole + {",": ".", ".": ","}[mark] + rest
        return sign + whole + mark + rest[:-1] + str((int(rest[-1]) + 1) % 10)

    return DECIMAL.sub(spoiled, text, count=1)


def spoil_html(content: bytes, pick: random.Random, way: int) -> bytes:
    page = BeautifulSoup(content, "lxml")
    inside = [part for part in page.body.find_all(string=DECIMAL) if part.find_parent("title") is None]
    # What stands in a drawing is a note of its program, which no reader sees.
    chosen = pick.choice([part for part in inside if type(part).__name__ == "NavigableString"])
    chosen.replace_with(wrong(str(chosen), way))
    return str(page).encode()


def spoil_csv(content: bytes, pick: random.Random, way: int) -> bytes:
    page = BeautifulSoup(content, "lxml")
    chosen = pick.choice([link for link in page.find_all("a", download=True) if DECIMAL.search(_data(link))])
    lines = _data(chosen).split("\r\n")
    at = pick.choice([at for at, line in enumerate(lines) if DECIMAL.search(line.replace(";", " ; "))])
    lines[at] = wrong(lines[at].replace(";", " ; "), 0).replace(" ; ", ";")
    spoiled = base64.b64encode("\r\n".join(lines).encode("utf-8-sig")).decode()
    for link in page.find_all("a", download=chosen["download"]):  # beside the table and beside its figure
        link["href"] = "data:text/csv;charset=utf-8;base64," + spoiled
    return str(page).encode()


def _data(link) -> str:
    return base64.b64decode(link["href"].partition("base64,")[2]).decode("utf-8-sig")


def spoil_pdf(content: bytes, pick: random.Random, way: int) -> bytes:
    """Another figure of the same font in the place of one that is drawn."""
    with pikepdf.open(io.BytesIO(content)) as document:
        places = []
        for page in document.pages:
            fonts = {name: to_unicode(font) for name, font in page.Resources.Font.items()}
            drawn = [[list(operands), operator] for operands, operator in pikepdf.parse_content_stream(page)]
            font: dict[bytes, str] = {}
            for step in drawn:
                if str(step[1]) == "Tf":
                    font = fonts[str(step[0][0])]
                elif str(step[1]) in ("Tj", "TJ") and (at := _figure_in(step[0][0], font)):
                    places.append((page, drawn, step, font, *at))
        page, drawn, step, font, part, place = pick.choice(places)
        parts = _parts(step[0][0])
        codes = bytes(parts[part])
        others = [
            code for code, letter in font.items() if letter.isdigit() and code != codes[place : place + 2]
        ]
        parts[part] = pikepdf.String(codes[:place] + pick.choice(others) + codes[place + 2 :])
        step[0], step[1] = [pikepdf.Array(parts)], pikepdf.Operator("TJ")
        page.Contents = document.make_stream(pikepdf.unparse_content_stream([tuple(step) for step in drawn]))
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def _parts(operand) -> list:
    return [operand] if isinstance(operand, pikepdf.String) else list(operand)


def _figure_in(operand, font: dict[bytes, str]) -> tuple[int, int] | None:
    """(part, byte) of the last figure of the first decimal number in what is drawn at once."""
    glyphs = [
        (part, at, font.get(bytes(codes)[at : at + 2], "?")[0])
        for part, codes in enumerate(_parts(operand))
        if isinstance(codes, pikepdf.String)
        for at in range(0, len(bytes(codes)), 2)
    ]
    found = DECIMAL.search("".join(letter for _, _, letter in glyphs))
    return glyphs[found.end() - 1][:2] if found else None


def spoil_docx(content: bytes, pick: random.Random, way: int) -> bytes:
    document = docx.Document(io.BytesIO(content))
    lines = [*document.paragraphs]
    lines += [line for table in document.tables for cell in table._cells for line in cell.paragraphs]
    run = pick.choice([run for line in lines for run in line.runs if DECIMAL.search(run.text)])
    run.text = wrong(run.text, way)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def spoil_xlsx(content: bytes, pick: random.Random, way: int) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    numbers = [cell for cell in cells if isinstance(cell.value, float)]
    texts = [cell for cell in cells if isinstance(cell.value, str) and DECIMAL.search(cell.value)]
    cell = pick.choice(numbers if way % 2 else texts)
    cell.value = cell.value + 0.1 if way % 2 else wrong(cell.value, way)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def has_decimals(svg: str) -> bool:
    """Whether a number with decimals is drawn, as none is on a map with counts."""
    return any(DECIMAL.search(note) for note in re.findall(r"<!-- (.*?) -->", svg))


def spoil_svg(content: bytes, pick: random.Random, way: int) -> bytes:
    """Another figure drawn in the place of one (even ways), or another number in the note beside it; of a
    page, which has no notes, in one of its drawings."""
    text = content.decode("utf-8")
    if way % 2:
        place = pick.choice([one for one in re.finditer(r"<!-- (.*?) -->", text) if DECIMAL.search(one[1])])
        return (text[: place.start(1)] + wrong(place[1], way // 2) + text[place.end(1) :]).encode()
    # A comma (f) or point (11) and a figure (13 to 1c), by the numbers of their glyphs.
    glyph = r'href="#[\w-]*DejaVu[\w-]*-{}"[^>]*>\s*(?:</use>)?\s*'
    figure = re.compile(glyph.format("(?:f|11)") + "<use (?:xlink:)?" + glyph.format("(1[3-9a-c])"))
    drawn = pick.choice([*figure.finditer(text)])
    other = pick.choice([number for number in range(0x13, 0x1D) if f"{number:x}" != drawn[1]])
    return (text[: drawn.start(1)] + f"{other:x}" + text[drawn.end(1) :]).encode()


def spoil_json(content: bytes, pick: random.Random, way: int) -> bytes:
    """A number in a sentence, in a cell's text, in its value or in a drawing."""
    model = json.loads(content)
    cells = [cell for table in model["tables"] for row in table["rows"] for cell in row.values()]
    cells = [cell for cell in cells if cell["value"] is not None]
    if way % 4 == 0:
        blocks = [block for part in model["sections"] for block in part["blocks"]]
        chosen = pick.choice([block for block in blocks if DECIMAL.search(block.get("text") or "")])
        chosen["text"] = wrong(chosen["text"], way // 4)
    elif way % 4 == 1:
        chosen = pick.choice([cell for cell in cells if DECIMAL.search(cell["text"])])
        chosen["text"] = wrong(chosen["text"], way // 4)
    elif way % 4 == 2:
        chosen = pick.choice(cells)
        chosen["value"] = round(chosen["value"] + 0.1, 6)
    else:
        chosen = pick.choice([item for item in model["figures"] if has_decimals(item["svg"])])
        chosen["svg"] = spoil_svg(chosen["svg"].encode(), pick, way // 4).decode()
    return json.dumps(model).encode()


# kind of file -> function of (content, random choice, 0 a digit, 1 the sign or 2 the decimal mark).
SPOILERS = {"html": spoil_html, "csv": spoil_csv, "pdf": spoil_pdf, "docx": spoil_docx, "xlsx": spoil_xlsx}
