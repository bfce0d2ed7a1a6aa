"""What an edition keeps so that anybody can compute its figures again, and as a research object.

Beside the published files an edition holds the executed notebooks, their collected results, and in
`record/`: the facts as a store of one county (with its places among the others, without the
others' figures), the law files, the locked packages, and what program made it.
"""

from __future__ import annotations

import json
import platform
import subprocess
from collections.abc import Mapping
from importlib.metadata import distributions, version
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from dudao.base import versions, workspace
from dudao.facts import store
from dudao.law.areas import built_in
from dudao_pipeline import digests
from dudao_pipeline.county_years import CountyYear
from dudao_pipeline.files import copy_file, write_json
from dudao_pipeline.publish.result_tables import FORMATS, NAME
from dudao_pipeline.publish.task import BOOKLET, Task, executed, program, read_record
from dudao_pipeline.publish.templates import render
from dudao_pipeline.runner import ranks_refresh
from dudao_pipeline.runner.environment import ENGINE
from dudao_pipeline.runner.keys import RESULTS_FILE

if TYPE_CHECKING:
    from dudao_pipeline.publish.release.editions import Edition

NOTEBOOKS, RECORD = "notebooks", "record"
STORE, BUILT_IN_LAW, ADDED_LAW = "store", "law", "law-added"
PROGRAM, LOCK = "program.json", "constraints.txt"
CRATE = "ro-crate-metadata.json"
_LAW_KINDS = ("framework", "thresholds")
_KINDS = {
    ".html": "text/html",
    ".ipynb": "application/x-ipynb+json",
    ".json": "application/json",
    **{form.suffix: form.media_type for form in FORMATS},
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".yaml": "application/yaml",
    ".txt": "text/plain",
}


def commit() -> str:
    """Return the commit of the working copy, marked where files differ from it; empty if unknown.

    Only the library and the notebooks count: outputs and data have records of their own.
    """
    git = ["git", "-c", "safe.directory=*", "-C", str(workspace.root())]
    quiet = {"capture_output": True, "text": True, "check": True, "timeout": 30}
    try:
        head = subprocess.run([*git, "rev-parse", "HEAD"], **quiet).stdout.strip()
        changed = [*git, "status", "--porcelain", "--untracked-files=no", "--", "lib", "notebooks"]
        return f"{head}+" if subprocess.run(changed, **quiet).stdout.strip() else head
    except (OSError, subprocess.SubprocessError):
        return ""


def environment() -> dict[str, object]:
    """Return program, interpreter and packages, as an edition records them."""
    packages = {package.name.lower(): package.version for package in distributions()}
    return {
        "dudao": version("dudao"),
        "commit": commit(),
        "library": versions.library(),
        "publishing": program(),
        "engine": ENGINE,
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "packages": dict(sorted(packages.items())),
    }


def how_published(record: Mapping[str, dict]) -> dict[str, bool]:
    """Return of a record of publication what one must know to publish the same again."""
    asked = {way: bool(record["inputs"].get(way)) for way in ("draft", "wording")}
    return asked | {"pdf": BOOKLET in record["files"]}


def write_sources(notebooks: Path, target: Path) -> list[str]:
    """Write executed notebooks as they were before they ran; return their names.

    What was injected goes, and every output: what is computed again rests on neither.
    """
    target.mkdir(parents=True, exist_ok=True)
    names = []
    for path in sorted(notebooks.glob("*.ipynb")):
        content = json.loads(path.read_text(encoding="utf-8"))
        content["cells"] = [
            cell | ({"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else {})
            for cell in content["cells"]
            if "injected-parameters" not in cell["metadata"].get("tags", ())
        ]
        (target / path.name).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        names.append(path.stem)
    return names


def keep(folder: Path, home: Path) -> None:
    """Write into an edition what its figures rest on.

    folder: the county's results. home: where the edition is being made.
    """
    at = CountyYear.of_folder(folder)
    for name, path in executed(folder).items():
        copy_file(path, home / NOTEBOOKS / f"{name}.ipynb")
    if (folder / RESULTS_FILE).is_file():
        copy_file(folder / RESULTS_FILE, home / RESULTS_FILE)
    record = home / RECORD
    if (at.county, at.year) in store.submissions():
        _copy_submission(at, record / STORE)
        ranks_refresh.freeze(at.county, at.year, record / STORE)
    for law, name in ((built_in(), BUILT_IN_LAW), (workspace.added_law(), ADDED_LAW)):
        for path in (path for kind in _LAW_KINDS for path in (law / kind).glob("*.yaml")):
            copy_file(path, record / name / path.relative_to(law))
    copy_file(workspace.root() / LOCK, record / LOCK)
    published = read_record(Task(folder))
    how = how_published(published) if published else {}
    write_json(record / PROGRAM, {**environment(), "published": how})


def _copy_submission(at: CountyYear, target: Path) -> None:
    """Copy the newest version of a submission to a store of its own."""
    manifest = store.meta(at.county, at.year)
    version = store.version_path(at.county, at.year, manifest["version"])
    files = [workspace.store() / name for name in store.files_of(manifest)]
    for path in (store.manifest_path(at.county, at.year), version, *files):
        copy_file(path, target / path.relative_to(workspace.store()))


def files_of(home: Path) -> dict[str, str]:
    """Return the sha256 of every file below a folder, by its path there."""
    paths = sorted(path for path in home.rglob("*") if path.is_file())
    return {path.relative_to(home).as_posix(): digests.sha256(path) for path in paths}


def whose(folder: Path) -> tuple[str, bool]:
    """Return the name of a county, and whether its figures are invented."""
    rows = pd.read_parquet(folder / f"{NAME}.parquet", columns=["county_name", "fictional"])
    name = str(rows["county_name"].iloc[0]) if len(rows) else folder.name
    return name, bool(rows["fictional"].any())


def description(home: Path, at: CountyYear, edition: Edition) -> dict[str, object]:
    """Return what describes an edition as a research object (templates/ro-crate.json.j2).

    Of the folder's files the description itself and what the edition does not list, its own record,
    are not described.
    """
    listed = {*edition.files, *edition.record} - {CRATE}
    files = {name: digest for name, digest in files_of(home).items() if name in listed}
    county_name, is_fictional = whose(home)
    parts = [{"@id": name} for name in files]
    used = [part for part in parts if part["@id"].startswith(f"{RECORD}/")]
    invented = "（虚构数据，不得引用）" if is_fictional else ""
    text = render(
        "ro-crate.json.j2",
        crate=CRATE,
        title=f"{county_name}{at.year}年度履行教育职责自查自评附件{invented}",
        at=at,
        edition=edition,
        made=json.loads((home / RECORD / PROGRAM).read_text(encoding="utf-8")),
        lock=f"{RECORD}/{LOCK}",
        parts=parts,
        used=used,
        results=[part for part in parts if part not in used],
        files=[{"@id": name, **_file(home / name, digest)} for name, digest in files.items()],
    )
    return json.loads(text)


def _file(path: Path, digest: str) -> dict[str, str]:
    kind = _KINDS.get(path.suffix, "application/octet-stream")
    return {
        "@type": "File",
        "name": path.name,
        "encodingFormat": kind,
        "contentSize": str(path.stat().st_size),
        "sha256": digest,
    }
