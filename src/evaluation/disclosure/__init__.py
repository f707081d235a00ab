"""Nothing personal leaves in a table: rules for small numbers, and protection against computing them back."""

from evaluation.disclosure.audit import Published
from evaluation.disclosure.check import Release, check, release, summary
from evaluation.disclosure.coarser import gain, other_groups

__all__ = ["Published", "Release", "check", "gain", "other_groups", "release", "summary"]
