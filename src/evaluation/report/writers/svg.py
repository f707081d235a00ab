"""Puts a figure's SVG into an HTML page: ids of its own, a name and a description, nothing from outside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from xml.etree import ElementTree

from markupsafe import Markup

from evaluation.report.model import Figure, ModelError

_REFERENCE = re.compile(r"url\(\s*['\"]?#([^'\")]+)['\"]?\s*\)")
_OUTSIDE = re.compile(r"url\(\s*['\"]?(?!#|\s*['\"]?#|data:image/)|@import", re.IGNORECASE)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_ACTIVE = {"script", "foreignObject", "iframe", "handler", "set", "animate"}
_HEX = re.compile(r"#[0-9a-fA-F]{6}\b")
_DROPPED = {"metadata", "title", "desc"}


def inline(figure: Figure, colours: Mapping[str, str] = MappingProxyType({})) -> Markup:
    """The figure's SVG as mark-up for an HTML page. Every id is prefixed with the figure's own id, so that
    figures drawn by one program do not share clip paths or markers. colours: "#rrggbb" as drawn -> the CSS
    variable of the page in its place, which may be another in the dark. Raises ModelError when the SVG is not
    well formed, or holds a script or a reference to something outside itself."""
    try:
        root = ElementTree.fromstring(figure.svg)
    except ElementTree.ParseError as error:
        raise ModelError(f"figures/{figure.id}: the SVG is not well formed ({error})") from None
    own = f"svg-{figure.id}"
    _clean(root, figure.id, own)
    _colour(root, colours)
    for name, text in (("desc", figure.alt), ("title", figure.headline)):
        element = ElementTree.Element(name, id=f"{own}-{name}")
        element.text = text
        root.insert(0, element)
    root.attrib |= {
        "id": own,
        "role": "img",
        "aria-labelledby": f"{own}-title",
        "aria-describedby": f"{own}-desc",
    }
    return Markup(ElementTree.tostring(root, encoding="unicode", short_empty_elements=True))


def _clean(element: ElementTree.Element, where: str, own: str) -> None:
    element.tag = _local(element.tag)
    if element.tag in _ACTIVE:
        raise ModelError(f"figures/{where}: the SVG holds a <{element.tag}>")
    element.attrib = {
        name: _attribute(name, value, where, own)
        for name, value in ((_local(key), text) for key, text in element.attrib.items())
        if name not in ("space", "version")
    }
    if element.tag == "style":
        element.text = _scoped(element.text or "", where, own)
    for child in list(element):
        if _local(child.tag) in _DROPPED:
            element.remove(child)
        else:
            _clean(child, where, own)


def _colour(root: ElementTree.Element, colours: Mapping[str, str]) -> None:
    def variable(found: re.Match) -> str:
        name = colours.get(found[0].lower())
        return f"var(--{name})" if name else found[0]

    for element in root.iter():
        if "style" in element.attrib:
            element.set("style", _HEX.sub(variable, element.get("style")))
        for name in ("fill", "stroke"):
            if (value := element.get(name)) and _HEX.fullmatch(value):
                element.set(name, _HEX.sub(variable, value))


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _attribute(name: str, value: str, where: str, own: str) -> str:
    if name.lower().startswith("on") or _OUTSIDE.search(value):
        raise ModelError(f"figures/{where}: the SVG's attribute {name} acts or reaches outside the picture")
    if name == "id":
        return f"{own}-{value}"
    if name == "href":
        if value.startswith("#"):
            return f"#{own}-{value[1:]}"
        if not value.startswith("data:image/"):
            raise ModelError(f"figures/{where}: the SVG refers to something outside itself")
    if name in ("aria-labelledby", "aria-describedby"):
        return " ".join(f"{own}-{part}" for part in value.split())
    return _REFERENCE.sub(rf"url(#{own}-\1)", value)


def _scoped(css: str, where: str, own: str) -> str:
    """A style sheet whose rules reach this picture only; flat rules, as drawing programs write them."""
    if _OUTSIDE.search(css):
        raise ModelError(f"figures/{where}: the SVG's style sheet reaches outside the picture")

    def rule(match: re.Match) -> str:
        selectors = (re.sub(r"#", f"#{own}-", part.strip()) for part in match[1].split(","))
        body = _REFERENCE.sub(rf"url(#{own}-\1)", match[2])
        return ",".join(f"#{own} {selector}" for selector in selectors) + "{" + body + "}"

    return _RULE.sub(rule, css)
