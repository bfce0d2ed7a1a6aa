"""Putting a submission into the store: whole or not at all, and only what has changed."""

from __future__ import annotations

import hashlib
import json

import pandas as pd

from dudao.base import workspace
from dudao.base.errors import FactsError
from dudao.base.files import write as write_file
from dudao.facts import tables
from dudao.facts.store import manifest_path, read_manifest, reported_of, version_path, versions
from dudao_pipeline.intake.submission import Submission

ADDED, REWRITTEN, UNCHANGED = "added", "rewritten", "unchanged"


def _frames(submission: Submission) -> dict[str, pd.DataFrame]:
    """Return what is stored, by the folder that it goes to inside a table's."""
    province = f"province={submission.county[:2]}"
    found = {
        f"facts/data_year={data_year}/{province}": part.reset_index(drop=True)
        for data_year, part in submission.facts.groupby("data_year")
    }
    found |= {table: getattr(submission.tables, table) for table in tables.REGISTERS}
    return {**found, "findings": submission.findings_table()}


def _content(submission: Submission) -> tuple[dict[str, bytes], str]:
    """Return the files of a submission by folder, and one digest of them and its origin."""
    files = {name: rows.to_parquet(index=False) for name, rows in _frames(submission).items()}
    digest = hashlib.sha256(json.dumps(submission.meta, default=str, sort_keys=True).encode())
    for name, content in files.items():
        digest.update(name.encode() + hashlib.sha256(content).digest())
    return files, digest.hexdigest()


def _written(files: dict[str, bytes], name: str) -> dict[str, list[str]]:
    """Write the files; return their places by table."""
    found: dict[str, list[str]] = {}
    for folder, content in files.items():
        write_file(workspace.store() / folder / name, content, lasting=True)
        found.setdefault(folder.partition("/")[0], []).append(f"{folder}/{name}")
    return found


def _before(county: str, year: int) -> dict:
    """Return the manifest of the newest version that can be read; empty for a first version.

    One that was damaged is written anew by the next submission, which is a version of its own.
    """
    path = manifest_path(county, year)
    try:
        return read_manifest(path) if path.is_file() else {}
    except FactsError:
        return {"version": max(versions(county, year), default=0), "digest": ""}


def write(submission: Submission) -> str:
    """Put an acceptable submission into the store; say what that changed.

    A correction is a new version: the manifest of the one before is kept under its number. The
    same input read by a newer dictionary or newer checks is the same version, written anew.
    """
    if not submission.acceptable:
        raise FactsError(f"{submission.county}-{submission.year} 有错误，未入库。")
    before = _before(submission.county, submission.year)
    files, content = _content(submission)
    if before.get("content") == content and before["digest"] == submission.digest:
        return UNCHANGED
    same_input = before.get("digest") == submission.digest
    manifest = {
        "version": before.get("version", 0) + (not same_input),
        "digest": submission.digest,
        "content": content,
        "meta": submission.meta,
        "reported": reported_of(submission.facts),
        **_written(files, f"{submission.county}-{submission.year}-{content[:12]}.parquet"),
    }
    _write_manifest(submission, manifest)
    return REWRITTEN if same_input else ADDED


def _write_manifest(submission: Submission, manifest: dict) -> None:
    text = json.dumps(manifest, ensure_ascii=False, indent=1, default=str, sort_keys=True)
    of_version = version_path(submission.county, submission.year, manifest["version"])
    for path in (of_version, manifest_path(submission.county, submission.year)):
        write_file(path, text, lasting=True)
