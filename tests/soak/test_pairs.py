"""Two processes that store the same county at the same moment: no version is lost."""

from __future__ import annotations

import multiprocessing
import os
from dataclasses import replace

from dudao.facts import store
from dudao_pipeline.intake import storing
from dudao_pipeline.intake.submission import read_submission
from tests.unit import county

PAIRS = 40


def test_forty_pairs_at_a_barrier_keep_all_versions(tmp_path, monkeypatch):
    monkeypatch.setenv("DUDAO_STORE", str(tmp_path / "库"))
    submission = read_submission(county.copy(tmp_path))
    digests = set()
    for pair in range(PAIRS):
        barrier = multiprocessing.get_context("fork").Barrier(2)
        children = []
        for side in "ab":
            title = {"title": f"虚构 {pair}{side}"}
            one = replace(submission, meta=submission.meta | title)
            digests.add(one.digest)
            children.append(_store(one, barrier))
        assert [os.waitpid(child, 0)[1] for child in children] == [0, 0], pair
    place = (submission.county, submission.year)
    assert store.versions(*place) == list(range(1, 2 * PAIRS + 1))
    kept = {store.read_version(*place, n).digest for n in store.versions(*place)}
    assert kept == digests
    assert not list((tmp_path / "库" / "unfinished").glob("*"))


def _store(submission, barrier) -> int:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            barrier.wait()
            storing.write(submission)
            code = 0
        finally:
            os._exit(code)
    return child
