"""Recognises an export by its content, whatever its name, and brings it to the contract's columns."""

from evaluation.errors import InputError
from evaluation.intake.binary import open_parquet, open_spss
from evaluation.intake.files import Export
from evaluation.intake.shops import recognise_shop, shop_table
from evaluation.intake.surveys import recognise_survey, survey_table
from evaluation.intake.tables import Table
from evaluation.intake.text_table import open_text
from evaluation.intake.workbook import open_workbook
from evaluation.study import FileSpec, Study

# Layouts that a format of the study file allows; "auto" allows every one, "table" none.
_FAMILY = {"woocommerce": ("woocommerce", "woocommerce-orders", "woocommerce-report")}


def open_table(export: Export, spec: FileSpec) -> Table:
    """The table of an export as it stands in the file. Raises InputError when it cannot be read."""
    match export.kind:
        case "workbook":
            return open_workbook(export, spec.sheet)
        case "parquet":
            return open_parquet(export)
        case "spss":
            return open_spss(export)
    return open_text(export, spec.encoding, spec.separator)


def recognise(table: Table, kind: str) -> str:
    """The layout of an export of a kind; "table" when it is none of the known ones."""
    found = None
    if kind == "orders":
        found = recognise_shop(table)
    elif kind == "responses":
        found = recognise_survey(table)
    return found or "table"


def laid_out(export: Export, table: Table, study: Study, spec: FileSpec) -> tuple[str, Table]:
    """The layout's name and the table with the contract's columns.

    Raises InputError when the file has another layout than the study file says, or one without what is
    needed.
    """
    if spec.format == "table":
        return "table", table
    found = recognise(table, spec.kind)
    if spec.format != "auto" and found not in _FAMILY.get(spec.format, (spec.format,)):
        # A mapped WooCommerce or LimeSurvey export with renamed headings is still read by its mapping.
        if found != "table" or spec.format not in ("woocommerce", "limesurvey"):
            raise InputError(
                "intake.other_layout", file=export.name, says=spec.format, found=found, kind=spec.kind
            )
        found = spec.format
    if spec.kind == "orders":
        return found, shop_table(found, table, export.name)
    if spec.kind == "responses":
        return found, survey_table(found, table, study.items.values())
    return found, table
