"""The study file: what is evaluated, declared before the data come in."""

from evaluation.reference.questionnaire import Item, Text
from evaluation.study.load import load_study
from evaluation.study.model import Area, Design, FileSpec, Outcome, Product, Study, Target, Thresholds
from evaluation.study.style import Style

__all__ = [
    "Area",
    "Design",
    "FileSpec",
    "Item",
    "Outcome",
    "Product",
    "Study",
    "Style",
    "Target",
    "Text",
    "Thresholds",
    "load_study",
]
