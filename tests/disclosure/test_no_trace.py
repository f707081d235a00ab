"""Of two hidden cells that protect one another nothing that leaves says which was too small."""

import pytest

from evaluation.disclosure import audit, coarser, release, summary
from evaluation.disclosure.rules import DEFAULTS
from evaluation.indicators.tidy import estimate, facts, table


def share(region, n, count):
    return estimate(
        indicator="aware", measure="level", region=region, wave="2026Q3", unit="share",
        level="area" if region == "area" else "region", estimate=count / n, n=n, count=count, clusters=9.0,
        lower=0.1, upper=0.9, method="logit",
    )  # fmt: skip


def copies(region, count, sites, largest, indicator="shipped"):
    return estimate(
        indicator=indicator, measure="count", region=region, wave="2026Q3", unit="count",
        level="area" if region == "area" else "region", estimate=count, count=count, clusters=sites,
        note=facts(largest=largest, since=f"2026Q3:{sites}"),
    )  # fmt: skip


# One too small, M, and the one that protects it, S; then the other way round. What is shown is the same.
CASES = {
    "few parents": (
        [share("area", 400, 180), share("N", 200, 90), share("M", 20, 9), share("S", 180, 81)],
        [share("area", 400, 180), share("N", 200, 90), share("M", 180, 81), share("S", 20, 9)],
    ),
    "everybody answered alike": (
        [share("area", 440, 220), share("N", 200, 80), share("M", 100, 100), share("S", 140, 40)],
        [share("area", 440, 220), share("N", 200, 80), share("M", 140, 40), share("S", 100, 100)],
    ),
    "few organisations": (
        [copies("area", 900, 30, "0.2"), copies("N", 500, 15, "0.2"), copies("M", 50, 1, "1.0"),
         copies("S", 350, 14, "0.2")],
        [copies("area", 900, 30, "0.2"), copies("N", 500, 15, "0.2"), copies("M", 350, 14, "0.2"),
         copies("S", 50, 1, "1.0")],
    ),
    "one with most of it": (
        [copies("area", 900, 30, "0.2"), copies("N", 500, 15, "0.2"), copies("M", 100, 5, "0.9"),
         copies("S", 300, 10, "0.2")],
        [copies("area", 900, 30, "0.2"), copies("N", 500, 15, "0.2"), copies("M", 300, 10, "0.2"),
         copies("S", 100, 5, "0.9")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_swapping_the_two_changes_nothing_that_leaves(case):
    one, other = (release(table(rows)) for rows in CASES[case])
    hidden = one.checked["status"].eq("suppressed")
    assert set(one.checked.loc[hidden, "region"]) == {"M", "S"}
    assert one.checked.equals(other.checked)
    assert audit.to_json([one.published]) == audit.to_json([other.published])
    assert summary(one.checked).equals(summary(other.checked))


@pytest.mark.parametrize("case", CASES)
def test_nor_does_what_a_coarser_grouping_would_show(case):
    gains = []
    for rows in CASES[case]:
        estimates = table(rows)
        chosen = estimates["level"].eq("region")
        gains.append(coarser.gain(estimates, DEFAULTS, chosen, "region", {"M": "MS", "S": "MS"}))
    assert gains[0] == gains[1]
