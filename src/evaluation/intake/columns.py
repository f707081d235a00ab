"""The columns each kind of export must or may have, and the headings by which exports are known to call them.

The study file's mapping comes first; a contract column it does not map is looked for under its own name and
under the headings here.
"""

from dataclasses import dataclass

from evaluation.errors import StudyError
from evaluation.reference import Item, questionnaire
from evaluation.study import FileSpec, Study

# The columns that the background questions of the shipped questionnaire become: column -> question.
BACKGROUND = {item.construct: item for item in questionnaire().values() if item.block == "background"}


@dataclass(frozen=True)
class Column:
    """A contract column: whether a file must have it, and the headings it goes by.

    later: not every wave asked it, so a file may lack it although the study file maps it.
    """

    required: bool
    headings: tuple[str, ...] = ()
    later: bool = False


_ORDERS = {
    "order": Column(True, ("Bestelnummer", "Ordernummer", "order_number", "Order Number")),
    "date": Column(True, ("Besteldatum", "Orderdatum", "order_date", "Order Date")),
    "shipped_date": Column(False, ("Verzenddatum", "Datum afgerond", "shipped_date", "completed_date")),
    "status": Column(True, ("Status", "Bestelstatus", "order_status", "Order Status")),
    "organisation": Column(True, ("Bedrijf (verzending)", "shipping_company")),
    "postcode": Column(True, ("Postcode (verzending)", "shipping_postcode")),
    "country": Column(False, ("Land (verzending)", "shipping_country")),
    "sku": Column(True, ("Artikelnummer", "SKU", "item_sku", "product_sku")),
    "quantity": Column(True, ("Aantal", "quantity", "item_quantity")),
    "amount": Column(True, ("Regeltotaal", "line_total")),
    "note": Column(False, ("Klantnotitie", "customer_note")),
}
_ORGANISATIONS = {
    "organisation": Column(True, ("Organisatie", "Naam")),
    "setting": Column(True, ("Soort",)),
    "municipality": Column(True, ("Gemeente",)),
}
_HANDOUTS = {
    "clinic": Column(True, ("Locatie", "Consultatiebureau")),
    "quarter": Column(True, ("Kwartaal",)),
    "handed_out": Column(True, ("Uitgereikt",)),
    "discussed": Column(True, ("Besproken",)),
    "municipality": Column(False, ("Gemeente",)),
}
_COSTS = {
    "quarter": Column(True, ("Kwartaal",)),
    "type": Column(True, ("Soort",)),
    "amount": Column(True, ("Bedrag",)),
    "copies": Column(False, ("Exemplaren", "Oplage")),
}
_MARGINS = {
    "margin": Column(True, ("Kenmerk",)),
    "region": Column(True, ("Regio",)),
    "category": Column(True, ("Categorie",)),
    "population": Column(True, ("Aantal",)),
}
TABLES = {
    "orders": _ORDERS,
    "organisations": _ORGANISATIONS,
    "handouts": _HANDOUTS,
    "costs": _COSTS,
    "margins": _MARGINS,
}

# What LimeSurvey calls the columns that it makes itself, by contract column.
_LIMESURVEY = {
    "id": "id",
    "code": "token",
    "completed": "submitdate",
    "started": "startdate",
    "duration": "interviewtime",
}
LIMESURVEY = frozenset(_LIMESURVEY.values())


def expected(study: Study, spec: FileSpec, layout: str) -> dict[str, Column]:
    """The contract columns of one kind of export in this study; layout: as recognised.

    Raises StudyError when the study file maps a column that the contract does not have.
    """
    columns = _responses(study, layout) if spec.kind == "responses" else TABLES[spec.kind]
    for name in [*spec.columns, *spec.values]:
        if name not in columns and name not in ("wave", *_open_items(study)):
            raise StudyError(
                "intake.mapping_unknown",
                study=study.path.name,
                kind=spec.kind,
                column=name,
                known=", ".join(columns),
            )
    return columns


def _responses(study: Study, layout: str) -> dict[str, Column]:
    lime = layout == "limesurvey"
    own = {column: (heading,) if lime else () for column, heading in _LIMESURVEY.items()}
    columns = {
        "id": Column(False, own["id"]),
        "code": Column(False, ("token", "koppelcode")),
        "completed": Column(lime, own["completed"]),
        "preview": Column(False),
        "started": Column(False, own["started"]),
        "duration": Column(False, own["duration"]),
        "municipality": Column(False, (*_asked(BACKGROUND["municipality"]), "Gemeente")),
        "region": Column(False, ("Regio",)),
        "clinic": Column(study.design.cluster, ("locatie", "Locatie", "Consultatiebureau")),
        "weight": Column(False, ("Weegfactor",)),
    }
    columns |= {name: Column(False, _asked(item)) for name, item in BACKGROUND.items() if name not in columns}
    scored = {item for outcome in study.outcomes for item in outcome.items}
    return columns | {
        item: Column(item in scored, _asked(study.items[item]), later=study.items[item].asked != "all")
        for item in answer_items(study)
    }


def _asked(item: Item) -> tuple[str, ...]:
    """The headings of a question: its code, and its text in either language."""
    return item.id, *dict.fromkeys(item.text.values())


def answer_items(study: Study) -> tuple[str, ...]:
    """The items whose coded answers are kept: all but the background questions, the open ones and those
    that professionals answer."""
    return tuple(
        name
        for name, item in study.items.items()
        if item.scale != "open" and item.block != "background" and item.asked != "professionals"
    )


def _open_items(study: Study) -> tuple[str, ...]:
    return tuple(name for name, item in study.items.items() if item.scale == "open")


def is_free_text(study: Study, heading: str) -> bool:
    """Whether a column of a survey holds what people typed: counted for identifiers, never kept."""
    return heading in _open_items(study) or heading.endswith(("[other]", "[comment]"))
