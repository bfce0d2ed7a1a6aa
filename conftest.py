"""Tests have a store and results of their own, made from the committed data: never a user's."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

# The long ring runs by itself: `make soak`.
collect_ignore_glob = [] if "DUDAO_SOAK" in os.environ else ["tests/soak/*"]
# The exploring notebook has no committed outputs; tests/test_lab.py uses it in a browser.
collect_ignore_glob.append("notebooks/explore.ipynb")
EXAMPLE = Path(__file__).parent / "data" / "example"
_FOLDER = pytest.StashKey[tempfile.TemporaryDirectory]()


def _ingest() -> None:
    from dudao_pipeline.intake import storing
    from dudao_pipeline.intake.submission import META_FILE, read_submission
    from dudao_pipeline.runner.ranks_refresh import refresh_ranks

    for meta in sorted((Path(__file__).parent / "data").glob(f"*/*/{META_FILE}")):
        storing.write(read_submission(meta.parent))
    refresh_ranks(1)  # as `dudao ingest` does: else every overview compares all counties anew


@pytest.fixture(scope="session")
def store_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return a store of some fictional counties and their ranks, made once, for tests to copy."""
    from dudao_pipeline.intake import storing
    from dudao_pipeline.intake.submission import read_submission
    from dudao_pipeline.runner.ranks_refresh import refresh_ranks

    @cache
    def made(*codes: str) -> Path:
        store = tmp_path_factory.mktemp("stored") / "store"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DUDAO_STORE", str(store))
            for code in codes:
                storing.write(read_submission(EXAMPLE / f"{code}-2024"))
            refresh_ranks(1)
        return store

    return made


def pytest_configure(config: pytest.Config) -> None:
    """Ingest the committed data once, for this process, its workers and the kernels they start."""
    if hasattr(config, "workerinput"):
        return
    folder = tempfile.TemporaryDirectory(prefix="dudao-")
    config.stash[_FOLDER] = folder
    os.environ["DUDAO_STORE"] = str(Path(folder.name) / "store")
    os.environ["DUDAO_OUTPUTS"] = str(Path(folder.name) / "outputs")
    _ingest()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove store and results."""
    if not hasattr(config, "workerinput"):
        config.stash[_FOLDER].cleanup()
