"""The evidence passport: how far this design can carry the campaign on the ladders of RIVM and NJi."""

from __future__ import annotations

from evaluation.report.content import answer, cells
from evaluation.report.content.facts import Context
from evaluation.report.content.parts import Part, appendix
from evaluation.report.model import Table, paragraph, table

LADDERS = {
    "rivm": ("described", "grounded", "first", "good", "strong"),
    "nji": ("described", "grounded", "results", "cause"),
}
# The highest rung for which a study with this claim can be one of the pieces of evidence.
HIGHEST = {
    "description": {"rivm": "described", "nji": "described"},
    "first_indication": {"rivm": "first", "nji": "results"},
    "comparison": {"rivm": "good", "nji": "results"},
}


def part(context: Context) -> Part:
    """Appendix section with a table of the rungs: what each asks, and what this study brings."""
    words, claim = context.words, answer.judged(context).claim
    numbered = _table(context, claim)
    said = [words(f"passport.{claim}"), words("passport.committee"), words("passport.two")]
    blocks = [paragraph(" ".join(said)), table(numbered.id)]
    return Part(appendix("passport", words("section.passport"), blocks), (), (numbered,))


def _table(context: Context, claim: str) -> Table:
    words = context.words
    columns = tuple(cells.text_column(context, name) for name in ("rung", "ladder", "asks", "brings"))
    rows = []
    for ladder, rungs in LADDERS.items():
        highest = rungs.index(HIGHEST[claim][ladder])
        for place, rung in enumerate(rungs):
            # A design never brings what the theory behind the leaflet has to bring.
            key = "no" if place > highest else "theory" if rung in ("described", "grounded") else "yes"
            rows.append(
                {
                    "rung": cells.text(words(f"rung.{ladder}.{rung}")),
                    "ladder": cells.text(words(f"ladder.{ladder}")),
                    "asks": cells.text(words(f"rung_asks.{ladder}.{rung}")),
                    "brings": cells.text(words(f"passport.brings_{key}")),
                }
            )
    return Table(
        "passport-table",
        0,
        words(f"passport.headline_{claim}"),
        words("passport.subtitle", area=context.area),
        words("sources.ladders"),
        columns,
        "rung",
        tuple(rows),
        (words("passport.note"),),
    )
