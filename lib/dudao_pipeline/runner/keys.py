"""What a job's result depends on, as digests by part; and what was recorded when it was made."""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from dudao import scenarios
from dudao.base import versions, workspace
from dudao.law.topics import OVERVIEW
from dudao.law.version import Ruling, version_used
from dudao_pipeline import digests
from dudao_pipeline.files import write_json
from dudao_pipeline.runner import environment, ranks_refresh
from dudao_pipeline.runner.outcome import output_path
from dudao_pipeline.runner.plan import Job
from dudao_pipeline.runner.submissions import Submission

KEYS_FILE, RESULTS_FILE = "keys.json", "results.json"
# Part of a key -> what a user is told when it has changed.
PARTS = {
    "facts": "本县数据变了",
    "scenario": "情景变了",
    "notebook": "分册变了",
    "parameters": "参数变了",
    "law": "本册所用的方案或标准变了",
    "peers": "同类各县的汇总变了",
    "library": "程序或参考数据变了",
    "environment": "运行环境变了",
    "engine": "运行方式变了",
}
FIRST, LOST, ALTERED = "首次运行", "结果文件缺失", "结果文件在运行后被改动"


@cache
def _cells(notebook: str) -> str:
    """Return the digest of a notebook's cells, without what was put out by them."""
    path = workspace.notebooks() / f"{notebook}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    wanted = ("cell_type", "id", "metadata", "source")
    return versions.digest(
        json.dumps([cell.get(name) for name in wanted], sort_keys=True) for cell in cells
    )


@cache
def _peers(year: int) -> dict[str, str]:
    """Return by county the digest of what its overview can show of the others."""
    return ranks_refresh.shown(year)


@cache
def _law(scheme_file: str, ruling: Ruling, notebook: str) -> str:
    return version_used(scheme_file, ruling, notebook)


def forget() -> None:
    """Forget what was read of notebooks, law and other counties, which may have changed."""
    for reader in (_cells, _peers, _law):
        reader.cache_clear()


def job_parts(job: Job, submission: Submission, made: dict | None = None) -> dict[str, str]:
    """Return the digest of everything that a job's result depends on, by part.

    made: the entry that was recorded of the job. Where it is outdated already, the other counties
    are not counted anew, which takes long, only to say so: its part is given for theirs.
    """
    # A part of its own only where there is one: the keys of real results stay what they were.
    scenario = {"scenario": scenarios.read(job.scenario).digest} if job.scenario else {}
    parts = {
        "facts": submission.content[:16],
        **scenario,
        "notebook": _cells(job.notebook),
        "parameters": f"{job.county} {job.year}",
        "law": _law(submission.scheme.file, submission.ruling, job.notebook),
        "peers": "",
        "library": versions.library(),
        "environment": environment.packages(),
        "engine": environment.ENGINE,
    }
    if job.notebook == OVERVIEW:
        before = made["parts"].get("peers", "") if made else ""
        is_outdated = made and changed_parts({**parts, "peers": before}, made["parts"])
        parts["peers"] = before if is_outdated else _peers(job.year).get(job.county, "")
    return parts


def recorded(folder: Path) -> dict[str, dict]:
    """Return what was recorded in a county's folder, by notebook; nothing if it is unreadable."""
    try:
        read = json.loads((folder / KEYS_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    entries = read.items() if isinstance(read, dict) else ()
    return {name: made for name, made in entries if _is_complete(made)}


def _is_complete(made: object) -> bool:
    """Say whether an entry holds what is compared: a digest, and the parts of a key."""
    return (
        isinstance(made, dict)
        and isinstance(made.get("sha256"), str)
        and isinstance(made.get("parts"), dict)
    )


def _made(path: Path, parts: dict[str, str]) -> dict:
    return {"parts": parts, "sha256": digests.sha256(path), "bytes": path.stat().st_size}


def record(jobs: Iterable[Job], parts: dict[Job, dict[str, str]]) -> None:
    """Record what finished jobs were made of; only the coordinating process may call this."""
    by_folder: dict[Path, dict[str, dict]] = {}
    for job in jobs:
        by_folder.setdefault(job.folder, {})[job.notebook] = _made(output_path(job), parts[job])
    for folder, made in by_folder.items():
        write_json(folder / KEYS_FILE, {**recorded(folder), **made})


def _executed(folder: Path, recorded_entries: dict[str, dict]) -> dict[str, str]:
    """Return the recorded sha256 of the notebooks that lie in a folder, by name."""
    return {
        name: made["sha256"]
        for name, made in recorded_entries.items()
        if name != RESULTS_FILE and (folder / f"{name}.ipynb").is_file()
    }


def record_results(folder: Path) -> None:
    """Record what a folder's results file says and which notebooks it was collected from."""
    entries = recorded(folder)
    made = _made(folder / RESULTS_FILE, _executed(folder, entries))
    if entries.get(RESULTS_FILE) != made:
        write_json(folder / KEYS_FILE, {**entries, RESULTS_FILE: made})


def results_fault(folder: Path, entries: dict[str, dict], *, fully: bool = False) -> str | None:
    """Return why a folder's results file is not that of its notebooks; None if it is.

    Empty where none was collected yet, as after a run that was killed. entries: what was recorded
    in the folder. fully: read the file, whatever is remembered of it.
    """
    executed = _executed(folder, entries)
    if not executed:
        return None
    made, path = entries.get(RESULTS_FILE), folder / RESULTS_FILE
    if made is None and not path.is_file():
        return ""
    if made is None or made["parts"] != executed:
        return f"{RESULTS_FILE} 不是由现有各册汇总的"
    if digests.is_as_recorded(path, made["sha256"], fully=fully):
        return None
    return f"{RESULTS_FILE} {'在运行后被改动' if path.is_file() else '缺失'}"


def reason(
    job: Job, parts: dict[str, str], entries: dict[str, dict], *, fully: bool = False
) -> str:
    """Return why a job must run, in Chinese; empty if its result is current.

    fully: read the result, whatever is remembered of its digest.
    """
    made = entries.get(job.notebook)
    if made is None:
        return FIRST
    changed = changed_parts(parts, made["parts"])
    if changed:
        return "，".join(PARTS.get(name, name) for name in changed)
    path = output_path(job)
    if digests.is_as_recorded(path, made["sha256"], fully=fully):
        return ""
    return ALTERED if path.is_file() else LOST


def changed_parts(parts: dict[str, str], before: dict[str, str]) -> list[str]:
    """Return the names of the parts that differ."""
    return [name for name in PARTS if parts.get(name) != before.get(name)]
