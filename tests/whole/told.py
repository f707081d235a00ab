"""What a page of the sample says in words, held to what the sample was made with and to its own numbers.

The meaning of each wording is written down here once more, apart from the catalogues: a sentence that turned
round, a sign that went missing or a region that took another's place is a falsehood.
"""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup

from tests.whole.published import parsed

QUARTER = "2026Q3"
REGIONS = ("Noord-Limburg", "Midden-Limburg", "Westelijke Mijnstreek", "Parkstad", "Maastricht-Heuvelland")
COMPARISON = "Helmond-De Peel"
# Words as they are printed -> what they claim of a change: (direction, whether it is certain).
ANSWERS = {
    "nl": {
        "is dit aandeel gestegen": ("up", True),
        "is dit aandeel waarschijnlijk gestegen": ("up", False),
        "is geen verandering aangetoond": ("none", False),
        "veranderde dit aandeel hooguit": ("same", True),
        "is dit aandeel waarschijnlijk gedaald": ("down", False),
        "is dit aandeel gedaald": ("down", True),
    },
    "en": {
        "this share has risen": ("up", True),
        "this share has probably risen": ("up", False),
        "no change is shown": ("none", False),
        "this share changed by at most": ("same", True),
        "this share has probably fallen": ("down", False),
        "this share has fallen": ("down", True),
    },
}
GROUPS = {
    "nl": {
        "Gestegen": ("up", True),
        "Waarschijnlijk gestegen": ("up", False),
        "Verandering niet aangetoond": ("none", False),
        "Aantoonbaar nauwelijks veranderd": ("same", True),
        "Waarschijnlijk gedaald": ("down", False),
        "Gedaald": ("down", True),
    },
    "en": {
        "Risen": ("up", True),
        "Probably risen": ("up", False),
        "Change not shown": ("none", False),
        "Shown to have hardly changed": ("same", True),
        "Probably fallen": ("down", False),
        "Fallen": ("down", True),
    },
}
RANGES = {
    "nl": r"Naar schatting ging het van (\S+) naar (\S+): (\S+) procentpunt \(tussen (\S+) en (\S+)\)\.",
    "en": r"It went from an estimated (\S+) to (\S+): (\S+) percentage points \(between (\S+) and (\S+)\)\.",
}
ROWS = {
    "nl": r"{}: van (\S+) naar (\S+), verandering (\S+) \((\S+) tot (\S+)\)\.",
    "en": r"{}: from (\S+) to (\S+), change (\S+) \((\S+) to (\S+)\)\.",
}
CAUSE = {
    "nl": {
        "Een verschil met {} is niet aangetoond. Een effect van de campagne is dus ook niet aangetoond.": 0,
        "In {} was de verandering ongunstiger. Dat is een aanwijzing voor een effect van de campagne.": 1,
        "In {} was de verandering gunstiger. Een gunstig effect van de campagne is dus niet aangetoond.": -1,
    },
    "en": {
        "A difference from {} is not shown. So no effect of the campaign is shown either.": 0,
        "In {} the change was less favourable. That is an indication of an effect of the campaign.": 1,
        "In {} the change was more favourable. So a favourable effect of the campaign is not shown.": -1,
    },
}
DID = {
    "nl": r"Het verschil in verandering met {} is naar schatting (\S+) procentpunt \(tussen (\S+) en (\S+)\)",
    "en": r"estimated difference in change from {} is (\S+) percentage points \(between (\S+) and (\S+)\)",
}
HARM = {
    "nl": (
        r"van de lezers voelde (\S+) zich bezorgder of schuldiger \((\S+) tot (\S+)\)\.",
        "Dat blijft onder 10%",
    ),
    "en": (r"of the readers, (\S+) felt more worried or guilty \((\S+) to (\S+)\)\.", "That stays below 10%"),
}
COUNTED = {
    "nl": r"Van de (\S+) gedrukte folders zijn er (\S+) verzonden\.",
    "en": r"Of the (\S+) leaflets printed, (\S+) were shipped\.",
}
STATUS = {
    "nl": {"doel gehaald": "met", "doel niet gehaald": "missed", "nog niet zeker": "unsure"},
    "en": {"target met": "met", "target not met": "missed", "not yet certain": "unsure"},
}
# Card -> (its label, the planted share in percent, from which share on the target is met; negative: up to).
CARDS = {
    "reach": ({"nl": "Bereik: ouders die de folder kennen", "en": "Reach: parents who know the leaflet"}, 25),
    "read_half": ({"nl": "Minstens half gelezen", "en": "Read at least half"}, 50),
    "adverse": (
        {"nl": "Bezorgder of schuldiger na lezen", "en": "More worried or guilty after reading"},
        -10,
    ),
}


def falsehoods(content: bytes, language: str, truth: dict, region: str | None = None) -> list[str]:
    """What a page claims that is not so, by the planted truth or by the number beside it. region: whose sheet
    it is; None: the province's report."""
    page = BeautifulSoup(content, "lxml")
    text = re.sub(r"\s+", " ", page.body.get_text(" ").replace("\u00a0", " "))
    planted = {place: 100 * waves[QUARTER] for place, waves in truth["change"]["aware"].items()}
    found = [*_answer(page, text, language, planted, region), *_regions(page, text, language, planted)]
    found += _cause(text, language, 100 * truth["did"]["aware"][QUARTER])
    if region is None:
        found += _counted_and_asked(page, text, language, truth)
    return found


def _float(text: str, language: str) -> float:
    number = parsed(text.rstrip(".,;:*"), language)
    return float("nan") if number is None else float(number)


def _unsigned(change: tuple[str, ...]) -> bool:
    """Whether a change or one of its limits has no sign and is not zero."""
    return any(not re.match(r"[+\N{MINUS SIGN}]|0[.,]0+\b", number) for number in change)


def _false_range(numbers: list[float], truth: float) -> bool:
    """Whether before, after, change and its limits contradict each other, or leave the truth outside."""
    before, after, change, lower, upper = numbers
    return not (abs(after - before - change) < 0.11 and lower <= change <= upper and lower <= truth <= upper)


def _false_claim(claim: tuple[str, bool], numbers: list[float], truth: float, corrected: bool) -> bool:
    """Whether a claim about a change contradicts its interval or the truth. corrected: one of several, of
    which what would be certain of one alone may be called probable."""
    direction, certain = claim
    lower, upper = numbers[-2:]
    beyond = {"up": lower > 0, "down": upper < 0}
    if direction in beyond:
        true = truth > 0 if direction == "up" else truth < 0
        sided = numbers[-3] > 0 if direction == "up" else numbers[-3] < 0
        return not (true and sided and (beyond[direction] if certain else corrected or not beyond[direction]))
    return lower > 0 or upper < 0 or (direction == "same" and abs(truth) >= 5)


def _answer(page, text: str, language: str, planted: dict, region: str | None) -> Iterator[str]:
    place = region or "Limburg"
    said = page.find("meta", attrs={"name": "description"})["content"]
    claims = [claim for words, claim in ANSWERS[language].items() if words in said]
    numbers = re.search(RANGES[language], text)
    if text.count(said) != 1 or len(claims) != 1 or numbers is None:
        yield f"no answer that is known: {said}"
        return
    named = re.search(r": in (.+?)(?:,| is | verander)", said)
    if named is None or named[1] != place:
        yield f"the answer is of another place than {place}: {said}"
    values = [_float(number, language) for number in numbers.groups()]
    truth = planted[region or "area"]
    if _false_range(values, truth) or _unsigned(numbers.groups()[2:]):
        yield f"{numbers[0]} (planted: {truth:.1f})"
    if _false_claim(claims[0], values, truth, corrected=region is not None):
        yield f"{said} (planted: {truth:.1f})"


def _regions(page, text: str, language: str, planted: dict) -> Iterator[str]:
    alt = page.select_one("#figure-change desc").get_text()
    claims: dict[str, list] = {region: [] for region in REGIONS}
    names = "|".join(REGIONS)
    listed = rf"((?:{names})(?:(?:, and | and | en |, )(?:{names}))*)\."
    for words, claim in GROUPS[language].items():
        for found in re.finditer(f"{words}: {listed}", text):
            for region in re.findall(names, found[1]):
                claims[region].append(claim)
    none_left = {
        "nl": "geen enkele regio met een aangetoonde verandering",
        "en": "no region is left with a change",
    }
    if none_left[language] in text and any(certain for said in claims.values() for _, certain in said):
        yield f"certain of a region, and of none after correction: {claims}"
    # On a region's own sheet the chart has that region and the area alone.
    drawn = {place: re.search(ROWS[language].format(place), alt) for place in (*REGIONS, COMPARISON)}
    for region in REGIONS:
        if len(claims[region]) != 1:
            yield f"{region} is said to have {claims[region]}"
    for place, row in drawn.items():
        if row is None:
            continue
        values = [_float(number, language) for number in row.groups()]
        if _false_range(values, planted[place]) or _unsigned(row.groups()[2:]):
            yield f"{row[0]} (planted: {planted[place]:.1f})"
        for claim in claims.get(place, []):
            if _false_claim(claim, values, planted[place], corrected=True):
                yield f"{place}: {claim} at {row[0]} (planted: {planted[place]:.1f})"
    if sum(row is not None for row in drawn.values()) < 2:
        yield f"a chart without its rows: {alt}"


def _cause(text: str, language: str, truth: float) -> Iterator[str]:
    said = [sign for words, sign in CAUSE[language].items() if words.format(COMPARISON) in text]
    numbers = re.search(DID[language].format(COMPARISON), text)
    if len(said) != 1 or numbers is None:
        yield f"no sentence about {COMPARISON}: {said}"
        return
    value, lower, upper = (_float(number, language) for number in numbers.groups())
    if _unsigned(numbers.groups()) or not (lower <= value <= upper and lower <= truth <= upper):
        yield f"{numbers[0]} (planted: {truth:.1f})"
    if said[0] != (lower > 0) - (upper < 0) or said[0] * truth < 0:
        yield f"a claim about the cause that its range does not carry: {said[0]} at {numbers[0]}"


def _counted_and_asked(page, text: str, language: str, truth: dict) -> Iterator[str]:
    planted = {
        "reach": 100 * (truth["recognised"]["area"][QUARTER] - truth["foil"]),
        "read_half": 100 * truth["read_half_if_received"],
        "adverse": 100 * truth["adverse_if_read"],
    }
    pattern, below = HARM[language]
    harm = re.search(pattern, text, re.IGNORECASE)
    if harm is None:
        yield "nothing on harm"
    elif (below in text) != (_float(harm[3], language) < 10) or (below in text and planted["adverse"] >= 10):
        yield f"{harm[0]} {below}"
    for name, (labels, goal) in CARDS.items():
        card = page.select_one(f"#key-{name}")
        if card.dt.get_text() != labels[language]:
            yield f"the card {name} is called {card.dt.get_text()}"
        value = _float(card.select_one(".value").get_text(), language)
        ends = [
            _float(end, language)
            for line in card.find_all("dd")[1:2]
            for end in re.findall(r"[\d.,]+%", line.get_text())
        ]
        if not (len(ends) == 2 and ends[0] <= value <= ends[1] and ends[0] <= planted[name] <= ends[1]):
            yield f"{name}: {value} ({ends}), planted {planted[name]:.1f}"
        status = STATUS[language].get(card.select_one(".status").get_text())
        low, high, at = (ends[0], ends[1], goal) if goal > 0 else (-ends[1], -ends[0], goal)
        right = "met" if low > at else "missed" if high < at else "unsure"
        if status != right:
            yield f"{name}: {status} at {ends} for {goal}"
    counted = re.search(COUNTED[language], text)
    shipped = sum(
        copies
        for region in REGIONS
        for wave, copies in truth["orders"]["shipped_copies"][region].items()
        if wave <= QUARTER
    )
    if counted is None or _float(counted[2], language) != shipped:
        yield f"{counted and counted[0]} (shipped: {shipped})"
