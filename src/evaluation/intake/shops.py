"""Exports of web shops, recognised by their headings and cells, and brought to one row per order line.

Sources of the layouts: the vendors' manuals of WooCommerce, Shopify and Magento (Adobe Commerce).
"""

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from evaluation.errors import InputError
from evaluation.intake.tables import Derived, Lines, Made, Table, copy_of
from evaluation.intake.values import normalise, parse_numbers, per_value

_POSTCODE = {"postcode (verzending)", "shipping_postcode", "shipping postcode", "postcode (shipping)"}
_LINE = {"artikelnummer", "sku", "item_sku", "product_sku"}
_SHOPIFY = {"name", "lineitem quantity", "lineitem name", "created at"}
_SHOPIFY_STATES = ("cancelled at", "financial status", "fulfillment status")
_MAGENTO = {"purchase point", "purchase date"}
_TIMES = re.compile(r"(\d{1,6})\s*[×x]\s*(\S.*)", re.IGNORECASE)
_TIMES_AFTER = re.compile(r"(\S.*?)\s*[×x]\s*(\d{1,6})", re.IGNORECASE)
# A comma inside a product's name does not end it: the next one begins with its number of units.
_NEXT = re.compile(r"\s*[,;\n|]\s*(?=\d{1,6}\s*[×x]\s)", re.IGNORECASE)
_SKU_AT_END = re.compile(r".*[(\[]\s*(?:sku:?\s*)?([\w.-]+)\s*[)\]]", re.IGNORECASE)
_DUTCH_POSTCODE = re.compile(r"(?<!\d)([1-9]\d{3}) ?([A-Za-z]{2})(?![A-Za-z])")


def recognise_shop(table: Table) -> str | None:
    """The layout of a shop's export: "woocommerce" (a row per line), "woocommerce-orders" (a row per order),
    "woocommerce-report" (its own, without addresses), "shopify", "magento"; None for another table."""
    names = {normalise(heading) for heading in table.headings}
    if names >= _SHOPIFY:
        return "shopify"
    if names >= _MAGENTO:
        return "magento"
    products = _products_column(table)
    if products is not None and not names & _LINE:
        return "woocommerce-orders" if names & _POSTCODE else "woocommerce-report"
    return "woocommerce" if names & _POSTCODE and names & _LINE else None


# Layouts of which the reader makes order lines by itself: naming their columns would only lead it astray.
OWN_READER = frozenset({"woocommerce-orders", "shopify", "magento"})


def shop_table(layout: str, table: Table, file: str) -> Table:
    """The table with the contract's columns for orders, one row per order line.

    Raises InputError for a layout that cannot carry an evaluation (no addresses, no articles).
    """
    match layout:
        case "woocommerce-report":
            raise InputError("intake.shop_report", file=file)
        case "woocommerce-orders":
            return _order_lines(table, _products_column(table))
        case "shopify":
            return _shopify(table)
        case "magento":
            return _magento(table, file)
    return table


def _products_column(table: Table) -> int | None:
    """The column that holds an order's products as one text, such as "25× Folder, 2× Poster"."""
    for position in range(len(table.headings)):
        cells = [row[position].strip() for row in table.opening if position < len(row)]
        filled = [cell for cell in cells if cell]
        if filled and all(any(line[1] for line in _lines(cell)) for cell in filled):
            return position
    return None


def _lines(cell: str) -> Iterator[tuple[str, str, str]]:
    """(article, units, amount) of every product in an order's text; units "" when it cannot be read."""
    if re.search(r"(?:^|\|)\s*(?:sku|name)\s*:", cell) and re.search(r"\|\s*(?:quantity|qty)\s*:", cell):
        for part in re.split(r"\s*(?:;|\|\|)\s*", cell):
            fields = dict(pair.split(":", 1) for pair in part.split("|") if ":" in pair)
            fields = {name.strip().lower(): text.strip() for name, text in fields.items()}
            units = fields.get("quantity", fields.get("qty", ""))
            yield fields.get("sku") or fields.get("name", ""), units, fields.get("total", "")
        return
    for part in _NEXT.split(cell):
        if match := _TIMES.fullmatch(part.strip()):
            sku = _SKU_AT_END.fullmatch(match[2])
            yield (sku[1] if sku else match[2]), match[1], ""
        elif all(map(_TIMES_AFTER.fullmatch, map(str.strip, part.split(",")))):
            for one in part.split(","):
                after = _TIMES_AFTER.fullmatch(one.strip())
                yield after[1], after[2], ""
        else:
            yield part.strip(), "", ""


def _order_lines(table: Table, products: int) -> Lines:
    total = _position(table, "order_total", "order total", "totaalbedrag", "bestellingstotaal", "total")
    return _apart(table, lambda row: list(_lines(row[products])), products, total)


def _apart(
    table: Table, lines_of, products: int, total: int | None, extra: dict[str, Made] | None = None
) -> Lines:
    """The table with one row per product. An order's total goes to its first line when lines have none."""
    positions = list(range(len(table.headings)))
    sheet = table.read(positions)
    per_row = [lines_of(row) or [("", "", "")] for row in sheet.frame[positions].to_numpy().tolist()]
    times = np.array([len(lines) for lines in per_row])
    which = np.repeat(np.arange(len(per_row)), times)
    first = np.concatenate([[True], which[1:] != which[:-1]]) if len(which) else np.zeros(0, dtype=bool)
    frame = sheet.frame.iloc[which].copy()
    flat = [line for lines in per_row for line in lines]
    amounts = [amount for _, _, amount in flat]
    if total is not None:
        written = frame[total].to_numpy()
        amounts = [
            own or (whole if begins else "0")
            for own, whole, begins in zip(amounts, written, first, strict=True)
        ]
    width = len(positions)
    for offset, cells in enumerate([[a for a, _, _ in flat], [u for _, u, _ in flat], amounts]):
        frame[width + offset] = pd.array(cells, dtype="str")
    headings = [*table.headings, "sku", "quantity", "amount"]
    origins = {position: (position,) for position in positions}
    origins |= {
        width: (products,),
        width + 1: (products,),
        width + 2: (products if total is None else total,),
    }
    for name, made in (extra or {}).items():
        frame[len(headings)] = made.function(frame)
        origins[len(headings)] = made.sources
        headings.append(name)
    return Lines(headings, frame, sheet.broken[which], width, origins)


def _shopify(table: Table) -> Derived:
    """Shopify repeats only the order's number on the lines after the first: the rest is filled down.

    Amounts are the line's price times its units: `Total` is the order's, and stands on its first line.
    """
    at = {normalise(heading): position for position, heading in enumerate(table.headings)}
    name = at["name"]

    def filled(position: int) -> Made:
        def down(frame: pd.DataFrame) -> pd.Series:
            whole = frame[position].mask(frame[position] == "")
            return whole.groupby(frame[name], sort=False).ffill().fillna("").astype("str")

        return Made((position, name), down)

    made = {"order": copy_of(name), "date": filled(at["created at"])}
    wanted = {
        "organisation": "shipping company", "postcode": "shipping zip", "country": "shipping country",
        "note": "notes", "shipped_date": "fulfilled at",
    }  # fmt: skip
    made |= {column: filled(at[heading]) for column, heading in wanted.items() if heading in at}
    made["sku"] = copy_of(at.get("lineitem sku", at["lineitem name"]))
    made["quantity"] = copy_of(at["lineitem quantity"])
    if "lineitem price" in at:
        made["amount"] = _price_times_units(at["lineitem price"], at["lineitem quantity"])
    at_least = {heading: filled(at[heading]) for heading in _SHOPIFY_STATES if heading in at}
    made["status"] = Made(
        tuple(source for state in at_least.values() for source in state.sources) or (name,),
        lambda frame: _shopify_status(
            frame, {heading: state.function(frame) for heading, state in at_least.items()}
        ),
    )
    return Derived(table, made=made)


def _price_times_units(price: int, units: int) -> Made:
    def amount(frame: pd.DataFrame) -> pd.Series:
        euro = parse_numbers(frame[price]) * parse_numbers(frame[units])
        return per_value(euro, lambda one: "" if one != one else f"{one:.2f}".replace(".", ",")).astype("str")

    return Made((price, units), amount)


def _shopify_status(frame: pd.DataFrame, states: dict[str, pd.Series]) -> pd.Series:
    """The contract's status from what became of an order, its payment and its shipping; a column that the
    export lacks says nothing."""
    together = pd.Series("", index=frame.index, dtype="str")
    for heading in _SHOPIFY_STATES:
        if heading in states:
            together = together + states[heading].str.replace("\n", " ", regex=False)
        together = together + "\n"

    def one(text: str) -> str:
        cancelled, paid, sent = (normalise(part) for part in text.split("\n")[:3])
        if cancelled or paid == "voided":
            return "cancelled"
        if paid in ("refunded", "expired"):
            return {"refunded": "refunded", "expired": "failed"}[paid]
        return {"fulfilled": "shipped"}.get(sent, "processing")

    return per_value(together, one).astype("str")


def _magento(table: Table, file: str) -> Lines:
    """Magento's order grid: an address in one cell, and articles only where the shop added those columns."""
    order = _position(table, "id", "order #", "bestelnummer")
    date = _position(table, "purchase date")
    address = _position(table, "shipping address")
    sku, units = (
        _position(table, "sku", "product sku", "items sku"),
        _position(table, "qty", "qty ordered", "items qty"),
    )
    if None in (order, address, sku, units):
        raise InputError("intake.magento_grid", file=file)
    total = _position(table, "subtotal", "grand total (purchased)")

    def lines_of(row: list[str]) -> list[tuple[str, str, str]]:
        skus, counts = (
            [part.strip() for part in re.split(r"[\n,;|]+", row[p]) if part.strip()] for p in (sku, units)
        )
        return (
            [(one, count, "") for one, count in zip(skus, counts, strict=True)]
            if len(skus) == len(counts)
            else []
        )

    organisation = _position(table, "shipping company", "company", "ship-to name")
    extra = {
        "order": copy_of(order),
        "date": copy_of(date),
        "postcode": Made((address,), lambda frame: per_value(frame[address], _postcode_in).astype("str")),
    }
    if organisation is not None:
        extra["organisation"] = copy_of(organisation)
    return _apart(table, lines_of, sku, total, extra)


def _postcode_in(address: str) -> str:
    """The last Dutch postcode in an address."""
    found = _DUTCH_POSTCODE.findall(address)
    return "".join(found[-1]) if found else ""


def _position(table: Table, *names: str) -> int | None:
    """The first column that has one of these headings."""
    at = {normalise(heading): position for position, heading in reversed([*enumerate(table.headings)])}
    return next((at[name] for name in names if name in at), None)
