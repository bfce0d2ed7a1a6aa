"""What a warm process loads before it forks: the kernel, and what entry points name.

An entry point of the group `warm_kernels.preload` names a module with `load()`, which imports and
reads what notebooks need; `watched()`, the folders of which a changed file calls for another warm
process; and `VARIABLES`, the environment variables that are read while it is loaded.

Where notebooks run one after the other on the same data, the module may also have
`preparation(environment)`, which says in a text what a kernel with this environment shares with
others ("": nothing), and `prepare()`, which reads and computes it in a process with that
environment; these kernels are forked from it. Neither may start a thread.
"""

import builtins
import gc
import importlib
import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from importlib.metadata import entry_points
from types import ModuleType, SimpleNamespace

GROUP = "warm_kernels.preload"
# What a kernel imports while it starts, beyond what its application imports.
_KERNEL = (
    *("ipykernel.kernelapp", "ipykernel.debugger", "tornado.platform.asyncio", "tornado.queues"),
    *("IPython.core.completerlib", "IPython.core.logger", "IPython.core.magics"),
    *("IPython.core.debugger", "IPython.core.debugger_backport"),
    *("IPython.core.oinspect", "IPython.utils.wildcard"),
    *("IPython.extensions.storemagic", "encodings.idna", "faulthandler", "psutil", "resource"),
    *(
        "sqlite3.dbapi2",
        "zmq.utils.garbage",
        "warm_kernels.child",
        "warm_kernels.cell_kernel",
        "warm_kernels.streams",
        "multiprocessing.synchronize",
    ),
)
_FOR_LOADING = {"MPLBACKEND", "PYDEVD_DISABLE_FILE_VALIDATION"}
BACKEND = "module://matplotlib_inline.backend_inline"  # what ipykernel sets


@cache
def loaders() -> tuple[ModuleType, ...]:
    """Return the modules that entry points name, in the order of their names."""
    return tuple(entry.load() for entry in sorted(entry_points(group=GROUP), key=lambda e: e.name))


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
    """Import the kernel and what entry points name; return the variables that imports have set.

    What imports make stays: the collector would go over it again and again for nothing, and touch
    memory that is shared.
    """
    before = set(os.environ)
    gc.disable()
    with _as_in_a_kernel():
        for name in _KERNEL:
            importlib.import_module(name)
        for module in loaders():
            module.load()
    gc.freeze()  # first: it is young, and the collector would begin with it
    gc.enable()
    return {name: os.environ[name] for name in set(os.environ) - before}


def preparation(environment: Mapping[str, str]) -> str:
    """Return what a kernel with an environment shares with others, as entry points say."""
    wanted = (getattr(module, "preparation", None) for module in loaders())
    return "\n".join(text for ask in wanted if ask and (text := ask(environment)))


def prepare() -> None:
    """Let entry points prepare what kernels share; what fails or warns is left to each kernel.

    A warning is printed by the notebook that calls for it, as it would be without preparation.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for module in loaders():
            if hasattr(module, "prepare"):
                with suppress(Exception):
                    module.prepare()
