"""The papermill engine: warm kernels, limits per cell and notebook.

Papermill is told of the module, not of a name in it, and loads it while it is imported itself. So
whichever is imported first may be half there: papermill takes the module as its engine and asks for
nothing in it before a notebook runs; here too, `client` is only named.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace, TracebackType

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME
from nbformat.v4 import new_notebook
from papermill import engines
from papermill.clientwrap import PapermillNotebookClient
from papermill.exceptions import PapermillExecutionError
from papermill.iorw import write_ipynb
from papermill.log import logger
from traitlets.config import Config

from warm_kernels import cell_runner, client
from warm_kernels.manager import WarmManager

# After each cell papermill reads the time of its start back, with what guesses any way of writing.
engines.dateutil = SimpleNamespace(parser=SimpleNamespace(parse=datetime.fromisoformat))


class WarmEngine(engines.NBClientEngine):
    """Papermill's own engine on warm kernels: one save at the end, a limit for the whole notebook.

    `notebook_timeout` is in seconds; a cell has what is left of it, at most `execution_timeout`.
    `receive` is given the notebook before it runs: who holds it has what was reached, however it
    ends. papermill then gets an empty one to save where nothing went wrong: it would write the
    whole notebook as text even without a place for it.
    """

    @classmethod
    def execute_notebook(cls, nb, kernel_name, output_path=None, receive=None, **kwargs):
        """Execute without a save per cell; what was reached when it breaks off is kept."""
        if receive:
            receive(nb)
        try:
            nb = super().execute_notebook(nb, kernel_name, **kwargs | {"autosave_cell_every": 0})
        except BaseException:
            if output_path:
                write_ipynb(nb, output_path)
            raise
        return new_notebook() if receive and not _went_wrong(nb) else nb

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man,
        kernel_name,
        *,
        notebook_timeout=None,
        lent=None,
        environment=None,
        memory_megabytes=0,
        start_timeout=60,
        execution_timeout=None,
        **kwargs,
    ):
        """Run the cells in a forked kernel, one that was lent if there is; else in a cold one.

        environment, memory_megabytes: of the kernel, unless it was lent.
        """
        kwargs.pop("input_path", None)
        if notebook_timeout:
            kwargs["timeout_func"] = _remaining(notebook_timeout, execution_timeout)
        options = {"log": logger, "record_timing": False} | kwargs
        options["timeout"] = execution_timeout or kwargs.get("timeout")
        if kernel_name == NATIVE_KERNEL_NAME:
            settings = tuple(kwargs.get("extra_arguments", ()))
            with _running(lent, environment, settings, memory_megabytes) as running:
                if running:
                    return client.CellsClient(nb_man, running, **options).execute()
        limit = Config(WarmProvisioner={"memory_megabytes": memory_megabytes})
        limit.merge(options.pop("config", {}))
        cold = PapermillNotebookClient(
            nb_man,
            kernel_name=kernel_name,
            kernel_manager_class=WarmManager,
            startup_timeout=start_timeout,
            config=limit,
            **options,
        )
        return cold.execute(**({"env": dict(environment)} if environment else {}))


@contextmanager
def _running(
    lent: cell_runner.CellKernel | None,
    environment: Mapping[str, str] | None,
    settings: tuple[str, ...],
    megabytes: int,
) -> Iterator[cell_runner.CellKernel | None]:
    """Give a forked kernel, and end one of our own; None where no fork is possible."""
    folder, environment = Path.cwd(), environment or os.environ
    own = lent or cell_runner.fork(environment, folder, settings=settings, megabytes=megabytes)
    if lent or not own:
        yield lent
        return
    at_once = True
    try:
        yield own
        at_once = False
    finally:
        own.end(at_once=at_once)


# What papermill asks of an engine.
execute_notebook = WarmEngine.execute_notebook
nb_kernel_name = WarmEngine.nb_kernel_name
nb_language = WarmEngine.nb_language


def _went_wrong(nb) -> bool:
    outputs = (output for cell in nb.cells for output in cell.get("outputs", ()))
    failed = any(output.output_type == "error" for output in outputs)
    return failed or bool(nb.metadata.papermill["exception"])


def _remaining(notebook_timeout: float, cell_timeout: float | None) -> Callable[[object], float]:
    """Return what a cell may take: its own limit, or what is left for the notebook."""
    deadline = time.monotonic() + notebook_timeout

    def seconds(cell: object) -> float:
        left = max(deadline - time.monotonic(), 0.001)
        return min(left, cell_timeout) if cell_timeout else left

    return seconds


def _tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print an error that its notebook shows as one sentence as that sentence.

    An error class says so by `_render_traceback_`, a hook of IPython.
    """
    if isinstance(error, PapermillExecutionError) and len(error.traceback) == 1:
        print(error.traceback[0], file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, trace)


# papermill's command line lets what a cell raised end it, and imports this module before.
if "papermill" in Path(sys.argv[0]).with_suffix("").parts[-2:]:
    sys.excepthook = _tell
