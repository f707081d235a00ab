"""Planning formulas and multiple testing against published numbers."""

import numpy as np
import pytest

from evaluation.errors import DataError
from evaluation.estimation import holm, power
from evaluation.estimation.multiple import benjamini_hochberg


def test_published_sample_sizes():
    assert round(power.size_two_means(0.5), 2) == 63.77
    assert round(power.size_arcsine(0.5, 0.6), 2) == 387.17
    assert round(power.size_before_after(0.4, 0.10)) == 385
    assert round(power.size_before_after(0.4, 0.05)) == 1531
    assert round(power.size_difference_in_differences(0.4, 0.10)) == 761
    assert round(power.size_difference_in_differences(0.4, 0.05)) == 3038


def test_smallest_detectable_is_2_8_standard_errors_and_more_with_few_clusters():
    assert power.smallest_detectable(1.0) == pytest.approx(2.801585, abs=1e-6)
    # Student's t with 5 degrees of freedom: 2.570582 + 0.919544.
    assert power.smallest_detectable(0.02, 5) == pytest.approx(0.02 * 3.490126, rel=1e-6)
    assert np.isnan(power.smallest_detectable([np.nan, 1.0], [10, 0])).all()


def test_the_smallest_detectable_change_of_a_planned_sample_is_the_change_planned_for():
    n = power.size_before_after(0.4, 0.10)
    se = np.sqrt((0.4 * 0.6 + 0.5 * 0.5) / n)
    assert power.smallest_detectable(se) == pytest.approx(0.10)


def test_design_effect_of_clinics_and_weights():
    assert power.design_effect(0.02, 26) == pytest.approx(1.5)
    assert power.design_effect(0.02, 26, 0.6) == pytest.approx(1.5 * 1.36)


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    with_gap = holm([0.02, np.nan, 0.5])
    assert with_gap[[0, 2]] == pytest.approx([0.04, 0.5])
    assert np.isnan(with_gap[1])


def test_benjamini_hochbergs_own_example_rejects_four_where_bonferroni_rejects_three():
    # The 15 p-values of the thrombolysis trial in Benjamini and Hochberg 1995, JRSS B 57:289.
    small = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    p = np.array([*small, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0])
    assert (benjamini_hochberg(p) <= 0.05).sum() == 4
    assert (15 * p <= 0.05).sum() == 3


def test_detectable_change_inverts_the_sample_size_when_clinics_are_many():
    # 2,000 clinics of one parent each: no clustering, hardly any loss to t.
    change = power.detectable_change(0.4, 2000, 1, 0.0)
    assert power.size_before_after(0.4, change) == pytest.approx(2000, rel=0.002)
    both = power.detectable_change(0.4, 2000, 1, 0.0, comparison_clinics=2000)
    assert power.size_difference_in_differences(0.4, both) == pytest.approx(2000, rel=0.002)


def test_planned_rise_is_the_t_multiple_of_its_standard_error_by_hand():
    # 30 clinics of 40 parents: design effect 1 + 39 x 0.03 = 2.17; t with 29 df: 2.045230 + 0.853993.
    rise = power.detectable_change(0.4, 30, 40, 0.03)
    after = 0.4 + rise
    se = np.sqrt((0.24 + after * (1 - after)) * 2.17 / 1200)
    assert rise == pytest.approx((2.0452296 + 0.8541920) * se, rel=1e-5)


@pytest.mark.parametrize("compared", [False, True])
def test_the_clinics_needed_are_the_fewest(compared):
    needed = int(power.clinics_needed(0.4, 0.05, 40, 0.03, compared))

    def shown(clinics):
        return power.detectable_change(0.4, clinics, 40, 0.03, clinics if compared else 0)

    assert shown(needed) <= 0.05 < shown(needed - 1)
    # One by one and many: the textbook's size, a little more for Student's t.
    many = power.clinics_needed(0.4, 0.10, 1, 0.0)
    assert many == pytest.approx(power.size_before_after(0.4, 0.10), rel=0.01)
    assert np.isnan(power.clinics_needed(0.4, 0.0001, 1, 0.5))


def test_a_plan_names_the_value_that_cannot_be():
    with pytest.raises(DataError) as caught:
        power.check_plan(baseline_share=0.4, clinics=1)
    assert caught.value.facts["name"] == "clinics"


def test_clustering_and_few_clinics_cost_power():
    plain = power.detectable_change(0.4, 60, 40, 0.0)
    clustered = power.detectable_change(0.4, 60, 40, 0.03)
    assert clustered / plain == pytest.approx(np.sqrt(1 + 39 * 0.03), rel=0.02)
    assert power.detectable_change(0.4, 6, 400, 0.0) > 1.2 * plain
    assert np.isnan(power.detectable_change(0.4, 1, 400, 0.0))
    assert np.isnan(power.detectable_change(0.9, 3, 5, 0.1))


def test_planning_table_has_every_pair():
    table = power.planning_table(0.4, 0.02, [10, 40], [20, 50])
    assert table[["clinics", "parents"]].to_numpy().tolist() == [[10, 20], [10, 50], [40, 20], [40, 50]]
    assert table.detectable.is_monotonic_decreasing
