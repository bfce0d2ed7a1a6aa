"""The store: one writer, forms old and new, damage that is named and mended, killed writers."""

import hashlib
import json
import os
import shutil
import threading
from pathlib import Path

import pandas as pd
import pytest

from dudao.base import workspace
from dudao.base.errors import FactsError
from dudao.facts import store
from dudao_pipeline.cli import main
from dudao_pipeline.digests import sha256
from dudao_pipeline.intake import storing
from dudao_pipeline.intake.submission import read_submission
from tests.unit import county

EXAMPLE = workspace.data() / "example" / "990103-2024"
OTHER = workspace.data() / "example" / "990105-2024"
PLACE = ("990103", 2024)


@pytest.fixture(scope="module")
def first():
    return read_submission(EXAMPLE)


@pytest.fixture(scope="module")
def second(tmp_path_factory):
    made = county.copy(tmp_path_factory.mktemp("更正"), EXAMPLE, "990103")
    county.set_item(made, "teachers_recruited", "全县", "数据年", "17")
    return read_submission(made)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("DUDAO_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("DUDAO_OUTPUTS", str(tmp_path / "outputs"))
    return tmp_path / "store"


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def damage(path: Path) -> None:
    """Change one byte; size and time stay."""
    before, data = path.stat(), bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def facts_file(home: Path) -> Path:
    return home / next(name for name in store.meta(*PLACE)["facts"] if "data_year=2023" in name)


def checked(capsys, *paths: Path) -> tuple[int, str]:
    code = main(["check-store", *map(str, paths)])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_two_writers_at_once_keep_both_versions(home, first, second):
    for _ in range(3):
        shutil.rmtree(home, ignore_errors=True)
        barrier = threading.Barrier(2)

        def put(submission, barrier=barrier):
            barrier.wait()
            storing.write(submission)

        writers = [threading.Thread(target=put, args=(one,)) for one in (first, second)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        assert store.versions(*PLACE) == [1, 2]
        kept = {store.read_version(*PLACE, number).digest for number in (1, 2)}
        assert kept == {first.digest, second.digest}


def test_a_changed_file_of_the_store_is_named_and_written_again(home, first, capsys):
    storing.write(first)
    storing.write(read_submission(OTHER))
    before = tree(home)
    damage(facts_file(home))
    with pytest.raises(FactsError, match="损坏或被改动"):
        store.read(*PLACE)
    assert len(store.read("990105", 2024).facts)
    code, said = checked(capsys)
    assert code == 1 and "990103-2024 facts/data_year=2023" in said and "未修复" in said
    code, said = checked(capsys, EXAMPLE)
    assert code == 0 and "已修复" in said
    assert tree(home) == before and len(store.read(*PLACE).facts)


def test_a_lost_file_comes_back_with_the_next_ingest(home, first):
    storing.write(first)
    before = tree(home)
    facts_file(home).unlink()
    assert storing.write(first) == storing.REWRITTEN
    assert tree(home) == before


def test_a_damaged_manifest_is_written_from_its_copy(home, first, capsys):
    storing.write(first)
    before = tree(home)
    store.manifest_path(*PLACE).write_text("{", encoding="utf-8")
    code, said = checked(capsys)
    assert code == 0 and "清单损坏" in said
    assert tree(home) == before


def test_a_store_of_the_old_form_is_refused_and_taken_in_again(home, first, capsys):
    storing.write(first)
    for path in (store.manifest_path(*PLACE), store.version_path(*PLACE, 1)):
        manifest = json.loads(path.read_text(encoding="utf-8"))
        del manifest["schema"], manifest["files"]
        path.write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    with pytest.raises(FactsError, match=r"旧格式。请重新导入"):
        store.read(*PLACE)
    assert checked(capsys)[0] == 1
    assert storing.write(first) == storing.ADDED
    assert len(store.read(*PLACE).facts)


def test_a_store_of_a_newer_program_is_refused_and_loses_nothing(home, first, capsys):
    storing.write(first)
    for path in (store.manifest_path(*PLACE), store.version_path(*PLACE, 1)):
        manifest = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps(manifest | {"schema": store.SCHEMA + 1}), encoding="utf-8")
    with pytest.raises(FactsError, match=r"新格式（3）.*只认到2"):
        store.read(*PLACE)
    tables = sorted(home.rglob("*.parquet"))
    assert checked(capsys)[0] == 1
    assert sorted(home.rglob("*.parquet")) == tables != []


@pytest.mark.parametrize("change", ["lacking", "unknown"])
def test_a_file_of_other_columns_is_refused_by_name(home, first, change):
    storing.write(first)
    path = facts_file(home)
    rows = pd.read_parquet(path, partitioning=None)
    rows = rows.drop(columns="qualifier") if change == "lacking" else rows.assign(来历="x")
    rows.to_parquet(path, index=False)
    manifest = store.meta(*PLACE)
    manifest["files"][path.relative_to(home).as_posix()] = sha256(path)
    store.manifest_path(*PLACE).write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(
        FactsError, match="缺少列：qualifier" if change == "lacking" else "列：来历"
    ):
        store.read(*PLACE)


def steps_of(home: Path, second) -> int:
    """Return how many files are put in place when a correction is stored."""
    return len([name for name in tree(home) if f"-{store.content_of(*PLACE)[:12]}" in name]) + 3


def kill_at(step: int, submission) -> None:
    """Store a submission in a process that is killed when it puts its nth file in place."""
    child = os.fork()
    if child == 0:
        replace, count = Path.replace, iter(range(1, 1000))

        def dying(self, target):
            if next(count) == step:
                os._exit(9)
            return replace(self, target)

        Path.replace = dying
        storing.write(submission)
        os._exit(0)
    os.waitpid(child, 0)


def test_a_writer_killed_at_any_file_leaves_the_old_or_the_new_and_no_rest(
    home, first, second, tmp_path, monkeypatch, capsys
):
    storing.write(first)
    shutil.copytree(home, tmp_path / "before")
    storing.write(second)
    whole, steps = tree(home), steps_of(home, second)
    assert steps > 8
    for step in (1, 2, 5, steps - 2, steps - 1, steps):  # each one: tests/soak
        shutil.rmtree(home)
        shutil.copytree(tmp_path / "before", home)
        kill_at(step, second)
        assert store.read(*PLACE).digest in (first.digest, second.digest)
        storing.write(second)
        assert checked(capsys)[0] == 0
        assert tree(home) == whole, step


def test_what_was_taken_out_keeps_its_files(home, first, second, capsys):
    storing.write(first)
    storing.write(second)
    place = ("--county", "990103", "--year", "2024")
    assert main(["remove", *place, "--reason", "县（区）代码填错"]) == 0
    before = tree(home)
    assert checked(capsys)[0] == 0
    assert tree(home) == before
    assert [name for name in before if name.startswith("facts/")]
