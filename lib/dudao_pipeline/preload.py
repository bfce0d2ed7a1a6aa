"""What a warm process loads before kernels are forked from it: the library, law, reference data.

`warm_kernels` calls it by the entry point `warm_kernels.preload`.
"""

import hashlib
import importlib
import os
import pkgutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from dudao.base import workspace
from dudao.facts.store import COUNTY

VARIABLES = ("DUDAO_LAW", "DUDAO_BUILT_IN_LAW")  # read while the library is loaded

_NOTEBOOK_PARTS = ("case", "indicators", "comparison", "judging", "base.reference", "show")
_TABLES_AND_CHARTS = (
    *("pandas", "pandas.core.arrays.arrow.extension_types", "pandas.core.reshape.reshape"),
    *("pyarrow.dataset", "pyarrow.parquet", "matplotlib.backends.backend_svg"),
)
# What notebooks read of law and reference data, and keep: module and function of the library.
_READ = (
    *(("base.reference", "load"), ("facts.consistency", "rules"), ("show.lettering", "load")),
    *(("law.topics", "notebooks"), ("law.framework", "frameworks"), ("base.versions", "library")),
)


def load() -> None:
    """Import and read what every notebook needs; start no thread.

    pyplot and matplotlib_inline stay out: loaded before the shell exists, they would not attach
    themselves to it, and figures would come out as text.
    """
    for name in _TABLES_AND_CHARTS:
        importlib.import_module(name)
    for part in _NOTEBOOK_PARTS:
        module = importlib.import_module(f"dudao.{part}")
        for inner in pkgutil.walk_packages(getattr(module, "__path__", ()), f"dudao.{part}."):
            importlib.import_module(inner.name)
    for name, read in _READ:
        getattr(importlib.import_module(f"dudao.{name}"), read)()
    importlib.import_module("dudao.law.thresholds").law_for("")


def watched() -> list[Path]:
    """Return the folders whose files a warm process has read: a changed one needs another."""
    fixed = ("lib/dudao", "data/reference", "data/law")
    return [*(workspace.root() / name for name in fixed), workspace.added_law()]


def preparation(environment: Mapping[str, str]) -> str:
    """Return the county that a kernel shares with the next, and the version of its facts."""
    county = environment.get(COUNTY, "")
    store = workspace.store(environment)
    with suppress(OSError):  # what is not there is told by the notebook
        content = (store / "manifest" / f"{county}.json").read_bytes()
        return f"{store} {county} {hashlib.sha256(content).hexdigest()}"
    return ""


def prepare() -> None:
    """Read the county that the environment names, and compute its measures."""
    from dudao.case import prepare

    county, year = os.environ[COUNTY].split("-")
    prepare(county, int(year))
