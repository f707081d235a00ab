"""Finds what identifies a person in text: e-mail, phone, IBAN, BSN, IP address, postcode, date of birth,
coordinates.

Only counts leave this module, never what was found. A random nine-digit number passes the 11-test of the
BSN one time in eleven, so a hit says "look here", not "this is one".
"""

import re

import pandas as pd
from stdnum import iban
from stdnum.nl import bsn

from evaluation.intake.moments import holds_birth_date, holds_coordinates, is_degrees

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\dA-Za-z])(?:\+31|0031|0)[ -]?(?:\(0\))?[ -]?[1-9](?:[ -]?\d){8}(?!\d)")
_IP = re.compile(r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.])")
_POSTCODE = re.compile(
    r"(?<![\dA-Za-z])[1-9]\d{3} ?[A-Z]{2}(?![A-Za-z\d])|(?<![\dA-Za-z])[1-9]\d{3}[a-z]{2}(?![A-Za-z\d])"
)
_IBAN = re.compile(r"(?<![A-Za-z\d])[A-Z]{2}\d{2}(?: ?[A-Z\d]){11,30}(?![A-Za-z\d])")
_BSN = re.compile(r"(?<![\d.,])(?:\d{9}|\d{4}\.\d{2}\.\d{3})(?![\d.,]\d|\d)")

_PATTERNS = (("email", _EMAIL), ("phone", _PHONE), ("ip", _IP), ("postcode", _POSTCODE))

# In free text an identifier may be any of these; a column that is kept is judged on the same list.
KINDS = ("email", "phone", "iban", "bsn", "ip", "postcode", "birth_date", "coordinates")
# One number in degrees is none; a column of which nearly every cell is one holds a latitude or a longitude.
_NEARLY_ALL = 0.9
_FEWEST = 5


def kinds_in(text: str) -> set[str]:
    """The kinds of identifier that occur in one text."""
    # The digits of an IBAN can look like a phone number: it is taken out first.
    without = _IBAN.sub(lambda match: "" if iban.is_valid(match[0]) else match[0], text)
    found = {"iban"} if without != text else set()
    found |= {kind for kind, pattern in _PATTERNS if pattern.search(without)}
    if any(bsn.is_valid(match[0]) for match in _BSN.finditer(without)):
        found.add("bsn")
    if holds_birth_date(text):
        found.add("birth_date")
    if holds_coordinates(text):
        found.add("coordinates")
    return found


def count_hits(cells: pd.Series) -> dict[str, int]:
    """How many cells hold each kind of identifier; kinds without a hit are left out."""
    times = cells[cells != ""].value_counts()
    hits = dict.fromkeys(KINDS, 0)
    for value, count in times.items():
        for kind in kinds_in(value):
            hits[kind] += int(count)
    degrees = int(sum(count for value, count in times.items() if is_degrees(value)))
    if len(times) >= _FEWEST and degrees >= _NEARLY_ALL * times.sum():
        hits["coordinates"] = max(hits["coordinates"], degrees)
    return {kind: count for kind, count in hits.items() if count}
