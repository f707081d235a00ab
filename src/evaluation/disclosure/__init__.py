"""Nothing personal leaves in a table: rules for small numbers, and protection against computing them back."""

from evaluation.disclosure.check import check, summary

__all__ = ["check", "summary"]
