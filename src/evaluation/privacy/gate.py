"""The last gate before anything is written: an allow-list of columns and values, and detectors behind it."""

import pandas as pd
import pandera.pandas as pa

from evaluation.errors import DataError
from evaluation.intake.contracts import answer_columns, background_columns, contract_of, text
from evaluation.intake.detectors import kinds_in
from evaluation.privacy.pseudonyms import LENGTH
from evaluation.study import Study

PSEUDONYMS = {
    "responses": ("clinic",),
    "orders": ("order", "organisation"),
    "organisations": ("organisation",),
    "handouts": ("clinic",),
    "costs": (),
    "margins": (),
}


def anonymised_contract(kind: str, study: Study) -> pa.DataFrameSchema:
    """The columns that one kind of anonymised table may have, each with the values it may hold."""
    columns = dict(contract_of(kind, study).columns)
    columns |= {name: text(pattern=f"(?:[0-9a-f]{{{LENGTH}}})?") for name in PSEUDONYMS[kind]}
    if kind == "responses":
        kept = ("wave", "region", "municipality", "clinic")
        columns = {
            **{name: columns[name] for name in kept},
            "stratum": text("", *study.all_regions),
            "weight": pa.Column(float, pa.Check.gt(0)),
            **background_columns(),
            **answer_columns(study),
        }
    return pa.DataFrameSchema(columns, strict=True, coerce=False)


def pass_gate(kind: str, frame: pd.DataFrame, study: Study) -> pd.DataFrame:
    """`frame` itself when it may be written.

    Raises DataError, naming columns only, for a column or a value that the contract does not allow and for a
    text that looks like an e-mail address, phone number, IBAN, BSN, IP address or postcode.
    """
    try:
        anonymised_contract(kind, study).validate(frame, lazy=True)
        refused: list[str] = []
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases
        # A column that is not allowed stands among the failure cases as a value, not as a column.
        extra = [name for name in frame.columns if name not in anonymised_contract(kind, study).columns]
        refused = sorted(
            {*cases["column"].dropna().astype(str), *extra} & {str(name) for name in frame.columns}
        )
        refused = refused or ["-"]
    if not refused:
        refused = [
            name
            for name in frame.select_dtypes(include="str").columns
            if name not in PSEUDONYMS[kind] and any(kinds_in(value) for value in frame[name].unique())
        ]
    if refused:
        # Raised outside the except block: pandera's error lists the refused cells and must not travel along.
        raise DataError("privacy.refused", kind=kind, columns=", ".join(refused))
    return frame
