"""The one place where report content looks estimates up: checked rows in, printable numbers out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Sized
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite, nan

import numpy as np
import pandas as pd

from evaluation.report import registered
from evaluation.report.model import Report
from evaluation.report.registered import FIELDS, row_name
from evaluation.report.wording import Words, numbers, rules
from evaluation.report.wording.marks import Registered, tally
from evaluation.study import Outcome, Study
from evaluation.study.schema import Target

AREA = "area"


@dataclass(frozen=True)
class Estimate:
    """One checked estimate on the scale reports print: shares as percent 0-100, their changes as percentage
    points; points, counts, euro as they are. Unknown and suppressed numbers are NaN. Those that may be
    printed are `Registered`: they carry their name into whatever text or chart is made of them."""

    value: float = nan
    lower: float = nan
    upper: float = nan
    df: float = nan
    n: float = nan
    n_before: float = nan
    p: float = nan
    p_adjusted: float = nan
    detectable: float = nan
    clusters: float = nan
    region: str = ""
    group: str = ""
    wave: str = ""
    method: str = ""
    status: str = "missing"
    name: str = ""
    # Numbers of the row's note, as they stand there.
    notes: Mapping[str, Registered] = field(default_factory=dict)

    @property
    def shown(self) -> bool:
        return self.status in ("shown", "flagged") and isfinite(self.value)

    @property
    def has_range(self) -> bool:
        return self.shown and isfinite(self.lower) and isfinite(self.upper)


MISSING = Estimate()


@dataclass(frozen=True)
class Context:
    """All that a part of a report is made from. region: None for the province report. municipality: the CBS
    code of the one a fact sheet is about. last: the last published report in this language."""

    study: Study
    quarter: str
    language: str
    region: str | None
    checked: pd.DataFrame
    unavailable: Mapping[str, str]
    receipts: Sequence[Mapping]
    words: Words
    municipality: str = ""
    last: Report | None = None

    @cached_property
    def by_indicator(self) -> dict[str, pd.DataFrame]:
        """The checked rows of each indicator: reports ask for hundreds of estimates."""
        return {str(name): rows for name, rows in self.checked.groupby("indicator", sort=False)}

    @property
    def scope(self) -> str:
        """The region the answer is about, as the tidy table names it."""
        return self.region or AREA

    @property
    def area(self) -> str:
        """The name of the whole treated area."""
        return self.study.area.name[self.language]

    @property
    def place(self) -> str:
        """The name of what the answer is about."""
        return self.name(self.scope)

    @property
    def population(self) -> str:
        return self.study.population[self.language]

    @property
    def primary(self) -> Outcome:
        return self.study.primary

    @property
    def surveyed(self) -> bool:
        """Whether parents were asked at all. If not, the report is about supply alone."""
        return self.unavailable.get(self.primary.id) != "no_responses"

    @property
    def baseline(self) -> str:
        """The wave at the start, "" when there is none."""
        return self.study.baseline or ""

    def before(self, region: str) -> str:
        """The wave from which changes there are counted: the baseline, or in a region with a start of its own
        the last wave before it. "" without a baseline."""
        return self.study.before(region) or ""

    def started(self, region: str) -> bool:
        """Whether the campaign had begun there in the report's quarter."""
        return self.study.started(region, self.quarter)

    def name(self, region: str) -> str:
        return self.study.area.label(region, self.language)

    def source(self, key: str) -> str:
        """A source line; it says so when the data are synthetic."""
        text = self.words(f"sources.{key}", population=self.population)
        return self.words("sources.synthetic", source=text) if self.study.synthetic else text


def rows(context: Context, indicator: str, measure: str | None = None, **keys: str) -> pd.DataFrame:
    """The checked rows of an indicator that match `keys` (columns of the tidy table)."""
    table = context.by_indicator.get(indicator)
    if table is None:
        return context.checked.iloc[:0]
    chosen = np.ones(len(table), dtype=bool)
    for column, value in (({"measure": measure} if measure else {}) | keys).items():
        chosen &= (table[column] == value).to_numpy()
    return table[chosen]


def find(
    context: Context,
    indicator: str,
    measure: str | None = None,
    region: str = AREA,
    wave: str | None = None,
    group_by: str = "",
    group: str = "",
) -> Estimate:
    """The one estimate asked for, MISSING when there is none. wave None: the report's quarter, or an
    estimate that carries no wave."""
    found = rows(context, indicator, measure, region=region, group_by=group_by, group=group)
    if wave is not None:
        found = found[found["wave"].eq(wave)]
    else:
        now = found[found["wave"].eq(context.quarter)]
        found = now if len(now) else found[found["wave"].eq("")]
    return MISSING if found.empty else estimate(found.iloc[0])


def change(context: Context, indicator: str, region: str = AREA, measure: str = "change") -> Estimate:
    """The change up to the report's quarter, from the wave that the place is counted from."""
    if not context.baseline:
        return MISSING
    found = rows(context, indicator, measure, region=region, wave=context.quarter, group_by="")
    found = found[found["wave_before"].eq(context.before(region))]
    return MISSING if found.empty else estimate(found.iloc[0])


def estimate(row: pd.Series) -> Estimate:
    """A row of the checked table as an Estimate."""
    name, scale = row_name(row), 100.0 if row["unit"] == "share" else 1.0
    hidden = row["status"] == "suppressed"
    numbers_of = {
        field: Registered(
            nan if hidden else float(row[column]) * (scale if scaled else 1.0), f"{name}:{field}"
        )
        for field, (column, scaled) in FIELDS.items()
    }
    return Estimate(
        **numbers_of,
        **{field: nan if hidden else float(row[field]) for field in ("df", "clusters")},
        **{field: str(row[field]) for field in ("region", "group", "wave", "method", "status")},
        name=name,
        notes={}
        if hidden
        else {
            key: Registered(value, f"{name}:{key}") for key, value in registered.noted(row["note"]).items()
        },
    )


def target(context: Context, indicator: str) -> Target | None:
    """The study's target for an indicator, its value a number that may be printed."""
    found = context.study.targets.get(indicator)
    if found is None or found.value is None:
        return found
    value = Registered(found.value, registered.target_name(indicator))
    return found.model_copy(update={"value": value})


def smallest_change(context: Context, outcome: Outcome | None = None) -> Registered:
    """The smallest change of interest that the study declares for an outcome (the primary one)."""
    declared = outcome or context.primary
    return Registered(declared.smallest_change, registered.smallest_name(declared.id))


def threshold(context: Context, field: str) -> Registered:
    """A threshold of the study's [disclosure], such as "minimum_base"."""
    return Registered(getattr(context.study.disclosure, field), registered.threshold_name(field))


def rows_counted(context: Context, status: str, scope: str) -> Registered:
    """How many estimates (status "all", "suppressed", "flagged") a region or the "area" as a whole has."""
    own = context.checked if scope == AREA else context.checked[context.checked["region"].eq(scope)]
    count = len(own) if status == "all" else int(own["status"].eq(status).sum())
    return Registered(count, registered.rows_name(status, scope))


def certainty(context: Context, found: Estimate, outcome: Outcome | None = None) -> str:
    """The certainty word of a change, by wording.rules; of a region after correction for their number."""
    if not found.shown:
        return "hidden"
    smallest = (outcome or context.primary).smallest_change
    word = rules.certainty(found.value, found.lower, found.upper, found.df, smallest)
    return rules.corrected(word, found.p_adjusted)


def only_uncorrected(found: Estimate) -> bool:
    """Whether the range of a region's change leaves out zero, but not after correction for their number."""
    return found.has_range and (found.lower > 0 or found.upper < 0) and found.p_adjusted >= rules.SIGNIFICANT


def is_share(outcome: Outcome) -> bool:
    return outcome.kind == "all_correct"


def level_text(context: Context, value: float, outcome: Outcome | None = None) -> str:
    """A level of an outcome: "41,3%" or "62,0"."""
    if is_share(outcome or context.primary):
        return numbers.percent(value, context.language)
    return numbers.number(value, context.language, 1)


def change_unit(context: Context, outcome: Outcome | None = None) -> str:
    return context.words("unit.pp" if is_share(outcome or context.primary) else "unit.points")


def change_facts(context: Context, found: Estimate) -> dict[str, str]:
    """change, lower and upper as text, for a sentence; empty when there is no interval."""
    if not found.has_range:
        return {}
    return {
        "change": numbers.signed(found.value, context.language),
        "lower": numbers.limit(found.lower, context.language),
        "upper": numbers.limit(found.upper, context.language),
    }


def percent_facts(context: Context, found: Estimate) -> dict[str, str]:
    """value, lower and upper of a share as text, for a sentence."""
    parts = {"value": found.value, "lower": found.lower, "upper": found.upper}
    return {name: numbers.percent(value, context.language) for name, value in parts.items()}


def count(context: Context, listed: Sized) -> str:
    """How many things of the study (regions, municipalities, ways of computing) are listed, as text."""
    return numbers.number(tally(listed), context.language)


def municipality_name(context: Context, code: str) -> str:
    """The name of a municipality by its CBS code."""
    known = context.study.places.set_index("code")["name"]
    return str(known.get(code, code))


OR_UNKNOWN = "_or_unknown"  # behind a group that holds those of unknown group too


def group_label(context: Context, dimension: str, group: str) -> str:
    label = context.words.label(f"group.{dimension}.{group.removesuffix(OR_UNKNOWN)}", group)
    return context.words("group.or_unknown", group=label) if group.endswith(OR_UNKNOWN) else label


def group_order(context: Context, dimension: str, group: str) -> tuple[int, str]:
    """Groups in the order of the catalogue (low before high), those it does not know after them."""
    known = [key for key in context.words.sentences if key.startswith(f"group.{dimension}.")]
    key = f"group.{dimension}.{group.removesuffix(OR_UNKNOWN)}"
    return (known.index(key) if key in known else len(known), group)
