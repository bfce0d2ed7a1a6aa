"""What a warm process has loaded before it forks: the library, pandas, matplotlib, law, names."""

from __future__ import annotations

import builtins
import importlib
import os
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

NOTEBOOK_PARTS = ("case", "indicators", "peers", "problems", "reference", "show", "years")
# What a kernel imports while it starts, beyond what its application imports.
_KERNEL = (
    *("ipykernel.kernelapp", "ipykernel.debugger", "tornado.platform.asyncio", "tornado.queues"),
    *("IPython.core.completerlib", "IPython.core.logger", "IPython.core.magics"),
    *("IPython.core.debugger", "IPython.core.debugger_backport"),
    *("IPython.core.oinspect", "IPython.utils.wildcard"),
    *("IPython.extensions.storemagic", "encodings.idna", "faulthandler", "psutil", "resource"),
    *("sqlite3.dbapi2", "zmq.utils.garbage", "dudao.kernel.streams"),
)
_TABLES_AND_CHARTS = (
    *("pandas", "pandas.core.arrays.arrow.extension_types", "pandas.core.reshape.reshape"),
    *("pyarrow.dataset", "pyarrow.parquet", "matplotlib.backends.backend_svg"),
)
# What notebooks read of law and reference data, and keep: module and function of the library.
_READ = (
    *(("reference", "load"), ("facts.consistency", "rules"), ("show.font", "family")),
    *(("law.topics", "notebooks"), ("law.framework", "frameworks"), ("versions", "library")),
)
_FOR_LOADING = {"MPLBACKEND", "PYDEVD_DISABLE_FILE_VALIDATION"}
BACKEND = "module://matplotlib_inline.backend_inline"  # what ipykernel sets


@contextmanager
def _as_in_a_kernel() -> Iterator[None]:
    """Let import-time questions get the answers that a kernel gives.

    pandas asks `get_ipython().kernel` for its display width; matplotlib reads MPLBACKEND once.
    """
    before = dict(os.environ)
    os.environ.setdefault("MPLBACKEND", BACKEND)
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # it would warn of what no notebook does
    builtins.get_ipython = lambda: SimpleNamespace(kernel=None)
    try:
        yield
    finally:
        del builtins.get_ipython
        for name in _FOR_LOADING - set(before):
            del os.environ[name]


def load() -> dict[str, str]:
    """Import and read what every notebook needs; no thread is started and no Parquet read.

    Return the environment variables that imports have set, as they do in a cold kernel.

    pyplot and matplotlib_inline stay out: loaded before the shell exists, they would not attach
    themselves to it, and figures would come out as text.
    """
    before = set(os.environ)
    with _as_in_a_kernel():
        for name in (*_KERNEL, *_TABLES_AND_CHARTS):
            importlib.import_module(name)
        _load_house()
    return {name: os.environ[name] for name in set(os.environ) - before}


def _load_house() -> None:
    for part in NOTEBOOK_PARTS:
        module = importlib.import_module(f"dudao.{part}")
        for found in pkgutil.walk_packages(getattr(module, "__path__", ()), f"dudao.{part}."):
            importlib.import_module(found.name)
    for name, read in _READ:
        getattr(importlib.import_module(f"dudao.{name}"), read)()
    importlib.import_module("dudao.law.thresholds").law_for("")
