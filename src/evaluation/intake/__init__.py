"""Intake: the only reader of raw files. Every row is accepted or quarantined, never lost."""

from evaluation.intake.receipt import Intake, Receipt
from evaluation.intake.station import take_in

__all__ = ["Intake", "Receipt", "take_in"]
