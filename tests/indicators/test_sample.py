"""The whole station on the sample campaign, against the truth it was made with."""

import json
import shutil

import pytest

from evaluation.disclosure import check
from evaluation.indicators import all_estimates, unavailable
from evaluation.indicators.catalogue import REASONS
from evaluation.privacy import open_campaign
from evaluation.report.content.facts import Context
from evaluation.report.content.standing import standings
from evaluation.report.wording import words
from evaluation.study import load_study

QUARTER = "2026Q3"


@pytest.fixture(scope="module")
def campaign(repository, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample") / "sample"
    shutil.copytree(repository / "data" / "sample", folder, ignore=shutil.ignore_patterns("work"))
    return open_campaign(load_study(folder / "study.toml"))


@pytest.fixture(scope="module")
def found(campaign):
    return all_estimates(campaign, QUARTER)


@pytest.fixture(scope="module")
def truth(repository):
    return json.loads((repository / "data" / "sample" / "truth.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("outcome", ["aware", "index"])
def test_every_planted_change_lies_in_its_interval(found, truth, outcome):
    changes = found[(found["indicator"] == outcome) & (found["measure"] == "change")]
    assert len(changes) == 7
    for row in changes.itertuples():
        assert row.lower <= truth["change"][outcome][row.region][QUARTER] <= row.upper
    did = found[(found["indicator"] == outcome) & (found["measure"] == "did") & (found["level"] == "area")]
    did = did[did["wave"] == QUARTER]
    assert did["lower"].item() <= truth["did"][outcome][QUARTER] <= did["upper"].item()


def test_recognition_read_and_harm_lie_in_their_intervals(found, truth):
    expected = {
        "recognised": truth["recognised"]["area"][QUARTER],
        "foil": truth["foil"],
        "reach": truth["recognised"]["area"][QUARTER] - truth["foil"],
        "read_half": truth["read_half_if_received"],
        "discussed": truth["discussed_if_received"],
        "adverse": truth["adverse_if_read"],
    }
    area = found[(found["region"] == "area") & (found["wave"] == QUARTER) & (found["group_by"] == "")]
    for indicator, value in expected.items():
        row = area[area["indicator"] == indicator].iloc[0]
        assert row["lower"] <= value <= row["upper"], indicator


def test_leaflets_and_adopters_are_counted_exactly(found, truth, campaign):
    shipped = found[(found["indicator"] == "shipped") & (found["level"] == "region")]
    planted = truth["orders"]["shipped_copies"]
    for row in shipped.itertuples():
        assert row.estimate == sum(
            copies for quarter, copies in planted[row.region].items() if quarter <= QUARTER
        )
    adoption = found[
        (found["indicator"] == "adoption") & (found["region"] == "area") & (found["group_by"] == "")
    ]
    assert adoption["n"].item() == sum(truth["orders"]["registered"].values())


def test_the_weights_reach_the_margins_of_the_study(campaign):
    assert unavailable(campaign, QUARTER) == {"pre_trend": "one_wave_before"}


def test_no_hidden_number_of_the_release_can_be_computed(found, campaign):
    checked = check(found, campaign.study.disclosure)
    hidden = (checked["status"] == "suppressed").tolist()
    assert 0 < sum(hidden) < len(hidden) / 5
    primary = checked[(checked["indicator"] == "aware") & checked["level"].isin(["area", "region"])]
    assert (primary["status"] == "shown").all()
    # Nobody is left out because a handful did not say their education.
    groups = checked[
        (checked["indicator"] == "reach") & checked["group_by"].isin(["education", "first_child"])
    ]
    assert (groups["status"] == "shown").all()
    assert {"low", "middle_or_unknown", "high"} <= set(groups["group"])


def test_every_indicator_of_the_catalogue_is_computed_or_has_its_reason(found, campaign):
    checked = check(found, campaign.study.disclosure)
    gaps = unavailable(campaign, QUARTER)
    rows = standings(Context(campaign.study, QUARTER, "nl", None, checked, gaps, [], words("nl")))
    assert len(rows) == 36
    absent = {row.entry.id: row.reason for row in rows if row.found.status == "missing"}
    assert absent == {"OU4": "no_web_statistics", "MA2": "no_site_survey"}
    assert all(row.found.shown and not row.reason for row in rows if row.entry.id not in absent)
    assert set(absent.values()) <= set(REASONS)


def test_what_was_planted_about_the_open_answers_lies_in_its_interval(found, truth):
    for indicator, key in (("spontaneous", "spontaneous"), ("message", "message_if_recognised")):
        row = found[found["indicator"] == indicator].iloc[0]
        assert row["lower"] <= truth[key] <= row["upper"]
