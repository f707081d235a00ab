"""Business rules: returns, head offices, prices, linking codes, and answers given in a hurry or in a row."""

from datetime import timedelta

import pytest

from evaluation.intake import take_in

from .fixtures import surveys
from .fixtures.people import respondents
from .test_tools import PERSON, _bytes, _rows

ORDERS = '[files.orders]\npath = "orders.csv"\n[files.organisations]\npath = "register.csv"\n'
REGISTER = "\n".join(
    [
        "Organisatie;Soort;Gemeente",
        *(f"De Ooievaar;consultatiebureau;{town}" for town in ("Heerlen", "Kerkrade")),
        "",
    ]
)
HEADINGS = "order_number;order_date;status;shipping_company;shipping_postcode;sku;quantity;line_total"


def _orders(study_of, *rows):
    text = "\n".join([HEADINGS, *rows]) + "\n"
    return take_in(study_of({"orders.csv": text, "register.csv": REGISTER}, ORDERS))


def _line(number="1", company="De Ooievaar", postcode="6411AB", units="4", amount="0,00"):
    return f"{number};2025-10-06;completed;{company};{postcode};FOL-NL-25;{units};{amount}"


def test_what_came_back_is_taken_off_the_order(study_of):
    intake = _orders(study_of, _line(), _line(units="-1"), _line("2", units="3"), _line("2", units="-3"))
    assert intake.tables["orders"]["copies"].tolist() == [75]
    assert intake.quarantine[["row", "rule"]].to_numpy().tolist() == [
        [3, "returned"],
        [4, "returned"],
        [5, "returned"],
    ]
    assert intake.receipts[1].flags == {"partly_returned": 1}


def test_a_return_of_more_than_was_sent_takes_nothing_from_other_orders(study_of):
    intake = _orders(study_of, _line(units="2"), _line(units="-5"), _line("2", units="2"))
    assert intake.tables["orders"]["copies"].tolist() == [50]


@pytest.mark.parametrize(
    ("earlier", "later", "copies"),
    [
        ([_line()], [_line(units="-1")], 75),  # a file of returns adds to the order, and is no version of it
        ([_line()], [_line(), _line(units="-1")], 75),
        ([_line(), _line(units="-1")], [_line(units="3")], 75),
        ([_line(), _line(units="-1")], [_line(units="2"), _line(units="-1")], 25),
        ([_line(units="-1")], [_line()], 75),
        ([_line(), _line(units="-1")], [_line(), _line(units="-1"), _line("2", units="1")], 100),
    ],
)
def test_returns_in_another_file_than_their_order(study_of, earlier, later, copies):
    files = {
        f"orders{number}.csv": "\n".join([HEADINGS, *rows]) + "\n"
        for number, rows in enumerate((earlier, later))
    }
    study = study_of(files | {"register.csv": REGISTER}, ORDERS.replace("orders.csv", "orders*.csv"))
    intake = take_in(study)
    assert intake.tables["orders"]["copies"].sum() == copies
    assert all(one.read == one.accepted + sum(one.quarantined.values()) for one in intake.receipts)


@pytest.mark.parametrize(
    ("line", "flags"),
    [
        (_line(), {}),
        (_line(postcode="6461CD"), {}),  # Kerkrade: the register has it there too
        (_line(postcode="6211AB"), {"head_office": 1}),
        (_line(company="Zorgketen Voorbeeld Hoofdkantoor"), {"head_office": 1}),
        (_line(company="Onbekend"), {}),
        (_line(amount="6,25"), {"paid_in_area": 1}),
        (_line(company="X", postcode="5611AA", amount="0"), {"free_outside": 1}),
        (_line(company="X", postcode="5611AA", amount="25,00"), {}),  # four at 6.25
        (_line(company="X", postcode="5611AA", amount="24,97"), {}),  # rounded per unit
        (_line(company="X", postcode="5611AA", amount="6,25"), {"other_price_outside": 1}),
        (_line(company="X", postcode="5911AA", amount="30,00"), {"other_price_outside": 1}),  # Venlo
    ],
)
def test_flags_refuse_nothing(study_of, line, flags):
    intake = _orders(study_of, line)
    assert intake.receipts[1].flags == flags
    assert len(intake.tables["orders"]) == 1


def _survey(study_of, rows):
    return take_in(study_of({"bestand.csv": _bytes(rows)}, surveys.more_for("limesurvey")))


def test_one_response_per_linking_code_and_wave(study_of):
    rows = _rows(surveys.limesurvey(PERSON))
    token = rows[0].index("token")
    for place, code in ((1, "abc"), (2, "ABC "), (3, "def"), (50, "abc")):
        rows[place][token] = code
    intake = _survey(study_of, rows)
    assert intake.quarantine[["row", "column", "rule"]].to_numpy().tolist() == [
        [3, "token", "code_twice"],
        [82, "submitdate", "incomplete"],
    ]
    assert "code" not in intake.tables["responses"]


def test_speeders_take_less_than_a_third_of_the_median(study_of):
    rows = _rows(surveys.limesurvey(PERSON))
    begun, sent = rows[0].index("startdate"), rows[0].index("submitdate")
    # The median of the first wave is 319.5 seconds: 107 is over a third of it, 106 is not.
    for place, seconds in ((1, 106), (2, 107)):
        person = respondents()[place - 1]
        rows[place][begun] = str(person["begun"])
        rows[place][sent] = str(person["begun"].replace(minute=seconds // 60, second=seconds % 60))
    intake = _survey(study_of, rows)
    assert intake.receipts[0].flags == {"speeder": 1}
    assert intake.receipts[0].accepted == 80


def test_straight_liners_answer_at_least_six_agreement_questions_alike(study_of):
    rows = _rows(surveys.limesurvey(PERSON))
    at = [rows[0].index(name) for name in ("H1", "H2", "H3", "H4", "E1", "E2", "E3")]
    for place, answers in ((1, 7), (2, 6), (3, 5)):
        for number, column in enumerate(at):
            rows[place][column] = "Mee eens" if number < answers else ""
    rows[4][at[0] : at[-1] + 1] = ["Mee eens"] * 6 + ["Mee oneens"]
    assert _survey(study_of, rows).receipts[0].flags == {"straight_liner": 2}


def test_the_median_that_tells_a_speeder_is_that_of_the_wave(study_of):
    rows = _rows(surveys.limesurvey(PERSON))
    begun, sent = rows[0].index("startdate"), rows[0].index("submitdate")
    people = respondents()
    for row, person in zip(rows[1:81], people, strict=True):
        # The second wave's questionnaire takes ten times as long: 200 seconds are enough in the first only.
        seconds = 200 if person in (people[0], people[40]) else 300 if person["sent"].month < 10 else 3000
        start = person["begun"].replace(minute=0, second=0)
        row[begun] = str(start)
        row[sent] = str(start + timedelta(seconds=seconds))
    assert {person["sent"].month < 10 for person in people[:40]} == {True}
    assert _survey(study_of, rows).receipts[0].flags["speeder"] == 1
