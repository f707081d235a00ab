"""Reports of successive quarters with corrections in between: what an attacker makes of all of them."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from evaluation.disclosure import audit, release
from tests.disclosure.chains import LIMITS, QUARTERS, SPLITS, Attacker, chain_of, judged

# Chains (seed, first quarter) that tell too much when quarters do not start over behind a correction.
CORRECTED = [(2, 0), (6, 0), (6, 2), (8, 0), (10, 0)]
# Those of which a report was refused when nothing but the quarters of groups could be left out.
REFUSED = [(9, 0), (10, 2)]
chained = cache(chain_of)


def told_too_closely(chain) -> list:
    assert audit.narrowed([step.published for step in chain.steps[::-1]]) == []
    found = list(judged(chain))
    assert len(found) > 3
    return [one for one in found if one[-1]]


@pytest.mark.parametrize(("seed", "first"), CORRECTED + REFUSED)
def test_a_correction_between_reports_tells_of_no_small_quarter(seed, first):
    chain = chained(seed, first)
    assert any(not said.startswith("released") for said in chain.said)
    assert told_too_closely(chain) == []


@pytest.mark.slow
@pytest.mark.parametrize("many", [1, 4])
@pytest.mark.parametrize("first", [0, 2])
@pytest.mark.parametrize("seed", range(100, 110))
def test_no_chain_of_reports_tells_of_one_or_two_organisations(seed, first, many):
    assert told_too_closely(chain_of(seed, first, many)) == []


def test_after_a_correction_the_quarters_of_groups_start_over_and_are_shown_again():
    again = []
    for seed, first in CORRECTED:
        chain = chained(seed, first)
        fixed = max(i for i, said in enumerate(chain.said) if not said.startswith("released"))
        released = [i for i, said in enumerate(chain.said) if said.startswith("released")]
        before = [step for step, at in zip(chain.steps, released, strict=True) if at < fixed]
        after = [step for step, at in zip(chain.steps, released, strict=True) if at > fixed]
        newest = max(step.quarter for step in before)
        for step in after:
            table = step.checked[step.checked["group_by"].ne("") & step.checked["status"].ne("suppressed")]
            # Nothing more is said of the quarters that were out by then.
            assert (table["wave"] > newest).all()
            again += table["indicator"].tolist()
    assert {"shipped", "shipped_in_quarter"} == set(again)


def test_without_the_further_steps_the_same_attack_tells_what_one_organisation_ordered():
    def unprotected(estimates, limits, earlier):
        return release(estimates, limits, earlier, complementary=False)

    wrong = [one for one in judged(chain_of(6, made=unprotected)) if one[-1]]
    assert any(low == value == high for _, value, low, high, _ in wrong)


def test_the_attacker_knows_what_the_printed_numbers_leave_and_no_more():
    """By hand: of one release that shows the total of a quarter and all groups but two."""
    step = replace(chained(2, 0).steps[0])
    of_first = step.orders[step.orders["quarter"].eq(QUARTERS[0])].groupby("language")["copies"].sum()
    printed = step.checked[step.checked["indicator"].eq("shipped_in_quarter")].copy()
    hidden = ["ar", "de"]
    printed["status"] = np.where(printed["group"].isin(hidden), "suppressed", "shown")
    printed["count"] = [
        of_first.sum() if not row.group_by else of_first.get(row.group, 0.0) for row in printed.itertuples()
    ]
    step.checked = printed[printed["group_by"].ne("setting")]
    attacker, rest = Attacker([step]), float(of_first.reindex(hidden).fillna(0.0).sum())
    both = attacker.line(step, "language", hidden, QUARTERS[:1])
    one = attacker.line(step, "language", ["ar"], QUARTERS[:1])
    assert attacker.between(both) == (rest, rest)
    assert attacker.between(one) == (0.0, rest)
    assert attacker.between(attacker.line(step, "language", SPLITS["language"], QUARTERS[1:2]))[1] == np.inf
    assert LIMITS.minimum_sites == 3
