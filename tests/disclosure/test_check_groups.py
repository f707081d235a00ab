"""Hand-worked releases by education and language, those who did not say theirs among them."""

import pytest

from evaluation.disclosure import check
from evaluation.indicators.tidy import estimate, table
from tests.disclosure.rows import level


def test_groups_and_their_total():
    rows = [level("area", 400, 100, indicator="reach")]
    groups = {"low": (120, 30), "middle": (150, 40), "high": (110, 25), "unknown": (9, 4)}
    rows += [
        level("area", *cell, indicator="reach", group_by="education", group=g) for g, cell in groups.items()
    ]
    checked = check(table(rows))
    assert dict(zip(checked["group"], checked["status"], strict=True)) == {
        "": "shown", "low": "shown", "middle": "shown", "high": "suppressed", "unknown": "suppressed",
    }  # fmt: skip


def test_language_below_the_whole_area_is_not_published():
    cells = {"North": (200, 80), "South": (100, 40), "area": (300, 120)}
    rows = [level(region, *cell, group_by="language", group="tr") for region, cell in cells.items()]
    assert check(table(rows))["reason"].tolist() == ["coarse_only", "coarse_only", ""]


def of_education(counts: dict[str, tuple[int, int]]):
    """Awareness (n, count) by education in the whole area."""

    def level(n, count, **group):
        return estimate(
            indicator="aware", measure="level", region="area", level="area", wave="2026Q3", unit="share",
            estimate=count / n, n=n, count=count, clusters=20, **group,
        )  # fmt: skip

    total = tuple(sum(cell[i] for cell in counts.values()) for i in (0, 1))
    rows = [level(*cell, group_by="education", group=group) for group, cell in counts.items()]
    return table([level(*total), *rows])


@pytest.mark.parametrize(
    ("unknown", "shown"),
    [
        ((23, 8), True),  # a count of 23, 8 and 15: nobody can be singled out
        ((10, 5), True),
        ((9, 5), False),  # fewer than ten people
        ((23, 3), False),  # three of them gave the answer
        ((23, 20), False),
    ],
)
def test_those_whose_group_is_not_known_are_never_shown_and_hide_a_group_only_when_too_few(unknown, shown):
    groups = {"low": (195, 60), "middle": (516, 200), "high": (466, 210), "unknown": unknown}
    checked = check(of_education(groups))
    status = dict(zip(checked["group"], checked["status"], strict=True))
    assert status.pop("unknown") == "suppressed"
    assert ("suppressed" not in status.values()) == shown
    if not shown:
        # The mark of what is hidden for their sake does not say so.
        assert set(checked["reason"]) - {""} == {"no_group", "too_few_respondents"}


def test_a_known_group_of_that_size_is_hidden_with_another():
    groups = {"low": (23, 8), "middle": (516, 200), "high": (466, 210)}
    assert check(of_education(groups))["status"].eq("suppressed").sum() == 2
