"""What the last run could not make: notebooks without an appendix, and why."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from dudao.base import workspace
from dudao.base.errors import ParameterError

FAILED, REFUSED = "failed", "refused"
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


def of_last_run() -> list[RunProblem]:
    """Return what the last run could not make of the real data, by its record."""
    path = workspace.outputs() / "run.json"
    if not path.is_file():
        return []
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ParameterError(f"运行记录 {path} 无法读取。请重新运行 dudao run。") from error
    ended = [(FAILED, job, job["error"]) for job in record["jobs"]]
    ended += [(REFUSED, job, job["reason"]) for job in record["refused"]]
    names = ("year", "county", "county_name", "notebook")
    return [
        RunProblem(kind, *(job[name] for name in names), why)
        for kind, job, why in ended
        if why and not job.get("scenario")
    ]


def problem_lists(problems: Iterable[RunProblem]) -> list[tuple[str, str, list[RunProblem]]]:
    """Return title, note and problems of each kind, newest year first."""
    ordered = sorted(problems, key=lambda p: (-p.year, p.county, p.notebook, p.reason))
    return [(*NOTES[kind], [p for p in ordered if p.kind == kind]) for kind in NOTES]
