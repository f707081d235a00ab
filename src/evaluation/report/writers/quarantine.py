"""The refused rows as CSV for staff: where each is, what is wrong and what to do, and never a value."""

import pandas as pd

from evaluation.reference import quarantine_rules
from evaluation.report.writers.site import site_words
from evaluation.report.writers.table_csv import as_csv, harmless


def write_quarantine(rows: pd.DataFrame, language: str) -> bytes:
    """rows: file, row (as a spreadsheet numbers it), column (its heading, "" for the whole row) and rule."""
    words, rules = site_words(language), quarantine_rules()
    lines = [words["quarantine_headings"].split(";")]
    for file, row, column, rule in rows[["file", "row", "column", "rule"]].itertuples(index=False):
        said = rules[rule][language], rules[rule][f"remedy_{language}"]
        lines.append([harmless(file), str(row), harmless(column), rule, *said])
    return as_csv(lines, language)
