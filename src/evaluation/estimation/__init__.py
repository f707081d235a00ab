"""Pure statistics over arrays and frames: design-based estimates of levels and changes.

Imports only `evaluation.errors`. Start reading at `design`, `linear`, `levels`, `change`.
"""

from evaluation.estimation.calibrate import calibrate, poststratify, rake
from evaluation.estimation.change import change_by_region
from evaluation.estimation.contrast import JointTest, difference_in_differences, joint_test
from evaluation.estimation.design import SurveyDesign
from evaluation.estimation.levels import levels
from evaluation.estimation.multiple import holm

__all__ = [
    "JointTest",
    "SurveyDesign",
    "calibrate",
    "change_by_region",
    "difference_in_differences",
    "holm",
    "joint_test",
    "levels",
    "poststratify",
    "rake",
]
