"""Names of things in one sentence: only the first begins with a capital."""

from evaluation.report.content.unknown import in_a_row


def test_only_the_first_thing_of_a_sentence_has_a_capital():
    things = ["Bereik naar eerste kind", "De hoofdvraag per gemeente", "Kosten"]
    assert in_a_row(things) == "Bereik naar eerste kind, de hoofdvraag per gemeente, kosten"
    assert in_a_row(["Kosten"]) == "Kosten"
    assert in_a_row([]) == ""
    assert in_a_row(things, within=True) == "bereik naar eerste kind, de hoofdvraag per gemeente, kosten"
