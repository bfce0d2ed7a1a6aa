"""Workers of this machine: a process each, replaced when it dies, hangs or has done its share."""

from __future__ import annotations

import os
import queue
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, TimeoutError
from contextlib import contextmanager, suppress

from pebble import ProcessExpired, ProcessPool

from dudao.base import failures
from dudao_pipeline.runner.limits import Limits
from dudao_pipeline.runner.outcome import Outcome, discard_result
from dudao_pipeline.runner.plan import Job
from dudao_pipeline.runner.start import context
from dudao_pipeline.runner.worker import run_job, start_worker

GRACE = 30  # seconds that a worker has to report a notebook that was too slow
ATTEMPTS = 2  # a job is given to another worker once
NOT_RUN = "未运行：全部任务的时限已到"
INTERRUPTED = "未运行：已中断"
_FOREVER = 10.0 * 365 * 86_400  # seconds


@contextmanager
def open_pool(workers: int, limits: Limits) -> Iterator[ProcessPool]:
    """Give workers that share nothing with this process; at the end nothing of them is left."""
    with tempfile.TemporaryDirectory(prefix="dudao-") as scratch:
        processes = context()
        pool = ProcessPool(
            max_workers=workers,
            max_tasks=limits.jobs_per_worker,
            initializer=start_worker,
            initargs=(os.getpid(), dict(os.environ), scratch),
            context=processes,
        )
        try:
            yield pool
        finally:
            pool.stop()
            pool.join()


@contextmanager
def interrupts_into(ended: queue.SimpleQueue) -> Iterator[None]:
    """Make Ctrl-C and SIGTERM an entry of the queue, so that no writing is broken off.

    A second one breaks off. Raised anywhere, it could leave the pool's threads and its locks
    between two states.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def told(number: int, frame: object) -> None:
        signal.signal(number, before[signal.Signals(number)])
        ended.put(None)

    for number in before:
        signal.signal(number, told)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def submit(pool: ProcessPool, job: Job, limits: Limits) -> Future:
    """Give a job to the next free worker; a worker that outlives the limit is killed."""
    patience = limits.notebook_seconds + GRACE if limits.notebook_seconds else None
    return pool.schedule(run_job, args=(job, limits), timeout=patience)


def outcome_of(job: Job, future: Future, limits: Limits, attempts: int) -> Outcome:
    """Return how a job ended, also where its worker could not say so."""
    try:
        found = future.result()
        return Outcome(job, found.seconds, found.error, found.cells, attempts)
    except TimeoutError:
        error = f"超时：全册超过{limits.notebook_seconds}秒，工作进程没有响应，已终止"
    except ProcessExpired as expired:
        error = f"工作进程中途退出（退出码{expired.exitcode}）"
    except Exception as escaped:  # a worker that could not even begin, or not say how it ended
        error = failures.of_machine(escaped) or f"{type(escaped).__name__}：{escaped}"
    with suppress(OSError):
        discard_result(job)
    return Outcome(job, 0.0, error, attempts=attempts)


def is_lost(future: Future) -> bool:
    """Say whether the worker died, so that another may try."""
    return isinstance(future.exception(), ProcessExpired)


class LocalRun:
    """Jobs on workers of this machine; never many more of them in hand than workers."""

    def __init__(self, jobs: Sequence[Job], workers: int, limits: Limits) -> None:
        self.waiting = list(reversed(jobs))
        self.workers, self.limits = workers, limits
        self.ended: queue.SimpleQueue[tuple[Job, Future, int] | None] = queue.SimpleQueue()
        self.in_hand: dict[Future, Job] = {}

    def outcomes(self) -> Iterator[Outcome]:
        """Yield each outcome as it comes; when time is up, say so of every job that is left."""
        deadline = time.monotonic() + (self.limits.run_seconds or _FOREVER)
        with open_pool(self.workers, self.limits) as self.pool, interrupts_into(self.ended):
            while self.waiting or self.in_hand:
                while self.waiting and len(self.in_hand) < 2 * self.workers:
                    self._give(self.waiting.pop(), 1)
                yield from self._next(deadline)
                if time.monotonic() >= deadline:
                    left = [*self.in_hand.values(), *reversed(self.waiting)]
                    yield from (Outcome(job, 0.0, NOT_RUN) for job in left)
                    return

    def _give(self, job: Job, attempt: int) -> None:
        future = submit(self.pool, job, self.limits)
        self.in_hand[future] = job
        future.add_done_callback(lambda done: self.ended.put((job, done, attempt)))

    def _next(self, deadline: float) -> Iterator[Outcome]:
        """Wait for one job to end, at most until the deadline; a lost one is given out again."""
        try:
            patience = max(deadline - time.monotonic(), 0)
            found = self.ended.get(timeout=min(patience, _FOREVER))
        except queue.Empty:
            return
        if found is None:
            raise KeyboardInterrupt
        job, future, attempt = found
        del self.in_hand[future]
        if is_lost(future) and attempt < ATTEMPTS:
            self._give(job, attempt + 1)
        else:
            yield outcome_of(job, future, self.limits, attempt)


def run_jobs(jobs: Sequence[Job], workers: int, limits: Limits) -> Iterator[Outcome]:
    """Run jobs on processes of this machine; yield each outcome as it comes."""
    yield from LocalRun(jobs, workers, limits).outcomes()


def map_over(function: Callable, items: Sequence, workers: int) -> list:
    """Apply a function to items on processes of this machine, in order."""
    if len(items) < 2 or workers < 2:
        return [function(item) for item in items]
    try:
        with open_pool(workers, Limits()) as pool:
            chunk = max(len(items) // (4 * workers), 1)
            return list(pool.map(function, items, chunksize=chunk).result())
    except OSError:  # no process may be started, or no lock made: here it takes longer
        return [function(item) for item in items]
