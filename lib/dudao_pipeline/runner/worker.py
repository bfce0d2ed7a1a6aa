"""One worker: notebooks through papermill on warm kernels, private folders, atomic results."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from dudao.base import failures, workspace
from dudao.base.files import write
from dudao.facts import facts_cache, store
from dudao_pipeline.runner.limits import Limits
from dudao_pipeline.runner.notebooks import bare, cell_seconds, normalise
from dudao_pipeline.runner.outcome import Outcome, discard_result, failed_path, output_path
from dudao_pipeline.runner.plan import Job
from warm_kernels import zygotes

if TYPE_CHECKING:
    from nbformat import NotebookNode

_PRIVATE = ("IPYTHONDIR", "MPLCONFIGDIR", "JUPYTER_RUNTIME_DIR", "TMPDIR")
_LONGEST_SOCKET = 90  # bytes; a local socket's address has room for 107


def start_worker(
    owner: int, environment: dict[str, str], scratch: str, elder: zygotes.Elder | None
) -> None:
    """Prepare this process: it ends with its owner, whose Ctrl-C is not for it to handle.

    environment: the owner's; the server that workers are forked from may have been given another.
    scratch: the folder for what a run needs only while it runs; the owner removes it.
    elder: the owner's zygote, where this process runs notebooks.
    """
    os.environ.clear()
    os.environ.update(environment)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tempfile.tempdir = scratch
    if elder:
        zygotes.follow(elder)
    if hasattr(os, "pidfd_open"):
        watch = Thread(target=_end_with, args=(os.pidfd_open(owner),), daemon=True)
        watch.start()


def _end_with(owner: int) -> None:
    """Wait for the end of a process and end; its kernels' zygote ends with this process."""
    select.select([owner], [], [])
    os._exit(1)


def _private_folders(folder: Path) -> dict[str, str]:
    paths = {name: folder / name.lower() for name in _PRIVATE}
    for path in paths.values():
        path.mkdir()
    return {name: str(path) for name, path in paths.items()}


def _facts_of(job: Job) -> dict[str, str]:
    """Read a county's facts for the notebooks that this worker runs on it one after the other."""
    folder = Path(tempfile.gettempdir()) / f"facts-{os.getpid()}"
    with suppress(Exception):  # what cannot be read is told by the notebook
        store.hand_over(job.county, job.year, folder)
    return {facts_cache.FOLDER: str(folder), facts_cache.COUNTY: f"{job.county} {job.year}"}


def _config(folder: Path, limits: Limits):
    """Local sockets spare ipykernel's warning about open TCP ports, where their address fits."""
    from traitlets.config import Config

    address = str(folder / "k")
    fits = len(os.fsencode(address)) < _LONGEST_SOCKET
    return Config(
        KernelManager={"transport": "ipc", "ip": address} if fits else {},
        WarmProvisioner={"memory_megabytes": limits.memory_megabytes},
    )


def _parameters(job: Job) -> dict[str, object]:
    """Return what is injected; the real data have no scenario, and their notebooks name none."""
    scenario = {"scenario": job.scenario} if job.scenario else {}
    return {"county": job.county, "year": job.year, **scenario}


def _execute(job: Job, folder: Path, limits: Limits, receive: Callable) -> None:
    import papermill

    source = workspace.notebooks() / f"{job.notebook}.ipynb"
    papermill.execute_notebook(
        bare(source, source.stat().st_mtime_ns),
        None,
        engine_name="warm",
        parameters=_parameters(job),
        cwd=folder,
        progress_bar=False,
        execution_timeout=limits.cell_seconds,
        notebook_timeout=limits.notebook_seconds,
        receive=receive,
        extra_arguments=["--log-level=CRITICAL"],
        config=_config(folder, limits),
    )


def _publish(notebook: NotebookNode, target: Path) -> None:
    """Put a notebook in its place by rename, so that half a file is never seen.

    On one line: nbformat's indentation would cost as much as several cells.
    """
    text = json.dumps(normalise(notebook), ensure_ascii=False, sort_keys=True)
    write(target, text + "\n")


@contextmanager
def _folder() -> Iterator[Path]:
    """Give a fresh folder, removed in the background: a dozen folders take longer than a cell."""
    path = Path(tempfile.mkdtemp())
    try:
        yield path
    finally:
        Thread(target=shutil.rmtree, args=(path, True)).start()


def run_job(job: Job, limits: Limits) -> Outcome:
    """Run one notebook; a failure keeps the notebook beside, and removes what it would replace."""
    started, reached = time.perf_counter(), []
    try:
        with _folder() as folder:
            os.environ.update({**_private_folders(folder), **_facts_of(job)})
            _execute(job, folder, limits, reached.append)
        (notebook,) = reached
        cells = cell_seconds(notebook)
        _publish(notebook, output_path(job))
        failed_path(job).unlink(missing_ok=True)
    except Exception as error:  # one county failing stops nobody
        with suppress(OSError):  # a full disk takes neither the evidence nor its removal
            discard_result(job)
            for broken in reached:
                _publish(broken, failed_path(job))
        return Outcome(job, time.perf_counter() - started, explain(error, limits))
    return Outcome(job, time.perf_counter() - started, cells=cells)


def _end_of(code: int | None, limits: Limits) -> str:
    """Say what an exit code tells of the end of a kernel."""
    if code is None:
        return f"可能超出内存上限{limits.memory_megabytes}MB"
    if code >= 0:
        return f"单元格里的程序结束了内核（退出码{code}）"
    if -code == signal.SIGKILL:
        return "被强行终止（信号9），多半是系统内存不足"
    return f"因信号{-code}崩溃，可能超出内存上限{limits.memory_megabytes}MB"


def explain(error: Exception, limits: Limits) -> str:
    """Say in Chinese what ended a notebook, as far as its exception tells."""
    name = getattr(error, "ename", type(error).__name__)
    text = getattr(error, "evalue", str(error)).strip().splitlines()
    cell = f"（第{error.exec_count}个代码单元格）" if hasattr(error, "exec_count") else ""
    if isinstance(error, OSError) and name != "CellTimeoutError":  # which is an OSError too
        return failures.explain(error)
    if refused := failures.of_machine(error, " ".join(text)):
        return f"{refused}{cell}"
    if name == "CellExecutionError":  # a cell that ended without an error of its own
        few = failures.few_files()
        return f"{few}{cell}" if few else f"单元格中途停止，没有说明原因{cell}"
    if name == "CellTimeoutError":
        return f"超时：一个单元格超过{limits.cell_seconds}秒，或全册超过{limits.notebook_seconds}秒"
    if name == "DeadKernelError":
        return f"内核中途退出：{_end_of(getattr(error, 'exit_code', None), limits)}"
    if name == "TooMuchOutputError":
        return "输出过多：一个单元格的输出超过上限，已终止。请减少打印"
    if name == "MemoryError":
        return f"内存不足：上限{limits.memory_megabytes}MB{cell}"
    return f"{name}：{text[0] if text else ''}{cell}"
