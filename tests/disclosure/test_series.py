"""Leaflets by quarter, channel and language over several reports: what an attacker makes of all of them.

The attacker here is written for this test: he has the tables as they are printed, one after another, knows
that groups add up to the whole and quarters to what was shipped to date, and that no count is negative.
"""

from itertools import combinations
from math import isnan
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from evaluation.disclosure import audit, release
from evaluation.indicators.delivery import copies_of
from evaluation.indicators.over_time import over_time
from evaluation.indicators.tidy import AREA, concat, table
from evaluation.study.schema import Thresholds

QUARTERS = ("2025Q1", "2025Q2", "2025Q3", "2025Q4", "2026Q1")
GROUPS = ("ar", "de", "nl", "tr")
STUDY = SimpleNamespace(area=SimpleNamespace(regions=("North",)))
LIMITS = Thresholds()


def orders_of(seed: int, most: dict[str, int] | None = None) -> pd.DataFrame:
    """Shipped lines: per language and quarter a few organisations, in the small ones often the same one."""
    rng = np.random.default_rng(seed)
    rows = []
    for group in GROUPS:
        for quarter in QUARTERS:
            many = 12 if group == "nl" else int(rng.choice([0, 1, 1, 2, 4, 5]))
            for site in rng.choice(12 if group == "nl" else 6, size=many, replace=False):
                rows.append((f"{group}{site}", group, 25 * int(rng.integers(1, 8)), quarter))
    frame = pd.DataFrame(rows, columns=["organisation", "language", "copies", "quarter"])
    same = {"setting": "gp", "product": "leaflet", "region": "North", "shipped": True, "amount": 0.0}
    return frame.assign(**same, shipped_quarter=frame["quarter"])


def estimates(orders: pd.DataFrame, quarter: str) -> pd.DataFrame:
    """A release: what was shipped to the end of its quarter, by language, and the quarters before."""
    until = orders[orders["quarter"] <= quarter]
    rows = [copies_of("shipped", quarter, AREA, "area", until)]
    for split in ("language", "setting"):
        for group in sorted(until[split].unique()):
            own = until[until[split] == group]
            rows.append(copies_of("shipped", quarter, AREA, "area", own, group_by=split, group=group))
    return concat([table(rows), over_time(STUDY, orders, quarter)])


def releases(orders: pd.DataFrame, quarters=QUARTERS) -> tuple[list, list[pd.DataFrame]]:
    past, printed = [], []
    for quarter in quarters:
        found = release(estimates(orders, quarter), LIMITS, past)
        past.append(found.published)
        printed.append(found.checked)
    return past, printed


class Attacker:
    """Linear programmes over the copies of each language in each quarter, bound by what is printed."""

    def __init__(self, printed: list[pd.DataFrame]):
        self.place = {key: i for i, key in enumerate((g, q) for g in GROUPS for q in QUARTERS)}
        rows, values = [], []
        for checked in printed:
            for row in checked[checked["status"].ne("suppressed")].to_dict("records"):
                if row["group_by"] == "setting":
                    continue
                own = [row["group"]] if row["group"] else list(GROUPS)
                to_date = row["indicator"] == "shipped"
                line = np.zeros(len(self.place))
                for (group, quarter), at in self.place.items():
                    line[at] = group in own and (
                        quarter == row["wave"] or (to_date and quarter < row["wave"])
                    )
                rows.append(line)
                values.append(row["count"])
        self.known, self.values = np.array(rows), np.array(values)

    def between(self, cells: list[tuple[str, str]]) -> tuple[float, float]:
        """The least and the greatest that some cells can come to together."""
        aim = np.zeros(len(self.place))
        aim[[self.place[cell] for cell in cells]] = 1.0
        ends = []
        for sign in (1.0, -1.0):
            found = linprog(sign * aim, A_eq=self.known, b_eq=self.values, bounds=(0, None))
            assert found.status in (0, 3), "what is printed must hold together"
            ends.append(sign * found.fun if found.status == 0 else float("inf"))
        return ends[0], ends[1]


def few(lines: pd.DataFrame) -> bool:
    """One or two organisations, or one with more than the greatest share."""
    own = lines.groupby("organisation")["copies"].sum()
    return len(own) > 0 and (
        len(own) < LIMITS.minimum_sites or own.max() > LIMITS.maximum_share / 100 * own.sum()
    )


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("quarters", [QUARTERS, QUARTERS[-1:], QUARTERS[2:]])
def test_no_quarter_and_no_sum_of_quarters_tells_of_one_or_two_organisations(seed, quarters):
    orders = orders_of(seed)
    past, printed = releases(orders, quarters)
    assert audit.narrowed(past) == []
    attacker, judged = Attacker(printed), 0
    for group in GROUPS:
        own = orders[orders["language"] == group]
        small = [q for q in QUARTERS if few(own[own["quarter"] == q])]
        for many in range(1, len(small) + 1):
            for chosen in combinations(small, many):
                lines = own[own["quarter"].isin(chosen)]
                between = chosen == tuple(q for q in small if chosen[0] <= q <= chosen[-1])
                if not between or not few(lines):
                    continue
                low, high = attacker.between([(group, quarter) for quarter in chosen])
                # He cannot tell the number, nor a lower end near it.
                assert high > lines["copies"].sum()
                assert low <= 0.85 * lines["copies"].sum() + 1
                judged += 1
    assert judged > 3


def test_where_nothing_else_helps_the_quarters_are_left_out_and_the_report_appears():
    """Very small languages over five reports: the numbers to date are as safe as without the quarters."""
    orders = orders_of(107)
    past, printed = releases(orders)
    assert audit.narrowed(past) == []
    left_out = [
        checked["wave"].max()
        for checked in printed
        if checked[checked["indicator"].eq("shipped_in_quarter") & checked["group_by"].eq("language")][
            "status"
        ]
        .eq("suppressed")
        .all()
    ]
    assert left_out
    attacker = Attacker(printed)
    for group in GROUPS:
        own = orders[orders["language"] == group]
        for quarter in (q for q in QUARTERS if few(own[own["quarter"] == q])):
            low, high = attacker.between([(group, quarter)])
            count = own.loc[own["quarter"] == quarter, "copies"].sum()
            assert low <= 0.85 * count
            assert high >= count


def test_most_of_the_quarters_are_shown_and_the_headline_stays():
    shown = total = 0
    for seed in range(6):
        _, printed = releases(orders_of(seed), QUARTERS[-1:])
        own = printed[0][printed[0]["indicator"].eq("shipped_in_quarter")]
        assert own[own["group_by"].eq("")]["status"].eq("shown").all()
        now = printed[0][printed[0]["indicator"].eq("shipped") & printed[0]["wave"].eq(QUARTERS[-1])]
        assert now[now["group_by"].eq("")]["status"].eq("shown").all()
        shown, total = shown + own["status"].eq("shown").sum(), total + len(own)
    assert shown > 0.4 * total


@pytest.mark.parametrize("seed", [2, 3, 5])
def test_a_corrected_order_tells_nobody_by_how_much_though_quarters_follow(seed):
    """An order of the first quarter is doubled after two reports; the third one is made of what is right."""
    orders = orders_of(seed)
    past, _ = releases(orders, QUARTERS[:2])
    first = orders["quarter"].eq(QUARTERS[0]) & orders["language"].eq("nl")
    right = orders.copy()
    at = orders.index[first][0]
    right.loc[at, "copies"] *= 2
    more = float(orders.loc[at, "copies"])
    found = release(estimates(right, QUARTERS[2]), LIMITS, past)
    assert audit.narrowed([found.published, *past]) == []
    table_ = found.checked
    of_first = table_[table_["wave"].eq(QUARTERS[0])]
    whole = of_first[of_first["group_by"].eq("")]
    # One organisation's: less the number that was published it would be that order.
    assert whole["status"].eq("suppressed").all()
    by_language = table_[table_["group_by"].eq("language")]
    now = by_language["wave"].eq(QUARTERS[2])
    assert by_language[~now]["status"].eq("suppressed").all()
    # Of the corrected language what it has got to date, or in the new quarter: both would tell the order.
    of_corrected = by_language[now & by_language["group"].eq("nl")]
    assert sorted(of_corrected["status"]) == ["shown", "suppressed"]
    # The other languages' new quarter may be shown.
    assert by_language[now & by_language["group"].ne("nl")]["status"].eq("shown").any()
    # By the new report alone the corrected language can be what it was, and more than it is.
    low, high = Attacker([table_]).between([("nl", QUARTERS[0])])
    assert low < orders.loc[first, "copies"].sum() < high
    assert high > orders.loc[first, "copies"].sum() + more


def test_what_an_old_report_without_quarters_gave_away_is_no_reason_to_refuse_a_new_one():
    orders = orders_of(1)
    past = []
    for quarter in QUARTERS[:3]:
        rows = estimates(orders, quarter)
        old = rows[rows["indicator"].eq("shipped") & rows["wave"].eq(quarter)].reset_index(drop=True)
        past.append(release(old, LIMITS, past).published)
    found = release(estimates(orders, QUARTERS[3]), LIMITS, past)
    assert audit.narrowed([found.published, *past]) == []


def test_most_of_what_came_since_from_one_organisation_is_hidden_as_well():
    """Three organisations since the last report, one of them with nearly all: the total is not continued."""
    rows = [(f"gp{i}", 100, QUARTERS[0]) for i in range(5)]
    rows += [("gp0", 1000, QUARTERS[1]), ("gp1", 25, QUARTERS[1]), ("gp2", 25, QUARTERS[1])]
    frame = pd.DataFrame(rows, columns=["organisation", "copies", "quarter"])
    same = {"setting": "gp", "product": "leaflet", "region": "North", "shipped": True, "language": "nl"}
    frame = frame.assign(**same, amount=0.0, shipped_quarter=frame["quarter"])
    before = release(estimates(frame, QUARTERS[0]), LIMITS)
    assert before.checked["status"].eq("shown").all()
    after = release(estimates(frame, QUARTERS[1]), LIMITS, [before.published]).checked
    now = after[after["wave"].eq(QUARTERS[1])]
    assert now["status"].eq("suppressed").all()
    assert now["reason"].eq("dominated").all()
    # Without the earlier report the sum of both quarters may be shown, 70 in 100 of it being of one.
    alone = release(estimates(frame, QUARTERS[1]), LIMITS).checked
    total = alone[alone["indicator"].eq("shipped") & alone["wave"].eq(QUARTERS[1])]
    assert total["status"].eq("shown").all()
    own = alone[alone["indicator"].eq("shipped_in_quarter")]
    assert own["status"].eq("suppressed").all()
    assert all(isnan(value) for value in own["count"])


def test_a_quarter_of_fewer_leaflets_than_the_one_before_hides_nothing():
    """What is counted in a quarter may fall: no order was taken back."""
    rows = [
        (f"{group}{i}", group, copies, quarter)
        for group in GROUPS
        for i in range(5)
        for quarter, copies in ((QUARTERS[0], 100), (QUARTERS[1], 50))
    ]
    frame = pd.DataFrame(rows, columns=["organisation", "language", "copies", "quarter"])
    same = {"setting": "gp", "product": "leaflet", "region": "North", "shipped": True, "amount": 0.0}
    _, printed = releases(frame.assign(**same, shipped_quarter=frame["quarter"]), QUARTERS[:2])
    assert printed[1]["status"].eq("shown").all()
    assert len(printed[1]) > 20
