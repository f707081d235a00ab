"""No row is lost, whatever the file holds: accepted + quarantined = read, for every file."""

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.errors import UserError
from evaluation.intake import take_in
from evaluation.study import load_study

from .conftest import STUDY

ORDER_HEADINGS = (
    "Bestelnummer;Besteldatum;Status;Bedrijf (verzending);Postcode (verzending);Plaats (verzending);"
    "Land (verzending);E-mail (facturering);Artikelnummer;Productnaam;Aantal;Regeltotaal;Klantnotitie"
)
CANARY = "jan.canary@thuis.example"
KINDS = {
    "orders": ["Bestelnummer", "Besteldatum", "Status", "Bedrijf (verzending)", "Postcode (verzending)",
               "Artikelnummer", "Aantal", "Regeltotaal", "Klantnotitie"],
    "responses": ["id", "submitdate", "A3", "A4", "K1", "K2", "H1", "W1", "R1", "locatie"],
    "organisations": ["Organisatie", "Soort", "Gemeente"],
    "handouts": ["Locatie", "Kwartaal", "Uitgereikt", "Besproken"],
    "costs": ["Kwartaal", "Soort", "Bedrag", "Exemplaren"],
    "margins": ["Kenmerk", "Regio", "Categorie", "Aantal"],
}  # fmt: skip
# Enough sound answers that a few strange labels do not stop the whole column.
SOUND = [
    "2025-09-10 10:00:00",
    "Heerlen",
    "Hbo of universiteit",
    "Waar",
    "Niet waar",
    "Mee eens",
    "8",
    "",
    "De Ooievaar",
]
CELLS = st.one_of(
    st.sampled_from([
        "", " ", "1", "2", "12,50", "-3", "1e999", "2025-09-10 10:00:00", "3-11-2025", "2025Q4", "Afgerond",
        "Geannuleerd", "test", "6411 AB", "5611AA", "FOL-NL-25", "Heerlen", "Waar", "Niet waar", "Mee eens",
        "huisarts", "druk", "regio", "education", "laag", "Parkstad", "De Ooievaar", CANARY, "=1+1", "nan",
        "None", "\u00a0", "\u20ac 5", "8", "9,5", "twee\nregels",
    ]),
    st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), max_size=12),
)  # fmt: skip


@st.composite
def _dirty_tables(draw):
    kind = draw(st.sampled_from(sorted(KINDS)))
    width = len(KINDS[kind])
    ragged = st.lists(CELLS, min_size=max(1, width - 2), max_size=width + 2)
    rows = draw(
        st.lists(st.one_of(st.lists(CELLS, min_size=width, max_size=width), ragged), min_size=1, max_size=12)
    )
    return kind, rows, draw(st.sampled_from(";,\t"))


def _records(text: str, separator: str) -> int:
    """Rows after the headings up to the last that holds anything, counted by another parser."""
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))[1:]
    filled = [number for number, row in enumerate(rows, 1) if any(row)]
    return filled[-1] if filled else 0


@settings(max_examples=150, deadline=None)
@given(_dirty_tables())
def test_accepted_plus_quarantined_is_read(table):
    kind, rows, separator = table
    if kind == "responses":
        rows = [*rows, *([str(number), *SOUND] for number in range(1000, 1080))]
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL).writerows([KINDS[kind], *rows])
    more = f'[files.{kind}]\npath = "{kind}.csv"\n'
    if kind == "responses":
        more += 'format = "limesurvey"\nwave = "submitdate"\n'
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, f"{kind}.csv").write_bytes(text.getvalue().encode("utf-8"))
        Path(folder, "study.toml").write_text(STUDY + more, encoding="utf-8")
        try:
            intake = take_in(load_study(Path(folder, "study.toml")))
        except UserError as error:
            refused = error
        else:
            refused = None
    if refused:
        assert CANARY not in refused.text("nl") + refused.text("en")
        assert refused.key != "intake.contract_broken"
        return
    (receipt,) = intake.receipts
    assert receipt.read == receipt.accepted + sum(receipt.quarantined.values())
    assert receipt.accepted == len(intake.tables[kind])
    assert sum(receipt.quarantined.values()) == len(intake.quarantine)
    assert intake.quarantine["row"].is_unique
    assert receipt.read == _records(text.getvalue(), separator)
    assert not any(CANARY in str(cell) for cell in intake.quarantine.to_numpy().ravel())


def test_a_name_on_two_lines_stops_nothing(study_of):
    """A cell of a spreadsheet may hold line ends; one such name once refused the whole study."""
    answers = [
        f'{number},2025-09-10 10:00:00,Heerlen,Waar,Niet waar,"De\nOoievaar"' for number in range(1, 41)
    ]
    order = '1001;2025-11-03;Afgerond;"Huisarts\nHeerlen";6411 AB;Heerlen;Nederland;;FOL-NL-25;x;1;0,00;'
    files = {
        "responses.csv": "\n".join(["id,submitdate,A3,K1,K2,locatie", *answers]),
        "orders.csv": "\n".join([ORDER_HEADINGS, order]),
    }
    more = '[files.responses]\npath = "responses.csv"\nformat = "limesurvey"\nwave = "submitdate"\n'
    intake = take_in(study_of(files, more + '[files.orders]\npath = "orders.csv"\n'))
    assert [(one.read, one.accepted) for one in intake.receipts] == [(1, 1), (40, 40)]
