"""What may not be in the outputs of an executed notebook: rows of the data, people, folders, pickles."""

import json
import re
from collections.abc import Iterator

# What an output may be. Anything else (a pickle, a widget's state, a spreadsheet) could hold rows.
TYPES = frozenset(
    {
        "text/plain",
        "text/html",
        "text/markdown",
        "image/svg+xml",
        "image/png",
        "application/vnd.outreach-report+json",
    }
)
# Columns that only rows about one parent, order or organisation have; two in one heading are such rows.
ROWS = frozenset(
    {
        "clinic",
        "stratum",
        "organisation",
        "order",
        "shipped_date",
        "child_age",
        "clinic_visit",
        "seed",
        "ipaddr",
    }
)
_HEADING = re.compile(r"<th[^>]*>\s*([^<]*?)\s*</th>")
_PATTERNS = {
    "path": re.compile(r"(?:/(?:home|Users|root)/|\b[A-Za-z]:\\+Users\\)[\w.-]+"),
    "email": re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}"),
    "iban": re.compile(r"\b[A-Z]{2}\d{2} ?[A-Z]{4} ?\d{4} ?\d{4} ?\d{2}\b"),
    "pickle": re.compile(r"\bgA[SR][VW]|b'\\x80\\x0[345]"),
    # Why a row is hidden tells what it was: none or all of the answers, a handful, one organisation.
    "reason": re.compile(r"\b(?:all_or_none|small_count|small_complement|dominated|too_few_\w+|no_group)\b"),
    # A pseudonym is twelve hexadecimal digits, of which some are letters and some are not.
    "pseudonym": re.compile(r"\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{12}\b"),
}


def leaks(notebook_text: str) -> list[tuple[int, str]]:
    """(number of the cell, kind) for everything in an executed notebook's outputs that may not leave.

    kind: "type", "rows", or a name of a pattern ("path", "email", "iban", "pickle", "reason",
    "pseudonym").
    """
    found = []
    for number, cell in enumerate(json.loads(notebook_text)["cells"], start=1):
        for output in cell.get("outputs", ()):
            found += [(number, "type") for mime in output.get("data", {}) if mime not in TYPES]
            for text in _texts(output):
                found += [(number, kind) for kind, pattern in _PATTERNS.items() if pattern.search(text)]
                if _is_rows(text):
                    found.append((number, "rows"))
    return found


def _texts(output: dict) -> Iterator[str]:
    parts = [output.get("text", ""), *output.get("traceback", ()), output.get("evalue", "")]
    parts += [content for mime, content in output.get("data", {}).items() if mime.startswith("text/")]
    for part in parts:
        yield "".join(part) if isinstance(part, list) else str(part)


def _is_rows(text: str) -> bool:
    headings = set(_HEADING.findall(text))
    first = set(re.findall(r"\w+", text.lstrip("\n").split("\n", 1)[0]))
    return len(headings & ROWS) > 1 or ("<" not in text and len(first & ROWS) > 1)
