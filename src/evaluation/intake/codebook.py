"""The codebook: every column of every table after intake, and every question with its codes, as a page."""

from evaluation.intake.columns import BACKGROUND, TABLES
from evaluation.reference import questionnaire, questionnaire_source

_WORDS = {
    "nl": {
        "title": "Codeboek",
        "lead": "Gemaakt uit de contracten van intake en de vragenlijst; niet met de hand wijzigen.",
        "columns": "Kolommen per soort bestand",
        "column": "kolom",
        "needed": "nodig",
        "known": "bekende kolomkoppen",
        "yes": "ja",
        "no": "nee",
        "questions": "Vragen",
        "question": "vraag",
        "text": "tekst",
        "scale": "schaal",
        "answers": "antwoorden (code = tekst)",
        "right": "goed",
    },
    "en": {
        "title": "Codebook",
        "lead": "Made from the contracts of intake and the questionnaire; not to be edited by hand.",
        "columns": "Columns per kind of file",
        "column": "column",
        "needed": "needed",
        "known": "known headings",
        "yes": "yes",
        "no": "no",
        "questions": "Questions",
        "question": "question",
        "text": "text",
        "scale": "scale",
        "answers": "answers (code = text)",
        "right": "right",
    },
}


def codebook(language: str) -> str:
    """The page in Markdown, in "nl" or "en"."""
    say = _WORDS[language]
    lines = [f"# {say['title']}", "", say["lead"], "", f"## {say['columns']}"]
    for kind, columns in TABLES.items():
        lines += [
            "",
            f"### {kind}",
            "",
            f"| {say['column']} | {say['needed']} | {say['known']} |",
            "|---|---|---|",
        ]
        lines += [
            f"| {name} | {say['yes' if column.required else 'no']} | {', '.join(column.headings)} |"
            for name, column in columns.items()
        ]
    lines += ["", f"## {say['questions']}", "", questionnaire_source()[language], ""]
    heads = [say[name] for name in ("question", "column", "text", "scale", "answers", "right")]
    lines += [f"| {' | '.join(heads)} |"]
    lines += ["|---|---|---|---|---|---|"]
    names = {item.id: name for name, item in BACKGROUND.items()}
    for item in questionnaire().values():
        answers = "; ".join(f"{code} = {text[language]}" for code, text in item.answers.items())
        column = names.get(item.id, "" if item.scale == "open" else item.id)
        cells = (item.id, column, item.text[language], item.scale, answers, item.key or "")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
