"""Proposes how an unknown export maps onto a contract: by its headings, and by what its cells look like.

Nothing of a person leaves this module: cells are shown by their shape only, labels only when at least five
rows share them.
"""

import difflib
import json
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from evaluation.intake.columns import BACKGROUND, LIMESURVEY, TABLES, Column
from evaluation.intake.detectors import kinds_in
from evaluation.intake.files import open_export
from evaluation.intake.labels import SEVEN_POINT, background_labels, item_labels
from evaluation.intake.places import known_municipalities
from evaluation.intake.read import headings_of
from evaluation.intake.recognise import open_table, recognise
from evaluation.intake.sheet import shown
from evaluation.intake.shops import OWN_READER, shop_table
from evaluation.intake.surveys import MOMENT, survey_table
from evaluation.intake.values import normalise, parse_dates, parse_numbers, postcode_area
from evaluation.reference import questionnaire
from evaluation.study import FileSpec

KINDS = ("orders", "responses", "organisations", "handouts", "costs", "margins")
# A label that fewer rows share may be what one person typed.
SHARED_BY = 5
_ROWS = 5_000
_LIKELY = 0.55
_MOST_LABELS = 12
_SIGN = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"\w{4,}")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Match:
    """A heading and what it is proposed to be. confidence: 0-1; shape: letters as a, digits as 9.

    unmapped: labels without a code (each shared by at least five rows); refused: "seven_point" or "".
    """

    column: str
    heading: str
    confidence: float
    shape: str
    unmapped: tuple[str, ...] = ()
    refused: str = ""


@dataclass(frozen=True)
class Proposal:
    """The mapping proposed for one file; unknown: headings proposed to be nothing (they are dropped)."""

    file: str
    kind: str
    layout: str
    wave: str | None
    matches: tuple[Match, ...]
    unknown: tuple[str, ...]

    def toml(self) -> str:
        """The lines to paste into the study file."""
        lines = [f"[files.{self.kind}]", f"path = {_quoted(self.file)}"]
        if self.wave:
            lines.append(f"wave = {_quoted(self.wave)}")
        mapped = [match for match in self.matches if not match.refused]
        lines += ["", f"[files.{self.kind}.columns]"] if mapped else []
        lines += [f"{match.column} = {_quoted(match.heading)}" for match in mapped]
        for match in mapped:
            if match.unmapped:
                lines += ["", f"[files.{self.kind}.values.{match.column}]"]
                lines += [
                    f'# {_quoted(label)} = ""  # {" | ".join(_codes(match.column))}'
                    for label in match.unmapped
                ]
        return "\n".join(lines) + "\n"


def propose(path: Path, kind: str | None = None) -> Proposal:
    """What the columns of an export could be; kind: one of KINDS, None to tell by the columns.

    Raises InputError when the file cannot be read.
    """
    export = open_export(path, path.name)
    found = []
    for one in (kind,) if kind else KINDS:
        spec = FileSpec(one, (path,), "auto", {}, {}, None, None, None, None)
        table = open_table(export, spec)
        layout = recognise(table, one)
        if one == "orders":
            shop_table(layout, table, path.name)  # says of an export that cannot do what to export instead
            if layout in OWN_READER:
                found.append(Proposal(path.name, one, layout, None, (), ()))
                continue
        if one == "responses":
            table = survey_table(layout, table, questionnaire().values())
        found.append(_proposal(path.name, one, layout, table, spec))
    return max(found, key=lambda proposal: (proposal.layout != "table", _worth(proposal)))


def _worth(proposal: Proposal) -> float:
    """How much of its kind's needs a proposal covers, so that a table of every kind can be compared."""
    needed = [name for name, column in _contract(proposal.kind).items() if column.required] or [
        "K1",
        "municipality",
    ]
    sure = {match.column: match.confidence for match in proposal.matches}
    return sum(sure.get(name, 0.0) for name in needed) / len(needed)


def _contract(kind: str) -> dict[str, Column]:
    if kind != "responses":
        return TABLES[kind]
    columns = {"clinic": Column(False, ("locatie", "consultatiebureau")), "region": Column(False, ("regio",))}
    columns["weight"] = Column(False, ("weegfactor", "gewicht", "weight"))
    columns |= {name: Column(False, (item.id, *item.text.values())) for name, item in BACKGROUND.items()}
    return columns | {
        name: Column(False, (item.id, *item.text.values()))
        for name, item in questionnaire().items()
        if item.block not in ("background", "professional") and item.scale != "open"
    }


def _proposal(file: str, kind: str, layout: str, table, spec: FileSpec) -> Proposal:
    contract = _contract(kind)
    names = headings_of(spec, table)
    known = {normalise(name) for key, column in contract.items() for name in (*column.headings, key)}
    asked = {p for name in known & set(names) for p in names[name]}
    # A heading that is neither a known one nor short and plain may be a person's data in the wrong row.
    anything = bool(shown(table.headings, limit=1))
    positions = [
        p for p, heading in enumerate(table.headings) if p in asked or (anything and shown([heading]))
    ]
    sheet = table.read(positions) if positions else None
    cells = {p: sheet.frame[p].iloc[:_ROWS].str.strip() for p in positions} if sheet else {}
    own = getattr(table, "own_width", len(table.headings))
    matches, taken = [], set()
    scores = [
        (_confidence(column, name, kind, table.headings[p], cells[p], names, p), -p, name)
        for name, column in contract.items()
        for p in positions
        if p < own
    ]
    used = set()
    order = list(contract)
    # At equal confidence what is needed goes before what may be absent.
    scores.sort(key=lambda one: (-one[0], not contract[one[2]].required, order.index(one[2]), -one[1]))
    for score, minus, name in scores:
        position = -minus
        if score < _LIKELY or name in used or position in taken:
            continue
        used.add(name)
        taken.add(position)
        unmapped, refused = _labels(name, kind, cells[position])
        matches.append(
            Match(name, table.headings[position], round(score, 2), shape(cells[position]), unmapped, refused)
        )
    wave = _wave(layout, table, cells) if kind == "responses" else None
    used_anyway = taken | _by_itself(layout, table, own)
    rest = [
        table.headings[p] for p in positions if p < own and p not in used_anyway and table.headings[p] != wave
    ]
    return Proposal(
        file,
        kind,
        layout,
        wave,
        tuple(sorted(matches, key=lambda match: order.index(match.column))),
        tuple(rest),
    )


def _by_itself(layout: str, table, own: int) -> set[int]:
    """The columns that the layout's reader uses without being told."""
    made = range(own, len(table.headings))
    found = {source for position in made for source in table.sources(position)}
    if layout == "limesurvey":
        found |= {p for p, heading in enumerate(table.headings) if normalise(heading) in LIMESURVEY}
    return found


def _confidence(
    column: Column, name: str, kind: str, heading: str, cells: pd.Series, names, position: int
) -> float:
    """1 for a heading the column is known by; less for a heading like it, by how well the cells fit."""
    known = [normalise(candidate) for candidate in (*column.headings, name)]
    if any(names.get(candidate) == [position] for candidate in known):
        return 1.0 if _fit(name, kind, cells) > 0.5 else 0.7
    plain = normalise(heading)
    near = max(_near(plain, candidate) for candidate in known)
    words = set(_WORD.findall(plain))
    if any(word in candidate for word in words for candidate in known if len(candidate) < 40):
        near = max(near, 0.75)
    fits = _fit(name, kind, cells) if near >= 0.55 else 0.0
    return 0.0 if fits < 0.8 else 0.9 * near * fits + 0.05


def _near(one: str, other: str) -> float:
    """How alike two headings are (0-1); 0 for two that differ so much in length that it does not matter."""
    matcher = difflib.SequenceMatcher(None, one, other)
    return matcher.ratio() if matcher.real_quick_ratio() >= 0.55 else 0.0


def _fit(name: str, kind: str, cells: pd.Series) -> float:
    """The share of filled cells that can be this column; 0.8 where anything can."""
    filled = cells[cells != ""]
    if filled.empty:
        return 0.8
    filled = pd.Series(filled.unique()[:1000], dtype="str")
    if kind == "responses" and (name in questionnaire() or name in BACKGROUND) and name != "municipality":
        item = BACKGROUND.get(name) or questionnaire()[name]
        if item.scale == "number":
            return float(parse_numbers(filled).notna().mean())
        labels = background_labels(name, {}) if name in BACKGROUND else item_labels(item, {})
        return max(
            float(filled.map(normalise).isin(labels).mean()), 0.0 if filled.nunique() > _MOST_LABELS else 0.5
        )
    if name == "municipality":
        return float(filled.map(normalise).isin(known_municipalities()).mean())
    if name == "postcode":
        return float(postcode_area(filled).ne("").mean())
    if name in ("date", "shipped_date"):
        return float(parse_dates(filled).notna().mean())
    if name in ("quantity", "amount", "copies", "population", "handed_out", "discussed", "weight"):
        return float(parse_numbers(filled).notna().mean())
    return 0.8


def _labels(name: str, kind: str, cells: pd.Series) -> tuple[tuple[str, ...], str]:
    """Labels of a closed question without a code, and whether the question has a scale that is refused."""
    if kind != "responses" or name == "municipality" or not (name in questionnaire() or name in BACKGROUND):
        return (), ""
    item = BACKGROUND.get(name) or questionnaire()[name]
    if item.scale in ("number", "open"):
        return (), ""
    labels = background_labels(name, {}) if name in BACKGROUND else item_labels(item, {})
    times = cells[cells != ""].value_counts()
    strange = [label for label in times.index if normalise(label) not in labels]
    if item.scale == "agree5" and any(SEVEN_POINT.search(normalise(label)) for label in strange):
        return (), "seven_point"
    listed = [
        label for label in strange if times[label] >= SHARED_BY and len(label) <= 60 and not kinds_in(label)
    ]
    return tuple(sorted(listed))[:_MOST_LABELS], ""


def _wave(layout: str, table, cells: dict[int, pd.Series]) -> str | None:
    """The heading of the date that tells the wave."""
    at = {normalise(heading): p for p, heading in enumerate(table.headings)}
    for name in MOMENT.get(layout, ()):
        if name in at:
            return table.headings[at[name]]
    dated = [
        p
        for p, text in cells.items()
        if (filled := text[text != ""]).size and parse_dates(filled).notna().mean() > 0.9
    ]
    return table.headings[dated[-1]] if dated else None


def shape(cells: pd.Series) -> str:
    """What the commonest kind of cell looks like: letters as a, digits as 9; long texts by their length."""
    filled = cells[cells != ""]
    if filled.empty:
        return ""
    shapes = filled.map(lambda cell: _DIGIT.sub("9", _SIGN.sub("a", cell))).value_counts()
    common = sorted(shapes[shapes == shapes.max()].index)[0]
    return common if len(common) <= 24 else f"{common[:20]}…"


def _codes(column: str) -> tuple[str, ...]:
    item = BACKGROUND.get(column) or questionnaire()[column]
    return tuple(item.answers)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
