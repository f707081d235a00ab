"""The receipt page: what of every file was read, accepted and refused, in the language's own words."""

import re

import pytest

from evaluation.report.writers.receipt import write_receipt

ORDERS = {
    "file": "orders.csv",
    "kind": "orders",
    "format": "woocommerce-orders",
    "read": 12345,
    "accepted": 12300,
    "quarantined": {"cancelled": 40, "bad_date": 5},
    "columns_dropped": ["E-mail", "<script>alert(1)</script>"],
    "notes": {},
    "flags": {"head_office": 3},
}
COSTS = ORDERS | {
    "file": "costs.csv",
    "kind": "costs",
    "format": "table",
    "read": 7,
    "accepted": 7,
    "quarantined": {},
    "columns_dropped": [],
    "flags": {},
}


def _cells(page: str) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    return [
        [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in rows
    ]


@pytest.mark.parametrize(
    ("language", "orders", "costs", "together"),
    [
        (
            "nl",
            ["orders.csv", "bestellingen", "WooCommerce", "12.345", "12.300", "45"],
            ["costs.csv", "kosten", "tabel", "7", "7", "0"],
            ["Samen", "12.352", "12.307", "45"],
        ),
        (
            "en",
            ["orders.csv", "orders", "WooCommerce", "12,345", "12,300", "45"],
            ["costs.csv", "costs", "table", "7", "7", "0"],
            ["Together", "12,352", "12,307", "45"],
        ),
    ],
)
def test_every_file_and_their_sum_in_one_table(language, orders, costs, together):
    page = write_receipt([ORDERS, COSTS], "2026Q3", language, True).decode()
    assert _cells(page)[1:] == [orders, costs, together]


def test_a_file_of_which_nothing_is_to_say_has_no_part_of_its_own():
    page = write_receipt([ORDERS, COSTS], "2026Q3", "nl", True).decode()
    assert re.findall(r'<h2 id="(.*?)">(.*?)</h2>', page) == [("file-1", "orders.csv")]
    assert page.count('href="#file-') == 1


def test_a_heading_of_an_export_is_text_and_nothing_else():
    page = write_receipt([ORDERS], "2026Q3", "nl", False).decode()
    assert "<script" not in page
    assert "E-mail, &lt;script&gt;alert(1)&lt;/script&gt;" in page
