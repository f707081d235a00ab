"""What a researcher's frames say, and what they do not."""

from evaluation.disclosure import check
from evaluation.indicators.tidy import table
from evaluation.notebook import estimates
from evaluation.notebook.session import Findings
from tests.disclosure.rows import copies, level


def test_a_frame_says_of_every_hidden_row_the_same():
    rows = [level("area", 440, 220), level("N", 200, 80), level("M", 100, 100), level("S", 140, 40)]
    rows += [copies("N", 500, 2), copies("S", 400, 15), copies("E", 300, 9), copies("area", 1200, 26, "area")]
    checked = check(table(rows))
    assert set(checked["reason"]) == {"", "all_or_none", "too_few_sites"}
    shown = estimates(Findings(None, "2026Q3", checked, {}, []))
    assert set(shown.loc[shown["status"].eq("suppressed"), "reason"]) == {"too few to show"}
    assert set(shown.loc[shown["status"].ne("suppressed"), "reason"]) == {""}
