"""Two successive quarters published into one folder: the second tells what changed since the first, and every
number of both, also of municipalities' sheets and Word documents, is the registered one."""

import json
import shutil
from pathlib import Path

import pikepdf
import pytest

from evaluation.notebook import findings, open_campaign
from evaluation.notebook.session import RELEASES
from tests.whole import published
from tests.whole.test_same_numbers import compared, from_release, values_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("two")]

THEN, NOW = "2026Q2", "2026Q3"
NONE = "–"
QUARTERS = {
    "nl": {THEN: "2e kwartaal 2026", NOW: "3e kwartaal 2026"},
    "en": {THEN: "Second quarter of 2026", NOW: "Third quarter of 2026"},
}
WORDS = {
    "nl": {"up": "gestegen", "maybe": "waarschijnlijk gestegen", "went": "ging van “{}” naar “{}”."},
    "en": {"up": "risen", "maybe": "probably risen", "went": "went from “{}” to “{}”."},
}


def model(made, quarter: str, language: str) -> dict:
    return json.loads((made.out / quarter / "model" / f"province.{language}.json").read_bytes())


def printed(card: dict) -> str:
    return f"{card['value']} ({card['range']})" if card["range"] else card["value"]


def table_of(made, language: str, kind: str) -> list[list[str]]:
    """The published table of what changed; found by the two quarters in its headings."""
    shown = published.read((made.out / NOW / f"province.{language}.{kind}").read_bytes(), kind)
    wanted = [QUARTERS[language][THEN], QUARTERS[language][NOW]]
    [rows] = [rows for rows in shown.tables.values() if rows[0][1:3] == wanted]
    return rows


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("kind", ["html", "pdf"])
def test_what_changed_is_what_the_two_reports_say(two_quarters, language, kind):
    then, now = (model(two_quarters, quarter, language) for quarter in (THEN, NOW))
    rows = table_of(two_quarters, language, kind)[1:]
    cards = {card["id"]: card for card in then["key_figures"]}
    assert len(rows) == len(now["key_figures"]) == 6
    squeezed = published.squeezed
    for row, card in zip(rows, now["key_figures"], strict=True):
        was = cards[card["id"]]
        assert squeezed(row[0]) == squeezed(card["label"])
        assert squeezed(row[1]) == squeezed(printed(was))
        assert squeezed(row[2]) == squeezed(printed(card))
        for told, one in ((row[3], was), (row[4], card)):
            # Of the change also how certain it is stands before whether its target was met.
            told = told.split("; ")[-1] if card["id"] == "change" else told
            assert told == (one["status"] or NONE)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_sentence_names_what_changed_and_nothing_else(two_quarters, language):
    """The sample's change was probably risen in the second quarter (−0.7 to +9.7) and risen in the third."""
    then, now = (model(two_quarters, quarter, language) for quarter in (THEN, NOW))
    [since] = [part for part in now["sections"] if part["id"] == "since"]
    said, say = since["blocks"][0]["text"], WORDS[language]
    assert say["went"].format(say["maybe"], say["up"]) in said
    was = {card["id"]: card for card in then["key_figures"]}
    moved = [card for card in now["key_figures"] if card["status"] != was[card["id"]]["status"]]
    assert moved
    for card in moved:
        went = say["went"].format(was[card["id"]]["status"], card["status"])
        assert f"“{card['label']}” {went}" in said
    assert said.count(say["went"].split("{")[0]) == 1 + len(moved)
    for kind in ("html", "pdf"):
        shown = published.read((two_quarters.out / NOW / f"province.{language}.{kind}").read_bytes(), kind)
        assert published.squeezed(said) in "".join(shown.lines)


def test_the_report_with_a_quarter_before_it_still_takes_two_pages(two_quarters):
    for path in sorted((two_quarters.out / NOW).glob("province.*.pdf")):
        with pikepdf.open(path) as document, document.open_outline() as outline:
            [appendix] = [item for item in outline.root[0].children if item.title in ("Bijlage", "Appendix")]
            assert document.pages.index(pikepdf.Page(appendix.destination[0])) == 2, path.name


def test_every_file_of_both_quarters_shows_the_registered_numbers(two_quarters, tmp_path, monkeypatch):
    campaign = open_campaign(str(two_quarters.study))
    before = findings(campaign, THEN)
    shutil.copytree(two_quarters.out / THEN, tmp_path / THEN)
    monkeypatch.setenv(RELEASES, str(tmp_path))
    values = {THEN: values_of(before), NOW: values_of(findings(campaign, NOW))}

    def of_both(name: str) -> float:
        """A number of then is held to the table of then, not to what the report of then printed."""
        if name.startswith(f"earlier|{THEN}|"):
            return values[THEN](name.removeprefix(f"earlier|{THEN}|"))
        return values[NOW](name)

    for quarter, value in ((THEN, values[THEN]), (NOW, of_both)):
        reports = from_release(Path(two_quarters.out / quarter))
        kinds = [report.model["kind"] for report in reports]
        assert (kinds.count("municipality") > 30) == (quarter == NOW)
        assert all("docx" in report.content for report in reports) == (quarter == NOW)
        assert [line for report in reports for line in compared(report, value)] == []
