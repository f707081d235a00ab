"""Orders of the web shop, one row per order line: who ordered how many copies, where, and what was sent."""

import numpy as np
import pandas as pd

from evaluation.errors import StudyError
from evaluation.intake.labels import code_labels, decode
from evaluation.intake.places import municipality_of_address, regions_of
from evaluation.intake.read import Raw
from evaluation.intake.sieve import Sieve
from evaluation.intake.values import normalise, parse_dates, parse_numbers, per_value, quarters_of
from evaluation.study import FileSpec, Study

_STATUSES = {
    "shipped": ("afgerond", "voltooid", "verzonden", "completed", "wc-completed"),
    "processing": (
        "in behandeling", "in de wacht", "wachtend op betaling", "on hold", "on-hold",
        "pending", "pending payment", "wc-processing", "wc-on-hold", "wc-pending",
    ),
    "cancelled": ("geannuleerd", "cancelled", "canceled", "wc-cancelled"),
    "refunded": ("terugbetaald", "refunded", "wc-refunded"),
    "failed": ("mislukt", "failed", "wc-failed"),
}  # fmt: skip
# As a whole word in the organisation's name or in the customer's note.
_TEST = r"\b(?:test|testorder|testbestelling|test-order|test-bestelling|proefbestelling)\b"
_OUTSIDE = "outside"


def take_orders(
    study: Study, spec: FileSpec, raw: Raw, settings: dict[str, str]
) -> tuple[pd.DataFrame, Sieve]:
    """Accepted order lines (columns as the accepted table `orders`, before pseudonyms) and their sieve.

    settings: normalised organisation name -> setting, from the register of organisations. A line outside the
    study's regions (the comparison area is one) is accepted with region "outside" and no municipality. A
    shipped line without a date of shipping counts as shipped on the day of the order.

    Raises StudyError without a known geography.
    """
    if study.area.geography is None:
        raise StudyError("intake.orders_without_geography", study=study.path.name)
    text, sieve = raw.frame, Sieve(raw)
    # Two exports may overlap: the same line in two files is one line.
    sieve.catch("duplicate_row", _repeated(text, sieve.free), "order")
    status, unknown = decode(text["status"], code_labels(study, spec, "status", _STATUSES))
    sieve.catch("unknown_status", unknown | status.eq(""), "status")
    for rule in ("cancelled", "failed", "refunded"):
        sieve.catch(rule, status == rule, "status")
    for column in ("organisation", "note"):
        if column in text:
            sieve.catch("test_order", text[column].str.contains(_TEST, case=False, regex=True), column)
    sieve.catch("missing_value", text["order"].str.strip() == "", "order")
    date = parse_dates(text["date"])
    sieve.catch("bad_date", date.isna(), "date")
    shipped = status.eq("shipped")
    shipped_date = date
    if "shipped_date" in text:
        written = parse_dates(text["shipped_date"])
        sieve.catch(
            "bad_date",
            (written.isna() & text["shipped_date"].str.strip().ne("")) | (written < date),
            "shipped_date",
        )
        shipped_date = written.fillna(date)
    shipped_date = shipped_date.where(shipped)
    products = {normalise(sku): product for sku, product in study.products.items()}
    product = per_value(text["sku"], lambda sku: products.get(normalise(sku)))
    sieve.catch("unknown_product", product.isna(), "sku")
    quantity, amount = parse_numbers(text["quantity"]), parse_numbers(text["amount"])
    sieve.catch("bad_number", ~(quantity.gt(0) & quantity.mod(1).eq(0) & quantity.lt(1e6)), "quantity")
    sieve.catch("bad_number", ~amount.between(0, 1e7), "amount")
    municipality, unplaced = municipality_of_address(text["postcode"], text.get("country"))
    sieve.catch("unknown_postcode", unplaced, "postcode")

    region = regions_of(study, municipality)
    free = sieve.free
    kept = product[free]
    frame = pd.DataFrame(
        {
            "order": text["order"][free].str.strip(),
            "date": date[free],
            "shipped_date": shipped_date[free],
            "quarter": quarters_of(date[free]),
            "shipped_quarter": quarters_of(shipped_date[free]),
            "organisation": text["organisation"][free],
            "setting": per_value(
                text["organisation"][free], lambda name: settings.get(normalise(name), "unknown")
            ).astype("str"),
            "municipality": municipality.mask(region == "", "")[free],
            "region": region.mask(region == "", _OUTSIDE)[free],
            "product": kept.map(lambda item: item.product).astype("str"),
            "language": kept.map(lambda item: item.language).astype("str"),
            "copies": (quantity[free] * kept.map(lambda item: item.pack).astype("float64")).astype("int64"),
            "amount": amount[free],
            "shipped": shipped[free].astype(bool),
        }
    )
    return frame.reset_index(drop=True), sieve


def _repeated(text: pd.DataFrame, free: np.ndarray) -> np.ndarray:
    """Which free rows repeat an earlier free row in every column."""
    repeated = np.zeros(len(text), dtype=bool)
    repeated[free] = text[free].duplicated().to_numpy()
    return repeated
