"""The catalogue of indicators as a page of the documentation."""

from evaluation.reference import indicator_catalogue

# ruff: noqa: E501 (the heads of a Markdown table stand on one line)
_OPENING = {
    "nl": """# Indicatoren

Gemaakt uit `reference/indicators.toml`; verander dat bestand, niet deze bladzijde. RE-AIM: Glasgow e.a. 1999. KPI:
de volgorde van het campagne-effectonderzoek van de Rijksoverheid. GCS: de stappen van de GCS Evaluation Cycle.
Soort doel: stijging, behoud, minstens of hooguit; een doel in het studiebestand gaat voor.

| nr. | indicator | formule | nodig | eenheid | onzekerheid | RE-AIM | KPI | GCS | soort doel | rij van de tabel |
|---|---|---|---|---|---|---|---|---|---|---|
""",
    "en": """# Indicators

Made from `reference/indicators.toml`; change that file, not this page. RE-AIM: Glasgow e.a. 1999. KPI: the order of
the Dutch government's campaign effect research. GCS: the stages of the GCS Evaluation Cycle. Kind of goal: rise, keep,
at least or at most; a target in the study file comes first.

| no. | indicator | formula | needs | unit | uncertainty | RE-AIM | KPI | GCS | kind of goal | row of the table |
|---|---|---|---|---|---|---|---|---|---|---|
""",
}


def page(language: str) -> str:
    """The whole catalogue as Markdown, in "nl" or "en"."""
    lines = []
    for one in indicator_catalogue():
        row = f"`{one.indicator}` {one.measure}" + (f", {one.group_by} = {one.group}" if one.group else "")
        cells = (
            one.id,
            one.name[language],
            one.formula[language],
            ", ".join(one.needs),
            one.unit,
            one.interval,
        )
        cells += (one.reaim, one.kpi, one.gcs, one.goal, row if one.indicator else f"({one.absent})")
        lines.append("| " + " | ".join(cell or "-" for cell in cells) + " |")
    return _OPENING[language] + "\n".join(lines) + "\n"
