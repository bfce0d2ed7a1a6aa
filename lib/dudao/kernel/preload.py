"""What a warm process has loaded before it forks: the library, pandas, matplotlib, law, names."""

from __future__ import annotations

import builtins
import os
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

BACKEND = "module://matplotlib_inline.backend_inline"  # what ipykernel sets


@contextmanager
def _as_in_a_kernel() -> Iterator[None]:
    """Let import-time questions get the answers that a kernel gives.

    pandas asks `get_ipython().kernel` for its display width; matplotlib reads MPLBACKEND once.
    """
    backend = os.environ.get("MPLBACKEND")
    os.environ.setdefault("MPLBACKEND", BACKEND)
    builtins.get_ipython = lambda: SimpleNamespace(kernel=None)
    try:
        yield
    finally:
        del builtins.get_ipython
        if backend is None:
            del os.environ["MPLBACKEND"]


def load() -> None:
    """Import and read what every notebook needs; no thread is started and no Parquet read.

    pyplot and matplotlib_inline stay out: loaded before the shell exists, they would not attach
    themselves to it, and figures would come out as text.
    """
    with _as_in_a_kernel():
        import ipykernel.kernelapp
        import IPython.core.completer
        import IPython.core.magics  # noqa: F401
        import matplotlib.backends.backend_svg  # noqa: F401
        import pandas  # noqa: F401
        import pyarrow.parquet  # noqa: F401

        _load_house()


def _load_house() -> None:
    import dudao.peers
    import dudao.show
    import dudao.show.schools.charts
    from dudao import reference
    from dudao.law import framework, thresholds, topics

    reference.counties()
    topics.notebooks()
    framework.frameworks()
    thresholds.law_for("")
