"""The last gate by itself: what an attacker concludes from whole counts, and from releases that are out."""

from math import inf, nan

import pytest

from evaluation.disclosure import audit, release
from evaluation.disclosure.audit import Published
from evaluation.errors import DisclosureError
from evaluation.indicators.tidy import estimate, table


def key(place: str, part: str = "yes", quarter: str = "2026Q1") -> tuple[str, ...]:
    return ("aware", place, quarter, "", "", part)


@pytest.mark.parametrize(
    ("weights", "total", "expected"),
    [
        ((2.0, 1.0), 9.0, (0, 4)),  # twice a and something is 9: at most 4.5, and people are whole
        ((2.0, -1.0), 3.0, (2, inf)),  # twice a less something is 3: at least 1.5
        ((3.0, 1.0), 9.0, (0, 3)),
    ],
)
def test_people_are_whole(weights, total, expected):
    a, b = key("a"), key("b")
    one = Published("2026Q1", {a: nan, b: nan}, frozenset(), ((((a, weights[0]), (b, weights[1])), total),))
    assert audit.intervals([one], [a]) == {a: expected}


def out(hidden: set[str]) -> Published:
    """One total of three parts, of which some are hidden."""
    values = {"area": 100.0, "a": 3.0, "b": 40.0, "c": 57.0}
    cells = {key(name): nan if name in hidden else value for name, value in values.items()}
    sums = (((key("area"), -1.0), *((key(name), 1.0) for name in "abc")), 0.0)
    return Published("2026Q1", cells, frozenset(), (sums,))


def test_nothing_is_published_beside_releases_that_tell_a_cell_together():
    rows = table(
        [
            estimate(
                indicator="aware", measure="level", region="area", level="area", wave="2026Q2", unit="share",
                estimate=0.5, n=300, count=150, clusters=9,
            )
        ]
    )  # fmt: skip
    # Each is safe by itself, and so are two that hide the same.
    assert release(rows, earlier=[out({"a", "b"})]).checked["status"].tolist() == ["shown"]
    assert release(rows, earlier=[out({"a", "b"}), out({"a", "b"})]).checked["status"].tolist() == ["shown"]
    with pytest.raises(DisclosureError, match="aware, a, 2026Q1"):
        release(rows, earlier=[out({"a", "b"}), out({"a", "c"})])
