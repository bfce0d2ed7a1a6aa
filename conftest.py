"""Tests read a store of their own, made from the committed data: never a user's."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

_STORE = pytest.StashKey[tempfile.TemporaryDirectory]()


def pytest_configure(config: pytest.Config) -> None:
    """Ingest data/reported before collection, for this process and the kernels it starts."""
    folder = tempfile.TemporaryDirectory(prefix="dudao-store-")
    config.stash[_STORE] = folder
    os.environ["DUDAO_STORE"] = folder.name
    from dudao.facts import store
    from dudao.facts.submission import META_FILE, read_submission

    reported = Path(__file__).parent / "data" / "reported"
    for meta in sorted(reported.glob(f"*/{META_FILE}")):
        store.write(read_submission(meta.parent))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the store."""
    config.stash[_STORE].cleanup()
