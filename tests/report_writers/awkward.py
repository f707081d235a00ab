"""A report model with everything that has ever broken a writer, built by hand: no station before it runs."""

from dataclasses import replace

from evaluation.report import model

LABELS = {
    "nl": {
        "accepted": "Aanvaard",
        "answer": "Het antwoord in het kort",
        "appendix": "Bijlage",
        "area": "Gebied",
        "certainty": "Zekerheid",
        "contents": "Inhoud",
        "cover": "Voorblad",
        "csv": "Download als CSV",
        "description": "Omschrijving",
        "figure": "Figuur",
        "file": "Bestand",
        "inputs": "Ingelezen bestanden",
        "key_figures": "Kerncijfers",
        "note": "Toelichting",
        "notes": "Toelichtingen",
        "one_table": "Dit blad bevat één tabel.",
        "package_version": "Versie",
        "provenance": "Herkomst van de cijfers",
        "quarantined": "Apart gezet",
        "quarter": "Kwartaal",
        "read": "Gelezen",
        "sha256": "SHA-256 (begin)",
        "sheet": "Blad",
        "skip": "Naar de inhoud",
        "source": "Bron",
        "sources": "Bronnen",
        "study_sha256": "Studiebestand",
        "table": "Tabel",
        "tables": "Tabellen bij de figuren",
        "target": "Doel",
        "value": "Waarde",
        "range": "Marge",
        "status": "Stand",
    },
    "en": {
        "accepted": "Accepted",
        "answer": "The answer in brief",
        "appendix": "Appendix",
        "area": "Area",
        "certainty": "Certainty",
        "contents": "Contents",
        "cover": "Cover",
        "csv": "Download as CSV",
        "description": "Description",
        "figure": "Figure",
        "file": "File",
        "inputs": "Files read",
        "key_figures": "Key figures",
        "note": "Explanation",
        "notes": "Notes",
        "one_table": "This sheet holds one table.",
        "package_version": "Version",
        "provenance": "Where the numbers come from",
        "quarantined": "Set aside",
        "quarter": "Quarter",
        "read": "Read",
        "sha256": "SHA-256 (beginning)",
        "sheet": "Sheet",
        "skip": "To the content",
        "source": "Source",
        "sources": "Sources",
        "study_sha256": "Study file",
        "table": "Table",
        "tables": "Tables of the figures",
        "target": "Target",
        "value": "Value",
        "range": "Range",
        "status": "Standing",
    },
}

LONG_WORD = "Jeugdgezondheidszorgorganisatievertegenwoordigersvergaderingsverslag"
MARKUP = '<b onclick="x()">vet</b> & <script>alert(1)</script>'
SUPPRESSED = "[c]"

# Two drawings by one program: the same ids, the same class, a style sheet that reaches everything.
_SVG = """<?xml version="1.0" encoding="utf-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns:xlink="http://www.w3.org/1999/xlink" width="460pt" height="{height}pt" viewBox="0 0 460 {height}"
 xmlns="http://www.w3.org/2000/svg" version="1.1">
 <metadata>drawn</metadata>
 <defs><style type="text/css">*{{stroke-linejoin: round; stroke-linecap: butt}}
  .mark, #m1 {{fill: {colour}}}</style></defs>
 <title>old title</title>
 <g id="figure_1"><rect x="0" y="0" width="460" height="{height}" style="fill: #ffffff"/>
 <defs><path id="m1" d="M 0 3 L 3 -3 L -3 -3 z"/>
 <clipPath id="p1"><rect x="90" y="10" width="350" height="{height}"/></clipPath></defs>
 <g clip-path="url(#p1)">{marks}</g>
 {names}</g>
</svg>
"""


def drawing(colour: str, values: list[float]) -> str:
    marks = "".join(
        f'<use xlink:href="#m1" x="{120 + 30 * value}" y="{30 + 25 * row}" class="mark"/>'
        f'<path d="M {100 + 30 * value} {30 + 25 * row} h 40" style="stroke: {colour}"/>'
        for row, value in enumerate(values)
    )
    names = "".join(
        f'<text x="8" y="{34 + 25 * row}" style="font: 11px DejaVu Sans">Regio {row + 1}</text>'
        for row in range(len(values))
    )
    return _SVG.format(colour=colour, marks=marks, names=names, height=30 + 25 * len(values))


def number(value: float, decimals: int, language: str, before: str = "") -> model.Cell:
    """A cell as the content room makes one, for small numbers only."""
    text = f"{abs(value):,.{decimals}f}"
    if language == "nl":
        text = text.replace(",", " ").replace(".", ",").replace(" ", ".")
    sign = "\u2212" if value < 0 else before
    return model.Cell(sign + text, value)


def changes(language: str, rows: int = 12) -> model.Table:
    columns = (
        model.Column("region", "Regio & <gebied>"),
        model.Column("before", "Voor", "%", "number", 1),
        model.Column("change", "Verandering", "procentpunt", "number", 1),
        model.Column("lower", "Ondergrens", "procentpunt", "number", 1),
        model.Column("upper", "Bovengrens", "procentpunt", "number", 1),
        model.Column("n", "Ouders", "", "number", 0),
        model.Column("flag", "Let op", "", "flag"),
    )
    names = [
        "=SOM(A1:A9)",
        "+31 Heuvelland",
        "-Parkstad",
        "@Maas & Geul",
        MARKUP,
        LONG_WORD,
        "Coöperatie 't Höfke",
        "$x$ en $$y$$",
        "[Kop](https://kop.example)",
        "\tMook",
        "Peel en Maas *vet* _cursief_ #kop",
        "Échternach",
    ]
    body = []
    for index in range(rows):
        shift = round(-2.4 + 0.7 * index, 1)
        values = {
            "before": number(round(40.1 + index, 1), 1, language),
            "change": number(shift, 1, language, "+"),
            "lower": number(round(shift - 3.2, 1), 1, language, "+"),
            "upper": number(round(shift + 3.2, 1), 1, language, "+"),
            "n": number(1204 + index, 0, language),
        }
        if index == 3:
            values = {name: model.Cell("te weinig", mark=SUPPRESSED) for name in values}
        if index == 4:
            values["lower"] = model.Cell("–")
        name = names[index % len(names)] + (f" {index}" if index >= len(names) else "")
        body.append(
            {
                "region": model.Cell(name),
                **values,
                "flag": model.Cell("weinig ouders" if index % 5 == 0 else ""),
            }
        )
    return model.Table(
        "changes",
        1,
        "Het bewustzijn steeg in $x$ regio's",
        "Aandeel ouders dat beide vragen goed heeft; alle ouders",
        "Vragenlijst onder ouders, 2026",
        columns,
        "region",
        tuple(body),
        ("[c]: niet getoond, omdat het over te weinig ouders gaat.", "= geen formule $$q$$"),
    )


def supply(language: str) -> model.Table:
    return model.Table(
        "supply",
        2,
        "In Sittard-Geleen gingen de meeste folders de deur uit",
        "Folders per 100 geboorten",
        "Bestellingen",
        (
            model.Column("n", "Aantal", "folders", "number", 0),
            model.Column("name", "Gemeente"),
            model.Column("money", "Kosten", "euro", "number", 2),
        ),
        "name",
        (
            {
                "n": number(12050, 0, language),
                "name": model.Cell("Sittard-Geleen"),
                "money": number(0.4, 2, language, "€ "),
            },
            {
                "n": number(0, 0, language),
                "name": model.Cell("Beekdaelen"),
                "money": number(1234.56, 2, language, "€ "),
            },
            # Of another unit: its numbers have decimals of their own.
            {
                "n": replace(number(1204.5, 1, language), decimals=1),
                "name": model.Cell("Per week"),
                "money": replace(number(24950, 0, language), decimals=0),
            },
        ),
    )


def report(language: str = "nl", synthetic: bool = True, rows: int = 12) -> model.Report:
    main, appendix = "main", "appendix"
    return model.Report(
        kind="province",
        language=language,
        title="Weten meer ouders in Limburg hoe belangrijk een goede band is?",
        subtitle=f"Rapport voor de provincie {MARKUP}",
        quarter="2026Q3",
        quarter_label="3e kwartaal 2026",
        area="Limburg",
        region=None,
        synthetic="Deze cijfers zijn verzonnen: het is een oefenbestand." if synthetic else None,
        answer=model.Answer(
            "Naar schatting weten 4,2 procentpunt meer ouders hoe belangrijk een goede band is.",
            "De stijging ligt met 95 % zekerheid tussen 1,1 en 7,3 procentpunt.",
            "gestegen",
        ),
        key_figures=tuple(
            model.KeyFigure(
                f"key{i}",
                label,
                value,
                "tussen 1,1 en 7,3",
                "minstens 5",
                "nog niet gehaald",
                "eerste aanwijzing",
            )
            for i, (label, value) in enumerate(
                [
                    ("Ouders die het belang kennen", "44,3 %"),
                    ("Ouders die de folder kennen", "31,0 %"),
                    ("Folders per 100 geboorten", "118"),
                    ("Plekken die meedoen", "62 van 85"),
                    ("Kosten per bereikte ouder", "€ 1,87"),
                    ("Ouders die zich zorgen maken", "niet te tonen"),
                ]
            )
        ),
        sections=(
            model.Section("key", "Kerncijfers", main, (model.key_figures(),)),
            model.Section(
                "change",
                "Wat veranderde per regio?",
                main,
                (
                    model.paragraph("Een zin met $x$ en #kop en *ster* en \\backslash en " + MARKUP + "."),
                    model.figure("change"),
                    model.bullets(
                        [
                            "Eerste punt: 1 < 2 & 3 > 2.",
                            "Tweede punt met “aanhaling” en é, ï, ĳ, €.",
                            LONG_WORD,
                        ]
                    ),
                ),
            ),
            model.Section(
                "reach", "Wie bereiken we niet?", main, (model.paragraph("Zin. " * 40), model.figure("trend"))
            ),
            model.Section(
                "method", "Zo is gemeten", appendix, (model.paragraph("Zin. " * 60), model.table("changes"))
            ),
        ),
        figures=(
            model.Figure(
                "change",
                1,
                "Parkstad stijgt het meest <b>",
                "Verandering in procentpunt & 95 %-interval",
                "Vragenlijst onder ouders",
                "Punten met lijnen: regio 1 stijgt 1,0 en regio 2 stijgt 2,5.",
                drawing("#0072B2", [1.0, 2.5, 4.0]),
                "changes",
            ),
            model.Figure(
                "trend",
                2,
                "Het aanbod blijft achter",
                "Folders per 100 geboorten",
                "Bestellingen",
                "Twee punten: 3,0 en 6,0.",
                drawing("#B85300", [3.0, 6.0]),
                "supply",
            ),
        ),
        tables=(changes(language, rows), supply(language)),
        labels=LABELS[language],
        sources=("CBS, geborenen 2024 (tabel 37230ned)", "=bron zonder formule"),
        provenance=model.Provenance(
            "2026Q3",
            "ab" * 32,
            "0.1.0",
            (
                model.InputFile("orders.csv", "12" * 32, 4210, 4101, 109),
                model.InputFile("survey_2026Q3.csv", "34" * 32, 1650, 1600, 50),
            ),
        ),
    )
