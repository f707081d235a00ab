"""The sample's pages say in words what its truth file says is true, and nothing that is false."""

import json
import re

import pytest

from tests.whole.told import REGIONS, falsehoods


@pytest.fixture(scope="module")
def truth(sample_release):
    return json.loads((sample_release.study.parent / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def pages(sample_release):
    """(language, region or None) -> page."""
    found = {
        (language, None): (sample_release.folder / f"province.{language}.html").read_bytes()
        for language in ("nl", "en")
    }
    for region in REGIONS:
        path = sample_release.folder / f"region-{region.lower().replace(' ', '-')}.nl.html"
        found["nl", region] = path.read_bytes()
    return found


def test_every_page_says_what_is_so(pages, truth):
    for (language, region), page in pages.items():
        assert falsehoods(page, language, truth, region) == [], (language, region)


# Language, region of the sheet, what the page says, and a falsehood in its place.
TURNED = [
    ("nl", None, "is dit aandeel gestegen", "is dit aandeel gedaald"),
    ("nl", None, "is dit aandeel gestegen", "bleef dit aandeel gelijk"),
    ("nl", None, "is dit aandeel gestegen", "is geen verandering aangetoond"),
    ("nl", None, "is dit aandeel gestegen", "is dit aandeel waarschijnlijk gestegen"),
    ("nl", None, "in Limburg is dit aandeel", "in Parkstad is dit aandeel"),
    ("nl", None, r"\+5,1 procentpunt \(tussen", "−5,1 procentpunt (tussen"),
    ("nl", None, r"\(tussen \+0,5 en", "(tussen −0,5 en"),
    ("nl", None, "van 40,9% naar 46,0%", "van 46,0% naar 40,9%"),
    ("nl", None, "Waarschijnlijk gestegen: Westelijke", "Waarschijnlijk gedaald: Westelijke"),
    ("nl", None, "Waarschijnlijk gestegen: Westelijke", "Gestegen: Westelijke"),
    ("nl", None, "Mijnstreek en Maastricht-Heuvelland\\.", "Mijnstreek. Gestegen: Maastricht-Heuvelland."),
    ("nl", None, r"Verandering niet aangetoond: Noord", "Waarschijnlijk gestegen: Noord"),
    ("nl", None, r"Verandering niet aangetoond: Noord-Limburg, ", "Verandering niet aangetoond: "),
    ("nl", None, "Waarschijnlijk gestegen: Westelijke Mijnstreek", "Waarschijnlijk gestegen: Parkstad"),
    ("nl", None, r"naar 42,5, verandering \+0,4", "naar 42,5, verandering −0,4"),
    ("nl", None, "Parkstad: van 37,4 naar 37,5", "Parkstad: van 41,0 naar 51,3"),
    (
        "nl",
        None,
        "Een verschil met .* is niet aangetoond. Een effect van de campagne is dus ook niet aangetoond",
        "In Helmond-De Peel was de verandering ongunstiger. Dat is een aanwijzing voor een effect van de "
        "campagne",
    ),
    ("nl", None, r"is naar schatting \+4,9 procentpunt", "is naar schatting −4,9 procentpunt"),
    ("nl", None, "Een verschil met Helmond-De Peel", "Een verschil met Noord-Limburg"),
    ("nl", None, "Dat blijft onder 10%", "Meer dan 10% is mogelijk"),
    ("nl", None, "doel gehaald", "doel niet gehaald"),
    ("nl", None, "nog niet zeker", "doel gehaald"),
    ("nl", None, "zijn er 24.950 verzonden", "zijn er 29.450 verzonden"),
    ("en", None, "this share has risen", "this share has fallen"),
    ("en", None, "this share has risen", "this share has remained"),
    ("en", None, r"\+5\.1 percentage", "5.1 percentage"),
    ("en", None, "Probably risen: West", "Probably fallen: West"),
    ("en", None, "in Limburg, this share", "in Parkstad, this share"),
    ("en", None, "A difference from", "No difference from"),
    ("en", None, "target met", "target not met"),
    ("en", None, "That stays below 10%", "More than 10% is possible"),
    ("nl", "Parkstad", "is geen verandering aangetoond", "is dit aandeel gestegen"),
    ("nl", "Parkstad", "in Parkstad is geen", "in Noord-Limburg is geen"),
    ("nl", "Parkstad", r"\+0,2 procentpunt", "−0,2 procentpunt"),
    ("nl", "Maastricht-Heuvelland", "waarschijnlijk gestegen", "waarschijnlijk gedaald"),
]  # fmt: skip


def test_a_page_that_says_something_false_is_seen(pages, truth):
    unseen = []
    for language, region, said, false in TURNED:
        text = pages[language, region].decode()
        turned = re.sub(said, false, text)
        # Where the sample's numbers became others, this list has to follow them.
        assert turned != text, said
        if not falsehoods(turned.encode(), language, truth, region):
            unseen.append(false)
    assert unseen == []
