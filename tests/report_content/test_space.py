"""Walks the space of estimates: whatever the numbers, every sentence holds to its own."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as student

from evaluation.indicators.tidy import estimate, table
from evaluation.report.content import (
    answer,
    change,
    cost,
    equity,
    experience,
    key_figures,
    organisations,
    unknown,
)
from evaluation.report.content.facts import Context
from evaluation.report.content.passport import HIGHEST
from evaluation.report.wording import rules, words
from tests.report_content.report_table import QUARTER, REGIONS, changed, hide, level

# before, change and half the range, in percent: rising, falling, wide, narrow, near the ceiling or the floor
shapes = st.one_of(
    st.tuples(st.floats(20, 70), st.floats(3, 25), st.floats(0.3, 2.9)),
    st.tuples(st.floats(40, 80), st.floats(-25, -3), st.floats(0.3, 2.9)),
    st.tuples(st.floats(20, 70), st.floats(-8, 8), st.floats(9, 40)),
    st.tuples(st.floats(20, 70), st.floats(-1, 1), st.floats(0.2, 1.5)),
    st.tuples(st.floats(95, 99.5), st.floats(-0.4, 0.4), st.floats(0.1, 3)),
    st.tuples(st.floats(0.2, 4), st.floats(30, 90), st.floats(0.5, 5)),
)
# Where the 90 and the 95 % range and the correction for five regions each may decide: how many times half its
# range a change is.
shapes |= st.builds(
    lambda before, moved, times: (before, moved, abs(moved) / times),
    st.floats(30, 60),
    st.floats(2, 25) | st.floats(-25, -2),
    st.floats(0.7, 1.5),
)
SMALLEST = 5.0
HIDDEN = {"nl": "niet te tonen", "en": "cannot be shown"}


def two_sided(moved: float, half: float) -> float:
    """The p-value of a change with half its 95 % interval on 40 degrees of freedom."""
    return 2 * student.sf(abs(moved) / half * student.ppf(0.975, 40), 40)


def word_of(moved: float, half: float, several: bool) -> str:
    """The certainty word by p-values on 40 degrees of freedom, worked out apart from the rules."""
    error = half / student.ppf(0.975, 40)
    p_up, p_down = student.sf(moved / error, 40), student.cdf(moved / error, 40)
    same = max(student.sf((moved + SMALLEST) / error, 40), student.cdf((moved - SMALLEST) / error, 40)) < 0.05
    certain = 5 * two_sided(moved, half) < 0.05 if several else True
    if min(p_up, p_down) < 0.025:
        way = "risen" if moved > 0 else "fallen"
        return way if certain else f"probably_{way}"
    if same:
        return "unchanged"
    if min(p_up, p_down) < 0.05:
        return "probably_risen" if moved > 0 else "probably_fallen"
    return "not_shown"


def rows_of(place: str, shape: tuple[float, float, float]):
    before, moved, half = shape
    ends = [max(min(before + step, 100.0), 0.0) for step in (0.0, moved)]
    levels = [
        level("aware", place, value / 100, 0.004, wave)
        | {"lower": max(value - 1, 0) / 100, "upper": min(value + 1, 100) / 100}
        for value, wave in zip(ends, ("2025Q3", QUARTER), strict=True)
    ]
    return [*levels, changed(place, moved, half)]


def texts_of_parts(here: Context) -> list[str]:
    said = [*answer.answer(here).__dict__.values(), *answer.caveats(here), *change._sentences(here)]
    said += [change._headline(here), cost.adverse_sentence(here)]
    said += [text for card in key_figures.key_figures(here) for text in card.__dict__.values()]
    return said + unknown.differed(here) + unknown.not_known(here) + unknown.decisions(here)


@settings(max_examples=40, deadline=None)
@given(
    area=shapes,
    regions=st.lists(shapes, min_size=5, max_size=5),
    hidden=st.sets(st.sampled_from(["area", *REGIONS]), max_size=4),
    did=st.tuples(st.floats(-20, 20), st.floats(0.5, 20)) | st.none(),
    harm=st.tuples(st.floats(0.5, 30) | st.floats(6, 14), st.floats(0.1, 8)),
    language=st.sampled_from(["nl", "en"]),
)
def test_every_word_holds_to_its_number(
    study, without_comparison, area, regions, hidden, did, harm, language
):
    shapes_of = dict(zip(("area", *REGIONS), (area, *regions), strict=True))
    rows = [row for place, shape in shapes_of.items() for row in rows_of(place, shape)]
    if did:
        rows.append(changed("area", *did, measure="did"))
    rows.append(level("adverse", "area", harm[0] / 100, harm[1] / 100))
    frame = table(rows).assign(status="shown", reason="")
    frame = hide(frame, frame["region"].isin(hidden) & frame["indicator"].eq("aware"))
    here = Context(
        study if did else without_comparison, QUARTER, language, None, frame, {}, [], words(language)
    )
    said = texts_of_parts(here)
    whole = " ".join(filter(None, said))
    assert not re.search(r"\bnan\b|\{|\}|\bNone\b|  ", whole)
    # A region stands in one sentence, under the word of its own interval.
    expected = {}
    for place, (_, moved, half) in shapes_of.items():
        expected[place] = "hidden" if place in hidden else word_of(moved, half, place != "area")
    for place in REGIONS:
        named = [text for text in change.grouped(here) if place in text]
        opening = words(language)(f"change.group_{expected[place]}", regions="").rstrip(". ")
        assert [text.startswith(opening) for text in named] == [True]
    # The card, the answer and what there is to decide follow the area's own word.
    assert answer.answer(here).certainty == words(language)(
        f"meaning.{expected['area']}", smallest="5", unit=words(language)("unit.pp")
    )
    decided = unknown.decisions(here)
    say = words(language)
    assert (say("decide.find_cause") in decided) == (expected["area"] in rules.DOWN)
    assert (say("decide.more_answers") in decided) == (expected["area"] == "hidden")
    indicated = bool(did) and did[0] - did[1] > 0 and expected["area"] in rules.UP
    assert (say("decide.continue_indication") in decided) == indicated
    largest = answer.largest_published()
    odd = expected["area"] != "hidden" and abs(shapes_of["area"][1]) > 2 * largest
    assert (say("answer.unusual") in answer.caveats(here)) == odd
    # The cause is spoken of only with a comparison that may be shown.
    if not did:
        assert not re.search("effect", whole, re.IGNORECASE)
    # Levels are shares: no percentage beyond what a share can be.
    shares = [float(one.replace(",", ".")) for one in re.findall(r"(?<![+−\d.,])(\d+[.,]\d)%", whole)]
    assert all(0 <= one <= 100 for one in shares)
    # Harm: an alert only when the whole range lies above the bound.
    alert = "alert" if harm[0] - harm[1] > 10 else "possible" if harm[0] + harm[1] > 10 else "low"
    assert cost.adverse_word(here) == alert
    assert (say("decide.adverse_alert") in decided) == (alert == "alert")


@settings(max_examples=25, deadline=None)
@given(
    gap=st.tuples(st.floats(-30, 30), st.floats(0.2, 20)),
    lasting=st.tuples(st.floats(-30, 30), st.floats(0.2, 40)),
    thirds=st.tuples(st.floats(-40, 40), st.floats(0.5, 20)),
    days=st.tuples(st.integers(1, 30), st.integers(0, 30)),
    language=st.sampled_from(["nl", "en"]),
)
def test_gaps_maintenance_and_organisations_hold_to_their_numbers(
    study, gap, lasting, thirds, days, language
):
    def row(indicator, numbers, measure="gap", **keys):
        value, half = numbers
        place = {"region": "area", "level": "area", "wave": QUARTER, "unit": "share", "n": 200.0}
        ends = {"estimate": value / 100, "lower": (value - half) / 100, "upper": (value + half) / 100}
        return estimate(indicator=indicator, measure=measure, **place | keys, **ends)

    rows = [row("reach", gap, group_by="education", group="low"), row("maintenance", lasting)]
    rows.append(row("adoption", thirds, group_by="low_education", group="most"))
    for measure, value in (("median", days[0]), ("p90", days[0] + days[1])):
        place = {"region": "area", "level": "area", "wave": QUARTER, "unit": "days", "n": 90.0}
        rows.append(estimate(indicator="delivery_time", measure=measure, estimate=value, **place))
    frame = table(rows).assign(status="shown", reason="")
    here = Context(study, QUARTER, language, None, frame, {}, [], words(language))
    low = gap[0] + gap[1] < 0
    assert bool(equity.behind(here)) == low
    names = {"nl": "lage opleiding", "en": "low education"}[language]
    assert (names in equity._headline(here, equity._gaps(here))) == low
    higher, lower = {"nl": ("scoort hoger", "scoort lager"), "en": ("scores higher", "scores lower")}[
        language
    ]
    said = experience.maintenance_sentence(here)
    assert (higher in said) == (lasting[0] - lasting[1] > 0)
    assert (lower in said) == (lasting[0] + lasting[1] < 0)
    said = " ".join(organisations._sentences(here))
    fewer, more = {"nl": ("minder organisaties", "meer organisaties"), "en": ("fewer org", "more org")}[
        language
    ]
    assert (fewer in said) == (thirds[0] + thirds[1] < 0)
    assert (more in said) == (thirds[0] - thirds[1] > 0)
    assert str(days[0]) in said
    assert str(sum(days)) in said


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_design_is_never_placed_above_its_claim(language):
    rivm = ["described", "grounded", "first", "good", "strong"]
    places = [
        rivm.index(HIGHEST[claim]["rivm"]) for claim in ("description", "first_indication", "comparison")
    ]
    assert places == sorted(places)
    assert places[-1] < rivm.index("strong")
    for claim in HIGHEST:
        assert words(language).has(f"passport.{claim}")
