"""Runs without an appendix, for the page that lists them."""

from collections.abc import Iterable
from dataclasses import dataclass

FAILED = "failed"
REFUSED = "refused"
NOTES = {
    FAILED: ("运行失败", "以下附件在运行中出错，没有生成。按原因改正后重新运行。"),
    REFUSED: ("未列入运行", "以下附件缺数据，或标准尚未施行，未列入运行。补充后重新运行即可。"),
}


@dataclass(frozen=True)
class RunProblem:
    """One run without an appendix: `failed` while running or `refused` before it."""

    kind: str
    year: int
    county: str
    county_name: str
    notebook: str
    reason: str


def problem_lists(problems: Iterable[RunProblem]) -> list[tuple[str, str, list[RunProblem]]]:
    """Return title, note and problems of each kind, newest year first."""
    ordered = sorted(problems, key=lambda p: (-p.year, p.county, p.notebook, p.reason))
    unknown = {problem.kind for problem in ordered} - set(NOTES)
    if unknown:
        raise ValueError(f"problem kind must be {FAILED} or {REFUSED}, got {sorted(unknown)}")
    return [(*NOTES[kind], [p for p in ordered if p.kind == kind]) for kind in NOTES]
