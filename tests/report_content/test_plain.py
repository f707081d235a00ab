"""Dutch that people can read: short sentences, and no rare word that the glossary does not explain."""

import re
from statistics import mean

import textstat
from wordfreq import zipf_frequency

from tests.report_content.test_catalogues import filled, sentences

# Fewer than about three in ten million words of Dutch.
RARE = 2.5
# Titles of publications and names of methods stand as their authors wrote them.
NAMED = ("sources.", "estimator.")
WORD = re.compile(r"[A-Za-zÀ-ÿ]+(?:['’-][A-Za-zÀ-ÿ]+)*")


def prose() -> dict[str, str]:
    return {key: text for key, text in filled("nl") if not key.startswith(NAMED)}


def test_rare_words_are_in_the_glossary(repository):
    glossary = (repository / "GLOSSARY.md").read_text(encoding="utf-8").lower()
    explained = set(WORD.findall(glossary))
    rare: dict[str, str] = {}
    for key, text in prose().items():
        for word in WORD.findall(text):
            if zipf_frequency(word.lower(), "nl") < RARE and word.lower() not in explained:
                rare.setdefault(word.lower(), key)
    assert not rare


def test_dutch_reads_as_plain_dutch(record_property):
    whole = [
        sentence
        for text in prose().values()
        for sentence in sentences(text)
        if sentence.endswith((".", "!", "?"))
    ]
    lengths = [len(sentence.split()) for sentence in whole]
    assert max(lengths) <= 20
    assert mean(lengths) < 13
    # Flesch-Douma for Dutch (textstat): 0 hard, 100 easy. Reported, not a bar: long words are often names.
    textstat.set_lang("nl")
    ease = textstat.flesch_reading_ease(" ".join(whole))
    record_property("flesch_douma", round(ease, 1))
    print(f"Flesch-Douma {ease:.1f} over {len(whole)} sentences of {mean(lengths):.1f} words")
    assert ease > 0
