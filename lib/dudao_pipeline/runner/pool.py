"""Workers of this machine: a process each, replaced when it dies, hangs or has done its share."""

from __future__ import annotations

import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, TimeoutError
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress

from pebble import ProcessExpired, ProcessPool

from dudao.base import failures
from dudao.base.files import scratch_folder
from dudao_pipeline.runner.limits import Limits
from dudao_pipeline.runner.outcome import Outcome, discard_result
from dudao_pipeline.runner.plan import Job
from dudao_pipeline.runner.start import context
from dudao_pipeline.runner.worker import run_job, start_worker

GRACE = 30  # seconds that a worker has to report a notebook that was too slow
ATTEMPTS = 2  # a job is given to another worker once
NOT_RUN = "未运行：全部任务的时限已到"
INTERRUPTED = "未运行：已中断"
BROKEN = "工作进程反复异常退出，未能完成"
STALLED = GRACE + 60  # seconds beyond a notebook's limit in which nothing happened at all
CLOSING = 60  # seconds that a pool has to close
MOST_BREAKS = 3  # of pools, one after the other, without a job that ended
_FOREVER = 10.0 * 365 * 86_400  # seconds


@contextmanager
def open_pool(workers: int, limits: Limits) -> Iterator[ProcessPool]:
    """Give workers that share nothing with this process; at the end nothing of them is left."""
    with scratch_folder("run") as scratch:
        processes = context()
        pool = ProcessPool(
            max_workers=workers,
            max_tasks=limits.jobs_per_worker,
            initializer=start_worker,
            initargs=(os.getpid(), dict(os.environ), str(scratch)),
            context=processes,
        )
        try:
            yield pool
        finally:
            pool.stop()
            # A pool whose threads wait for each other for ever must not keep the run from ending.
            closing = threading.Thread(target=pool.join, daemon=True)
            closing.start()
            closing.join(CLOSING)


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
    """Say whether the worker died, or the pool with it, so that another may try."""
    return isinstance(future.exception(), ProcessExpired | BrokenProcessPool)


class LocalRun:
    """Jobs on workers of this machine; never many more of them in hand than workers.

    A pool that breaks, or in which nothing happens for longer than any notebook may take, is
    closed and another one opened; what it had in hand is tried once more, one by one.
    """

    def __init__(self, jobs: Sequence[Job], workers: int, limits: Limits) -> None:
        self.waiting = [(job, 1) for job in reversed(jobs)]
        self.workers, self.limits = workers, limits
        self.ended: queue.SimpleQueue[Future | None] = queue.SimpleQueue()
        self.in_hand: dict[Future, tuple[Job, int]] = {}
        self.is_broken, self.breaks = False, 0

    def outcomes(self) -> Iterator[Outcome]:
        """Yield each outcome as it comes; when time is up, say so of every job that is left."""
        deadline = time.monotonic() + (self.limits.run_seconds or _FOREVER)
        with interrupts_into(self.ended):
            while self.waiting or self.in_hand:
                with open_pool(self.workers, self.limits) as self.pool:
                    yield from self._until_broken(deadline)
                if time.monotonic() >= deadline:
                    yield from self._give_up(NOT_RUN)
                elif self.is_broken:
                    yield from self._take_back()

    def _until_broken(self, deadline: float) -> Iterator[Outcome]:
        self.is_broken = False
        while (self.waiting or self.in_hand) and not self.is_broken:
            while self._has_room() and not self.is_broken:
                self._give(*self.waiting.pop())
            if self.is_broken:
                return
            yield from self._next(deadline)
            if time.monotonic() >= deadline:
                return

    def _has_room(self) -> bool:
        """Say whether a job may be given out; one that is tried again has the workers to itself."""
        if not self.waiting:
            return False
        is_alone = self.waiting[-1][1] > 1 or any(
            attempt > 1 for _, attempt in self.in_hand.values()
        )
        return not self.in_hand if is_alone else len(self.in_hand) < 2 * self.workers

    def _give(self, job: Job, attempt: int) -> None:
        try:
            future = submit(self.pool, job, self.limits)
        except RuntimeError:  # the pool broke before it could take the job
            self.waiting.append((job, attempt))
            self.is_broken = True
            return
        self.in_hand[future] = job, attempt
        future.add_done_callback(self.ended.put)

    def _next(self, deadline: float) -> Iterator[Outcome]:
        """Wait for one job to end, at most until the deadline; a lost one is given out again."""
        until_late = max(deadline - time.monotonic(), 0)
        stalled = (
            self.limits.notebook_seconds + STALLED if self.limits.notebook_seconds else _FOREVER
        )
        try:
            future = self.ended.get(timeout=min(until_late, stalled, _FOREVER))
        except queue.Empty:
            self.is_broken = until_late > stalled
            return
        if future is None:
            raise KeyboardInterrupt
        if future not in self.in_hand:  # of a pool that was closed
            return
        if isinstance(future.exception(), BrokenProcessPool):
            self.is_broken = True
            return
        job, attempt = self.in_hand.pop(future)
        if is_lost(future) and attempt < ATTEMPTS:
            self.waiting.append((job, attempt + 1))
            return
        self.breaks = 0
        yield outcome_of(job, future, self.limits, attempt)

    def _take_back(self) -> Iterator[Outcome]:
        """Let what a broken pool had in hand wait again; what broke two of them has failed."""
        self.breaks += 1
        for job, attempt in self.in_hand.values():
            if attempt < ATTEMPTS:
                self.waiting.append((job, attempt + 1))
            else:
                discard_result(job)
                yield Outcome(job, 0.0, BROKEN, attempts=attempt)
        self.in_hand.clear()
        if self.breaks > MOST_BREAKS:
            yield from self._give_up(BROKEN)

    def _give_up(self, why: str) -> Iterator[Outcome]:
        left = [*self.in_hand.values(), *reversed(self.waiting)]
        self.in_hand.clear()
        self.waiting.clear()
        yield from (Outcome(job, 0.0, why) for job, _ in left)


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
    except (OSError, BrokenProcessPool):  # no process may be started, or stays: it takes longer
        return [function(item) for item in items]
