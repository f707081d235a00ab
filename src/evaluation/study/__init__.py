"""The study file: what is evaluated, declared before the data come in."""

from evaluation.reference.questionnaire import Item, Text
from evaluation.study.load import load_study
from evaluation.study.model import Area, Design, FileSpec, Outcome, Product, Study, Target, Thresholds

__all__ = [
    "Area",
    "Design",
    "FileSpec",
    "Item",
    "Outcome",
    "Product",
    "Study",
    "Target",
    "Text",
    "Thresholds",
    "load_study",
]
