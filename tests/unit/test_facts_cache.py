"""The cache of a submission replaces what it saved before, and touches nothing else."""

from __future__ import annotations

from pathlib import Path

from dudao.facts import facts_cache


def test_a_newer_version_replaces_the_older_and_leaves_other_files_alone(
    tmp_path: Path, monkeypatch
) -> None:
    (tmp_path / "README.md").write_text("别的文件", encoding="utf-8")
    for version in (1, 2):
        facts_cache.save({"version": version}, lambda manifest: manifest, tmp_path)
    monkeypatch.setenv(facts_cache.FOLDER, str(tmp_path))
    assert facts_cache.load({"version": 2}) == {"version": 2}
    assert facts_cache.load({"version": 1}) is None
    assert len(list(tmp_path.iterdir())) == 2
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == "别的文件"
