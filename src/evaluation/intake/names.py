"""Names of persons in open answers, told by deduce (Menger and others 2018) where that package is installed.

Open answers are never kept, so that nothing depends on it: the receipt says what was typed where no names
belong, and whether anybody looked.
"""

import logging
from functools import cache
from importlib import metadata

import pandas as pd

_PERSON = {"persoon", "patient"}
# What deduce need not look for: it is told elsewhere, or points at nobody.
_OTHER = {
    "dates",
    "locations",
    "institutions",
    "identifiers",
    "phone_numbers",
    "email_addresses",
    "urls",
    "ages",
}


def installed() -> str:
    """The package that looks for names and its version, "" where it is not installed."""
    try:
        return f"deduce {metadata.version('deduce')}"
    except metadata.PackageNotFoundError:
        return ""


def looked_by() -> str:
    """As `installed`, but "" too where the package is there and cannot start."""
    return installed() if _finder() else ""


@cache
def _finder():
    """deduce, or None where it is not installed or cannot start: a cache of its lists that was half written
    must not stop anybody's report."""
    if not installed():
        return None
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    try:
        from deduce import Deduce  # reading its lists takes ten seconds, the first time ever some minutes

        return Deduce()
    except Exception:
        return None
    finally:
        # It sets up the log of the whole program, in which then all that every library says is printed.
        root.setLevel(level)
        root.handlers[:] = handlers


def count_names(cells: pd.Series) -> int:
    """How many cells hold the name of a person. Call it only where `looked_by` names the package."""
    times = cells[cells != ""].value_counts()
    return int(sum(count for text, count in times.items() if _holds_name(text)))


def _holds_name(text: str) -> bool:
    found = _finder().deidentify(text, disabled=_OTHER).annotations
    return any(one.tag in _PERSON for one in found)
