"""Reads the tag tree of a PDF and the text under each tag, as a screen reader would, with pikepdf alone."""

from dataclasses import dataclass, field
from io import BytesIO

import pikepdf

from evaluation.pipeline.pdf_text import decode, to_unicode


@dataclass
class Tag:
    name: str
    text: str = ""
    attributes: dict = field(default_factory=dict)
    alt: str | None = None
    kids: list["Tag"] = field(default_factory=list)

    def all(self, name: str) -> list["Tag"]:
        found = [self] if self.name == name else []
        for kid in self.kids:
            found += kid.all(name)
        return found

    def full_text(self) -> str:
        return self.text + "".join(kid.full_text() for kid in self.kids)


def read(document: bytes) -> Tag:
    """The Document tag with everything under it."""
    with pikepdf.open(BytesIO(document)) as pdf:
        texts = {}
        for page in pdf.pages:
            texts |= {(page.obj.objgen, mcid): text for mcid, text in _page_texts(page).items()}
        return _tag(pdf.Root.StructTreeRoot.K[0], None, texts)


def _tag(element, page, texts) -> Tag:
    page = element.get("/Pg", page)
    tag = Tag(str(element.S)[1:], alt=str(element.Alt) if "/Alt" in element else None)
    value = element.get("/A", pikepdf.Array())
    for attribute in value if isinstance(value, pikepdf.Array) else [value]:
        tag.attributes |= {key: attribute[key] for key in attribute if key != "/O"}
    kids = element.get("/K", pikepdf.Array())
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int):
            tag.kids.append(Tag("text", texts.get((page.objgen, int(kid)), "")))
        elif "/S" in kid:
            tag.kids.append(_tag(kid, page, texts))
        elif "/MCID" in kid:
            tag.kids.append(Tag("text", texts.get((kid.get("/Pg", page).objgen, int(kid.MCID)), "")))
    return tag


def _page_texts(page) -> dict[int, str]:
    """Marked-content id -> its text, on one page."""
    fonts = {name: to_unicode(font) for name, font in page.Resources.get("/Font", {}).items()}
    texts: dict[int, str] = {}
    font, stack = {}, []
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BDC":
                properties = operands[1]
                known = properties if isinstance(properties, pikepdf.Dictionary) else {}
                within = stack[-1] if stack else None
                if "/ActualText" in known and within is not None:
                    # What is read instead of the glyphs, such as a hyphen that is one and not a word broken.
                    texts[within] = texts.get(within, "") + str(known["/ActualText"])
                    within = None
                stack.append(int(known["/MCID"]) if "/MCID" in known else within)
            case "BMC":
                stack.append(stack[-1] if stack else None)
            case "EMC":
                stack.pop()
            case "Tf":
                font = fonts[str(operands[0])]
            case "Tj" | "TJ":
                parts = operands[0] if str(operator) == "TJ" else [operands[0]]
                text = "".join(
                    decode(bytes(part), font) for part in parts if isinstance(part, pikepdf.String)
                )
                if stack and stack[-1] is not None:
                    texts[stack[-1]] = texts.get(stack[-1], "") + text
    return texts
