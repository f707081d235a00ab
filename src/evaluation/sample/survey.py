"""The survey as LimeSurvey exports it: one file per wave, full Dutch answer texts, question codes as
headings."""

from datetime import datetime, timedelta

import numpy as np

from evaluation.quarters import last_day
from evaluation.reference import municipalities, questionnaire
from evaluation.sample import planted as p
from evaluation.sample.draws import between, chance, generator, pick, shuffled
from evaluation.sample.people import draw_wave
from evaluation.sample.places import Organisation
from evaluation.sample.soil import soiled

HEADINGS = {
    **{f"S{i}": f"S[S{i}]" for i in range(1, 6)},
    "R4_clinic": "R4[cb]",
    "R4_gp": "R4[ha]",
    "R4_nursery": "R4[kdv]",
    "R4_playgroup": "R4[psz]",
    "R4_online": "R4[onl]",
    "R4_someone": "R4[via]",
    "R4_other": "R4[elders]",
    "W2_clear": "W2[duidelijk]",
    "W2_credible": "W2[geloofwaardig]",
    "W2_useful": "W2[nuttig]",
    "W2_reassuring": "W2[geruststellend]",
    "W2_patronising": "W2[betuttelend]",
}
TECHNICAL = [
    "id",
    "submitdate",
    "lastpage",
    "startlanguage",
    "seed",
    "startdate",
    "datestamp",
    "ipaddr",
    "refurl",
]
# Added by hand behind the tool's own columns: what the open answers were coded as.
CODED = ("R1c", "M1c")
_ANSWERS_OPEN, _SAYS_MESSAGE = 0.25, 0.6

_HEARD = (
    "Iets over hechting gelezen in een tijdschrift",
    "Op het consultatiebureau",
    "Een filmpje online gezien",
    "Van vriendinnen gehoord",
    "Nee",
    "Poster in de wachtkamer",
)
# What somebody who codes the open answers would count: the leaflet, the poster or the bond itself.
_NAMES_IT = frozenset({"Iets over hechting gelezen in een tijdschrift", "Poster in de wachtkamer"})
_NO_MESSAGE = "Weet ik niet meer"
_MESSAGE = (
    "Dat een goede band belangrijk is voor later",
    "Dat je niet te snel moet denken dat het jouw schuld is",
    "Tips om samen te spelen en te praten",
    "Weet ik niet meer",
    "Waar je hulp kunt vragen",
)
# Shares of 1 (strongly disagree) to 5 (strongly agree); H4 sits at the ceiling.
_AGREE = {
    "H1": (0.46, 0.34, 0.12, 0.06, 0.02),
    "H2": (0.01, 0.06, 0.18, 0.47, 0.28),
    "H3": (0.03, 0.09, 0.20, 0.46, 0.22),
    "H4": (0.00, 0.01, 0.03, 0.32, 0.64),
    "E1": (0.02, 0.08, 0.27, 0.47, 0.16),
    "E2": (0.02, 0.09, 0.29, 0.44, 0.16),
    "E3": (0.03, 0.10, 0.22, 0.45, 0.20),
    "I1": (0.03, 0.08, 0.19, 0.47, 0.23),
    "I2": (0.03, 0.09, 0.30, 0.44, 0.14),
    "W2_clear": (0.01, 0.04, 0.13, 0.54, 0.28),
    "W2_credible": (0.01, 0.04, 0.19, 0.53, 0.23),
    "W2_useful": (0.02, 0.08, 0.24, 0.48, 0.18),
    "W2_reassuring": (0.02, 0.10, 0.33, 0.41, 0.14),
    "W2_patronising": (0.20, 0.42, 0.25, 0.10, 0.03),
}


def columns(wave: int) -> list[str]:
    """The headings of a wave's file; the baseline does not ask about the leaflet."""
    items = [
        item.id
        for item in questionnaire().values()
        if item.asked != "professionals" and (wave > 0 or item.asked == "all")
    ]
    items.sort(key=lambda item: item in CODED)
    return [*TECHNICAL, "locatie", *(HEADINGS.get(item, item) for item in items)]


def names_it() -> float:
    """Share that names the leaflet or the bond unprompted, in every wave."""
    return _ANSWERS_OPEN * len(_NAMES_IT) / len(_HEARD)


def tells_message() -> float:
    """Share of those who recognise the leaflet that can tell a main message."""
    return _SAYS_MESSAGE * (len(_MESSAGE) - 1) / len(_MESSAGE)


def survey_rows(seed: int, wave: int, clinics: list[Organisation]) -> list[dict[str, str]]:
    """A wave's rows by heading, in order of id, with the dirt that `soil.dirt` counts."""
    rng = generator(seed, f"answers {p.WAVES[wave]}")
    people = draw_wave(seed, wave, clinics)
    codes = _answers(rng, people, wave)
    asked = questionnaire()
    names = dict(zip(municipalities()["code"], municipalities()["name"], strict=True))
    names |= p.COMPARISON_MUNICIPALITIES
    headings = [(item, HEADINGS.get(item, item)) for item in codes]
    wording = {item: {code: text["nl"] for code, text in asked[item].answers.items()} for item in codes}
    wording |= {item: {"yes": "Ja", "no": ""} for item in codes if asked[item].scale == "tick"}
    rows = [
        {
            "locatie": clinics[people["clinic"][i]].name,
            "A3": names[people["municipality"][i]],
            **{heading: wording[item].get(codes[item][i], codes[item][i]) for item, heading in headings},
        }
        for i in range(len(people["area"]))
    ]
    rows = [rows[i] for i in shuffled(rng, len(rows))]
    return _filled_in(rng, wave, soiled(rng, wave, rows, columns(wave)))


def _answers(rng: np.random.Generator, people: dict[str, np.ndarray], wave: int) -> dict[str, np.ndarray]:
    """Answer codes by item ("" where not asked or not answered)."""
    n = len(people["area"])
    seen, aware = people["seen"], people["aware"]

    def choose(item: str, shares) -> np.ndarray:
        answers = np.array(list(questionnaire()[item].answers), dtype=object)
        return answers[pick(rng, np.asarray(shares), n)]

    def where(condition: np.ndarray, codes: np.ndarray) -> np.ndarray:
        return np.where(condition, codes, "").astype(object)

    codes = {
        "A1": choose("A1", (0.74, 0.20, 0.03, 0.02, 0.01)),
        "A2": choose("A2", (0.52, 0.30, 0.13, 0.05)),
        "A4": np.array(p.EDUCATION, dtype=object)[people["education"]],
        "A5": np.array(p.LANGUAGE, dtype=object)[people["language"]],
        "A6": np.where(chance(rng, 0.81, n), "yes", "no").astype(object),
        "A7": np.where(people["first_child"], "yes", "no").astype(object),
    }
    codes["A4"][chance(rng, 0.02, n)] = "unknown"
    codes["A5"][chance(rng, 0.01, n)] = ""
    codes["R1"] = where(
        chance(rng, _ANSWERS_OPEN, n), np.array(_HEARD, dtype=object)[pick(rng, np.ones(6), n)]
    )
    codes["R1c"] = np.where(np.isin(codes["R1"], list(_NAMES_IT)), "yes", "no").astype(object)
    codes["R2"] = choose("R2", np.where(seen[:, None], (0.72, 0.18, 0.10), (0.03, 0.09, 0.88)))
    recognised = seen | chance(rng, p.FALSE_RECOGNITION, n)
    codes["R3"] = np.where(recognised, "yes", np.where(chance(rng, 0.05, n), "dont_know", "no")).astype(
        object
    )
    false = chance(rng, p.FALSE_RECOGNITION, n)
    codes["R3f"] = np.where(false, "yes", np.where(chance(rng, 0.06, n), "dont_know", "no")).astype(object)
    if wave > 0:
        codes |= _reach(rng, choose, where, recognised, seen, wave)
    keys = np.array([questionnaire()[item].key for item in p.KNOWLEDGE], dtype=object)
    wrong = np.where(keys == "true", "false", "true")
    unsure = rng.random((n, 8)) < p.DONT_KNOW
    given = np.where(people["right"], keys, np.where(unsure, "dont_know", wrong))
    codes |= {item: given[:, k].astype(object) for k, item in enumerate(p.KNOWLEDGE)}
    signals = (0.55 + 0.10 * aware, 0.34 + 0.16 * aware, 0.58 + 0.12 * aware, 0.09 - 0.03 * aware, 0.06)
    for i, probability in enumerate(signals, 1):
        codes[f"S{i}"] = np.where(chance(rng, probability, n), "yes", "no").astype(object)
    for item in ("H1", "H2", "H3", "H4", "E1", "E2", "E3", "I1"):
        codes[item] = choose(item, _AGREE[item])
    codes["G1"] = np.where(chance(rng, 0.16 + 0.05 * seen), "yes", "no").astype(object)
    if wave > 0:
        reader = np.isin(codes["D3"], ("all", "most", "part"))
        for item in ("I2", *(name for name in _AGREE if name.startswith("W2"))):
            codes[item] = where(reader, choose(item, _AGREE[item]))
        grades = np.array(["4", "5", "6", "7", "8", "9", "10"], dtype=object)
        codes["W1"] = where(reader, grades[pick(rng, (0.02, 0.04, 0.14, 0.36, 0.33, 0.09, 0.02), n)])
        said = recognised & chance(rng, _SAYS_MESSAGE, n)
        codes["M1"] = where(said, np.array(_MESSAGE, dtype=object)[pick(rng, np.ones(5), n)])
        message = np.where(said & (codes["M1"] != _NO_MESSAGE), "yes", "no")
        codes["M1c"] = where(recognised, message)
        codes["N1"] = where(reader, choose("N1", p.FELT))
    return codes


def _reach(rng, choose, where, recognised, seen, wave: int) -> dict[str, np.ndarray]:
    """What is asked of parents who recognise the leaflet, and of those who got a copy."""
    n = len(seen)
    channels = {
        "clinic": 0.68,
        "gp": 0.14,
        "nursery": 0.16,
        "playgroup": 0.08,
        "online": 0.09,
        "someone": 0.07,
    }
    codes = {
        f"R4_{name}": where(recognised, np.where(chance(rng, share, n), "yes", "no"))
        for name, share in (channels | {"other": 0.04}).items()
    }
    received = recognised & chance(rng, np.where(seen, p.RECEIVED, p.RECEIVED_FALSELY))
    codes["D1"] = where(recognised, np.where(received, "yes", "no"))
    codes["D2"] = where(received, choose("D2", p.DISCUSSED))
    codes["D3"] = where(received, choose("D3", p.READ))
    ages = {1: (0.6, 0.4, 0, 0, 0), 2: (0.3, 0.4, 0.3, 0, 0), 3: (0.2, 0.3, 0.35, 0.15, 0)}
    codes["D4"] = where(received, choose("D4", ages.get(wave, (0.2, 0.25, 0.3, 0.25, 0))))
    codes["D5"] = where(received, choose("D5", (0.62, 0.13, 0.25)))
    return codes


def _filled_in(rng: np.random.Generator, wave: int, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The technical columns; a row that stands there twice gets the same id, date and address."""
    end = datetime.combine(last_day(p.WAVES[wave]), datetime.min.time())
    n = len(rows)
    # Between seven in the morning and eleven at night of 28 days.
    seconds = np.sort(86_400 * between(rng, 0, 27, n) + 3_600 * 7 + between(rng, 0, 16 * 3_600 - 1, n))
    minutes, seeds = between(rng, 4, 19, n), between(rng, 10**8, 2 * 10**9, n)
    network, host = between(rng, 0, 2, n), between(rng, 1, 254, n)
    pages = between(rng, 1, 6, n)
    out: list[dict[str, str]] = []
    for i, row in enumerate(rows):
        if i and row is rows[i - 1]:
            out.append(out[-1])
            continue
        submitted = end - timedelta(days=29) + timedelta(seconds=int(seconds[i]))
        stamp = f"{submitted:%Y-%m-%d %H:%M:%S}"
        complete = "incomplete" not in row
        out.append(
            {
                **row,
                "id": str(len(out) + 1),
                "submitdate": stamp if complete else "",
                "lastpage": "8" if complete else str(pages[i]),
                "startlanguage": "nl",
                "seed": str(seeds[i]),
                "startdate": f"{submitted - timedelta(minutes=int(minutes[i])):%Y-%m-%d %H:%M:%S}",
                "datestamp": stamp,
                "ipaddr": f"{('192.0.2', '198.51.100', '203.0.113')[network[i]]}.{host[i]}",
                "refurl": "https://enquete.voorbeeld.example/",
            }
        )
    return out
