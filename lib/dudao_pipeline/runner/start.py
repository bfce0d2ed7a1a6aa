"""The server that worker processes are forked from; it has loaded what they need, and no thread."""

import os
from collections.abc import Sequence
from functools import cache
from multiprocessing import forkserver, get_context
from multiprocessing.context import BaseContext

from warm_kernels import zygotes

_WORKER = "dudao_pipeline.runner.worker"
RUNNING = ("warm_kernels.papermill_for_files",)  # loaded for workers that run notebooks
# Arrow's own allocator keeps what it was given; the system's gives it back, and is no slower here.
_LOADED_WITH = {**dict.fromkeys(zygotes.THREADS, "1"), "ARROW_DEFAULT_MEMORY_POOL": "system"}


def context(loaded: Sequence[str] = RUNNING) -> BaseContext:
    """Return the way to start workers: forked from a warm server, or spawned where there is none.

    loaded: modules that a server loads which this call starts.
    Workers are processes in parallel already, so that a library's own threads would be in the way.
    """
    os.environ.update(_LOADED_WITH)
    try:
        server = get_context("forkserver")
    except ValueError:
        return get_context("spawn")
    server.set_forkserver_preload([_WORKER, *loaded])
    return server


def warm_up(*, with_zygote: bool) -> None:
    """Start the server, so that it loads while this process plans; with_zygote: the first zygote.

    A zygote costs a second of a core, which a run that finds nothing to do would spend in vain.
    """
    if context().get_start_method() == "forkserver":
        forkserver.ensure_running()
    if with_zygote:
        elder()


@cache
def elder() -> zygotes.Elder:
    """Return the zygote of this process; those of its workers are forked from it."""
    context()  # sets variables that a zygote is loaded with
    return zygotes.start_elder()
