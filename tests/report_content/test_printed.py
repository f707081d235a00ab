"""No digit stands in a report that the register does not answer for, wherever it stands."""

import json
import re
from dataclasses import replace
from itertools import groupby

import pytest

from evaluation.report.content import facts, parts, province
from evaluation.report.content.facts import Context
from evaluation.report.content.factsheet import region_factsheet
from evaluation.report.content.province import province_report
from evaluation.report.content.settled import settled
from evaluation.report.figures.bars import Dot, dot_chart
from evaluation.report.model import Figure, figure, paragraph, to_json
from evaluation.report.printed import _catalogue, _texts, unregistered
from evaluation.report.registered import LISTED, Register, register
from evaluation.report.wording import marks, numbers, words
from tests.report_content.report_table import QUARTER, hide


@pytest.fixture(scope="module")
def known(study, checked, receipts) -> Register:
    return register(study, checked, receipts)


@pytest.fixture(scope="module")
def model(study, checked, receipts) -> str:
    return to_json(province_report(study, QUARTER, "nl", checked, {}, receipts))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_digit_of_the_reports_is_answered_for(study, checked, receipts, known, language):
    whole = province_report(study, QUARTER, language, checked, {}, receipts)
    sheet = region_factsheet(study, QUARTER, "Parkstad", language, checked, {}, receipts)
    for report in (whole, sheet):
        assert unregistered(to_json(report), known, receipts) == []
        assert marks.MARK.search(to_json(report)) is None
    places = {re.sub(r"/.*/", "/", number.place) for number in whole.numbers}
    assert {"answer/range", "key_figures/value", "sections/text", "figures/alt", "figures/svg"} <= places
    assert {"figures/headline", "tables/headline"} <= places


def _bumped(text: str, at: int) -> str:
    return text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1 :]


def _kinds(model: str) -> list[dict]:
    """Up to four named numbers of each kind of place."""
    spans = sorted(json.loads(model)["numbers"], key=lambda item: re.sub(r"\d+", "", item["place"]))
    kinds = groupby(spans, key=lambda item: re.sub(r"\d+", "", item["place"]))
    return [span for _, found in kinds for span in list(found)[::7][:4]]


def test_one_wrong_digit_anywhere_is_refused(model, known, receipts):
    seen = set()
    for span in _kinds(model):
        data = json.loads(model)
        *path, last = span["place"].split("/")
        holder = data
        for step in path:
            holder = holder[int(step)] if isinstance(holder, list) else holder[step]
        last = int(last) if isinstance(holder, list) else last
        at = next(i for i, letter in enumerate(span["text"]) if letter.isdigit())
        if last == "svg":
            wrong = holder[last].replace(span["text"], _bumped(span["text"], at))
        else:
            wrong = _bumped(holder[last], span["start"] + at)
        holder[last] = wrong
        assert unregistered(json.dumps(data), known, receipts) == [span["place"]], span
        # Nor when the list of numbers is made to agree with the text; a tally of things is only held to how
        # many there are, a tick to its axis.
        for item in data["numbers"]:
            if item == span:
                item["text"] = _bumped(span["text"], at)
        if span["name"] != LISTED and not span["name"].startswith("axis|"):
            assert span["place"] in unregistered(json.dumps(data), known, receipts), span
        seen.add(last)
    assert {"sentence", "range", "value", "text", "alt", "svg", "headline"} & seen >= {"range", "alt", "svg"}


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (("title",), "Verslag over 12 ouders"),
        (("answer", "certainty"), "Zeker, 7 van de 9."),
        (("labels", "appendix"), "Tabel 3"),
        (("sections", 0, "title"), "1.234 folders"),
        (("tables", 0, "notes", 0), "Van 8 ouders."),
        (("tables", 0, "columns", 0, "label"), "n = 4"),
        (("figures", 0, "source"), "14 vragenlijsten"),
        (("figures", 0, "headline"), "Marge van 94%"),
        (("key_figures", 0, "note"), "39%"),
        (("sources", 0), "9 ouders"),
        (("synthetic",), "3 ouders"),
        (("provenance", "package_version"), "41.3"),
    ],
)
def test_a_digit_that_nobody_named_is_refused(model, known, receipts, place, text):
    data = json.loads(model)
    holder = data
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = text
    data["numbers"] = [item for item in data["numbers"] if item["place"] != "/".join(map(str, place))]
    assert unregistered(json.dumps(data), known, receipts) == ["/".join(map(str, place))]


def test_the_counts_of_files_are_those_of_the_receipts(model, known, receipts):
    data = json.loads(model)
    data["provenance"]["inputs"][0]["accepted"] -= 1
    assert unregistered(json.dumps(data), known, receipts) == ["provenance/inputs/0"]


def rogue(study, checked, receipts, say, draw=None):
    """A report with one section more: the paragraph that `say` writes and the chart that `draw` draws."""

    @settled
    def made():
        context = Context(study, QUARTER, "nl", None, checked, {}, receipts, words("nl"))
        blocks, drawn = [paragraph(say(context))], ()
        if draw:
            picture = draw(context)
            drawn = (Figure("rogue", 0, "Kop", "", "Bron", picture.alt, picture.svg),)
            blocks.append(figure("rogue"))
        return province.build(context, [parts.Part(parts.main("rogue", "Deel", blocks), drawn)])

    return to_json(made())


def reached(context, group="low"):
    return facts.find(context, "reach", "level", group_by="education", group=group)


def percent(value):
    return numbers.percent(value, "nl")


SENTENCES = {
    "as it is": (lambda context: f"Van hen kende {percent(reached(context).value)} de folder.", []),
    "the lower of two": (
        lambda context: percent(min(reached(context).value, reached(context, "high").value)),
        [],
    ),
    "in hundreds": (
        lambda context: numbers.number(
            marks.coarse(facts.find(context, "parents_reached", "count").value, 2), "nl"
        ),
        [],
    ),
    "a difference": (
        lambda context: percent(reached(context, "high").value - reached(context).value),
        ["sections/0/blocks/0/text"],
    ),
    "typed in": (lambda context: "Het waren er 7.", ["sections/0/blocks/0/text"]),
    "a count": (lambda context: f"{int(reached(context).n * 0.15)} ouders", ["sections/0/blocks/0/text"]),
    "too exact": (
        lambda context: numbers.percent(reached(context).value, "nl", 5),
        ["sections/0/blocks/0/text"],
    ),
    "a name made up": (
        lambda context: percent(marks.Registered(41.0, "reach|made up:value")),
        ["sections/0/blocks/0/text"],
    ),
    "a name that is of another number": (
        lambda context: percent(marks.Registered(41.0, reached(context).value.name)),
        ["sections/0/blocks/0/text"],
    ),
    "digits before it": (
        lambda context: "1" + percent(reached(context).value),
        ["sections/0/blocks/0/text"],
    ),
}


@pytest.mark.parametrize("kind", SENTENCES)
def test_a_writer_cannot_print_what_is_not_registered(study, checked, receipts, known, kind):
    say, strange = SENTENCES[kind]
    assert unregistered(rogue(study, checked, receipts, say), known, receipts) == strange


def test_what_is_hidden_has_neither_number_nor_name(study, checked, receipts):
    hidden = hide(checked, checked["group"].eq("low"))
    known = register(study, hidden, receipts)
    assert not [name for name in known.numbers if "|education|low:" in name]
    context = Context(study, QUARTER, "nl", None, hidden, {}, receipts, words("nl"))
    found = reached(context)
    assert not found.shown
    assert all(value != value for value in (found.value, found.lower, found.n))

    # Whoever still has the number from elsewhere cannot print it under its name.
    def say(_):
        return percent(marks.Registered(15.0, f"{found.name}:value"))

    assert unregistered(rogue(study, hidden, receipts, say), known, receipts) == ["sections/0/blocks/0/text"]


def test_a_chart_cannot_print_what_is_not_registered(study, checked, receipts, known):
    def chart(value):
        def draw(context):
            found = reached(context)
            dots = [Dot("laag", value(found), found.lower, found.upper), Dot("hoog", 35.0 + 0 * found.lower)]
            return dot_chart(dots[: 1 + (value(found) == 15.0)], context.words, "rogue", "Kop", "Alt", "%")

        return rogue(study, checked, receipts, lambda _: "Zin.", draw)

    def own(found):
        return found.value

    def shown(context):
        return dot_chart([Dot("laag", reached(context).value)], context.words, "rogue", "Kop", "Alt", "%")

    assert unregistered(rogue(study, checked, receipts, lambda _: "Zin.", shown), known, receipts) == []
    assert unregistered(chart(own), known, receipts) == ["figures/0/svg"]
    assert unregistered(chart(lambda found: found.value + 1), known, receipts) == ["figures/0/svg"]


def test_ticks_of_an_axis_are_no_way_out(model, known, receipts):
    data = json.loads(model)
    place = next(item["place"] for item in data["numbers"] if item["name"].startswith("axis|"))
    data["numbers"].append({"place": "answer/certainty", "start": 6, "text": "9", "name": "axis|0x"})
    data["answer"]["certainty"] = "Zeker 9"
    assert unregistered(json.dumps(data), known, receipts) == ["answer/certainty"]
    data = json.loads(model)
    at = int(place.split("/")[1])
    data["figures"][at]["svg"] = data["figures"][at]["svg"].replace("</svg>", "<text>41,7</text></svg>")
    text = dict(_texts(data))[place]
    data["numbers"].append({"place": place, "start": text.index("41,7"), "text": "41,7", "name": "axis|0x"})
    assert place in unregistered(json.dumps(data), known, receipts)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_fixed_phrase_with_a_digit_says_what_it_counts(language):
    """Else a bare number of the catalogue would let that number through everywhere."""
    for piece in _catalogue(language):
        assert re.search(r"[^\W\d]{2}|%", piece) or re.fullmatch(r"\d+\.\d+\.\d+\S*", piece), piece


def test_the_names_survive_being_sent_to_another_process(study, checked):
    import pickle

    context = Context(study, QUARTER, "nl", None, checked, {}, [], words("nl"))
    found = pickle.loads(pickle.dumps(reached(context)))
    assert found.value.name.endswith(":value")
    assert replace(found).value == 15.0


def test_a_tick_of_an_axis_lends_its_name_to_no_word_beside_the_chart():
    """A chart with the tick 20, and a region that is called Region 20."""
    with marks.noting() as names, marks.plain():
        numbers.number(marks.Registered(20, "axis|0x"), "en")
        numbers.number(marks.Registered(7, "aware|value"), "en")
        text, found = marks.taken(marks.remarked("Region 20: 7.", ticks=False), names)
        assert (text, found) == ("Region 20: 7.", [(12, "aware|value")])
        assert marks.taken(marks.remarked("20"), names)[1] == [(2, "axis|0x")]


def test_a_name_of_a_municipality_with_a_digit_in_it_is_a_phrase(study, checked):
    named = replace(study, places=study.places.assign(name="Gemeente 12"))
    assert "Gemeente 12" in register(named, checked, []).phrases
