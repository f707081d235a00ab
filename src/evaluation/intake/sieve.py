"""Sorts rows into accepted and quarantined: a row is caught once, by the first rule that hits it."""

import numpy as np
import pandas as pd

from evaluation.intake.read import Raw, is_empty
from evaluation.intake.values import holds, listed
from evaluation.reference import flag_rules, quarantine_rules

# Where spreadsheets write the word under a column of figures.
_KEYS = {"order", "date", "organisation", "clinic", "quarter", "type", "margin", "category", "region", "id"}
_TOTAL = r"\s*(?:(?:eind|sub)?totaal|(?:grand |sub)?total|som|sum)(?: generaal)?\s*:?\s*"

QUARANTINE_COLUMNS = ("file", "row", "column", "rule")


def _totals(text: pd.Series) -> np.ndarray:
    """(n) bool: the word that stands under a column of figures. All of them hold an o or a u."""
    where, words = listed(text)
    likely = words.str.contains("[tsTS][oOuU]", regex=True).to_numpy(dtype=bool).copy()
    likely[likely] = holds(words[likely], _TOTAL, whole=True)
    return likely[where]


class Sieve:
    """Which rule caught each row of a `Raw`, and in which column. Rules are tried in the order called."""

    def __init__(self, raw: Raw):
        self._raw = raw
        self._caught = np.full(len(raw.row), -1)
        self._reasons: list[tuple[str, str]] = []
        self._flags: dict[str, np.ndarray] = {}
        self.catch("broken_row", raw.broken)
        self.catch("empty_row", is_empty(raw.frame))
        for column in sorted(_KEYS & set(raw.frame.columns)):
            self.catch("total_row", _totals(raw.frame[column]), column)

    @property
    def free(self) -> np.ndarray:
        """Which rows no rule has caught so far."""
        return self._caught < 0

    def catch(self, rule: str, hits: np.ndarray | pd.Series, column: str | None = None) -> None:
        """Quarantine the rows in `hits` that are still free; `column` is the contract column to look at."""
        if rule not in quarantine_rules():
            raise KeyError(rule)
        caught = np.asarray(hits, dtype=bool) & self.free
        if caught.any():
            self._caught[caught] = len(self._reasons)
            self._reasons.append((rule, self._raw.heading(column) if column else ""))

    def flag(self, rule: str, hits: np.ndarray | pd.Series) -> None:
        """Mark rows for a second look. A flagged row that no rule catches is accepted like any other."""
        if rule not in flag_rules():
            raise KeyError(rule)
        self._flags[rule] = self._flags.get(rule, np.zeros(len(self._caught), dtype=bool)) | np.asarray(
            hits, dtype=bool
        )

    def flags(self, file: int) -> dict[str, int]:
        """Rule -> accepted rows of a file that it marks."""
        here = self.free & (self._raw.file == file)
        counts = {rule: int((hits & here).sum()) for rule, hits in sorted(self._flags.items())}
        return {rule: count for rule, count in counts.items() if count}

    def quarantine(self) -> pd.DataFrame:
        """file, row (as a spreadsheet numbers it), column (heading), rule; in the order of the files."""
        caught = np.flatnonzero(~self.free)
        names = np.array([facts.name for facts in self._raw.files], dtype=object)
        reasons = [self._reasons[reason] for reason in self._caught[caught]]
        return pd.DataFrame(
            {
                "file": pd.Series(names[self._raw.file[caught]], dtype="str"),
                "row": pd.Series(self._raw.row[caught], dtype="int64"),
                "column": pd.Series([column for _, column in reasons], dtype="str"),
                "rule": pd.Series([rule for rule, _ in reasons], dtype="str"),
            }
        )
