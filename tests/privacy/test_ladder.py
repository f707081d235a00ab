"""The ladder: every class has k rows in the end, and no row climbs without need."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.privacy.ladder import Rung, class_sizes, climb

KEY = ["region", "town", "age", "language", "education"]
TOWNS = {f"t{n}": f"part:{n // 3}" for n in range(6)}
LADDER = [
    Rung("town", "part", TOWNS),
    Rung("town", "left_out", {}, ""),
    Rung("age", "coarser", {"0-1": "0-3", "2-3": "0-3", "4-7": "4-11", "8-11": "4-11"}),
    Rung("age", "left_out", {}, "unknown"),
    Rung("language", "coarser", {"tr": "other", "ar": "other"}),
    Rung("language", "left_out", {}, "unknown"),
    Rung("education", "left_out", {}, "unknown"),
]
SPARING = ["language", "education"]
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["north", "south"]),
        st.sampled_from(sorted(TOWNS)),
        st.sampled_from(["0-1", "2-3", "4-7", "8-11", "unknown"]),
        st.sampled_from(["nl", "nl", "nl", "nl", "tr", "ar", "other", "unknown"]),
        st.sampled_from(["low", "middle", "high"]),
    ),
    max_size=120,
)


def _frame(rows):
    return pd.DataFrame(rows, columns=KEY, dtype="str")


def _climb(frame, k=5):
    return climb(frame, ["region"], LADDER, k, SPARING)


def _values_above(rung_values):
    """Every value that a value may become, itself included."""
    column, value = rung_values
    found = {value}
    for rung in LADDER:
        if rung.column == column:
            found |= {rung.of(one) for one in found}
    return found


@settings(max_examples=300, deadline=None)
@given(ROWS, st.integers(1, 8))
def test_every_class_has_k_rows_and_nothing_climbs_without_need(rows, k):
    frame = _frame(rows)
    found = _climb(frame, k)
    after = found.frame[KEY]
    kept = after[~found.left]
    assert (class_sizes(kept, KEY) >= k).all()
    # Only a region with fewer than k rows in all cannot be helped.
    assert (found.left == (class_sizes(frame, ["region"]) < k)).all()
    before = class_sizes(frame, KEY)
    changed = (after != frame).any(axis=1).to_numpy()
    assert found.along == (changed & (before >= k)).sum()
    # A class that is filled up takes what it lacks (under k), or one whole class that can spare less.
    filled = after[changed & (before < k)].drop_duplicates()
    assert found.along <= len(filled) * max(k - 1, 2 * k - 2)
    assert after["region"].equals(frame["region"])
    for name in KEY:
        moved = (after[name] != frame[name]).to_numpy()
        steps = sum(count for (column, _), count in found.steps.items() if column == name)
        assert moved.sum() == steps
        for old, new in set(zip(frame[name][moved], after[name][moved], strict=True)):
            assert new in _values_above((name, old))


@settings(max_examples=150, deadline=None)
@given(ROWS, st.integers(1, 8), st.data())
def test_what_has_settled_stays_and_counts(rows, k, data):
    frame = _frame(rows)
    turns = np.array(
        data.draw(st.lists(st.integers(1, 3), min_size=len(rows), max_size=len(rows))), dtype=int
    )
    found = climb(frame, ["region"], LADDER, k, SPARING, turns)
    assert (class_sizes(found.frame[~found.left], KEY) >= k).all()
    for turn in (1, 2):
        then = turns <= turn
        early = climb(frame[then].reset_index(drop=True), ["region"], LADDER, k, SPARING, turns[then])
        assert early.frame.equals(found.frame[then].reset_index(drop=True))
        assert (early.left == found.left[then]).all()
    # Those of a turn with k rows of their own in the region are never left out.
    own = frame.assign(turn=turns.astype(str))
    assert not found.left[class_sizes(own, ["region", "turn"]) >= k].any()


def test_a_later_row_joins_its_like_and_asks_nothing_of_them():
    settled = [("north", "t1", "0-1", "nl", "low")] * 5
    frame = _frame([*settled, ("north", "t1", "0-1", "nl", "low"), ("north", "t2", "0-1", "nl", "low")])
    found = climb(frame, ["region"], LADDER, 5, SPARING, np.array([1] * 5 + [2] * 2))
    assert found.frame["town"].tolist()[:6] == ["t1"] * 6
    assert found.steps
    assert found.left.tolist() == [False] * 6 + [True]


def test_a_class_of_which_settled_rows_stay_behind_spares_what_they_do_not_need():
    town = ("north", "t4", "2-3", "tr", "low")
    few = ("north", "t1", "0-1", "tr", "low")
    frame = _frame([town] * 5 + [town] * 3 + [few] * 2)
    found = climb(frame, ["region"], LADDER, 5, SPARING, np.array([1] * 5 + [2] * 5))
    assert found.along == 3
    assert sorted(class_sizes(found.frame, KEY)) == [5] * 10
    assert set(found.frame["language"]) == {"tr"}


def test_nothing_happens_to_rows_that_are_alike():
    frame = _frame([("north", "t1", "0-1", "nl", "low")] * 5)
    found = _climb(frame)
    assert found.frame[KEY].equals(frame)
    assert (found.steps, found.along, found.left.any()) == ({}, 0, False)


def test_the_first_step_that_suffices_is_the_last_one_taken():
    frame = _frame(
        [("north", "t1", "0-1", "nl", "low")] * 3
        + [("north", "t2", "0-1", "nl", "low")] * 2
        + [("north", "t4", "0-1", "nl", "low")] * 6
    )
    found = _climb(frame)
    assert found.steps == {("town", "part"): 5}
    assert found.frame["town"].tolist() == ["part:0"] * 5 + ["t4"] * 6


def test_rows_of_larger_classes_come_along_before_a_column_of_the_weights_is_touched():
    few = [("north", "t1", "0-1", "tr", "low")] * 2
    many = [("north", "t4", "2-3", "tr", "low")] * 9
    found = _climb(_frame(few + many))
    assert set(found.frame["language"]) == {"tr"}
    assert found.along == 3
    assert sorted(class_sizes(found.frame, KEY)) == [5] * 5 + [6] * 6
    # With fewer to spare than are needed, the whole class comes along and no class is left too small.
    found = _climb(_frame(few + many[:6]))
    assert found.along == 6
    assert class_sizes(found.frame, KEY).tolist() == [8] * 8


def test_without_company_the_language_climbs_and_the_education_stays():
    rows = [("north", "t1", "0-1", "tr", "low")] * 2 + [("north", "t1", "0-1", "ar", "low")] * 3
    found = _climb(_frame(rows + [("north", "t1", "0-1", "nl", "low")] * 20))
    assert found.frame["language"].tolist() == ["other"] * 5 + ["nl"] * 20
    assert found.steps["language", "coarser"] == 5
    assert ("education", "left_out") not in found.steps


def test_an_empty_table_and_a_small_one():
    assert len(_climb(_frame([])).frame) == 0
    found = _climb(_frame([("north", "t1", "0-1", "nl", "low")] * 4))
    assert found.left.all()


def test_few_of_many_rows_climb():
    draw = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "region": draw.choice(["north", "south"], 200_000),
            "town": draw.choice(sorted(TOWNS), 200_000),
            "age": draw.choice(["0-1", "2-3", "4-7"], 200_000),
            "language": draw.choice(["nl", "tr"], 200_000, p=[0.9999, 0.0001]),
            "education": draw.choice(["low", "middle", "high"], 200_000),
        },
        dtype="str",
    )
    found = _climb(frame)
    assert (class_sizes(found.frame, KEY)[~found.left] >= 5).all()
    assert 0 < sum(found.steps.values()) < 2_000
