"""Workers of this machine: a process each, replaced when it dies, hangs or has done its share."""

import os
import queue
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, TimeoutError
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import chain

from pebble import ProcessExpired, ProcessPool

from dudao_pipeline.boundary import of_machine
from dudao_pipeline.files import scratch_folder
from dudao_pipeline.runner.limits import Limits
from dudao_pipeline.runner.outcome import Outcome, discard_result
from dudao_pipeline.runner.plan import Job
from dudao_pipeline.runner.start import RUNNING, context, elder
from dudao_pipeline.runner.worker import run_job, start_worker
from warm_kernels.zygotes import Elder

GRACE = 30  # seconds that a worker has to report a notebook that was too slow
ATTEMPTS = 2  # a job is given to another worker once
IN_HAND = 2  # jobs that a worker has, so that it never waits for the next
NOT_RUN = "未运行：全部任务的时限已到"
INTERRUPTED = "未运行：已中断"
BROKEN = "工作进程反复异常退出，未能完成"
STALLED = GRACE + 60  # seconds beyond a notebook's limit in which nothing happened at all
CLOSING = 60  # seconds that a pool has to close
MOST_AT_ONCE = 8  # items that a process is given together, so that its caller hears of them soon
AHEAD = 4  # parts that a process has in hand, so that it need not wait for who takes results
MOST_BREAKS = 3  # of pools, one after the other, without a job that ended
Mapper = Callable[[Callable, Sequence], Iterable]
_FOREVER = 10.0 * 365 * 86_400  # seconds


@contextmanager
def open_pool(
    workers: int, limits: Limits, loaded: Sequence[str] = RUNNING, elder: Elder | None = None
) -> Iterator[ProcessPool]:
    """Give workers that share nothing with this process; at the end nothing of them is left.

    loaded: what they find loaded, where no other worker was started before. elder: the zygote that
    those of the workers are forked from, where they run notebooks.
    """
    with scratch_folder("run") as scratch:
        processes = context(loaded)
        pool = ProcessPool(
            max_workers=workers,
            max_tasks=limits.jobs_per_worker,
            initializer=start_worker,
            initargs=(os.getpid(), dict(os.environ), str(scratch), elder),
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

    def on_signal(number: int, frame: object) -> None:
        signal.signal(number, before[signal.Signals(number)])
        ended.put(None)

    for number in before:
        signal.signal(number, on_signal)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def submit(pool: ProcessPool, job: Job, limits: Limits, *, is_last: bool = True) -> Future:
    """Give a job to the next free worker; a worker that outlives the limit is killed.

    is_last: it is not given another notebook on the same county next.
    """
    patience = limits.notebook_seconds + GRACE if limits.notebook_seconds else None
    return pool.schedule(run_job, (job, limits), {"is_last": is_last}, timeout=patience)


def outcome_of(job: Job, future: Future, limits: Limits, attempts: int) -> Outcome:
    """Return how a job ended, also where its worker could not say so."""
    try:
        outcome = future.result()
        return Outcome(job, outcome.seconds, outcome.error, outcome.cells, attempts)
    except TimeoutError:
        error = f"超时：全册超过{limits.notebook_seconds}秒，工作进程没有响应，已终止"
    except ProcessExpired as expired:
        error = f"工作进程中途退出（退出码{expired.exitcode}）"
    except Exception as escaped:  # a worker that could not even begin, or not say how it ended
        error = of_machine(escaped) or f"{type(escaped).__name__}：{escaped}"
    with suppress(OSError):
        discard_result(job)
    return Outcome(job, 0.0, error, attempts=attempts)


def is_lost(future: Future) -> bool:
    """Say whether the worker died, or the pool with it, so that another may try."""
    return isinstance(future.exception(), ProcessExpired | BrokenProcessPool)


class Waiting:
    """Jobs that wait, county by county: notebooks of one share what its worker has read."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self.of_county: dict[tuple, deque[Job]] = {}
        for job in jobs:
            self.of_county.setdefault(_county(job), deque()).append(job)

    def __bool__(self) -> bool:
        return bool(self.of_county)

    def __iter__(self) -> Iterator[Job]:
        return chain.from_iterable(self.of_county.values())

    def take(self, last: tuple | None, of_others: Collection[tuple]) -> Job:
        """Return the next job of the last county, else of one that nobody is at, else of any."""
        county = last if last in self.of_county else None
        if county is None:
            free = (county for county in self.of_county if county not in of_others)
            county = next(free, None) or max(self.of_county, key=lambda c: len(self.of_county[c]))
        job = self.of_county[county].popleft()
        if not self.of_county[county]:
            del self.of_county[county]
        return job

    def put_back(self, job: Job) -> None:
        """Let a job that no worker took be the next of its county."""
        self.of_county.setdefault(_county(job), deque()).appendleft(job)


def _county(job: Job) -> tuple:
    return job.county, job.year


@dataclass(eq=False)
class _Lane:
    """One worker: its pool, and the county of the job that it was given last."""

    pool: ProcessPool
    county: tuple | None = None


@dataclass(frozen=True)
class _Given:
    """A job in hand: whose it is, and for which time it is tried."""

    job: Job
    attempt: int
    lane: _Lane | None = None


class LocalRun:
    """Jobs on workers of this machine, each with few in hand and with a county of its own.

    A pool that breaks, or in which nothing happens for longer than any notebook may take, is
    closed with the others, and new ones are opened; what they had in hand is tried once more, one
    by one.
    """

    def __init__(self, jobs: Sequence[Job], workers: int, limits: Limits) -> None:
        self.waiting, self.again = Waiting(jobs), deque[Job]()
        self.workers, self.limits = workers, limits
        self.ended: queue.SimpleQueue[Future | None] = queue.SimpleQueue()
        self.in_hand: dict[Future, _Given] = {}
        self.lanes: list[_Lane] = []
        self.is_broken, self.breaks = False, 0

    def outcomes(self) -> Iterator[Outcome]:
        """Yield each outcome as it comes; when time is up, say so of every job that is left."""
        deadline = time.monotonic() + (self.limits.run_seconds or _FOREVER)
        with interrupts_into(self.ended):
            while self._is_left():
                with ExitStack() as pools:
                    opened = (open_pool(1, self.limits, elder=elder()) for _ in range(self.workers))
                    self.lanes = [_Lane(pools.enter_context(pool)) for pool in opened]
                    yield from self._until_broken(deadline)
                if time.monotonic() >= deadline:
                    yield from self._give_up(NOT_RUN)
                elif self.is_broken:
                    yield from self._take_back()

    def _is_left(self) -> bool:
        return bool(self.waiting or self.again or self.in_hand)

    def _until_broken(self, deadline: float) -> Iterator[Outcome]:
        self.is_broken = False
        while self._is_left() and not self.is_broken:
            self._give_out()
            if self.is_broken:
                return
            yield from self._next(deadline)
            if time.monotonic() >= deadline:
                return

    def _give_out(self) -> None:
        """Give every worker what it has room for; a job that is tried again has them to itself."""
        if self.again:
            if not self.in_hand:
                self._give(self.lanes[0], self.again.popleft(), ATTEMPTS)
            return
        if any(given.attempt > 1 for given in self.in_hand.values()):
            return
        for _ in range(IN_HAND):  # one for each worker before a second for any
            for lane in self.lanes:
                has_room = sum(g.lane is lane for g in self.in_hand.values()) < IN_HAND
                if self.waiting and has_room and not self.is_broken:
                    others = {lane.county for lane in self.lanes} - {lane.county}
                    self._give(lane, self.waiting.take(lane.county, others), 1)

    def _give(self, lane: _Lane, job: Job, attempt: int) -> None:
        try:
            is_last = attempt > 1 or _county(job) not in self.waiting.of_county
            future = submit(lane.pool, job, self.limits, is_last=is_last)
        except RuntimeError:  # the pool broke before it could take the job
            self.again.append(job) if attempt > 1 else self.waiting.put_back(job)
            self.is_broken = True
            return
        lane.county = _county(job)
        self.in_hand[future] = _Given(job, attempt, lane)
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
        given = self.in_hand.pop(future)
        if is_lost(future) and given.attempt < ATTEMPTS:
            self.again.append(given.job)
            return
        self.breaks = 0
        yield outcome_of(given.job, future, self.limits, given.attempt)

    def _take_back(self) -> Iterator[Outcome]:
        """Let what a broken pool had in hand wait again; what broke two of them has failed."""
        self.breaks += 1
        for given in self.in_hand.values():
            if given.attempt < ATTEMPTS:
                self.again.append(given.job)
            else:
                discard_result(given.job)
                yield Outcome(given.job, 0.0, BROKEN, attempts=given.attempt)
        self.in_hand.clear()
        if self.breaks > MOST_BREAKS:
            yield from self._give_up(BROKEN)

    def _give_up(self, why: str) -> Iterator[Outcome]:
        left = [*(given.job for given in self.in_hand.values()), *self.again, *self.waiting]
        self.in_hand.clear()
        self.again.clear()
        self.waiting = Waiting(())
        yield from (Outcome(job, 0.0, why) for job in left)


@contextmanager
def shared_map(workers: int, loaded: Sequence[str] = RUNNING) -> Iterator[Mapper]:
    """Give what maps over processes of this machine, and yields in order, each as it comes.

    The processes start with the first items and stay until the end. If only one item comes first,
    this process does it and all that follows: it has loaded then what that takes. So it does with
    what is left where no process may start or stay. loaded: what the server that they are forked
    from loads beside what all need.
    """
    with ExitStack() as stack:
        pools: list[ProcessPool] = []

        def mapped(function: Callable, items: Sequence) -> Iterator:
            nonlocal workers
            done = 0
            workers = workers if pools or len(items) != 1 else 1
            if workers > 1 and items:
                try:
                    if not pools:
                        pools.append(stack.enter_context(open_pool(workers, Limits(), loaded)))
                    for result in _map_in(pools[0], function, items, workers):
                        done += 1
                        yield result
                except (OSError, BrokenProcessPool):
                    workers = 1
            yield from map(function, items[done:])

        yield mapped


def _map_in(pool: ProcessPool, function: Callable, items: Sequence, workers: int) -> Iterator:
    """Map over a pool, some items together, and let go of each result as it is taken.

    Not by the pool's own map, whose results are freed only when garbage is looked for.
    """
    together = min(max(len(items) // (4 * workers), 1), MOST_AT_ONCE)
    given: deque[Future] = deque()
    for at in range(0, len(items), together):
        part = items[at : at + together]
        given.append(pool.schedule(_apply, (function, part)))
        if len(given) > AHEAD * workers:
            yield from given.popleft().result()
    while given:
        yield from given.popleft().result()


def _apply(function: Callable, items: Sequence) -> list:
    return [function(item) for item in items]


def map_over(function: Callable, items: Sequence, workers: int) -> Iterator:
    """Apply a function to items on processes of this machine; yield in order, each as it comes."""
    with shared_map(workers) as mapped:
        yield from mapped(function, items)
