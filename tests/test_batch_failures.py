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
from dudao_pipeline.runner import keys
from tests.command_line import COMMAND, dudao

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
    worker = int(os.path.basename(os.getcwd()).partition("-")[0])  # so named
    os.kill(worker, signal.SIGKILL)
    time.sleep(300)
"""


@pytest.fixture(scope="module")
def base(store_of, tmp_path_factory):
    """A folder of notebooks whose 02 misbehaves by county, and a store of six counties."""
    base = tmp_path_factory.mktemp("失败 批次")
    cells = [
        nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}, id="p"),
        nbformat.v4.new_code_cell(BEHAVIOUR, id="b"),
    ]
    spec = {"name": "python3", "display_name": "x", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec})
    (base / "notebooks").mkdir()
    nbformat.write(notebook, base / "notebooks" / "02_funding.ipynb")
    codes = sorted(path.name[:6] for path in (workspace.data() / "example").glob("99????-2024"))
    shutil.copytree(store_of(*codes), base / "store")
    return base


def _places(base: Path, outputs: str) -> dict[str, str]:
    places = {"STORE": base / "store", "NOTEBOOKS": base / "notebooks", "OUTPUTS": base / outputs}
    return {f"DUDAO_{name}": str(path) for name, path in places.items()}


def start(base: Path, outputs: str, *arguments: str) -> subprocess.Popen:
    """Start `dudao run` on those notebooks in a process of its own, to be ended from outside."""
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, "run", *arguments],
        env={**os.environ, **_places(base, outputs)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(base: Path, outputs: str, *arguments: str) -> subprocess.CompletedProcess:
    """Run the notebooks to the end."""
    return dudao("run", *arguments, **_places(base, outputs))


@pytest.fixture(scope="module")
def broken_run(base):
    """One run in which five of six counties fail, each in its own way."""
    done = run(base, "一", "--cell-timeout", "4", "--memory", "3000", "--workers", "2")
    return base / "一", done.returncode, done.stdout


def test_one_is_done_and_five_are_told_apart(broken_run):
    folder, code, said = broken_run
    assert code == 1
    assert "完成1，失败5，最新未动0，未列入0" in said
    told = {line.split()[1]: line for line in said.splitlines() if line.startswith("  失败")}
    assert "超时：一个单元格超过4秒" in told["990101"]
    assert "ValueError：此县数据有误（第3个代码单元格）" in told["990102"]
    assert "内核中途退出" in told["990103"]
    assert "内存不足：上限3000MB" in told["990104"]
    assert "工作进程中途退出（退出码-9）" in told["990105"]
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert {job["county"]: job["attempts"] for job in record["jobs"]}["990105"] == 2


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


def test_only_the_failed_are_run_when_asked(base, broken_run):
    said = run(base, "一", "--only-failed", "--dry-run").stdout
    assert "990102 2024 02_funding：上次失败" in said
    assert "990100" not in said


def test_the_limit_of_the_whole_run_leaves_the_rest_unrun_and_says_so(base):
    arguments = ("--county", "990101,990100", "--run-timeout", "6", "--workers", "1")
    assert "未运行：全部任务的时限已到" in run(base, "二", *arguments).stdout
    record = json.loads((base / "二" / "run.json").read_text(encoding="utf-8"))
    assert len(record["jobs"]) == 2


def test_an_interrupt_keeps_what_has_ended_and_leaves_no_process(base):
    running = start(base, "三", "--county", "990100,990101", "--workers", "1")
    for line in running.stdout:
        if "990100" in line:
            break
    workers = psutil.Process(running.pid).children(recursive=True)
    running.send_signal(signal.SIGINT)
    said, _ = running.communicate(timeout=60)
    assert running.returncode == 1
    assert "完成1，失败1" in said and "未运行：已中断" in said
    gone, alive = psutil.wait_procs(workers, timeout=20)
    assert gone and not alive


def test_a_coordinator_that_is_killed_loses_nothing_that_was_done(base):
    running = start(base, "四", "--county", "990100,990101", "--workers", "1")
    for line in running.stdout:
        if "990100" in line:
            break
    workers = psutil.Process(running.pid).children(recursive=True)
    running.kill()
    running.communicate(timeout=60)
    _, alive = psutil.wait_procs(workers, timeout=30)
    assert not alive
    again = run(base, "四", "--county", "990100", "--dry-run")
    assert "需运行0，最新1" in again.stdout


def test_workers_are_replaced_after_their_share(base):
    before = time.time()
    arguments = ("--county", "990100", "--recycle", "1", "--force", "--workers", "1")
    done = run(base, "五", *arguments)
    assert "完成1，失败0" in done.stdout, done.stderr
    made = (base / "五" / "2024" / "990100" / "02_funding.ipynb").stat().st_mtime
    assert made >= before - 1
