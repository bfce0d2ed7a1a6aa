"""The only comparer: a measure against a threshold, in three states, with basis and gap."""

from dudao.judging.checks import judge
from dudao.judging.compare import compare, in_scope, meets_each, meets_k_of_n
from dudao.judging.points import judge_point
from dudao.judging.results import (
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    REFERENCE,
    UNDECIDED,
    PointVerdict,
    Verdict,
)

__all__ = [
    "MET",
    "NOT_APPLICABLE",
    "NOT_MET",
    "REFERENCE",
    "UNDECIDED",
    "PointVerdict",
    "Verdict",
    "compare",
    "in_scope",
    "judge",
    "judge_point",
    "meets_each",
    "meets_k_of_n",
]
