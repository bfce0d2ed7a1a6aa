"""Running one job through papermill: private folders, normalised output, atomic result."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import nbformat

from dudao import workspace
from dudao.batch.plan import Job

_PRIVATE = ("IPYTHONDIR", "MPLCONFIGDIR", "JUPYTER_RUNTIME_DIR", "TMPDIR")
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "ARROW_NUM_THREADS")
CELL_TIMEOUT = 120


@dataclass(frozen=True)
class Outcome:
    """How a job ended: empty error for done; otherwise what was raised and in which cell."""

    job: Job
    seconds: float
    error: str = ""

    @property
    def is_done(self) -> bool:
        """Say whether the notebook ran to its end."""
        return not self.error


def output_path(job: Job) -> Path:
    """Return where the executed notebook of a job goes."""
    return workspace.outputs() / str(job.year) / job.county / f"{job.notebook}.ipynb"


def failed_path(job: Job) -> Path:
    """Return where the evidence of a failed job goes; never the place of a finished one."""
    return output_path(job).with_suffix(".failed.ipynb")


def normalise(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Drop what varies from run to run: times, random ids, papermill's record."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in cell.metadata.get("tags", ()):
            cell["id"] = "injected-parameters"
    return notebook


def _private_folders(folder: Path) -> dict[str, str]:
    paths = {name: folder / name.lower() for name in _PRIVATE}
    for path in paths.values():
        path.mkdir()
    return {name: str(path) for name, path in paths.items()}


def _execute(job: Job, folder: Path) -> None:
    import papermill
    from traitlets.config import Config

    # The ipc transport needs a short path and spares ipykernel's warning about open TCP ports.
    transport = {"transport": "ipc", "ip": str(folder / "k")}
    papermill.execute_notebook(
        workspace.notebooks() / f"{job.notebook}.ipynb",
        folder / "out.ipynb",
        parameters={"county": job.county, "year": job.year},
        cwd=folder,
        progress_bar=False,
        execution_timeout=CELL_TIMEOUT,
        extra_arguments=["--log-level=CRITICAL"],
        config=Config(KernelManager=transport),
    )


def _publish(source: Path, target: Path) -> None:
    """Put a finished notebook in its place by rename, so that half a file is never seen."""
    notebook = normalise(nbformat.read(source, as_version=4))
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    nbformat.write(notebook, partial)
    partial.replace(target)


def _discard(*paths: Path) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def run_job(job: Job) -> Outcome:
    """Run one notebook; a failure keeps the notebook beside, and removes what it would replace."""
    started = time.perf_counter()
    target = output_path(job)
    with tempfile.TemporaryDirectory(prefix="dudao-") as name:
        folder = Path(name)
        os.environ.update(_private_folders(folder))
        try:
            _execute(job, folder)
        except Exception as error:  # one county failing stops nobody
            _discard(target, target.with_suffix(".html"))
            if (folder / "out.ipynb").is_file():
                _publish(folder / "out.ipynb", failed_path(job))
            return Outcome(job, time.perf_counter() - started, _brief(error))
        _publish(folder / "out.ipynb", target)
        _discard(failed_path(job))
    return Outcome(job, time.perf_counter() - started)


def _brief(error: Exception) -> str:
    name = getattr(error, "ename", type(error).__name__)
    text = getattr(error, "evalue", str(error)).strip().splitlines()
    cell = f"（第{error.exec_count}个代码单元格）" if hasattr(error, "exec_count") else ""
    return f"{name}：{text[0] if text else ''}{cell}"


def _start_worker() -> None:
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))


def run_jobs(jobs: tuple[Job, ...], workers: int) -> Iterator[Outcome]:
    """Run jobs on processes of this machine; yield each outcome as it comes."""
    context = get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker) as pool:
        waiting = [pool.submit(run_job, job) for job in jobs]
        for future in as_completed(waiting):
            yield future.result()
