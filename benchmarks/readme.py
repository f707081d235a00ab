"""Writes one part of README.md and leaves the others as they are, so that each benchmark can be run alone."""

import re
from pathlib import Path

README = Path(__file__).parent / "README.md"


def write_part(name: str, text: str) -> None:
    """Put `text` in the place of the part, or at the end when the page does not have it yet."""
    page = README.read_text(encoding="utf-8")
    part = f"<!-- {name} -->\n\n{text.strip()}\n\n<!-- end of {name} -->"
    pattern = re.compile(rf"<!-- {name} -->.*?<!-- end of {name} -->", re.DOTALL)
    page = pattern.sub(lambda _: part, page) if pattern.search(page) else f"{page.rstrip()}\n\n{part}\n"
    README.write_text(page, encoding="utf-8")
