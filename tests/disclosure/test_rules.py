import pytest

from evaluation.disclosure import rules

NAN = float("nan")


@pytest.mark.parametrize(
    ("n", "count", "reason"),
    [
        (29, 15, "too_few_respondents"),
        (30, 15, ""),
        (NAN, 15, "too_few_respondents"),
        (100, 4, "small_count"),
        (100, 5, ""),
        (100, 95, ""),
        (100, 96, "small_complement"),
        (100, 0, "all_or_none"),
        (100, 100, "all_or_none"),
        (20, 0, "too_few_respondents"),
        (100, NAN, ""),
    ],
)
def test_a_percentage_obeys_base_numerator_and_complement(n, count, reason):
    assert rules.share_reason(n, count) == reason


@pytest.mark.parametrize(
    ("count", "reason"), [(0, "small_count"), (9, "small_count"), (10, ""), (NAN, "small_count")]
)
def test_a_count_of_people_is_at_least_ten(count, reason):
    assert rules.count_reason(count) == reason


@pytest.mark.parametrize(
    ("sites", "answers", "orders"), [(0, "hide", ""), (1, "hide", "hide"), (2, "hide", "hide"), (3, "", "")]
)
def test_sites(sites, answers, orders):
    words = {"hide": "too_few_sites", "": ""}
    assert rules.sites_reason(sites) == words[answers]
    assert rules.organisations_reason(sites) == words[orders]


def test_unknown_clinics_are_no_reason_but_unknown_organisations_are():
    assert rules.sites_reason(NAN) == ""
    assert rules.organisations_reason(NAN) == "too_few_sites"


@pytest.mark.parametrize(
    ("group_by", "level", "reason"),
    [
        ("language", "region", "coarse_only"),
        ("language", "area", ""),
        ("education", "region", ""),
        ("", "region", ""),
    ],
)
def test_language_is_published_for_the_whole_area_only(group_by, level, reason):
    assert rules.coarse_reason(group_by, level) == reason


def test_the_limits_come_from_the_study():
    strict = rules.Thresholds(minimum_base=100, minimum_count=20, minimum_complement=10, minimum_sites=5)
    assert rules.share_reason(99, 50, strict) == "too_few_respondents"
    assert rules.share_reason(100, 9, strict) == "small_count"
    assert rules.count_reason(19, strict) == "small_count"
    assert rules.sites_reason(4, strict) == "too_few_sites"
