"""The same jobs on the workers of a Dask cluster that share this machine's folders."""

import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from distributed import Client, Future, as_completed
from distributed.scheduler import KilledWorker

from dudao.base import workspace
from dudao.base.errors import ParameterError
from dudao_pipeline.runner.environment import program_version
from dudao_pipeline.runner.limits import Limits
from dudao_pipeline.runner.outcome import Outcome
from dudao_pipeline.runner.plan import Job
from dudao_pipeline.runner.pool import LocalRun

CONNECT_SECONDS = 10
BATCHES_PER_WORKER = 8  # enough to spread what is slow, few enough for the scheduler
LARGEST_BATCH = 64
LOST = "工作节点反复丢失，未能完成"
_ADVICE = (
    "请用 DASK_DISTRIBUTED__WORKER__DAEMON=false dask worker 地址 --nthreads 1 --nworkers auto "
    "启动各节点，详见 docs/scale.md。"
)
Runner = Callable[[Sequence[Job], Limits, dict[str, str]], list[Outcome]]


def shared_folders() -> dict[str, str]:
    """Return where data and results lie, as every worker must see them."""
    folders = {
        "DUDAO_STORE": workspace.store(),
        "DUDAO_OUTPUTS": workspace.outputs(),
        "DUDAO_LAW": workspace.added_law(),
        "DUDAO_SCENARIOS": workspace.scenarios(),
    }
    return {name: str(path.resolve()) for name, path in folders.items()}


def run_batch(jobs: Sequence[Job], limits: Limits, folders: dict[str, str]) -> list[Outcome]:
    """On a node: run jobs one after the other in a process beside the Dask worker."""
    os.environ.update(folders)
    return list(LocalRun(jobs, 1, replace(limits, run_seconds=0)).outcomes())


def run_on_cluster(
    jobs: Sequence[Job], address: str, limits: Limits, runner: Runner = run_batch
) -> Iterator[Outcome]:
    """Run jobs on a cluster; yield each outcome once, whatever became of the nodes.

    Dask gives the batches of a lost node to another; results are replaced atomically and are the
    same bytes wherever they are made, so that work done twice leaves nothing twice.
    """
    with _connected(address) as client:
        batches = _batches(jobs, sum(client.nthreads().values()))
        futures = {
            client.submit(runner, batch, limits, shared_folders(), pure=False): batch
            for batch in batches
        }
        for future in as_completed(list(futures), loop=client.loop):
            yield from _outcomes(future, futures.pop(future))


def _outcomes(future: Future, batch: Sequence[Job]) -> list[Outcome]:
    try:
        return future.result()
    except KilledWorker:
        return [Outcome(job, 0.0, LOST) for job in batch]


def _batches(jobs: Sequence[Job], threads: int) -> list[Sequence[Job]]:
    """Cut jobs into batches; neighbours stay together, a county's facts are read where they are."""
    size = min(max(len(jobs) // (BATCHES_PER_WORKER * max(threads, 1)), 1), LARGEST_BATCH)
    return [jobs[at : at + size] for at in range(0, len(jobs), size)]


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    """Connect to a scheduler whose nodes can do the work; refuse in Chinese what cannot."""
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise ParameterError(
            f"连不上调度器“{address}”：{error}。请检查地址，或先启动它。"
        ) from None
    with client:
        if not client.nthreads():
            raise ParameterError(f"调度器“{address}”没有工作节点。{_ADVICE}")
        _check_nodes(client)
        yield client


def _look(folders: dict[str, str], token: str) -> str:
    """On a node: say what keeps it from doing the work, or nothing."""
    import multiprocessing
    from pathlib import Path

    if multiprocessing.current_process().daemon:
        return f"不允许启动子进程。{_ADVICE}"
    if not (Path(folders["DUDAO_OUTPUTS"]) / token).is_file():
        return f"看不到结果文件夹 {folders['DUDAO_OUTPUTS']}。请把工作目录放在各节点共享的位置。"
    if not Path(folders["DUDAO_STORE"]).is_dir():
        return f"看不到数据库 {folders['DUDAO_STORE']}。请把工作目录放在各节点共享的位置。"
    return ""


own_version = program_version


def _check_nodes(client: Client) -> None:
    """Every node sees the same folders, has the same program and may start processes."""
    workspace.outputs().mkdir(parents=True, exist_ok=True)
    token = workspace.outputs() / f".{secrets.token_hex(8)}.token"
    token.touch()
    try:
        seen = client.run(_look, shared_folders(), token.name)
        versions = client.run(program_version)
    finally:
        token.unlink()
    for node, obstacle in sorted(seen.items()):
        if not obstacle and versions[node] != own_version():
            obstacle = "程序或依赖的版本与本机不同。请在各节点使用同一工作目录和环境。"
        if obstacle:
            raise ParameterError(f"工作节点 {node} {obstacle}")
