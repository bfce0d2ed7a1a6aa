"""One worker: notebooks through papermill on warm kernels, private folders, atomic results."""

from __future__ import annotations

import gc
import json
import os
import select
import shutil
import signal
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from dudao.base import failures, workspace
from dudao.facts.store import COUNTY
from dudao_pipeline.boundary import few_files, of_machine
from dudao_pipeline.files import write
from dudao_pipeline.runner.limits import Limits
from dudao_pipeline.runner.notebooks import bare, cell_seconds, normalise
from dudao_pipeline.runner.outcome import Outcome, discard_result, failed_path, output_path
from dudao_pipeline.runner.plan import Job
from warm_kernels import preload, zygotes

if TYPE_CHECKING:
    from nbformat import NotebookNode

_PRIVATE = ("IPYTHONDIR", "MPLCONFIGDIR", "JUPYTER_RUNTIME_DIR", "TMPDIR")


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
    gc.freeze()  # what the server has loaded stays: the collector would look through it each time
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


def _parameters(job: Job) -> dict[str, object]:
    """Return what is injected; the real data have no scenario, and their notebooks name none."""
    scenario = {"scenario": job.scenario} if job.scenario else {}
    return {"county": job.county, "year": job.year, **scenario}


class _Kernel:
    """A kernel in a fresh folder, for the next notebook on the county of its environment."""

    def __init__(self, environment: dict[str, str], limits: Limits) -> None:
        from warm_kernels.cell_runner import KernelAhead

        self.serves = (environment, preload.preparation(environment), limits)
        self.folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-"))
        self.environment = {**environment, **_private_folders(self.folder)}
        self.ahead = KernelAhead(self.environment, self.folder, limits.memory_megabytes)

    def is_unused(self, reached: list[NotebookNode]) -> bool:
        """Say whether it has ended before it began a cell of the notebook, as reached."""
        cells = (cell for notebook in reached for cell in notebook.cells)
        return self.ahead.has_failed() and not any(cell.get("execution_count") for cell in cells)

    def end(self, *, is_idle: bool) -> Future[None]:
        """End it and remove its folder, in the background: both take longer than a cell."""
        return self.ahead.end(partial(shutil.rmtree, self.folder, True), is_idle=is_idle)


_started_ahead: list[_Kernel] = []  # at most one, for the notebook that this worker runs next


def _kernel_for(job: Job, limits: Limits) -> _Kernel:
    """Return the kernel that was started ahead, if it knows the facts as they are now; else one."""
    environment = {**os.environ, COUNTY: f"{job.county}-{job.year}"}
    wanted = (environment, preload.preparation(environment), limits)
    while _started_ahead:
        kernel = _started_ahead.pop()
        if kernel.serves == wanted and not kernel.ahead.has_failed():
            return kernel
        kernel.end(is_idle=True)
    return _Kernel(environment, limits)


def _execute(job: Job, kernel: _Kernel, receive: Callable, *, is_last: bool) -> None:
    import papermill

    environment, _, limits = kernel.serves
    lent = kernel.ahead.wait_started()
    if not is_last:
        _started_ahead.append(_Kernel(environment, limits))
    source = workspace.notebooks() / f"{job.notebook}.ipynb"
    papermill.execute_notebook(
        bare(source, source.stat().st_mtime_ns),
        None,
        engine_name="warm",
        parameters=_parameters(job),
        cwd=kernel.folder,
        progress_bar=False,
        execution_timeout=limits.cell_seconds,
        notebook_timeout=limits.notebook_seconds,
        receive=receive,
        lent=lent,
        environment=kernel.environment,
        memory_megabytes=limits.memory_megabytes,
        extra_arguments=["--log-level=CRITICAL"],  # of a kernel that cannot be forked
    )


def _publish(notebook: NotebookNode, target: Path) -> None:
    """Put a notebook in its place by rename, so that half a file is never seen.

    On one line: nbformat's indentation would cost as much as several cells.
    """
    text = json.dumps(normalise(notebook), ensure_ascii=False, sort_keys=True)
    write(target, text + "\n")


def run_job(job: Job, limits: Limits, *, is_last: bool = True) -> Outcome:
    """Run one notebook; a failure keeps the notebook beside, and removes what it would replace.

    is_last: no other notebook on this county follows, whose kernel could start meanwhile.
    A kernel that ends before it has begun a cell says nothing of the notebook: another takes it.
    """
    started, reached, kernel = time.perf_counter(), [], None
    try:
        kernel = _kernel_for(job, limits)
        try:
            _execute(job, kernel, reached.append, is_last=is_last)
        except Exception:
            if not kernel.is_unused(reached):
                raise
            kernel.end(is_idle=True)
            kernel, reached = _kernel_for(job, limits), []
            _execute(job, kernel, reached.append, is_last=is_last)
        (notebook,) = reached
        ended = kernel.end(is_idle=True)
        cells = cell_seconds(notebook)
        _publish(notebook, output_path(job))
        failed_path(job).unlink(missing_ok=True)
        if is_last:
            ended.result()
    except Exception as error:  # one county failing stops nobody
        if kernel:
            kernel.end(is_idle=False)
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
    if refused := of_machine(error, " ".join(text)):
        return f"{refused}{cell}"
    if name == "CellExecutionError":  # a cell that ended without an error of its own
        few = few_files()
        return f"{few}{cell}" if few else f"单元格中途停止，没有说明原因{cell}"
    if name == "CellTimeoutError":
        return f"超时：一个单元格超过{limits.cell_seconds}秒，或全册超过{limits.notebook_seconds}秒"
    if name == "DeadKernelError" or "Kernel died" in " ".join(text[:1]):  # in a cell, or before
        return f"内核中途退出：{_end_of(getattr(error, 'exit_code', None), limits)}"
    if name == "TooMuchOutputError":
        return "输出过多：一个单元格的输出超过上限，已终止。请减少打印"
    if name == "MemoryError":
        return f"内存不足：上限{limits.memory_megabytes}MB{cell}"
    return f"{name}：{text[0] if text else ''}{cell}"
