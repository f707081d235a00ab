"""Pseudonyms: a name replaced by a keyed hash (HMAC-SHA256, RFC 2104). Whoever has the key can tell the names
again by trying them, so this is a pseudonym and never anonymous."""

import hmac
from hashlib import sha256

import pandas as pd

from evaluation.intake.values import normalise, per_value

LENGTH = 12


def pseudonyms(names: pd.Series, key: bytes, domain: str) -> pd.Series:
    """The first 12 hexadecimal digits for every name, "" for an empty one.

    Spellings that differ in case or spaces are one name. domain: what is named ("organisation", "order"), so
    that a number of one kind cannot be linked to the same text of another.
    """

    def one(name: str) -> str:
        plain = normalise(name)
        return hmac.new(key, f"{domain}\x00{plain}".encode(), sha256).hexdigest()[:LENGTH] if plain else ""

    return per_value(names, one).astype("str")
