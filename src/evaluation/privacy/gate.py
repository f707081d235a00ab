"""The last gate before anything is written: an allow-list of columns and values, and detectors behind it."""

import pandas as pd
import pandera.pandas as pa

from evaluation.errors import DataError
from evaluation.intake.columns import BACKGROUND
from evaluation.intake.contracts import answer_columns, background_columns, contract_of, distinct, text
from evaluation.intake.detectors import kinds_in
from evaluation.privacy.ladder import class_sizes
from evaluation.privacy.protect import key_of_responses
from evaluation.privacy.pseudonyms import LENGTH
from evaluation.study import Study

_PLACE = r"(?:GM\d{4}|(?:subregion|corop):[\w -]+)?"
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
            "municipality": text(pattern=_PLACE),
            "stratum": text("", *study.all_regions),
            "weight": pa.Column(float, pa.Check.gt(0)),
            **background_columns(),
            **_coarser(study),
            **answer_columns(study),
        }
    return pa.DataFrameSchema(columns, strict=True, coerce=False)


def _coarser(study: Study) -> dict[str, pa.Column]:
    """The background columns that the study's ladder makes coarser, with the codes they may then hold."""
    codes: dict[str, list[str]] = {}
    for step in study.disclosure.ladder:
        if step.codes:
            codes.setdefault(step.column, []).extend(step.codes.values())
    return {
        name: text(*dict.fromkeys((*BACKGROUND[name].answers, "unknown", *more)), required=False)
        for name, more in codes.items()
        if name != "municipality"
    }


def pass_gate(kind: str, frame: pd.DataFrame, study: Study) -> pd.DataFrame:
    """`frame` itself when it may be written.

    Raises DataError, naming columns only, for a column or a value that the contract does not allow and for a
    text that looks like an e-mail address, phone number, IBAN, BSN, IP address or postcode; also for
    responses of which fewer than k are alike in the study's quasi-identifiers.
    """
    try:
        anonymised_contract(kind, study).validate(distinct(frame), lazy=True)
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
            for name in frame.select_dtypes(include=["str", "category"]).columns
            if name not in PSEUDONYMS[kind] and any(kinds_in(value) for value in frame[name].unique())
        ]
    if refused:
        # Raised outside the except block: pandera's error lists the refused cells and must not travel along.
        raise DataError("privacy.refused", kind=kind, columns=", ".join(refused))
    if kind == "responses":
        fixed, columns = key_of_responses(study, frame)
        k = study.disclosure.minimum_class
        if columns and (class_sizes(frame, [*fixed, *columns]) < k).any():
            raise DataError("privacy.too_few_alike", k=k, columns=", ".join(columns))
    return frame
