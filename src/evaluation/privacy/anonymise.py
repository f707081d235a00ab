"""From accepted rows to rows that may be stored: names become pseudonyms, nothing else is carried over."""

import pandas as pd

from evaluation.intake.columns import BACKGROUND, answer_items
from evaluation.intake.receipt import Intake
from evaluation.intake.values import as_text, ranks
from evaluation.privacy.keys import key_of
from evaluation.privacy.protect import protect
from evaluation.privacy.pseudonyms import pseudonyms
from evaluation.study import Study

# A clinic of the hand-out log is an organisation: one name, one pseudonym in both tables, which people's
# answers are not in. A clinic of the responses has another, or its parents' municipality could be looked up.
_DOMAINS = {
    ("responses", "clinic"): "clinic of respondents",
    ("handouts", "clinic"): "organisation",
    ("organisations", "organisation"): "organisation",
    ("orders", "organisation"): "organisation",
    ("orders", "order"): "order",
}


def anonymise(study: Study, intake: Intake) -> tuple[dict[str, pd.DataFrame], dict]:
    """The anonymised tables by kind, each passed by the gate, and the report on k-anonymity (`protect`).

    Responses are sorted by what they hold, so that their order does not tell who answered when; the other
    tables keep the order of their files. Raises InputError when a key is needed and missing, DataError when
    the gate refuses a column.
    """
    from evaluation.privacy.gate import (
        PSEUDONYMS,
        pass_gate,
    )  # pandera takes a second that readers need not wait

    tables, protection = {}, {}
    for kind, accepted in intake.tables.items():
        frame = accepted.copy()
        for column in PSEUDONYMS[kind]:
            if (frame[column] != "").any():
                frame[column] = pseudonyms(frame[column], key_of(study), _DOMAINS[kind, column])
        if kind == "responses":
            frame, protection = protect(study, frame, intake.tables.get("margins"))
            frame = _responses(study, frame)
        tables[kind] = pass_gate(kind, frame, study)
    return tables, protection


def _responses(study: Study, frame: pd.DataFrame) -> pd.DataFrame:
    frame["stratum"] = as_text(frame["region"]) if study.design.stratum == "region" else ""
    frame["stratum"] = frame["stratum"].astype("str")
    if "weight" not in frame:
        frame["weight"] = 1.0
    background = [name for name in BACKGROUND if name in frame and name != "municipality"]
    order = ["wave", "region", "municipality", "clinic", "stratum", "weight", *background]
    order += [name for name in answer_items(study) if name in frame]
    by_content = ["wave", "region", "municipality", *background]
    ordered = pd.DataFrame({name: ranks(frame[name]) for name in by_content}).sort_values(
        by_content, kind="stable"
    )
    return frame[order].take(ordered.index).reset_index(drop=True)
