"""Orders of the web shop, one row per order line: who ordered how many copies, where, and what was sent."""

import numpy as np
import pandas as pd

from evaluation.errors import StudyError
from evaluation.intake.corrected import superseded
from evaluation.intake.labels import code_labels, decode, own_labels
from evaluation.intake.places import municipality_of_address, regions_of
from evaluation.intake.read import Raw
from evaluation.intake.registers import settings_by_name
from evaluation.intake.sieve import Sieve
from evaluation.intake.values import (
    as_text,
    holds,
    is_blank,
    normalise,
    numbered,
    parse_dates,
    parse_numbers,
    per_value,
    quarters_of,
    stripped,
)
from evaluation.study import FileSpec, Study

_STATUSES = {
    "shipped": ("afgerond", "voltooid", "verzonden", "completed", "complete", "wc-completed"),
    "processing": (
        "in behandeling", "in de wacht", "wachtend op betaling", "on hold", "on-hold",
        "processing", "holded", "pending", "pending payment", "wc-processing", "wc-on-hold", "wc-pending",
    ),
    "cancelled": ("geannuleerd", "cancelled", "canceled", "wc-cancelled"),
    "refunded": ("terugbetaald", "refunded", "closed", "wc-refunded"),
    "failed": ("mislukt", "failed", "wc-failed"),
}  # fmt: skip
# As a whole word in the organisation's name or in the customer's note.
_TEST = r"\b(?:test|testorder|testbestelling|test-order|test-bestelling|proefbestelling)\b"
_HEAD_OFFICE = (
    r"\b(?:hoofdkantoor|hoofdvestiging|centraal magazijn|centrale inkoop|servicebureau|servicekantoor"
    r"|bestuursbureau|head office|headquarters)\b"
)
_OUTSIDE = "outside"


def take_orders(
    study: Study, spec: FileSpec, raw: Raw, register: pd.DataFrame | None
) -> tuple[pd.DataFrame, Sieve]:
    """Accepted order lines (columns as the accepted table `orders`, before pseudonyms) and their sieve.

    register: the accepted organisations, for their setting and place. A line outside the study's regions (the
    comparison area is one) is accepted with region "outside" and no municipality. A shipped line without a
    date of shipping counts as shipped on the day of the order. What came back (a line with fewer than no
    units) is taken off the order it belongs to.

    Raises StudyError without a known geography.
    """
    if study.area.geography is None:
        raise StudyError("intake.orders_without_geography", study=study.path.name)
    text, sieve = raw.frame, Sieve(raw)
    quantity, amount = parse_numbers(text["quantity"]), parse_numbers(text["amount"])
    back = (quantity < 0).to_numpy()
    # Two exports may overlap: of an order that the later one gives otherwise that version counts, and the
    # same line in two files is one line.
    sieve.catch("superseded", superseded(raw, sieve.free, "order", "date", back), "order")
    sieve.catch("duplicate_row", _repeated(text, sieve.free), "order")
    status, unknown = decode(text["status"], code_labels(study, spec, "status", _STATUSES))
    sieve.catch("unknown_status", unknown | status.eq(""), "status")
    for rule in ("cancelled", "failed", "refunded"):
        sieve.catch(rule, status == rule, "status")
    for column in ("organisation", "note"):
        if column in text:
            sieve.catch("test_order", holds(text[column], _TEST), column)
    sieve.catch("missing_value", is_blank(text["order"]), "order")
    date = parse_dates(text["date"])
    sieve.catch("bad_date", date.isna(), "date")
    shipped = status.eq("shipped")
    shipped_date = date
    if "shipped_date" in text:
        written = parse_dates(text["shipped_date"])
        sieve.catch(
            "bad_date",
            (written.isna() & ~is_blank(text["shipped_date"])) | (written < date),
            "shipped_date",
        )
        shipped_date = written.fillna(date)
    shipped_date = shipped_date.where(shipped)
    products = {normalise(sku): product for sku, product in study.products.items()}
    products |= {
        label: study.products[sku] for label, sku in own_labels(study, spec, "sku", study.products).items()
    }
    which, skus = numbered(text["sku"])
    articles = [products.get(normalise(sku)) for sku in skus.tolist()]

    def of_article(name: str, missing: object) -> pd.Series:
        """A property of every line's article; text for text."""
        kind = "str" if isinstance(missing, str) else "float64"
        found = [getattr(article, name) if article else missing for article in articles]
        return pd.Series(pd.array(found, dtype=kind).take(which), index=text.index)

    sieve.catch("unknown_product", of_article("product", "") == "", "sku")
    back = back & sieve.free  # a return that is there twice, or of an earlier version, came back once
    sieve.catch("returned", back, "quantity")
    left = _without_returns(text, quantity, back, sieve.free)
    sieve.catch("returned", (quantity > 0) & (left == 0), "quantity")
    sieve.flag("partly_returned", (left > 0) & (left < quantity))
    quantity = left.where(quantity > 0, quantity)
    sieve.catch("bad_number", ~(quantity.gt(0) & quantity.mod(1).eq(0) & quantity.lt(1e6)), "quantity")
    sieve.catch("bad_number", ~amount.between(0, 1e7), "amount")
    municipality, unplaced = municipality_of_address(study, text["postcode"], text.get("country"))
    sieve.catch("unknown_postcode", unplaced, "postcode")

    region = regions_of(study, municipality)
    names = per_value(text["organisation"], normalise)
    settings = settings_by_name(register)
    sieve.flag("head_office", _head_office(names, municipality, register))
    treated = region.isin(study.area.regions)
    # Free in the area and paid outside: an order that is otherwise was priced, or placed, wrongly.
    sieve.flag("paid_in_area", treated & (amount > 0))
    price = of_article("price", 0.0).astype("float64")
    sieve.flag("free_outside", ~treated & (amount == 0) & (price > 0))
    # A cent may be lost in rounding, on every unit.
    other = (amount - quantity * price).abs() > 0.01 * quantity
    sieve.flag("other_price_outside", ~treated & (amount > 0) & other)
    free = sieve.free
    frame = pd.DataFrame(
        {
            "order": stripped(text["order"][free]),
            "date": date[free],
            "shipped_date": shipped_date[free],
            "quarter": quarters_of(date[free]),
            "shipped_quarter": quarters_of(shipped_date[free]),
            "organisation": as_text(text["organisation"][free]),
            "setting": per_value(names[free], lambda name: settings.get(name, "unknown")).astype("str"),
            "municipality": municipality.mask(region == "", "")[free],
            "region": region.mask(region == "", _OUTSIDE)[free],
            "product": of_article("product", "")[free],
            "language": of_article("language", "")[free],
            "copies": (quantity * of_article("pack", 0.0).astype("float64"))[free].astype("int64"),
            "amount": amount[free],
            "shipped": shipped[free].astype(bool),
        }
    )
    return frame.reset_index(drop=True), sieve


def _without_returns(
    text: pd.DataFrame, quantity: pd.Series, back: np.ndarray, free: np.ndarray
) -> pd.Series:
    """What is left of every line's units after what came back (the lines `back`) of the same article of the
    same order, taken off its lines in their order."""
    left = quantity.copy()
    if not back.any():
        return left
    key = pd.MultiIndex.from_arrays([stripped(text["order"]), stripped(text["sku"])])
    returned = (-quantity[back]).groupby(key[back]).sum()
    concerned = np.flatnonzero(free & (quantity > 0).to_numpy() & key.isin(returned.index))
    still = returned.to_dict()
    for row in concerned:
        taken = min(left.iloc[row], still[key[row]])
        left.iloc[row] -= taken
        still[key[row]] -= taken
    return left


def _head_office(names: pd.Series, municipality: pd.Series, register: pd.DataFrame | None) -> np.ndarray:
    """Which orders went to a head office: by its name, or to another municipality than the register has the
    organisation in. What is handed out is then handed out elsewhere."""
    flagged = holds(names, _HEAD_OFFICE)
    if register is not None and len(register):
        known = register.assign(name=per_value(register["organisation"], normalise))
        places = pd.MultiIndex.from_frame(known[["name", "municipality"]])
        at_home = pd.MultiIndex.from_arrays([names, municipality]).isin(places)
        flagged = flagged | names.isin(known["name"]).to_numpy() & ~at_home
    return flagged


def _repeated(text: pd.DataFrame, free: np.ndarray) -> np.ndarray:
    """Which free rows repeat an earlier free row in every column."""
    repeated = np.zeros(len(text), dtype=bool)
    repeated[free] = text[free].duplicated().to_numpy()
    return repeated
