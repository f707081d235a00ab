"""What can be read in a PDF: its text page by page, and what it says of its pictures and headings."""

from io import BytesIO

import pikepdf

_SAID = ("/Alt", "/ActualText", "/Title", "/Contents", "/E")


def pages(content: bytes) -> list[str]:
    """The text of each page, pieces of text on lines of their own; what is said of pictures, and the titles
    of the outline, stand with the last one. A letter whose font does not say what it is becomes U+FFFD."""
    with pikepdf.open(BytesIO(content)) as pdf:
        fonts: dict[tuple, dict[bytes, str]] = {}
        texts = [_page(page, fonts) for page in pdf.pages]
        texts[-1] += "".join(
            f"\n{item[name]}"
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary)
            for name in _SAID
            if isinstance(item.get(name), pikepdf.String)
        )
        return texts


def _page(page, fonts: dict[tuple, dict[bytes, str]]) -> str:
    own = {}
    for name, font in page.Resources.get("/Font", {}).items():
        if font.objgen not in fonts:
            fonts[font.objgen] = to_unicode(font)
        own[name] = fonts[font.objgen]
    parts, font = [], {}
    for operands, operator in pikepdf.parse_content_stream(page, "Tf Tj TJ BDC EMC ET"):
        match str(operator):
            case "Tf":
                font = own[str(operands[0])]
            case "Tj" | "TJ":
                pieces = operands[0] if str(operator) == "TJ" else [operands[0]]
                parts += [decode(bytes(p), font) for p in pieces if isinstance(p, pikepdf.String)]
            case "BDC" | "EMC" | "ET":
                parts.append("\n")
    return "".join(parts)


def decode(codes: bytes, font: dict[bytes, str]) -> str:
    """The letters of a piece of text, two bytes each; font: as `to_unicode` gives it."""
    return "".join(font.get(codes[at : at + 2], "�") for at in range(0, len(codes), 2))


def to_unicode(font) -> dict[bytes, str]:
    """Code -> letters of a font. Raises ValueError for a font that gives its letters in ranges, which the
    writer of our PDFs never does: what cannot be read here must not pass as having no number in it."""
    table: dict[bytes, str] = {}
    for operands, operator in pikepdf.parse_content_stream(font.ToUnicode):
        if str(operator) == "endbfchar":
            for code, text in zip(operands[::2], operands[1::2], strict=True):
                table[bytes(code)] = bytes(text).decode("utf-16-be")
        if str(operator) == "endbfrange":
            raise ValueError("ranges")
    return table
