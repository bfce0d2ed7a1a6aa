"""A real Dask scheduler and two worker processes on this machine, one of them killed in mid-run."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import dask
import pytest
import trustme
from distributed import Client

from dudao_pipeline.cli import main
from tests.command_line import COMMAND

COUNTIES = ("990103", "990104", "990105")
NOTEBOOKS = "08,09"
ALLOWED = {**os.environ, "DASK_DISTRIBUTED__WORKER__DAEMON": "false"}


def _dask(*arguments: str, environment: dict[str, str] = ALLOWED) -> subprocess.Popen:
    command = [sys.executable, "-m", "dask", *arguments]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, env=environment, start_new_session=True, **quiet)


def _address(file) -> str:
    for _ in range(300):
        if file.is_file() and file.stat().st_size:
            return json.loads(file.read_text(encoding="utf-8"))["address"]
        time.sleep(0.1)
    raise TimeoutError("the scheduler did not start")


def _worker(address: str, environment: dict[str, str] = ALLOWED) -> subprocess.Popen:
    options = ("--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1")
    return _dask("worker", address, *options, environment=environment)


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory):
    """The address of a scheduler on loopback, without nodes."""
    file = tmp_path_factory.mktemp("dask") / "scheduler.json"
    options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show")
    process = _dask("scheduler", *options, "--scheduler-file", str(file))
    yield _address(file)
    os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture
def nodes(scheduler):
    """Start nodes and wait for them; end them after the test."""
    started = []

    def start(count: int, environment: dict[str, str] = ALLOWED) -> list[subprocess.Popen]:
        started.extend(_worker(scheduler, environment) for _ in range(count))
        with Client(scheduler, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=60)
        return started

    yield start
    for process in started:
        os.killpg(process.pid, signal.SIGKILL)
    with Client(scheduler, set_as_default=False) as client:
        while client.nthreads():
            time.sleep(0.1)


@pytest.fixture
def filled(store_of, tmp_path, monkeypatch):
    """A folder with the store of three fictional counties."""
    monkeypatch.setenv("DUDAO_STORE", str(shutil.copytree(store_of(*COUNTIES), tmp_path / "库")))
    return tmp_path


def _run(folder, monkeypatch, *arguments: str) -> int:
    monkeypatch.setenv("DUDAO_OUTPUTS", str(folder))
    chosen = () if "--notebook" in arguments else ("--notebook", NOTEBOOKS)
    return main(["run", *chosen, *arguments])


def _results(folder) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != "run.json")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_a_lost_node_costs_nothing_and_the_bytes_are_those_of_one_machine(
    filled, scheduler, nodes, monkeypatch
):
    first, _ = nodes(2)
    there, here = filled / "群", filled / "机"
    environment = {**os.environ, "DUDAO_OUTPUTS": str(there)}
    arguments = ("run", "--notebook", NOTEBOOKS, "--scheduler", scheduler)
    run = subprocess.Popen(
        [sys.executable, "-c", COMMAND, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    lines = []
    for line in run.stdout:
        lines.append(line)
        if line.startswith("[2/"):
            os.killpg(first.pid, signal.SIGKILL)
    assert run.wait() == 0, lines
    ended = [line.split(" ", 1)[1] for line in lines if line.startswith("[")]
    assert len(ended) == len(set(ended)) == 2 * len(COUNTIES)
    assert _run(here, monkeypatch) == 0
    assert _results(there) == _results(here)


def test_a_node_that_may_not_start_processes_is_refused(
    filled, scheduler, nodes, monkeypatch, capsys
):
    nodes(1, dict(os.environ))
    assert _run(filled / "群", monkeypatch, "--scheduler", scheduler) == 2
    assert "DASK_DISTRIBUTED__WORKER__DAEMON=false" in capsys.readouterr().err


def test_a_node_that_sees_other_folders_or_has_another_program_is_refused(
    filled, scheduler, nodes, monkeypatch, capsys
):
    from dudao_pipeline.runner import cluster

    nodes(1)
    seen = cluster.shared_folders
    for part, ours, told in (
        ("shared_folders", lambda: {**seen(), "DUDAO_STORE": str(filled / "无")}, "看不到数据库"),
        ("own_version", lambda: "another", "程序或依赖的版本与本机不同"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(cluster, part, ours)
            assert _run(filled / "群", patch, "--scheduler", scheduler) == 2
        assert told in capsys.readouterr().err


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense://x"])
def test_a_scheduler_that_is_not_there_is_refused(filled, monkeypatch, capsys, address):
    from dudao_pipeline.runner import cluster

    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 2)
    assert _run(filled / "群", monkeypatch, "--scheduler", address) == 2
    assert "连不上调度器" in capsys.readouterr().err


@pytest.fixture
def certificates(tmp_path):
    """Certificates of an authority of the test: options of dask, settings of a client."""
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1")
    files = {name: str(tmp_path / f"{name}.pem") for name in ("ca-file", "cert", "key")}
    authority.cert_pem.write_to_path(files["ca-file"])
    issued.cert_chain_pems[0].write_to_path(files["cert"])
    issued.private_key_pem.write_to_path(files["key"])
    options = [word for name, file in files.items() for word in (f"--tls-{name}", file)]
    names = {"ca-file": "ca-file", "client.cert": "cert", "client.key": "key"}
    settings = {f"distributed.comm.tls.{name}": files[of] for name, of in names.items()}
    return options, settings | {"distributed.comm.require-encryption": True}


def test_a_cluster_that_speaks_tls_runs_and_refuses_who_has_no_certificate(
    filled, certificates, monkeypatch, capsys
):
    from dudao_pipeline.runner import cluster

    options, settings = certificates
    file = filled / "scheduler.json"
    place = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show")
    started = [_dask("scheduler", *place, "--protocol", "tls", *options, "--scheduler-file", file)]
    try:
        address = _address(file)
        assert address.startswith("tls://")
        at = ("--nthreads", "1", "--no-dashboard", "--host", "tls://127.0.0.1")
        started.append(_dask("worker", address, *at, *options))
        monkeypatch.setattr(cluster, "CONNECT_SECONDS", 3)
        run = ("--county", COUNTIES[0], "--notebook", "08", "--scheduler")
        assert _run(filled / "群", monkeypatch, *run, address) == 2
        assert "连不上调度器" in capsys.readouterr().err
        monkeypatch.setattr(cluster, "CONNECT_SECONDS", 60)
        with dask.config.set(settings):
            with Client(address, set_as_default=False) as client:
                client.wait_for_workers(1, timeout=60)
            assert _run(filled / "群", monkeypatch, *run, address) == 0
            plain = address.replace("tls://", "tcp://")
            assert _run(filled / "群", monkeypatch, *run, plain, "--force") == 2
        assert "连不上调度器" in capsys.readouterr().err
        assert list((filled / "群").rglob("08_*.ipynb"))
    finally:
        for process in started:
            os.killpg(process.pid, signal.SIGKILL)


def test_a_scheduler_without_nodes_is_refused(filled, scheduler, monkeypatch, capsys):
    assert _run(filled / "群", monkeypatch, "--scheduler", scheduler) == 2
    assert "没有工作节点" in capsys.readouterr().err
