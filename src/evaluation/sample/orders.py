"""Orders as a WooCommerce plugin exports them on a Dutch site: one row per order line."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np

from evaluation.sample.draws import between, chance, generator, pick, shuffled
from evaluation.sample.places import Organisation, address
from evaluation.sample.planted import COMPARISON_MUNICIPALITIES

HEADINGS = [
    "Bestelnummer",
    "Besteldatum",
    "Verzenddatum",
    "Status",
    "Bedrijf (verzending)",
    "Postcode (verzending)",
    "Plaats (verzending)",
    "Land (verzending)",
    "E-mail (facturering)",
    "Artikelnummer",
    "Productnaam",
    "Aantal",
    "Regeltotaal",
    "Klantnotitie",
]
# sku: name in the shop, product, language, copies a unit, price in euro outside Limburg
PRODUCTS = {
    "FOL-NL-25": ("Folder Een goede band, 25 stuks", "leaflet", "nl", 25, 6.25),
    "FOL-NL-100": ("Folder Een goede band, 100 stuks", "leaflet", "nl", 100, 22.50),
    "FOL-TR-25": ("Folder Een goede band (Turks), 25 stuks", "leaflet", "tr", 25, 7.50),
    "FOL-AR-25": ("Folder Een goede band (Arabisch), 25 stuks", "leaflet", "ar", 25, 7.50),
    "FOL-MA-25": ("Folder Een goede band (Marokkaans), 25 stuks", "leaflet", "ber", 25, 7.50),
    "FOL-DE-25": ("Folder Een goede band (Duits), 25 stuks", "leaflet", "de", 25, 7.50),
    "POS-NL-1": ("Affiche Een goede band", "poster", "nl", 1, 1.50),
}
ADOPTION = {"consultatiebureau": 0.90, "huisarts": 0.42, "kinderdagverblijf": 0.50, "peuterspeelzaal": 0.34}
ADOPTION_BY_AREA = (1.05, 1.12, 1.00, 0.82, 0.98)
TRANSLATED_FROM = date(2026, 1, 15)
START, END = date(2025, 10, 1), date(2026, 9, 30)

# Dirt: by status the rule and the number of lines, and the other kinds.
REFUSED = {"Geannuleerd": ("cancelled", 8), "Terugbetaald": ("refunded", 4), "Mislukt": ("failed", 3)}
TEST_ORDER, DUPLICATE_ROW = 5, 6
UNKNOWN_POSTCODE = ("", "", "onbekend", "62", "")
# Places elsewhere in the Netherlands, by four-digit postcode.
_OUTSIDE = {
    "5611": "Eindhoven",
    "5038": "Tilburg",
    "4811": "Breda",
    "3811": "Amersfoort",
    "5831": "Boxmeer",
    "5211": "'s-Hertogenbosch",
    "1441": "Purmerend",
    "1741": "Schagen",
}


@dataclass(frozen=True)
class Line:
    """One order line; region: an area's number, or -1 outside Limburg and the comparison area."""

    ordered: datetime
    organisation: str
    postcode: str
    place: str
    email: str
    sku: str
    quantity: int
    area: int
    setting: str
    status: str = "Afgerond"
    days: int = 3
    note: str = ""
    kind: str = ""  # the rule by which it has to be refused

    @property
    def shipped(self) -> date | None:
        return self.ordered.date() + timedelta(days=self.days) if self.status == "Afgerond" else None

    @property
    def copies(self) -> int:
        return self.quantity * PRODUCTS[self.sku][3]


def order_lines(seed: int, organisations: list[Organisation]) -> list[list[Line]]:
    """All orders, oldest first, each a list of its lines; the dirt is among them."""
    rng = generator(seed, "orders")
    orders: list[list[Line]] = []
    idle = []
    for one in organisations:
        if chance(rng, ADOPTION[one.setting] * ADOPTION_BY_AREA[one.area], 1)[0]:
            orders += _orders_of(rng, one)
        else:
            idle.append(one)
    orders += _others(rng)
    orders += _refused(rng, [idle[i] for i in shuffled(rng, len(idle))])
    orders.sort(key=lambda lines: (lines[0].ordered, lines[0].organisation))
    return orders


def _moment(rng: np.random.Generator, first: date, late: float = 1.0) -> datetime:
    """A moment in office hours between `first` and the end; late < 1 draws towards the start."""
    share, hour, minute, second = rng.random(4)
    days = int((END - first).days * share ** (1 / late))
    moment = datetime.combine(first + timedelta(days=days), datetime.min.time())
    return moment + timedelta(hours=8 + int(10 * hour), minutes=int(60 * minute), seconds=int(60 * second))


def _orders_of(rng: np.random.Generator, one: Organisation) -> list[list[Line]]:
    """A first order soon after the start, for clinics most often followed by others."""
    clinic = one.setting == "consultatiebureau"
    moment = _moment(rng, START + timedelta(days=1), 0.35 if clinic else 0.6)
    orders = [_order(rng, one, moment, first=True)]
    while chance(rng, 0.72 if clinic else 0.28, 1)[0]:
        moment += timedelta(days=int(between(rng, 75, 150, 1)[0]), minutes=int(between(rng, -90, 90, 1)[0]))
        if moment.date() > END:
            break
        orders.append(_order(rng, one, moment, first=False))
    return orders


def _order(rng: np.random.Generator, one: Organisation, moment: datetime, first: bool) -> list[Line]:
    clinic = one.setting == "consultatiebureau"
    skus = [("FOL-NL-100", 1) if clinic else ("FOL-NL-25", int(between(rng, 1, 2, 1)[0]))]
    if clinic and not first:
        skus = [("FOL-NL-25", int(between(rng, 1, 3, 1)[0]))]
    if moment.date() >= TRANSLATED_FROM and chance(rng, 0.35 if clinic else 0.12, 1)[0]:
        skus.append((list(PRODUCTS)[2 + int(pick(rng, (0.35, 0.3, 0.2, 0.15), 1)[0])], 1))
    if first and chance(rng, 0.45, 1)[0]:
        skus.append(("POS-NL-1", int(between(rng, 1, 3, 1)[0])))
    waiting = not first and moment.date() > date(2026, 9, 21) and chance(rng, 0.6, 1)[0]
    status, days = ("In behandeling" if waiting else "Afgerond"), int(between(rng, 1, 6, 1)[0])
    written = one.postcode if chance(rng, 0.5, 1)[0] else f"{one.postcode[:4]} {one.postcode[4:]}"
    written = written.lower() if chance(rng, 0.1, 1)[0] else written
    return [
        Line(
            moment,
            one.name,
            written,
            one.place,
            one.email,
            sku,
            quantity,
            one.area,
            one.setting,
            status,
            days,
        )
        for sku, quantity in skus
    ]


def _others(rng: np.random.Generator) -> list[list[Line]]:
    """Orders from outside Limburg at cost price, and Limburg organisations that the register lacks."""
    orders = []
    for number in range(26):
        digits, place = list(_OUTSIDE.items())[number % len(_OUTSIDE)]
        name = f"Kinderopvang Voorbeeld {place} {number + 1}"
        orders.append([_plain(rng, name, f"{digits} SA", place, -1, 1 + number % 3)])
    for number, code in enumerate(("GM0794", "GM0762", "GM1771", "GM0794")):
        place = COMPARISON_MUNICIPALITIES[code]
        name = f"Verloskundigen Voorbeeld {place} {number + 1}"
        orders.append([_plain(rng, name, address(rng, code), place, 5, 1)])
    for place, code, area in (("Weert", "GM0988", 1), ("Venlo", "GM0983", 0), ("Heerlen", "GM0917", 3)):
        for name in (f"Bibliotheek Voorbeeld {place}", f"Verloskundigen Voorbeeld {place}"):
            orders.append([_plain(rng, name, address(rng, code), place, area, 2)])
    return orders


def _plain(rng, name: str, postcode: str, place: str, area: int, quantity: int, **more) -> Line:
    plain = "-".join(name.lower().replace("'", "").split())
    return Line(
        _moment(rng, START + timedelta(days=20)),
        name,
        postcode,
        place,
        f"balie@{plain}.example",
        "FOL-NL-25",
        quantity,
        area,
        "other",
        **more,
    )


def _refused(rng: np.random.Generator, idle: list[Organisation]) -> list[list[Line]]:
    """Orders that do not count: cancelled ones, tests of the shop, and ones whose place cannot be told."""
    orders = []
    statuses = [(status, rule) for status, (rule, count) in REFUSED.items() for _ in range(count)]
    for one, (status, rule) in zip(idle, statuses, strict=False):
        line = _order(rng, one, _moment(rng, START + timedelta(days=20)), first=True)[0]
        orders.append([replace(line, status=status, kind=rule)])
    for _ in range(TEST_ORDER):
        test = {"kind": "test_order", "note": "TEST - niet verzenden"}
        orders.append([_plain(rng, "Testbestelling webwinkel", "6041 SD", "Roermond", 1, 1, **test)])
    for number, postcode in enumerate(UNKNOWN_POSTCODE, 1):
        name = f"Ouderinitiatief Voorbeeld {number}"
        orders.append([_plain(rng, name, postcode, "", -1, 1, kind="unknown_postcode")])
    return orders


def order_rows(seed: int, orders: list[list[Line]]) -> list[list[str]]:
    """The rows of the export, some lines of which stand there twice."""
    rng = generator(seed, "order rows")
    rows, sound = [], []
    for number, lines in enumerate(orders, 1001):
        for line in lines:
            free = 0 <= line.area < 5
            price = 0.0 if free else PRODUCTS[line.sku][4] * line.quantity
            if not line.kind:
                sound.append(len(rows))
            rows.append(
                [
                    str(number),
                    f"{line.ordered:%Y-%m-%d %H:%M:%S}",
                    f"{line.shipped:%Y-%m-%d}" if line.shipped else "",
                    line.status,
                    line.organisation,
                    line.postcode,
                    line.place,
                    "Nederland",
                    line.email,
                    line.sku,
                    PRODUCTS[line.sku][0],
                    str(line.quantity),
                    f"{price:.2f}".replace(".", ","),
                    line.note,
                ]
            )
    twice = sorted((sound[i] for i in shuffled(rng, len(sound))[:DUPLICATE_ROW]), reverse=True)
    for i in twice:
        rows.insert(i + 1, list(rows[i]))
    return rows


def dirt() -> dict[str, int]:
    """Rows of the orders that have to be refused, by rule."""
    return {
        **dict(REFUSED.values()),
        "test_order": TEST_ORDER,
        "duplicate_row": DUPLICATE_ROW,
        "unknown_postcode": len(UNKNOWN_POSTCODE),
    }
