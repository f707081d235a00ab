"""What intake hands over: the accepted tables, the quarantine, and a receipt per file."""

from dataclasses import asdict, dataclass, field

import numpy as np
import pandas as pd

from evaluation.intake.read import Raw
from evaluation.intake.sheet import shown
from evaluation.intake.sieve import Sieve


@dataclass(frozen=True)
class Receipt:
    """What became of one file: read == accepted + the quarantined rows, always.

    quarantined: rule -> rows. notes: heading of a dropped free-text column -> kind of identifier -> cells
    that hold one. flags: rule -> accepted rows that deserve a second look. names: who looked for names in
    the open answers ("by", "" for nobody) and heading -> cells with one ("cells"); empty without any.
    """

    file: str
    kind: str
    format: str
    sha256: str
    read: int
    accepted: int
    quarantined: dict[str, int]
    columns_used: tuple[str, ...]
    columns_dropped: tuple[str, ...]
    notes: dict[str, dict[str, int]]
    flags: dict[str, int]
    names: dict[str, object] = field(default_factory=dict)

    def to_dict(self) -> dict:
        """The receipt as JSON holds it."""
        return asdict(self) | {
            "columns_used": list(self.columns_used),
            "columns_dropped": list(self.columns_dropped),
        }


@dataclass(frozen=True)
class Intake:
    """Accepted rows per kind (in memory only: they still hold names), and what became of the others."""

    tables: dict[str, pd.DataFrame]
    quarantine: pd.DataFrame
    receipts: tuple[Receipt, ...]

    @property
    def dropped_columns(self) -> dict[str, tuple[str, ...]]:
        """File -> headings of the columns that went no further than the reader."""
        return {receipt.file: receipt.columns_dropped for receipt in self.receipts}


def receipts_of(raw: Raw, sieve: Sieve) -> list[Receipt]:
    """One receipt per file of a kind."""
    read = np.bincount(raw.file, minlength=len(raw.files))
    accepted = np.bincount(raw.file[sieve.free], minlength=len(raw.files))
    quarantine = sieve.quarantine()
    return [
        Receipt(
            file=facts.name,
            kind=facts.kind,
            format=facts.format,
            sha256=facts.sha256,
            read=int(read[number]),
            accepted=int(accepted[number]),
            quarantined={
                str(rule): int(rows)
                for rule, rows in quarantine["rule"][quarantine["file"] == facts.name]
                .value_counts()
                .sort_index()
                .items()
            },
            columns_used=facts.used,
            # A heading that looks like an address or a number is a person's data in the wrong place.
            columns_dropped=tuple(heading if shown([heading]) else "?" for heading in facts.dropped),
            notes=facts.notes,
            flags=sieve.flags(number),
            names=facts.names,
        )
        for number, facts in enumerate(raw.files)
    ]
