"""What staff are told of a check, a plan and a release, as lines; for the command line and the start page."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from evaluation.pipeline.state import Release

# say(name, **facts) gives a sentence of words.toml; its keyword `lang` is the language.
Say = Callable[..., str]


def checked(study_path: Path, say: Say) -> Iterator[str]:
    """What would be read from the exports: per file how many rows are accepted, refused and why. A terminal
    shows how far it is."""
    from evaluation.intake import take_in
    from evaluation.pipeline.progress import of_files, shown
    from evaluation.reference import flag_rules, identifier_kinds, quarantine_rules
    from evaluation.study import load_study

    lang = say.keywords["lang"]
    with shown(say, quiet=not sys.stderr.isatty()) as report:
        study = load_study(study_path)
        intake = take_in(study, of_files(report))
    for receipt in intake.receipts:
        refused = receipt.quarantined
        yield counts(say, receipt.file, receipt.read, receipt.accepted, sum(refused.values()))
        for rule, count in sorted(refused.items(), key=lambda item: (-item[1], item[0])):
            text = quarantine_rules()[rule]
            yield say("rule_count", count=count, text=text[lang], remedy=text["remedy_" + lang])
            yield from _where(intake.quarantine, receipt.file, rule, say)
        for heading, found in receipt.notes.items():
            for kind, count in found.items():
                yield say("note", column=heading, kind=identifier_kinds()[kind][lang], count=count)
        for heading, count in receipt.names.get("cells", {}).items():
            yield say("note", column=heading, kind=identifier_kinds()["name"][lang], count=count)
        if receipt.names:
            yield say("names_by" if receipt.names["by"] else "names_by_nobody", by=receipt.names["by"])
        for rule, count in receipt.flags.items():
            text = flag_rules()[rule]
            yield say("flag_count", count=count, text=text[lang], remedy=text["remedy_" + lang])
        if receipt.columns_dropped:
            yield say("columns_dropped", columns=", ".join(receipt.columns_dropped))
    if study.unread:
        yield say("files_unread", files=", ".join(study.unread))


# More row numbers than this help nobody who looks for the first.
_ROWS = 5


def _where(quarantine, file: str, rule: str, say: Say) -> Iterator[str]:
    """In which column and rows a rule refused; a spreadsheet numbers them so."""
    here = quarantine[(quarantine["file"] == file) & (quarantine["rule"] == rule)]
    for column, group in here.groupby("column"):
        rows = ", ".join(str(row) for row in group["row"][:_ROWS])
        if len(group) > _ROWS:
            rows = say("rows_more", rows=rows, more=len(group) - _ROWS)
        yield say("rule_where" if column else "rule_where_row", column=column, rows=rows)


def planned(
    study_path: Path,
    quarter: str | None,
    out: Path,
    say: Say,
    docx: bool = False,
    municipalities: bool = True,
) -> Iterator[str]:
    """The plan of a refresh as a table: every run, and whether it is unchanged or why it runs."""
    from evaluation.pipeline.outlook import outlook

    quarter, runs = outlook(study_path, quarter, out, docx, municipalities)
    rows = [tuple(say("plan_" + name) for name in ("notebook", "area", "language", "needs", "state"))]
    for one in runs:
        state = ", ".join(say("why_" + reason) for reason in one.why) or say("why_none")
        values = one.run.parameters
        area = str(values.get("region") or values.get("municipality") or "-")
        needs = say("needs_" + one.run.needs)
        rows.append((one.run.notebook, area, str(values["language"]), needs, state))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row[:4], widths, strict=True)]
        yield "  ".join([*cells, row[4]])
    kept = sum(not one.why for one in runs)
    yield say("plan_total", quarter=quarter, count=len(runs), kept=kept, run=len(runs) - kept)


def released(release: Release, say: Say) -> Iterator[str]:
    """What became of every row, and where the report is."""
    if release.unchanged:
        yield say("unchanged", quarter=release.quarter)
    for wave in release.skipped:
        yield say("not_complete", skipped=wave, quarter=release.quarter)
    for file in release.files:
        yield counts(say, **file)
    yield say(
        "totals",
        accepted=sum(file["accepted"] for file in release.files),
        quarantined=sum(file["quarantined"] for file in release.files),
        suppressed=release.suppressed,
    )
    yield say("why_refused", path=release.folder / "quarantine.csv")
    yield say("report_at", quarter=release.quarter, path=release.index)


def counts(say: Say, file: str, read: int, accepted: int, quarantined: int) -> str:
    """What became of one file's rows."""
    return say("counts", file=file, read=read, accepted=accepted, quarantined=quarantined)
