"""The whole station on the sample campaign, against the truth it was made with."""

import json
import shutil

import pytest

from evaluation.disclosure import check
from evaluation.indicators import all_estimates, unavailable
from evaluation.indicators.catalogue import REASONS
from evaluation.privacy import open_campaign
from evaluation.report.content import answer, change, cost, delivery, equity, facts, key_figures
from evaluation.report.content.facts import Context
from evaluation.report.content.standing import standings
from evaluation.report.wording import numbers, rules, words
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
    assert unavailable(campaign, QUARTER) == {
        "by_first_child": "left_out_for_privacy",
        "by_municipality": "left_out_for_privacy",
        "pre_trend": "one_wave_before",
    }


def test_no_hidden_number_of_the_release_can_be_computed(found, campaign):
    checked = check(found, campaign.study.disclosure)
    hidden = (checked["status"] == "suppressed").tolist()
    assert 0 < sum(hidden) < len(hidden) / 5
    primary = checked[(checked["indicator"] == "aware") & checked["level"].isin(["area", "region"])]
    assert (primary["status"] == "shown").all()
    # Nobody is left out because a handful did not say their education.
    groups = checked[(checked["indicator"] == "reach") & (checked["group_by"] == "education")]
    told = groups[groups["group"] != "unknown"]
    assert (told["status"] == "shown").all()
    assert {"low", "middle", "high"} <= set(told["group"].str.removesuffix("_or_unknown"))


def test_what_was_left_out_for_privacy_is_no_placebo(found, campaign):
    """Answers left out are those of parents who stand out: by them the first child moved 8 points (p .03)."""
    gone = {step["column"] for step in campaign.protection["steps"] if step["step"] == "left_out"}
    assert "first_child" in gone
    placebos = found[found["measure"] == "placebo"]
    assert set(placebos["indicator"]) == {"placebo_foil", "placebo_clinic_visit"}
    assert (placebos["p_adjusted"] > 0.05).all()


def test_groups_of_which_too_many_were_left_out_for_privacy_are_not_compared(found, campaign):
    """616 of the 8,800 answers on the first child are gone (7 percent), 54 on education (0.6 percent)."""
    steps = [step for step in campaign.protection["steps"] if step["step"] == "left_out"]
    gone = {step["column"]: step["rows"] for step in steps}
    assert gone["first_child"] / len(campaign.tables["responses"]) > 0.05 > gone["education"] / 8800 > 0
    reached = found[found["indicator"].eq("reach")]
    assert {"", "education", "language", "role"} == set(reached["group_by"])
    towns = found[found["level"].eq("municipality")]
    assert not towns["indicator"].eq("aware").any()


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


@pytest.fixture(scope="module")
def checked(found, campaign):
    return check(found, campaign.study.disclosure)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_report_says_what_is_true_and_nothing_false(found, checked, campaign, truth, language):
    """Every claim about the area, a region, harm, reach and the targets beside what was planted."""
    study, say = campaign.study, words(language)
    here = Context(study, QUARTER, language, None, checked, unavailable(campaign, QUARTER), [], say)
    moved = {place: 100 * waves[QUARTER] for place, waves in truth["change"]["aware"].items()}
    said = answer.answer(here)
    word = facts.certainty(here, facts.change(here, "aware"))
    assert said.certainty == say(f"meaning.{word}", smallest="5", unit=say("unit.pp"))
    for place in ("area", *study.area.regions):
        one = facts.change(here, "aware", place)
        word = facts.certainty(here, one)
        # No word claims a direction that the truth does not have, and none denies a change that matters.
        assert not (word in rules.UP and moved[place] <= 0), place
        assert not (word in rules.DOWN and moved[place] >= 0), place
        assert not (word == "unchanged" and abs(moved[place]) >= 5), place
        assert one.lower <= moved[place] <= one.upper, place
    # Parkstad was given nothing, so nothing is said to have risen or fallen there.
    groups = change.by_word(here)
    assert all("Parkstad" not in groups.get(word, []) for word in (*rules.UP, *rules.DOWN))
    # The cause: an indication only where the truth has a difference.
    did = 100 * truth["did"]["aware"][QUARTER]
    claim = answer.attribution(here)
    assert not (claim == "indication" and did <= 0)
    assert not (claim == "opposite" and did >= 0)
    # Harm and targets: what is called met is met in truth, what is called missed is missed.
    planted = {
        "reach": 100 * (truth["recognised"]["area"][QUARTER] - truth["foil"]),
        "read_half": 100 * truth["read_half_if_received"],
        "adverse": 100 * truth["adverse_if_read"],
    }
    assert not (cost.adverse_word(here) == "alert" and planted["adverse"] <= 10)
    assert not (cost.adverse_word(here) == "low" and planted["adverse"] > 10)
    for card in key_figures.key_figures(here):
        if card.id in planted and card.status:
            goal = study.targets[card.id]
            reached = (
                planted[card.id] >= goal.value if goal.kind == "at_least" else planted[card.id] <= goal.value
            )
            assert not (card.status == say("status.met") and not reached), card.id
            assert not (card.status == say("status.missed") and reached), card.id
    # What is counted is what was shipped and made.
    shipped = sum(
        copies
        for region in study.area.regions
        for wave, copies in truth["orders"]["shipped_copies"][region].items()
        if wave <= QUARTER
    )
    counted = facts.find(here, "shipped", "count")
    assert counted.value == shipped
    assert numbers.number(counted.value, language) in delivery._headline(
        here, {stage: facts.find(here, stage, "count") for stage in ("printed", "shipped")}
    )
    # Groups: nobody is called behind whom the planted reach does not put below the mean.
    assert {(gap[0], gap[1].group) for gap in equity.behind(here)} <= {
        ("education", "low"),
        *(("language", code) for code in ("tr", "ar", "ber", "de", "other")),
        ("first_child", "no"),
    }
