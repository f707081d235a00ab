"""The only reader of raw files: takes in every export a study names."""

from collections.abc import Callable

import pandas as pd

from evaluation.intake.orders import take_orders
from evaluation.intake.read import Raw, read_kind, stack
from evaluation.intake.receipt import Intake, Receipt, receipts_of
from evaluation.intake.registers import (
    take_costs,
    take_handouts,
    take_margins,
    take_organisations,
)
from evaluation.intake.responses import take_responses
from evaluation.intake.sieve import QUARANTINE_COLUMNS, Sieve
from evaluation.intake.values import as_texts
from evaluation.study import FileSpec, Study

# The register comes first: orders and hand-outs are looked up in it.
ORDER = ("organisations", "orders", "responses", "handouts", "costs", "margins")
Progress = Callable[[int, int, str], None]


def take_in(study: Study, progress: Progress | None = None) -> Intake:
    """Read, check and sort every export of a study.

    progress(done, total, file) is called before each file and once at the end with done == total. Raises
    InputError for a file that cannot be read, StudyError for a mapping that does not fit, DataError for data
    that cannot carry the study (labels not understood, an empty wave).
    """
    from evaluation.intake.contracts import contract_of, hold_to  # pandera takes a second to load

    report = progress or (lambda done, total, file: None)
    total = sum(len(spec.paths) for spec in study.files.values())
    done = 0
    tables: dict[str, pd.DataFrame] = {}
    receipts: list[Receipt] = []
    quarantines: list[pd.DataFrame] = []
    for kind in ORDER:
        if kind not in study.files:
            continue
        spec = study.files[kind]
        parts = []
        reading = read_kind(study, spec)
        for path in spec.paths:
            report(done, total, path.name)
            parts.append(next(reading))
            done += 1
        raw = stack(parts)
        frame, sieve = _sort(study, spec, raw, tables.get("organisations"))
        held = hold_to(contract_of(kind, study), frame, kind)
        # A million answers as text would take fourteen times the memory of their codes.
        tables[kind] = held if kind == "responses" else as_texts(held)
        receipts += receipts_of(raw, sieve)
        quarantines.append(sieve.quarantine())
    report(done, total, "")
    quarantine = pd.concat(quarantines, ignore_index=True) if quarantines else _no_quarantine()
    return Intake(tables, quarantine, tuple(receipts))


def _sort(
    study: Study, spec: FileSpec, raw: Raw, register: pd.DataFrame | None
) -> tuple[pd.DataFrame, Sieve]:
    match spec.kind:
        case "orders":
            return take_orders(study, spec, raw, register)
        case "responses":
            return take_responses(study, spec, raw)
        case "organisations":
            return take_organisations(study, spec, raw)
        case "handouts":
            return take_handouts(study, spec, raw, register)
        case "costs":
            return take_costs(study, spec, raw)
    return take_margins(study, spec, raw)


def _no_quarantine() -> pd.DataFrame:
    return pd.DataFrame(
        {name: pd.Series(dtype="int64" if name == "row" else "str") for name in QUARANTINE_COLUMNS}
    )
