"""Tests have a store and results of their own, made from the committed data: never a user's."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import pytest

# The long ring runs by itself: `make soak`.
collect_ignore_glob = [] if "DUDAO_SOAK" in os.environ else ["tests/soak/*"]
# The exploring notebook has no committed outputs; tests/test_lab.py uses it in a browser.
collect_ignore_glob.append("notebooks/explore.ipynb")
DATA = Path(__file__).parent / "data"
_FOLDER = pytest.StashKey[tempfile.TemporaryDirectory]()


def _ingest(folders: Iterable[Path]) -> None:
    """Store submissions as `dudao ingest` does, with ranks: else every overview compares anew."""
    from dudao_pipeline.intake import storing
    from dudao_pipeline.intake.submission import read_submission
    from dudao_pipeline.runner.ranks_refresh import refresh_ranks

    for folder in folders:
        storing.write(read_submission(folder))
    refresh_ranks(1)


@pytest.fixture(scope="session")
def store_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return a store of some fictional counties and their ranks, made once, for tests to copy."""

    @cache
    def made(*codes: str) -> Path:
        store = tmp_path_factory.mktemp("stored") / "store"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DUDAO_STORE", str(store))
            _ingest(DATA / "example" / f"{code}-2024" for code in codes)
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
    from dudao_pipeline.intake.submission import META_FILE

    _ingest(meta.parent for meta in sorted(DATA.glob(f"*/*/{META_FILE}")))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove store and results."""
    if not hasattr(config, "workerinput"):
        config.stash[_FOLDER].cleanup()
