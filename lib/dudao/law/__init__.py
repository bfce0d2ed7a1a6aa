"""The law as data: the indicator tree and dated thresholds. Nothing else holds a legal number."""

from dudao.law.dates import EvaluationYear
from dudao.law.framework import Framework, Point, framework_for
from dudao.law.thresholds import Law, Threshold, law_for
from dudao.law.values import DatedValue, Reference

__all__ = [
    "DatedValue",
    "EvaluationYear",
    "Framework",
    "Law",
    "Point",
    "Reference",
    "Threshold",
    "framework_for",
    "law_for",
]
