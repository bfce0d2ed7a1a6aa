"""What a job's result depends on, as digests by part; and what was recorded when it was made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from dudao import scenarios
from dudao.base import versions, workspace
from dudao.comparison import peers
from dudao.facts import store
from dudao.law import framework_for
from dudao.law.topics import OVERVIEW
from dudao.law.version import version_used
from dudao_pipeline.runner.files import write_json
from dudao_pipeline.runner.outcome import folder_of, output_path
from dudao_pipeline.runner.plan import Job

KEYS_FILE = "keys.json"
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
FIRST, LOST = "首次运行", "结果文件缺失或被改动"


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
    return peers.shown(year)


@cache
def _of_county(county: str, year: int) -> tuple[str, str]:
    """Return content and area of the law of a submission."""
    meta = store.meta(county, year)["meta"]
    return store.content_of(county, year), str(meta.get("law_area") or meta["county"])


def forget() -> None:
    """Forget what was read of store and notebooks, which may have changed."""
    for reader in (_cells, _peers, _of_county):
        reader.cache_clear()


def job_parts(job: Job) -> dict[str, str]:
    """Return the digest of everything that a job's result depends on, by part."""
    content, area = _of_county(job.county, job.year)
    # A part of its own only where there is one: the keys of real results stay what they were.
    scenario = {"scenario": scenarios.read(job.scenario).digest} if job.scenario else {}
    return {
        "facts": content[:16],
        **scenario,
        "notebook": _cells(job.notebook),
        "parameters": f"{job.county} {job.year}",
        "law": version_used(framework_for(job.year, area), area, job.notebook),
        "peers": _peers(job.year).get(job.county, "") if job.notebook == OVERVIEW else "",
        "library": versions.library(),
        "environment": versions.packages(),
        "engine": versions.ENGINE,
    }


def recorded(folder: Path) -> dict[str, dict]:
    """Return what was recorded in a county's folder, by notebook; nothing if it is unreadable."""
    try:
        return json.loads((folder / KEYS_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def record(jobs: Iterable[Job], parts: dict[Job, dict[str, str]]) -> None:
    """Record what finished jobs were made of; only the coordinating process may call this."""
    by_folder: dict[Path, dict[str, dict]] = {}
    for job in jobs:
        content = output_path(job).read_bytes()
        made = {
            "parts": parts[job],
            "sha256": hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
        }
        by_folder.setdefault(folder_of(job), {})[job.notebook] = made
    for folder, made in by_folder.items():
        write_json(folder / KEYS_FILE, {**recorded(folder), **made})


def reason(job: Job, parts: dict[str, str], known: dict[str, dict]) -> str:
    """Return why a job must run, in Chinese; empty if its result is current."""
    made = known.get(job.notebook)
    if made is None:
        return FIRST
    changed = changed_parts(parts, made["parts"])
    if changed:
        return "，".join(PARTS.get(name, name) for name in changed)
    path = output_path(job)
    return "" if path.is_file() and path.stat().st_size == made["bytes"] else LOST


def changed_parts(parts: dict[str, str], before: dict[str, str]) -> list[str]:
    """Return the names of the parts that differ."""
    return [name for name in PARTS if parts.get(name) != before.get(name)]
