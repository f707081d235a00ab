"""Every number that may be printed has a name, and this is the register of them.

Names are those of rows of the checked tidy table, "indicator|measure|region|...:field", with fields on the
scale that reports print; of how many rows of that table are hidden; of receipts of what was read; of the
constants that the study file declares (targets, thresholds, smallest changes); and of the published results
of other campaigns. Words with digits that are no results (names, quarters, questions) are its phrases.

`wording.marks` says how content uses names; `report.printed` holds a finished report to this register.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite

import pandas as pd
from babel.dates import format_date

from evaluation.quarters import first_day, label, span
from evaluation.reference import benchmarks, tile_grid
from evaluation.report.wording import rules
from evaluation.study import Study

KEYS = ("indicator", "measure", "region", "level", "wave", "wave_before", "group_by", "group")
# Field of an Estimate -> column of the tidy table, and whether it is on the scale of the estimate.
FIELDS = {
    "value": ("estimate", True),
    "lower": ("lower", True),
    "upper": ("upper", True),
    "detectable": ("smallest_detectable", True),
    "n": ("n", False),
    "n_before": ("n_before", False),
    "p": ("p", False),
    "p_adjusted": ("p_adjusted", False),
}
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
LISTED = "listed"  # the name of wording.marks.tally
ALERT = "rule|adverse_alert"


@dataclass(frozen=True)
class Register:
    """numbers: name -> number, unrounded; LISTED -> the most things that can be listed. phrases: texts of the
    study and its tables in which digits may stand."""

    numbers: dict[str, float]
    phrases: tuple[str, ...] = ()


def row_name(row: Mapping) -> str:
    """The name of a row of the tidy table."""
    return "|".join(str(row[key]) for key in KEYS)


def receipt_name(kind: str, rule: str) -> str:
    """The name of how many rows of a kind of export a rule refused."""
    return f"receipt|{kind}|{rule}"


def total_name(column: str) -> str:
    """The name of how many rows of all exports together were "read" or "accepted"."""
    return f"receipts|{column}"


def published_name(row) -> str:
    """The name of another campaign's published result (a row of `reference.benchmarks`, as attributes)."""
    return f"published|{row.campaign}|{row.country}|{row.year}|{row.source}"


def rows_name(status: str, scope: str) -> str:
    """The name of how many rows of the checked table have a status ("all": any), in a region or "area"."""
    return f"rows|{status}|{scope}"


def target_name(indicator: str) -> str:
    return f"study|target|{indicator}"


def smallest_name(outcome: str) -> str:
    return f"study|smallest_change|{outcome}"


def threshold_name(field: str) -> str:
    return f"study|disclosure|{field}"


def register(
    study: Study,
    checked: pd.DataFrame,
    receipts: Iterable[Mapping],
    earlier: Mapping[str, float] | None = None,
) -> Register:
    """Everything that may be printed. checked: of suppressed rows nothing is registered. earlier: what stood
    in the last report (`report.earlier.earlier_numbers`)."""
    receipts = list(receipts)
    numbers = _estimates(checked) | _counts(checked) | _receipts(receipts) | _constants(study)
    numbers |= earlier or {}
    for row in benchmarks().itertuples(index=False):
        value = pd.to_numeric(row.change, errors="coerce")
        if isfinite(value):
            numbers[published_name(row)] = float(value)
    # Charts and sentences list regions, municipalities, questions, ways of computing: whichever is most.
    listed = checked[checked["status"] != "suppressed"].groupby(["indicator", "measure"]).size()
    numbers[LISTED] = float(max(len(tile_grid()), len(study.items), *listed, 0))
    return Register(numbers, tuple(sorted(_phrases(study, checked, receipts))))


def _estimates(checked: pd.DataFrame) -> dict[str, float]:
    found = {}
    for row in checked[checked["status"] != "suppressed"].to_dict("records"):
        scale = 100.0 if row["unit"] == "share" else 1.0
        for name, (column, scaled) in FIELDS.items():
            value = float(row[column]) * (scale if scaled else 1.0)
            if isfinite(value):
                found[f"{row_name(row)}:{name}"] = value
        found |= {f"{row_name(row)}:{name}": value for name, value in noted(row["note"]).items()}
    return found


def noted(note: str) -> dict[str, float]:
    """The numbers in the note of a row, such as "areas=8; far=2", unscaled."""
    pairs = (part.partition("=") for part in note.split("; "))
    return {key: float(text) for key, _, text in pairs if _NUMBER.fullmatch(text)}


def _counts(checked: pd.DataFrame) -> dict[str, float]:
    found = {}
    scopes = [("area", checked), *((str(region), rows) for region, rows in checked.groupby("region"))]
    for scope, rows in scopes:
        if scope != "area" or rows is checked:
            found[rows_name("all", scope)] = float(len(rows))
            for status in ("suppressed", "flagged"):
                found[rows_name(status, scope)] = float(rows["status"].eq(status).sum())
    return found


def _receipts(receipts: list[Mapping]) -> dict[str, float]:
    found: dict[str, float] = {}
    for receipt in receipts:
        for rule, count in receipt["quarantined"].items():
            name = receipt_name(receipt["kind"], rule)
            found[name] = found.get(name, 0.0) + count
    for column in ("read", "accepted"):
        found[total_name(column)] = float(sum(receipt[column] for receipt in receipts))
    return found


def _constants(study: Study) -> dict[str, float]:
    found = {
        target_name(name): target.value for name, target in study.targets.items() if target.value is not None
    }
    found |= {smallest_name(outcome.id): outcome.smallest_change for outcome in study.outcomes}
    found |= {threshold_name(name): float(value) for name, value in _thresholds(study).items()}
    return found | {ALERT: rules.ADVERSE_ALERT}


def _thresholds(study: Study) -> dict[str, float]:
    return {
        name: value for name, value in study.disclosure.model_dump().items() if isinstance(value, int | float)
    }


def _phrases(study: Study, checked: pd.DataFrame, receipts: list[Mapping]) -> set[str]:
    """Texts with a digit: names and questions of the study, its quarters, codes of groups, files."""
    texts = [*study.title.values(), *study.campaign.values(), *study.topic.values()]
    texts += [*study.population.values(), *study.area.name.values(), *study.all_regions]
    texts += [text for names in study.area.region_labels.values() for text in names.values()]
    texts += [*study.places["name"], *study.area.comparison_municipalities.values()]
    texts += [text for outcome in study.outcomes for text in outcome.label.values()]
    for item in study.items.values():
        texts += [text for words in item.text.values() for text in (words, f"{item.id}. {words}")]
    waves = sorted({*study.waves, *checked["wave"], *checked["wave_before"]} - {""})
    for quarter in span(waves[0], waves[-1]):
        texts += [quarter, *(label(quarter, language) for language in ("nl", "en"))]
        # As below an axis and in words: "K3", "K3 2026", "2026".
        forms = ("QQQ", "QQQ yyyy", "yyyy", "MMMM yyyy")
        texts += [
            format_date(first_day(quarter), form, locale=lang) for form in forms for lang in ("nl", "en")
        ]
    texts += [format_date(study.start, "d MMMM yyyy", locale=language) for language in ("nl", "en")]
    texts += [str(group) for group in checked["group"].unique()]
    texts += [receipt["file"] for receipt in receipts]
    return {text for text in texts if any(letter.isdigit() for letter in text)}
