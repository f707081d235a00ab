"""Equity gaps: a group beside the group it is compared with, and the gap with its 95 % interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, nan

from evaluation.report.figures.change import ChangeRow, paired_chart
from evaluation.report.figures.svg import Drawing
from evaluation.report.wording import Words, numbers


@dataclass(frozen=True)
class Gap:
    """One comparison, on the 0-100 scale; NaN when not shown. gap = value - reference_value, with its
    interval. name: of the pair as a reader sees it ("lage opleiding t.o.v. hoge"). overall: a row that is
    not a group of its own (drawn with another mark)."""

    name: str
    value: float = nan
    reference_value: float = nan
    gap: float = nan
    lower: float = nan
    upper: float = nan
    overall: bool = False


def gap_chart(
    gaps: Sequence[Gap], words: Words, name: str, title: str, unit: str, level_unit: str
) -> Drawing:
    """The gaps from top to bottom. unit: of the gaps (points); level_unit: of the two levels (%).

    A gap below zero is a group that lags behind the one it is compared with.
    """
    rows = [
        ChangeRow(
            gap.name,
            "area" if gap.overall else "region",
            gap.reference_value,
            gap.value,
            gap.gap,
            gap.lower,
            gap.upper,
        )
        for gap in gaps
    ]
    return paired_chart(
        rows,
        words,
        name,
        title,
        lambda: alt(gaps, words),
        legend=(words("figure.gap_reference"), words("figure.gap_group")),
        level_label=words("chart.level", unit=level_unit),
        change_label=words("figure.gap", unit=unit),
    )


def alt(gaps: Sequence[Gap], words: Words) -> str:
    """The chart in words and numbers."""
    return words("figure.gap_alt", lines=" ".join(_alt_line(gap, words) for gap in gaps))


def _alt_line(gap: Gap, words: Words) -> str:
    if not all(map(isfinite, (gap.value, gap.reference_value, gap.gap))):
        return words("figure.alt_hidden", name=gap.name)
    language = words.language
    return words(
        "figure.gap_alt_row",
        name=gap.name,
        value=numbers.number(gap.value, language, 1),
        reference=numbers.number(gap.reference_value, language, 1),
        gap=numbers.signed(gap.gap, language),
        lower=numbers.signed(gap.lower, language),
        upper=numbers.signed(gap.upper, language),
    )
