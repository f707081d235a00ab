"""The two catalogues: the same keys and placeholders, and Dutch that stays plain."""

import re
from statistics import mean
from string import Formatter

from evaluation.report.model import label_keys
from evaluation.report.wording import rules, words
from evaluation.report.wording.verdict import CLAIMS, REASONS

SAMPLES = {
    "nl": {
        "label": "Ouders die zich bewust zijn van het belang van een goede band",
        "area": "Limburg",
        "regions": "Noord-Limburg, Parkstad en Midden-Limburg",
        "this": "dit aandeel",
        "population": "ouders",
        "unit": "procentpunt",
        "comparison": "Helmond-De Peel",
        "quarter": "3e kwartaal 2026",
        "before": "41,0%",
        "after": "46,0%",
        "title": "De folder",
        "what": "Bereik",
        "reason": "het is niet gevraagd",
    },
    "en": {
        "label": "Parents aware of the importance of a good bond",
        "area": "Limburg",
        "regions": "Noord-Limburg, Parkstad and Midden-Limburg",
        "this": "this share",
        "population": "parents",
        "unit": "percentage points",
        "comparison": "Helmond-De Peel",
        "quarter": "third quarter of 2026",
        "before": "41.0%",
        "after": "46.0%",
        "title": "The leaflet",
        "what": "Reach",
        "reason": "it was not asked",
    },
}


def places(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def filled(language):
    samples = SAMPLES[language]
    for key, text in words(language).sentences.items():
        yield key, text.format_map({name: samples.get(name, "12,3") for name in places(text)})


def sentences(text):
    return [part for part in re.split(r"(?<=[.!?])\s+", text) if part]


def test_both_catalogues_have_the_same_keys_and_places():
    dutch, english = words("nl").sentences, words("en").sentences
    assert list(dutch) == list(english)
    assert {key: places(text) for key, text in dutch.items()} == {
        key: places(text) for key, text in english.items()
    }


def test_every_word_a_rule_can_choose_and_every_label_is_there():
    for language in ("nl", "en"):
        say = words(language)
        for word in rules.CERTAINTIES:
            assert all(say.has(f"{part}.{word}") for part in ("answer", "certainty", "meaning"))
            assert say.has(f"change.group_{word}")
        assert all(say.has(f"cause.{key}") for key in (*CLAIMS, *REASONS))
        assert all(say.has(f"labels.{key}") for key in label_keys())


def test_sentences_are_short():
    for language in ("nl", "en"):
        lengths = {}
        for key, text in filled(language):
            for sentence in sentences(text):
                if sentence.endswith((".", "!", "?")):
                    lengths[key, sentence] = len(sentence.split())
        too_long = {place: length for place, length in lengths.items() if length > 20}
        assert not too_long
        assert mean(lengths.values()) < 13


def test_the_word_effect_stands_only_where_a_comparison_carries_it():
    allowed = {"attribution.indication", "attribution.no_difference", "attribution.opposite"}
    allowed |= {"decide.continue_indication"}
    for language in ("nl", "en"):
        found = {key for key, text in words(language).sentences.items() if re.search(r"effect", text, re.I)}
        assert found == allowed


def test_supply_is_never_called_reach():
    for language, supply, reach in (("nl", "aanbod", "bereik"), ("en", "suppl", "reach")):
        for key, text in filled(language):
            for sentence in sentences(text):
                if supply in sentence.lower() and reach in sentence.lower():
                    assert key in ("key_note.supply", "supply.not_reach", "place.answer_note"), sentence
