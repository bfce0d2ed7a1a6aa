"""What goes wrong in a batch: every failure is caused here, and stops nobody else."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest

from dudao.base import workspace
from dudao_pipeline.intake import storing
from dudao_pipeline.intake.submission import read_submission
from dudao_pipeline.runner import keys
from tests.command_line import COMMAND

PARAMETERS = 'county: str = "990100"\nyear: int = 2024'
BEHAVIOUR = """
import os, signal, subprocess, time
print("started", county)
if county == "990101":
    child = subprocess.Popen(["sleep", "301"])
    time.sleep(300)
if county == "990102":
    raise ValueError("此县数据有误")
if county == "990103":
    os.kill(os.getpid(), signal.SIGKILL)
if county == "990104":
    block = bytearray(6 * 2**30)
if county == "990105":
    worker = int(os.environ["DUDAO_FACTS_CACHE"].rpartition("-")[2])  # each has a folder of its own
    os.kill(worker, signal.SIGKILL)
    time.sleep(300)
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A working copy whose notebook 02 misbehaves by county, and a store of six counties."""
    base = tmp_path_factory.mktemp("失败 批次")
    for name in ("lib", "data/reference"):
        source = workspace.root() / name
        shutil.copytree(source, base / name, ignore=shutil.ignore_patterns("__pycache__"))
    cells = [
        nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}, id="p"),
        nbformat.v4.new_code_cell(BEHAVIOUR, id="b"),
    ]
    spec = {"name": "python3", "display_name": "x", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec})
    (base / "notebooks").mkdir()
    nbformat.write(notebook, base / "notebooks" / "02_funding.ipynb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUDAO_STORE", str(base / "store"))
        for folder in sorted((workspace.data() / "example").glob("99????-2024")):
            storing.write(read_submission(folder))
    return base


def start(base: Path, outputs: str, *arguments: str) -> subprocess.Popen:
    """Start `dudao run` in the working copy, as the leader of a process group."""
    places = {"DUDAO_STORE": base / "store", "DUDAO_OUTPUTS": base / outputs}
    environment = {**os.environ, "PYTHONPATH": str(base / "lib")}
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, "run", *arguments],
        env={**environment, **{name: str(path) for name, path in places.items()}},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def broken_run(checkout):
    """One run in which five of six counties fail, each in its own way."""
    run = start(checkout, "一", "--cell-timeout", "4", "--memory", "3000", "--workers", "2")
    said, complaints = run.communicate(timeout=240)
    return checkout / "一", run.returncode, said, complaints


def test_one_is_done_and_five_are_told_apart(broken_run):
    folder, code, said, _ = broken_run
    assert code == 1
    assert "完成1，失败5，最新未动0，未列入0" in said
    told = {line.split()[1]: line for line in said.splitlines() if line.startswith("  失败")}
    assert "超时：一个单元格超过4秒" in told["990101"]
    assert "ValueError：此县数据有误（第3个代码单元格）" in told["990102"]
    assert "内核中途退出" in told["990103"]
    assert "内存不足：上限3000MB" in told["990104"]
    assert "工作进程中途退出（退出码-9）" in told["990105"]
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert {job["county"]: job["attempts"] for job in run["jobs"]}["990105"] == 2


def test_only_what_is_done_looks_done(broken_run):
    folder = broken_run[0] / "2024"
    done = sorted(path.parent.name for path in folder.glob("*/02_funding.ipynb"))
    assert done == ["990100"]
    counties = [path.parent for path in folder.glob("*/keys.json")]
    recorded = [path.name for path in counties if "02_funding" in keys.recorded(path)]
    assert recorded == ["990100"]
    assert not list(folder.rglob("*.partial"))


def test_a_failure_keeps_its_notebook_as_evidence(broken_run):
    folder = broken_run[0] / "2024"
    for county in ("990101", "990102", "990104"):
        kept = (folder / county / "02_funding.failed.ipynb").read_text(encoding="utf-8")
        assert f"started {county}" in kept
    assert (folder / "990103" / "02_funding.failed.ipynb").is_file()


def test_nothing_that_a_cell_started_lives_on(broken_run):
    commands = [" ".join(process.info["cmdline"] or []) for process in _processes()]
    assert "sleep 301" not in commands


def _processes():
    return psutil.process_iter(["cmdline"])


def test_only_the_failed_are_run_when_asked(checkout, broken_run):
    run = start(checkout, "一", "--only-failed", "--dry-run")
    said, _ = run.communicate(timeout=60)
    assert "990102 2024 02_funding：上次失败" in said
    assert "990100" not in said


def test_the_limit_of_the_whole_run_leaves_the_rest_unrun_and_says_so(checkout):
    arguments = ("--county", "990101,990100", "--run-timeout", "6", "--workers", "1")
    said, _ = start(checkout, "二", *arguments).communicate(timeout=120)
    assert "未运行：全部任务的时限已到" in said
    run = json.loads((checkout / "二" / "run.json").read_text(encoding="utf-8"))
    assert len(run["jobs"]) == 2


def test_an_interrupt_keeps_what_has_ended_and_leaves_no_process(checkout):
    run = start(checkout, "三", "--county", "990100,990101", "--workers", "1")
    for line in run.stdout:
        if "990100" in line:
            break
    workers = psutil.Process(run.pid).children(recursive=True)
    run.send_signal(signal.SIGINT)
    said, _ = run.communicate(timeout=60)
    assert run.returncode == 1
    assert "完成1，失败1" in said and "未运行：已中断" in said
    gone, alive = psutil.wait_procs(workers, timeout=20)
    assert gone and not alive


def test_a_coordinator_that_is_killed_loses_nothing_that_was_done(checkout):
    run = start(checkout, "四", "--county", "990100,990101", "--workers", "1")
    for line in run.stdout:
        if "990100" in line:
            break
    workers = psutil.Process(run.pid).children(recursive=True)
    run.kill()
    run.communicate(timeout=60)
    _, alive = psutil.wait_procs(workers, timeout=30)
    assert not alive
    again = start(checkout, "四", "--county", "990100", "--dry-run")
    assert "需运行0，最新1" in again.communicate(timeout=60)[0]


def test_workers_are_replaced_after_their_share(checkout):
    before = time.time()
    arguments = ("--county", "990100", "--recycle", "1", "--force", "--workers", "1")
    said, complaints = start(checkout, "五", *arguments).communicate(timeout=120)
    assert "完成1，失败0" in said, complaints
    made = (checkout / "五" / "2024" / "990100" / "02_funding.ipynb").stat().st_mtime
    assert made >= before - 1
