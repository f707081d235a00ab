"""Labels to codes: the one way in which groups, waves, strata and clusters are read."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaluation.errors import DataError


def label_codes(values, sort: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Codes (n) into the labels that occur (sorted or by first appearance), -1 for an empty label ("" or
    missing).

    values (n) -> (codes (n), labels (k)). As pandas' factorize.

    See `pandas.factorize`.
    """
    column = values if isinstance(values, (pd.Series, pd.Index)) else np.asarray(values)
    if column.dtype.kind == "U":
        column = column.astype(object)
    codes, known = pd.factorize(column, sort=sort)
    known = np.asarray(known, dtype=object if known.dtype == object else None)
    codes = codes.astype(np.intp)
    blank = np.flatnonzero([isinstance(label, str) and label == "" for label in known])
    if len(blank):
        at = blank[0]
        codes[codes == at] = -1
        codes[codes > at] -= 1
        known = np.delete(known, at)
    return codes, known


def positions(column: str, values, wanted, size: int) -> np.ndarray:
    """Place (size) of each row's label in the list `wanted`, -1 when it is not there. Raises DataError when
    the lengths differ, or a wanted label does not occur at all.

    values (n) labels; wanted: list of labels; -> codes (n). As `label_codes`.
    """
    if len(values) != size:
        raise DataError("estimation.length_mismatch", column=column, found=len(values), expected=size)
    codes, known = label_codes(values)
    places = {label: i for i, label in enumerate(wanted)}
    present = set(known.tolist())
    for label in places:
        if label not in present:
            listed = ", ".join(sorted(map(str, present)))
            raise DataError("estimation.no_such_group", column=column, value=label, known=listed)
    lookup = np.array([places.get(label, -1) for label in known.tolist()] + [-1], dtype=np.intp)
    return lookup[codes]
