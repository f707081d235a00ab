"""Levels, changes, the joint test and difference-in-differences: hand-worked cases, flags and refusals."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from evaluation.errors import DataError
from evaluation.estimation import (
    SurveyDesign,
    change_by_region,
    difference_in_differences,
    joint_test,
    levels,
)
from evaluation.estimation.change import mover
from evaluation.estimation.linear import domain_means, variance


def flat(counts):
    """Rows from (region, wave, successes, n)."""
    rows = [(r, w, float(i < k)) for r, w, k, n in counts for i in range(n)]
    frame = pd.DataFrame(rows, columns=["region", "wave", "y"])
    return SurveyDesign(np.ones(len(frame))), frame


def test_change_without_weights_or_clinics_is_the_textbook_difference_of_shares():
    design, d = flat([("N", "a", 40, 100), ("N", "b", 66, 120), ("S", "a", 50, 100), ("S", "b", 52, 100)])
    table = change_by_region(design, d.y, d.wave, d.region, "a", "b", ["N", "S"], "share")
    north = table.iloc[0]
    assert north.change == pytest.approx(0.15)
    # One stratum per wave over both regions, so the factor is n_wave / (n_wave - 1).
    variance = 0.4 * 0.6 / 100 * 200 / 199 + 0.55 * 0.45 / 120 * 220 / 219
    assert north.change_se == pytest.approx(np.sqrt(variance))
    assert north.df == 220 - 2
    t = stats.t.ppf(0.975, 218)
    assert north.change_lower == pytest.approx(0.15 - t * np.sqrt(variance))
    assert north.p == pytest.approx(2 * stats.t.sf(0.15 / np.sqrt(variance), 218))
    assert north.smallest_detectable == pytest.approx((t + stats.t.ppf(0.8, 218)) * np.sqrt(variance))
    assert (north.n_before, north.count_before, north.n_after, north.count_after) == (100, 40, 120, 66)
    assert north.method == "taylor_t"
    assert table.p_holm.tolist() == pytest.approx([2 * table.p[0], table.p[1]])


def test_regions_as_strata_give_exactly_s_over_root_n():
    design, d = flat([("N", "a", 40, 100), ("N", "b", 66, 120), ("S", "a", 50, 90), ("S", "b", 52, 80)])
    design = SurveyDesign(design.weights, strata=d.region)
    table = change_by_region(design, d.y, d.wave, d.region, "a", "b", ["S"], "share")
    p, q = 50 / 90, 52 / 80
    assert table.change_se[0] == pytest.approx(np.sqrt(p * (1 - p) / 89 + q * (1 - q) / 79))
    assert table.df[0] == 168


def test_clinics_that_serve_both_waves_bring_their_covariance():
    # Three clinics, two parents each per wave; every clinic gains exactly 0.5: the change has no variance at
    # all, # though each wave's own mean does.
    clinic = np.repeat([1, 2, 3], 4)
    wave = np.tile(["a", "a", "b", "b"], 3)
    y = np.array([0, 0, 50, 50, 20, 20, 70, 70, 40, 40, 90, 90.0])
    design = SurveyDesign(np.ones(12), None, clinic)
    table = change_by_region(design, y, wave, np.full(12, "N"), "a", "b", ["N"], "points")
    assert table.change[0] == pytest.approx(50)
    assert (table.note[0], table.method[0]) == ("no_variation", "none")
    assert np.isnan(table.change_se[0])
    assert table.before_se[0] == pytest.approx(20 / np.sqrt(3))
    y[0] = 20
    table = change_by_region(design, y, wave, np.full(12, "N"), "a", "b", ["N"], "points")
    # Equal clinics: the change is the mean of three clinics' changes 40, 50, 50, their standard error on 2
    # df.
    assert table.change_se[0] == pytest.approx(np.std([40, 50, 50], ddof=1) / np.sqrt(3))
    assert table.df[0] == pytest.approx(2)
    assert table.method[0] == "cr2_t"


def test_difference_in_differences_is_the_four_means_and_their_variances():
    counts = [("L", "a", 40, 100), ("L", "b", 60, 100), ("C", "a", 41, 100), ("C", "b", 46, 100)]
    design, d = flat(counts)
    design = SurveyDesign(design.weights, strata=d.region)
    table = difference_in_differences(design, d.y, d.wave, d.region, "a", "b", ["L"], "C", "share")
    assert table.did[0] == pytest.approx(0.20 - 0.05)
    shares = np.array([0.4, 0.6, 0.41, 0.46])
    assert table.did_se[0] == pytest.approx(np.sqrt((shares * (1 - shares) / 99).sum()))
    assert table.df[0] == 396
    assert (table.n_comparison_before[0], table.n_after[0]) == (100, 100)


def test_joint_test_of_two_regions_is_the_t_test_of_their_changes():
    counts = [("N", "a", 40, 100), ("N", "b", 60, 100), ("S", "a", 41, 100), ("S", "b", 46, 100)]
    design, d = flat(counts)
    design = SurveyDesign(design.weights, strata=d.region)
    joint = joint_test(design, d.y, d.wave, d.region, "a", "b", ["N", "S"], "share")
    did = difference_in_differences(design, d.y, d.wave, d.region, "a", "b", ["N"], "S", "share")
    assert joint.statistic == pytest.approx((did.did[0] / did.did_se[0]) ** 2)
    assert (joint.df1, joint.df2) == (1, 396)
    assert joint.p == pytest.approx(did.p[0])


def test_joint_test_against_the_wald_statistic_written_out():
    rng = np.random.default_rng(3)
    n = 3000
    region = np.array(list("PQR"))[rng.integers(0, 3, n)]
    wave = np.where(rng.random(n) < 0.5, "a", "b")
    y = (rng.random(n) < np.where((wave == "b") & (region == "P"), 0.5, 0.4)).astype(float)
    design = SurveyDesign(np.ones(n), region)
    table = change_by_region(design, y, wave, region, "a", "b", list("PQR"), "share")
    joint = joint_test(design, y, wave, region, "a", "b", list("PQR"), "share")
    # Independent regions: the Wald statistic is the heterogeneity Q around the precision-weighted mean.
    precision = 1 / table.change_se**2
    q = (precision * (table.change - np.average(table.change, weights=precision)) ** 2).sum()
    df2 = n - 6 - 1
    assert joint.statistic == pytest.approx(q * df2 / ((df2 + 1) * 2))
    assert joint.p == pytest.approx(stats.f.sf(joint.statistic, 2, df2))


def test_a_wave_with_one_clinic_is_an_estimate_without_an_interval_and_says_so():
    clinic = np.array([1, 1, 1, 1, 2, 2, 1, 1])
    wave = np.array(list("aaaabbbb"))
    y = np.array([1.0, 0, 1, 0, 1, 1, 0, 1])
    design = SurveyDesign(np.ones(8), None, clinic)
    region = np.full(8, "N")
    row = change_by_region(design, y, wave, region, "a", "b", ["N"], "share").iloc[0]
    assert row.note == "one_cluster"
    assert row.method == "none"
    assert row.change == pytest.approx(0.25)
    assert np.isnan([row.change_se, row.change_lower, row.p, row.before_se, row.before_lower]).all()
    level = levels(design, y, {"wave": wave}, "share")
    assert level.note.tolist() == ["one_cluster", ""]
    did_region = np.array(list("NNNNNNNN"))
    assert joint_test(design, y, wave, did_region, "a", "b", ["N"], "share").note == "one_region"


@pytest.mark.parametrize(("k", "note"), [(0, "nobody"), (200, "everybody")])
def test_nobody_or_everybody_has_an_interval_of_its_own(k, note):
    design, d = flat([("N", "a", k, 200), ("N", "b", 100, 200)])
    table = levels(design, d.y, {"wave": d.wave}, "share")
    assert (table.note[0], table.method[0]) == (note, "taylor_korn_graubard")
    # Exact binomial limits of 0 of 200 (Clopper-Pearson): 1 - 0.025^(1/200).
    far = 1 - 0.025 ** (1 / 200)
    got = table.upper[0] if k == 0 else 1 - table.lower[0]
    assert got == pytest.approx(far, rel=0.01)
    change = change_by_region(design, d.y, d.wave, d.region, "a", "b", ["N"], "share").iloc[0]
    assert change.method == "taylor_mover"
    assert change.change_lower < change.change < change.change_upper
    assert change.change_se > 0
    assert change.p < 1e-6


def test_mover_is_newcombes_square_and_add():
    # Newcombe 1998, Stat. Med. 17:873, method 10, example (a): 56/70 against 48/80, 0.0524 to 0.3339.
    def score(k, n):
        z, p = 1.959964, k / n
        middle, half = p + z * z / 2 / n, z * np.sqrt(p * (1 - p) / n + z * z / 4 / n / n)
        return p, (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n), "korn_graubard"

    level = pd.DataFrame([score(48, 80), score(56, 70)], columns=["estimate", "lower", "upper", "method"])
    near, down, up = mover(level, np.eye(2))
    assert near[0]
    assert (0.2 - down[0], 0.2 + up[0]) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_p_agrees_with_the_interval():
    for k in range(8, 30):
        design, d = flat([("N", "a", 6, 300), ("N", "b", k, 300)])
        row = change_by_region(design, d.y, d.wave, d.region, "a", "b", ["N"], "share").iloc[0]
        assert row.method == "taylor_mover"
        assert (row.p < 0.05) == (row.change_lower > 0)


def test_a_region_without_a_baseline_is_flagged():
    design, d = flat([("N", "a", 4, 10), ("N", "b", 6, 10), ("S", "b", 5, 10)])
    table = change_by_region(design, d.y, d.wave, d.region, "a", "b", ["N", "S"], "share")
    assert table.note.tolist() == ["", "no_baseline"]
    assert np.isnan(table.change[1])
    assert table.p_holm[0] == pytest.approx(table.p[0])


def test_a_missing_answer_is_outside_the_domain_but_its_cluster_still_counts():
    clinic = np.repeat([1, 2, 3, 4], 3)
    y = np.array([1, 0, 1, 0, 0, 1, 1, 1, 0, np.nan, np.nan, np.nan])
    design = SurveyDesign(np.ones(12), None, clinic)
    row = levels(design, y, {}, "share").iloc[0]
    assert (row.n, row.clusters) == (9, 3)
    found = domain_means(design, y)
    assert found.df[0] == 2
    # The fourth clinic has nobody who answered, and counts as a total of zero.
    z = np.array([2, 1, 2, 0]) / 9 - np.array([3, 3, 3, 0]) / 9 * 5 / 9
    assert variance(design, found.influence)[0] == pytest.approx(4 / 3 * (z**2).sum())


def test_a_wave_region_kind_or_value_that_does_not_exist_is_refused():
    design, d = flat([("N", "a", 4, 10), ("N", "b", 6, 10)])
    for arguments, key in [
        (("a", "z", ["N"], "share"), "no_such_group"),
        (("a", "b", ["Q"], "share"), "no_such_group"),
        (("a", "b", ["N"], "percent"), "unknown_kind"),
    ]:
        with pytest.raises(DataError) as error:
            change_by_region(design, d.y, d.wave, d.region, *arguments)
        assert error.value.key == f"estimation.{key}"
    with pytest.raises(DataError) as error:
        levels(design, 100 * d.y, {}, "share")
    assert error.value.key == "estimation.value_range"


def test_groups_without_a_label_are_left_out_and_combinations_are_sorted():
    design, d = flat([("S", "b", 1, 4), ("N", "a", 2, 4), ("", "a", 3, 4), ("N", "b", 3, 4)])
    table = levels(design, d.y, {"region": d.region, "wave": d.wave}, "share")
    assert table[["region", "wave"]].to_numpy().tolist() == [["N", "a"], ["N", "b"], ["S", "b"]]
    assert table.estimate.tolist() == [0.5, 0.75, 0.25]


def test_recognition_less_the_invented_leaflet_may_be_negative():
    design = SurveyDesign(np.ones(4))
    row = levels(design, [-1.0, 0, 0, 0], {}, "difference").iloc[0]
    assert row.estimate == -0.25
    assert row.se == pytest.approx(0.25)


def test_answers_that_are_all_alike_leave_room_for_those_who_would_answer_otherwise():
    row = levels(SurveyDesign(np.ones(100)), np.zeros(100), {}, "difference").iloc[0]
    # None of 100 is at most 3.62 % (Clopper-Pearson), and these could all have answered -1 or all 1.
    assert (row.lower, row.upper) == pytest.approx((-0.0362, 0.0362), abs=5e-5)
    assert (row.note, row.method) == ("no_variation", "taylor_korn_graubard")
    assert np.isnan(row.se)
    row = levels(SurveyDesign(np.ones(100)), np.full(100, 25.0), {}, "points").iloc[0]
    assert (row.lower, row.upper) == pytest.approx((25 - 0.0362 * 25, 25 + 0.0362 * 75), abs=5e-3)
