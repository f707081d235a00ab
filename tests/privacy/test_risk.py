"""Risk measures against numbers of other tools: sdcMicro's francdat and testdata, the adult census, SUDA2."""

import numpy as np
import pandas as pd
import pytest

from evaluation.privacy import risk
from evaluation.privacy.ladder import class_sizes

# The key variables 2, 4, 5, 6 and the sampling weight of sdcMicro's francdat.
FRANCDAT = pd.DataFrame(
    [
        (1, 2, 5, 1, 18),
        (1, 2, 1, 1, 45.5),
        (1, 2, 1, 1, 39),
        (3, 3, 1, 5, 17),
        (4, 3, 1, 4, 541),
        (4, 3, 1, 1, 8),
        (6, 2, 5, 1, 5),
        (1, 2, 5, 1, 92),
    ],
    columns=["key2", "key4", "key5", "key6", "weight"],
)
ADULT = ["age", "education", "occupation", "relationship", "sex", "native-country"]
TESTDATA = ["urbrur", "roof", "walls", "water", "electcon", "relat", "sex"]


def _risk(frame, key, weights):
    sizes, numbers = class_sizes(frame, key), risk.class_numbers(frame, key)
    return sizes, risk.individual_risk(sizes, np.bincount(numbers, weights)[numbers])


def test_francdat():
    key = list(FRANCDAT.columns[:4])
    sizes, found = _risk(FRANCDAT, key, FRANCDAT["weight"])
    assert sizes.tolist() == [2, 2, 2, 1, 1, 1, 1, 2]
    expected = [
        0.0171442616, 0.0220423262, 0.0220423262, 0.1770758340, 0.0116544802, 0.2970630774, 0.4023594781,
        0.0171442616,
    ]  # fmt: skip
    assert found == pytest.approx(expected, rel=1e-7)
    assert found.sum() == pytest.approx(0.9665260452, rel=1e-9)


def test_testdata_of_sdcmicro(shared):
    frame = pd.read_csv(shared / "reference" / "disclosure" / "sdcmicro_testdata.csv")
    sizes, found = _risk(frame, TESTDATA, frame["sampling_weight"])
    assert len(frame) == 4_580
    assert [(sizes == 1).sum(), (sizes == 2).sum()] == [157, 124]
    assert [(sizes < 3).sum(), (sizes < 5).sum()] == [281, 458]
    assert found.sum() == pytest.approx(10.77829892, rel=1e-9)
    assert found.max() == pytest.approx(0.0465168706, rel=1e-8)


def test_adult(shared):
    frame = pd.read_csv(shared / "reference" / "disclosure" / "adult.csv").astype(str)
    found = risk.report(frame, ADULT, 5, np.ones(len(frame)), ["salary-class"])
    assert [found["k"], found["classes"], found["uniques"]] == [1, 15_093, 10_154]
    assert found["l_salary-class"] == 1
    # One weight per row: the sample is the population, and a unique is certain to be found.
    assert found["expected_reidentified"] == 15_093
    assert found["largest_risk"] == 1


def test_suda_of_three_records():
    frame = pd.DataFrame({"a": [2, 1, 1], "b": [0, 3, 0], "c": [0, 6, 0]})
    assert risk.suda(frame, ["a", "b", "c"]).tolist() == [2, 4, 2]
    with pytest.raises(ValueError, match="10"):
        risk.suda(frame, [str(n) for n in range(11)])


def test_suda_counts_only_minimal_uniques():
    # The first row is alone by a already, so that (a, b) is no minimal unique of it; the last two are alike.
    frame = pd.DataFrame({"a": [1, 2, 2, 2], "b": [1, 1, 2, 2]})
    assert risk.suda(frame, ["a", "b"]).tolist() == [1, 1, 0, 0]


def test_diversity_counts_different_answers_per_class():
    frame = pd.DataFrame({"key": list("xxxyy"), "answer": ["a", "b", "", "a", "a"]})
    assert risk.diversity(frame, ["key"], "answer").tolist() == [3, 3, 3, 1, 1]


def test_risk_goes_to_one_over_fk_as_the_sample_becomes_the_population():
    for fk in (1, 2, 3, 10):
        near, there = (float(risk.individual_risk([fk], [fk + gap])[0]) for gap in (1e-3, 0.0))
        assert there == pytest.approx(1 / fk)
        assert near == pytest.approx(there, rel=0.02)
    assert risk.report(pd.DataFrame({"a": []}), ["a"], 5, np.ones(0)) == {}
