"""Two and eight quarters of the sample campaign, one release after another: together they tell no more."""

import itertools
from math import isnan

import numpy as np
import pytest

from evaluation import disclosure
from evaluation.disclosure import audit
from evaluation.disclosure.cells import AMOUNT
from evaluation.indicators import all_estimates
from evaluation.privacy import open_campaign
from evaluation.quarters import following, quarter_of
from evaluation.reference import municipalities
from evaluation.sample import campaign as sample
from evaluation.sample import orders, planted, soil
from evaluation.study import load_study

pytestmark = pytest.mark.slow


def _following(first: str, many: int) -> tuple[str, ...]:
    waves = [first]
    while len(waves) < many:
        waves.append(following(waves[-1]))
    return tuple(waves)


@pytest.fixture(scope="module")
def campaign(tmp_path_factory):
    """The sample campaign gone on for a year: eight quarters after the start, made by its own makers."""
    folder = tmp_path_factory.mktemp("eight") / "sample"
    waves = _following(planted.WAVES[0], 9)
    more = np.ones(len(waves) - len(planted.WAVES))
    cached = [value for value in vars(planted).values() if hasattr(value, "cache_clear")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(planted, "WAVES", waves)
        for name in ("CHANGE_GROWTH", "SEEN_GROWTH"):
            patch.setattr(planted, name, np.concatenate([getattr(planted, name), more]))
        for name, value in vars(soil).items():
            if isinstance(value, tuple) and len(value) == len(waves) - len(more):
                patch.setattr(soil, name, value + value[-1:] * len(more))
        patch.setattr(orders, "END", orders.END.replace(year=orders.END.year + 1))
        for value in cached:
            value.cache_clear()
        sample.write_sample(folder)
    for value in cached:
        value.cache_clear()
    path = folder / "study.toml"
    text = path.read_text(encoding="utf-8")
    old = f"after = {list(planted.WAVES[1:])}".replace("'", '"')
    assert old in text
    text = text.replace(old, f"after = {list(waves[1:])}".replace("'", '"'))
    # In some of the further quarters nobody in the comparison area happens to speak German at home.
    assert ', "language"]' in text
    text = text.replace(', "language"]', "]")
    path.write_text(text, encoding="utf-8")
    return open_campaign(load_study(path))


@pytest.fixture(scope="module")
def releases(campaign):
    past = []
    for quarter in campaign.study.after:
        estimates = all_estimates(campaign, quarter)
        past.append(disclosure.release(estimates, campaign.study.disclosure, past).published)
    return past


@pytest.mark.parametrize("many", [2, 8])
def test_no_cell_of_any_quarter_is_narrowed_by_the_others(releases, many):
    assert len(releases) == 8
    assert audit.narrowed(releases[:many]) == []
    hidden = [key for one in releases[:many] for key, value in one.cells.items() if isnan(value)]
    assert len(hidden) > 20 * many
    # Every quarter still says something: nothing is hidden for the sake of hiding.
    for one in releases[:many]:
        shown = [value for value in one.cells.values() if not isnan(value)]
        assert len(shown) > 0.8 * len(one.cells)


def between(days, before: str, after: str):
    """Which days lie after the quarter `before` and not after the quarter `after`."""
    return days.map(lambda day: before < quarter_of(day) <= after)


@pytest.mark.parametrize("many", [2, 8])
def test_no_increment_tells_what_one_or_two_organisations_ordered(campaign, releases, many):
    """From the orders themselves: who ordered between two quarters of which both totals are out."""
    bought = campaign.tables["orders"]
    bought = bought[bought["status"].eq("shipped")] if "status" in bought else bought
    known = {
        key: value
        for one in releases[:many]
        for key, value in one.cells.items()
        if key[-1] == AMOUNT and key[0] == "shipped" and not isnan(value)
    }
    compared = 0
    for code in municipalities()["code"]:
        shown = [q for q in campaign.study.after[:many] if ("shipped", code, q, "", "", AMOUNT) in known]
        for before, after in itertools.pairwise(shown):
            ends = [known["shipped", code, quarter, "", "", AMOUNT] for quarter in (before, after)]
            if ends[0] == ends[1]:
                continue
            here = bought[bought["municipality"].eq(code)]
            since = here[between(here["shipped_date"], before, after)]
            assert since["organisation"].nunique() >= campaign.study.disclosure.minimum_sites
            compared += 1
    assert compared > 0
