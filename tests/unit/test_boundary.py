"""What a submission of an odd kind, a damaged store or a full disk does: never a traceback."""

from __future__ import annotations

import csv
import errno
import json
import os
import queue
import shutil
import signal
import tempfile
from concurrent.futures import Future
from pathlib import Path

import pytest

from dudao.base import failures, workspace
from dudao.base.errors import FactsError
from dudao.comparison.peers import ranks_store
from dudao.facts import store
from dudao_pipeline.boundary import LOGS, of_machine
from dudao_pipeline.cli import main
from dudao_pipeline.commands import ingest, surroundings
from dudao_pipeline.intake.sheet_headers import SHEETS
from dudao_pipeline.runner.limits import Limits
from dudao_pipeline.runner.plan import Job
from dudao_pipeline.runner.pool import interrupts_into, outcome_of
from dudao_pipeline.runner.worker import explain
from tests.unit import county

META = (
    'county: "{code}"\nyear: 2024\ncounty_name: "虚构县{code}"\nfictional: true\n'
    'title: "虚构"\ntranscription: "虚构"\n'
)
ENROLMENT = "在校生（在园幼儿）（人）"


def submission(base, code: str, **rows: list[dict[str, str]]):
    """Write a CSV twin that holds the given rows and nothing else (虚构)."""
    folder = base / f"{code}-2024"
    folder.mkdir(parents=True)
    (folder / "source.meta.yml").write_text(META.format(code=code), encoding="utf-8")
    for sheet, layout in SHEETS.items():
        with (folder / f"{sheet}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, layout.required)
            writer.writeheader()
            writer.writerows(rows.get(sheet, []))
    return folder


PRINTED = {"序号": "1", "名称": "支出", "学段": "全县", "年份": "2023", "原文数字": "32000"}
PAPER = {"评价要点": "2.1.1", "材料名称": "决算报表"}
SCHOOL = {"学校代码": "1", "学校名称": "虚构小学", "办学类型": "小学", "学段": "小学"}
NONE = {"指标代码": "education_expenditure", "学段": "全县", "单位": "万元"}
NONE |= dict.fromkeys(("基准年", "数据年", "进展年"), "不涉及")
KINDS = {
    "printed figures": {"报告所列数据": [PRINTED | {"指标代码": "education_expenditure"}]},
    "evidence": {"佐证材料": [PAPER]},
    "schools": {"学校": [SCHOOL | {ENROLMENT: "300"}]},
    "schools without figures": {"学校": [SCHOOL]},
    "headers": {},
    "not applicable": {"县级指标": [NONE]},
}


@pytest.fixture
def own_store(tmp_path, monkeypatch):
    monkeypatch.setenv("DUDAO_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("DUDAO_OUTPUTS", str(tmp_path / "outputs"))


@pytest.mark.parametrize("step", [1, -1], ids=["odd first", "odd last"])
def test_submissions_that_hold_only_one_kind_of_thing_harm_no_other(
    tmp_path, own_store, capsys, step
):
    odd = [submission(tmp_path, f"99091{at}", **rows) for at, rows in enumerate(KINDS.values())]
    full = county.copy(tmp_path, county="990902")
    for folders in [odd, [full]][::step]:
        assert main(["ingest", *map(str, folders)]) == 0, folders
    assert len(store.submissions()) == len(KINDS) + 1
    assert ranks_store.fresh(2024)
    assert main(["run", "--dry-run"]) == 0
    assert "Traceback" not in "".join(capsys.readouterr())


def test_a_submission_that_holds_only_one_kind_of_thing_is_exported(tmp_path, own_store, capsys):
    odd = [submission(tmp_path, f"99091{at}", **rows) for at, rows in enumerate(KINDS.values())]
    assert main(["ingest", *map(str, odd)]) == 0
    target = str(tmp_path / "导出.xlsx")
    for at, kind in enumerate(KINDS):
        asked = ["--county", f"虚构县99091{at}", "--year", "2024", "-o", target, "--overwrite"]
        assert main(["export", *asked]) == 0, kind
    assert "Traceback" not in "".join(capsys.readouterr())


def _figure(text):
    row = {"指标代码": "education_expenditure", "学段": "全县", "单位": "万元", "数据年": text}
    return {"县级指标": [row]}


def _built(text):
    return {"学校": [SCHOOL | {"规划建成年份": text}]}


def _fund(text):
    row = {"项目": "义务教育公用经费补助资金", "资金年度": text, "省级（万元）": "1"}
    return {"专项资金": [row]}


def _append(name, content):
    def spoil(folder):
        with (folder / name).open("ab") as file:
            file.write(content)

    return spoil


def _replace(name, content):
    return lambda folder: (folder / name).write_bytes(content)


BROKEN = {
    "a circled digit": _figure("①"),
    "a figure with a mark": _figure("2442.77①"),
    "words": _figure("十万"),
    "forty digits": _figure("9" * 40),
    "a number of 308 digits": _figure("9.9E+307"),
    "no number": _figure("nan"),
    "a year with a mark": _built("2010②"),
    "a year raised": _fund("202³"),
    "a quote": _append("学校.csv", b'"\n1,2\n3,4\n'),
    "a field without end": _append("县级指标.csv", b"x" * 140_000),
    "another encoding": _replace("县级指标.csv", b"\xff\xff\xff\x00"),
    "an origin that is no YAML": _replace("source.meta.yml", b"county: ["),
    "an origin that is too deep": _replace("source.meta.yml", b"[" * 5000),
    "an origin in another encoding": _replace("source.meta.yml", "县".encode("gb18030")),
    "an empty origin": _replace("source.meta.yml", b""),
    "nothing there": shutil.rmtree,
}
FILES = {
    "a name of 298 bytes": ("县" * 98 + ".xlsx", None),
    "an old workbook": ("报送表.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    "an empty workbook": ("报送表.xlsx", b""),
    "a broken workbook": ("报送表.xlsx", b"PK\x03\x04 broken"),
    "a picture": ("扫描.png", b"\x89PNG"),
}
READ = {  # odd, and rightly read: all three stand
    "a private character": {"学校": [SCHOOL | {"学校名称": "虚构\ue863小学", ENROLMENT: "300"}]},
    "a row of zero bytes": _append("学校.csv", b"\0,\0\n"),
    "ends of lines of an old Mac": lambda folder: (folder / "学校.csv").write_bytes(
        (folder / "学校.csv").read_bytes().replace(b"\r\n", b"\r")
    ),
}


@pytest.mark.parametrize("way", [*BROKEN, *FILES, *READ])
def test_each_way_of_being_broken_leaves_those_before_and_after(
    tmp_path, own_store, monkeypatch, capsys, way
):
    monkeypatch.setattr("dudao_pipeline.commands.ingest.refresh_comparison", lambda workers: True)
    spoil = (BROKEN | READ).get(way)
    rows = [{"学校": [SCHOOL | {ENROLMENT: "300"}]} for _ in range(3)]
    rows[1] = spoil if isinstance(spoil, dict) else rows[1]
    paths = [submission(tmp_path, f"99092{n}", **rows[n]) for n in range(3)]
    if way in FILES:
        name, content = FILES[way]
        paths[1] = tmp_path / name
        if content is not None:
            paths[1].write_bytes(content)
    elif callable(spoil):
        spoil(paths[1])
    ended = main(["ingest", *map(str, paths)])
    said = "".join(capsys.readouterr())
    assert "Traceback" not in said and "程序出错" not in said
    kept = {f"99092{n}" for n in range(3)} - (set() if way in READ else {"990921"})
    assert (ended, {code for code, _ in store.submissions()}) == (way not in READ, kept)
    assert all(store.read(code, 2024).meta["county"] == code for code in kept)
    assert way in READ or paths[1].name[:40] in said


@pytest.mark.parametrize("at", [0, 3])
def test_an_error_that_nobody_foresaw_stays_with_its_file(
    tmp_path, own_store, monkeypatch, capsys, at
):
    folders = [submission(tmp_path, f"99093{n}", **KINDS["schools"]) for n in range(5)]
    read_submission = ingest.read_submission

    def read(path):
        if path == folders[at]:
            raise ZeroDivisionError("nobody foresaw this")
        return read_submission(path)

    monkeypatch.setattr(ingest, "read_submission", read)
    assert main(["ingest", *map(str, folders)]) == 1
    said = "".join(capsys.readouterr())
    assert "Traceback" not in said
    assert folders[at].name in said
    assert "入库4份，未入库1份" in said
    assert len(store.submissions()) == 4
    (log,) = (workspace.outputs() / LOGS).glob("*.log")
    assert str(log) in said
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8")


def test_what_escapes_a_command_is_a_sentence_a_log_and_exit_3(own_store, monkeypatch, capsys):
    def fail(*anything):
        raise RuntimeError("surprise")

    monkeypatch.setattr("dudao_pipeline.commands.law.law_for", fail)
    assert main(["law"]) == 3
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    assert "程序出错（RuntimeError）" in said.err
    (log,) = (workspace.outputs() / LOGS).glob("*.log")
    assert str(log) in said.err
    assert "surprise" in log.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "磁盘空间不足"),
        (errno.EROFS, "只读"),
        (errno.EACCES, "没有读写权限"),
        (errno.EMFILE, "ulimit -n 4096"),
        (errno.ENAMETOOLONG, "255字节"),
    ],
)
def test_an_error_of_the_system_names_the_file_and_what_to_do(number, words):
    said = failures.explain(OSError(number, "English", "/数据/表.xlsx"))
    assert said.startswith("/数据/表.xlsx：")
    assert words in said
    assert "English" not in said


def test_a_damaged_entry_is_named_and_the_others_go_on(tmp_path, own_store, capsys):
    folders = [county.copy(tmp_path, county=code) for code in ("990901", "990902")]
    assert main(["ingest", *map(str, folders)]) == 0
    path = store.manifest_path("990901", 2024)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(FactsError, match=r"990901-2024\.json 无法读取。请重新导入"):
        store.meta("990901", 2024)
    third = county.copy(tmp_path, county="990903")
    assert main(["ingest", str(third)]) == 0
    capsys.readouterr()
    assert main(["run", "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "990902 2024" in said and "990901 2024 02" not in said
    assert main(["run", "--county", "990901", "--year", "2024", "--dry-run"]) == 2
    assert str(path) in capsys.readouterr().err
    assert main(["ingest", str(folders[0])]) == 0
    assert json.loads(path.read_text(encoding="utf-8"))["version"] == 2


def test_a_lost_table_names_its_file(tmp_path, own_store, capsys):
    assert main(["ingest", str(county.copy(tmp_path))]) == 0
    shutil.rmtree(workspace.store() / "facts")
    target = str(tmp_path / "导出.xlsx")
    assert main(["export", "--county", "990002", "--year", "2024", "-o", target]) == 2
    said = capsys.readouterr().err
    assert "没有了。请重新导入" in said and ".parquet" in said


@pytest.mark.parametrize("command", [["run"], ["status"], ["publish"], ["ingest", "{county}"]])
def test_a_file_where_the_store_should_be_is_named(tmp_path, monkeypatch, capsys, command):
    (tmp_path / "库").write_text("", encoding="utf-8")
    monkeypatch.setenv("DUDAO_STORE", str(tmp_path / "库"))
    monkeypatch.setenv("DUDAO_OUTPUTS", str(tmp_path / "果"))
    folder = county.copy(tmp_path)
    asked = [word.format(county=folder) for word in command]
    assert main(asked) in (2, 3)
    said = "".join(capsys.readouterr())
    assert str(tmp_path / "库") in said
    assert "Traceback" not in said


def test_an_empty_store_is_told_by_every_command(tmp_path, own_store, capsys):
    one = ["--county", "990100", "--year", "2024"]
    release = ["release", *one, "--date", "2025-03-01", "--with-blanks"]
    export = ["export", *one, "-o", str(tmp_path / "导出.xlsx")]
    for command in (["run"], ["status"], export, ["diff", *one], release):
        assert main(command) == 2, command
        assert "dudao ingest" in capsys.readouterr().err


def test_release_before_publish_says_what_comes_first(tmp_path, own_store, capsys):
    assert main(["ingest", str(county.copy(tmp_path))]) == 0
    asked = ["--county", "990002", "--year", "2024", "--date", "2025-03-01"]
    assert main(["release", *asked]) == 2
    assert "还没有发布。请先运行 dudao publish" in capsys.readouterr().err


def test_no_filled_workbook_is_overwritten_unless_asked(tmp_path, own_store, capsys):
    assert main(["ingest", str(county.copy(tmp_path))]) == 0
    path = tmp_path / "报送表.xlsx"
    path.write_bytes(b"filled in")
    for command in ("template", "export"):
        asked = [command, "--county", "990002", "--year", "2024", "-o", str(path)]
        assert main(asked) == 2
        assert "已经存在，没有改动" in capsys.readouterr().err
        assert path.read_bytes() == b"filled in"
        assert main([*asked[:-1], str(tmp_path)]) == 2
        assert "是文件夹。请写出文件名" in capsys.readouterr().err
    assert main([*asked, "--overwrite"]) == 0
    assert path.read_bytes() != b"filled in"


def test_reports_in_a_file_are_refused_before_anything_is_stored(tmp_path, own_store, capsys):
    (tmp_path / "报告").write_text("", encoding="utf-8")
    asked = ["ingest", str(county.copy(tmp_path)), "--reports", str(tmp_path / "报告")]
    assert main(asked) == 2
    assert "是文件，不是文件夹" in capsys.readouterr().err
    assert store.submissions() == []


def test_what_the_machine_refuses_a_worker_is_told_of_its_job():
    limits = Limits()
    full = OSError(errno.ENOSPC, "No space left on device", "/果/02_funding.ipynb")
    assert "磁盘空间不足" in explain(full, limits)
    future = Future()
    future.set_exception(full)
    outcome = outcome_of(Job("990100", 2024, "02_funding"), future, limits, 1)
    assert not outcome.is_done and "磁盘空间不足" in outcome.error
    assert of_machine(Exception(), "[Errno 24] x").startswith("打开的文件过多")
    assert of_machine(ValueError("x"), "no error of the system") == ""


def test_the_end_of_a_container_is_an_interruption():
    ended = queue.SimpleQueue()
    with interrupts_into(ended):
        os.kill(os.getpid(), signal.SIGTERM)
        assert ended.get(timeout=5) is None
    with pytest.raises(KeyboardInterrupt), surroundings.terminated_as_interrupted():
        signal.raise_signal(signal.SIGTERM)


def test_a_temporary_folder_too_long_for_a_socket_gives_way_to_the_systems(monkeypatch):
    long = "/数据/教育督导评估资料目录二〇二四年度县级人民政府履行教育职责自查自评"
    monkeypatch.setattr(tempfile, "tempdir", long)
    monkeypatch.setenv("TMPDIR", long)
    surroundings.shorten_temporary()
    assert len(os.fsencode(tempfile.gettempdir())) < 20
    assert os.environ["TMPDIR"] == tempfile.gettempdir()


def test_a_user_without_a_home_gets_one(tmp_path, monkeypatch):
    def nowhere():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(surroundings.Path, "home", nowhere)
    monkeypatch.setenv("HOME", "")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    surroundings.give_home()
    assert Path(os.environ["HOME"]).parent == tmp_path
