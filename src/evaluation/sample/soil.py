"""The dirt in the survey: rows that have to be refused, and personal data in open answers."""

import numpy as np

from evaluation.sample.draws import between, shuffled

# Numbers of rows or cells per wave.
INCOMPLETE = (41, 27, 24, 29, 22)
DUPLICATE = (2, 0, 1, 0, 1)
UNKNOWN_MUNICIPALITY = (3, 1, 2, 0, 2)
UNMAPPED_LABEL = (0, 0, 3, 1, 0)
EMAIL_IN_TEXT = (1, 1, 1, 0, 2)
PHONE_IN_TEXT = (0, 1, 0, 1, 0)

_NOWHERE = "Dorpersveld"
_STRANGE_LABELS = {2: ("A4", "Mbo, weet niet welk niveau"), 3: ("E2", "Dat ligt eraan")}  # by wave


def soiled(
    rng: np.random.Generator, wave: int, rows: list[dict[str, str]], headings: list[str]
) -> list[dict[str, str]]:
    """The clean rows with extra rows that have to be refused, and personal data in some open answers.

    Extra rows are copies of others, so that refusing them leaves the planned number of respondents.
    """
    spare = iter(shuffled(rng, len(rows)))
    dirty = [dict(rows[next(spare)], A3=_NOWHERE) for _ in range(UNKNOWN_MUNICIPALITY[wave])]
    for _ in range(UNMAPPED_LABEL[wave]):
        heading, label = _STRANGE_LABELS[wave]
        dirty.append(dict(rows[next(spare)], **{heading: label}))
    for _ in range(INCOMPLETE[wave]):
        keep = set(headings[: between(rng, 11, len(headings) - 6, 1)[0]])
        whole = rows[next(spare)]
        dirty.append({key: text for key, text in whole.items() if key in keep} | {"incomplete": "yes"})
    for number in range(EMAIL_IN_TEXT[wave]):
        rows[next(spare)]["R1"] = f"Stuur de uitslag naar ouder{wave}{number}@thuis.example"
    for _ in range(PHONE_IN_TEXT[wave]):
        rows[next(spare)]["R1"] = "Bel mij gerust: 06-00012345"
    everyone = rows + dirty
    everyone = [everyone[i] for i in shuffled(rng, len(everyone))]
    whole = [i for i, row in enumerate(everyone) if not _is_dirty(row)]
    for i in sorted((whole[shuffled(rng, len(whole))[0]] for _ in range(DUPLICATE[wave])), reverse=True):
        everyone.insert(i + 1, everyone[i])
    return everyone


def _is_dirty(row: dict[str, str]) -> bool:
    strange = (_NOWHERE, *(label for _, label in _STRANGE_LABELS.values()))
    personal = row.get("R1", "").startswith(("Stuur", "Bel"))
    return personal or "incomplete" in row or any(text in strange for text in row.values())


def dirt(wave: int) -> dict[str, int]:
    """Rows of a wave's file that have to be refused, by rule."""
    counts = {
        "incomplete": INCOMPLETE[wave],
        "duplicate_row": DUPLICATE[wave],
        "unknown_municipality": UNKNOWN_MUNICIPALITY[wave],
        "unmapped_label": UNMAPPED_LABEL[wave],
    }
    return {rule: count for rule, count in counts.items() if count}


def notes(wave: int) -> dict[str, int]:
    """Cells of a wave's file that hold something personal, by kind."""
    counts = {"email": EMAIL_IN_TEXT[wave], "phone": PHONE_IN_TEXT[wave]}
    return {kind: count for kind, count in counts.items() if count}
