"""A pool that breaks or falls silent is opened again; a job that breaks two has failed."""

from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

import pytest

from dudao_pipeline.runner import pool
from dudao_pipeline.runner.limits import Limits
from dudao_pipeline.runner.outcome import Outcome
from dudao_pipeline.runner.plan import Job
from dudao_pipeline.runner.pool import BROKEN, LocalRun, Waiting

WORKERS = 2
JOBS = [Job("990100", 2024, f"{number:02d}") for number in range(5)]


@pytest.fixture
def ended(monkeypatch, tmp_path):
    """Run JOBS on pools that do what a function says of pool and job; return the outcomes."""
    monkeypatch.setenv("DUDAO_OUTPUTS", str(tmp_path))
    opened = []

    @contextmanager
    def open_pool(workers, limits, elder):
        opened.append(len(opened))
        yield opened[-1]

    def run(what, limits=Limits()):  # noqa: B008
        def submit(number, job, limits, *, is_last):
            future = Future()
            does = what(number, job)
            if does == "refuses":
                raise RuntimeError("Unexpected error within the Pool")
            if does == "breaks":
                future.set_exception(BrokenProcessPool())
            elif does == "ends":
                future.set_result(Outcome(job, 1.0))
            return future

        monkeypatch.setattr(pool, "open_pool", open_pool)
        monkeypatch.setattr(pool, "elder", lambda: None)
        monkeypatch.setattr(pool, "submit", submit)
        return {
            outcome.job: outcome for outcome in LocalRun(JOBS, WORKERS, limits).outcomes()
        }, opened

    return run


def test_a_broken_pool_is_opened_again_and_every_job_ends(ended):
    outcomes, opened = ended(lambda number, job: "breaks" if number == 0 else "ends")
    assert list(outcomes) and all(outcome.is_done for outcome in outcomes.values())
    assert set(outcomes) == set(JOBS) and len(opened) == 2 * WORKERS


def test_a_job_that_breaks_every_pool_fails_alone(ended):
    outcomes, _ = ended(lambda number, job: "breaks" if job == JOBS[2] else "ends")
    assert {job for job, outcome in outcomes.items() if not outcome.is_done} == {JOBS[2]}
    assert outcomes[JOBS[2]].error == BROKEN and set(outcomes) == set(JOBS)


def test_a_pool_that_takes_no_job_ends_the_run(ended):
    outcomes, opened = ended(lambda number, job: "refuses")
    assert {outcome.error for outcome in outcomes.values()} == {BROKEN}
    assert set(outcomes) == set(JOBS) and len(opened) == (pool.MOST_BREAKS + 1) * WORKERS


def test_a_silent_pool_is_given_up_and_another_opened(ended, monkeypatch):
    monkeypatch.setattr(pool, "STALLED", 0)
    silent = Limits(notebook_seconds=0.1)
    outcomes, opened = ended(lambda number, job: "" if number == 0 else "ends", silent)
    assert all(outcome.is_done for outcome in outcomes.values()) and len(opened) == 2 * WORKERS
    assert set(outcomes) == set(JOBS)


def test_a_worker_stays_with_its_county_and_helps_with_another_at_the_end():
    first, second = ("990100", 2024), ("990101", 2024)
    jobs = [Job(*county, f"{number:02d}") for county in (first, second) for number in range(3)]
    waiting = Waiting(jobs)
    assert waiting.take(None, set()) == jobs[0]
    assert waiting.take(None, {first}) == jobs[3]
    assert waiting.take(first, {second}) == jobs[1]
    assert waiting.take(second, {first}) == jobs[4]
    assert waiting.take(first, {second}) == jobs[2]
    assert waiting.take(first, {second}) == jobs[5] and not waiting


def test_the_worker_without_a_county_takes_from_the_one_with_most_left():
    few, many = ("990100", 2024), ("990101", 2024)
    jobs = [Job(*few, "00"), *(Job(*many, f"{number:02d}") for number in range(3))]
    assert Waiting(jobs).take(None, {few, many}) == jobs[1]


def test_a_job_that_no_worker_took_is_the_next_of_its_county():
    waiting = Waiting(JOBS)
    taken = waiting.take(None, set())
    waiting.put_back(taken)
    assert list(waiting) == JOBS


def test_what_is_mapped_over_processes_comes_in_order_and_few_are_given_out_ahead(monkeypatch):
    given = []

    class Pool:
        def schedule(self, apply, arguments):
            given.append(len(arguments[1]))
            results = Future()
            results.set_result(apply(*arguments))
            return results

    @contextmanager
    def open_pool(*_):
        yield Pool()

    monkeypatch.setattr(pool, "open_pool", open_pool)
    many = range(300)
    results = pool.map_over(str, many, WORKERS)
    assert next(results) == "0" and len(given) == pool.AHEAD * WORKERS + 1
    assert ["0", *results] == [str(number) for number in many]
    assert sum(given) == len(many) and max(given) <= pool.MOST_AT_ONCE


def test_what_processes_did_not_come_to_is_done_here(monkeypatch):
    @contextmanager
    def open_pool(*_):
        raise OSError("no process")
        yield

    monkeypatch.setattr(pool, "open_pool", open_pool)
    assert [*pool.map_over(str, range(3), WORKERS)] == ["0", "1", "2"]
