"""What a forked child does to be as a kernel that was started by itself."""

from __future__ import annotations

import atexit
import gc
import logging
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

from traitlets.config import Config
from traitlets.config.loader import DeferredConfigString

from warm_kernels.requests import FOR_ONE_CLIENT

if TYPE_CHECKING:
    from ipykernel.kernelapp import IPKernelApp
    from IPython.core.interactiveshell import InteractiveShell

_RARELY = (50_000, 20, 50)  # a kernel lives for seconds; what it drops is mostly gone at once


# A setting on a command line: of a class, or the one of the log that has a short name.
_SETTING = re.compile(r"--(?:([A-Z]\w*)\.(\w+)|log-level)=(.+)")


def _reset(request) -> None:
    """Forget what the warm process knew of itself: environment, folder, clock zone, randomness."""
    import numpy as np

    os.environ.clear()
    os.environ.update(request.environment)
    # ipykernel watches its parent, which is the zygote and not the owner.
    os.environ["JPY_PARENT_PID"] = str(os.getppid())
    os.chdir(request.folder)
    time.tzset()
    random.seed()
    np.random.seed()
    gc.set_threshold(*_RARELY)
    tempfile.tempdir = _folder_for_files(request.environment.get("TMPDIR", ""))


def _folder_for_files(named: str) -> str | None:
    """Return the folder that `tempfile` would find by writing a file; None where it has to look."""
    folder = Path(named)
    is_plain = folder.is_absolute() and ".." not in folder.parts and folder.is_dir()
    return str(folder) if is_plain and os.access(folder, os.W_OK | os.X_OK) else None


def _take_arguments(app: IPKernelApp, arguments: list[str]) -> None:
    """Take a connection file and plain settings; a parser for anything takes much longer."""
    match arguments:
        case ["-f", connection, *others] if all(given := [*map(_SETTING.fullmatch, others)]):
            app.argv, app.extra_args = arguments, []
            config = Config({"IPKernelApp": {"connection_file": connection}})
            for owner, trait, value in (setting.groups() for setting in given if setting):
                config[owner or "Application"][trait or "log_level"] = DeferredConfigString(value)
            app.cli_config = config
            app.update_config(config)
        case _:
            type(app).parse_command_line(app, arguments)


def _transform_once(shell: InteractiveShell) -> None:
    """Let a cell be transformed once: ipykernel does it to see whether it awaits, then IPython."""
    transform, made = shell.transform_cell, {}

    def transformed(raw: str) -> str:
        if raw not in made:
            made[raw] = transform(raw)
        return made[raw]

    def may_await(raw: str, **given: Any) -> bool:
        return ("await" in raw or "async" in raw) and shell_asks(raw, **given)

    shell_asks, shell.should_run_async = shell.should_run_async, may_await
    shell.transform_cell = transformed
    shell.events.register("pre_execute", made.clear)  # a name may mean another thing later


@contextmanager
def _without_modules(asking: ModuleType) -> Iterator[None]:
    """Hide from a module what is loaded: a list of it touches a twentieth of all pages copied."""
    asking.sys = SimpleNamespace(**{**vars(sys), "modules": {}})
    try:
        yield
    finally:
        asking.sys = sys


def _init_kernel(app: IPKernelApp) -> None:
    """Make the kernel without what a client that runs cell after cell never asks for.

    Subshells cost a thread that every request passes through. A debugger would be made, and the
    files of all modules listed for it.
    """
    from ipykernel import debugger, ipkernel

    app.shell_channel_thread = None
    debugger._is_debugpy_available = False
    with _without_modules(ipkernel):
        type(app).init_kernel(app)
    publish = app.kernel._publish_status
    app.kernel._publish_status = lambda state, *rest: state == "busy" or publish(state, *rest)


def _init_code(app: IPKernelApp) -> None:
    """Run what comes before the first cell; forget no import when a cell resets everything."""
    from IPython.core import shellapp

    with _without_modules(shellapp):
        type(app).init_code(app)
    del app.shell._sys_modules_keys


def run_kernel(request, say_bound: Callable[[], None]) -> int:
    """Run ipykernel's application to its end; return the exit code.

    The owner connects once the sockets are bound: ZeroMQ tries again only after 0.1 s.

    The kernel's own `close` at exit can wait forever for a thread that is already gone, so it is
    taken back; everything else that was registered runs.
    """
    from ipykernel.kernelapp import IPKernelApp

    _reset(request)
    sys.argv = [find_spec("ipykernel_launcher").origin, *request.arguments]
    app = IPKernelApp.instance(parent_handle=os.getppid())
    app.outstream_class = "warm_kernels.streams.OutStream"
    app.parse_command_line = partial(_take_arguments, app)
    if FOR_ONE_CLIENT in request.arguments:
        app.init_kernel, app.init_heartbeat = partial(_init_kernel, app), lambda: None
        app.init_code = partial(_init_code, app)
        logging.getLogger("IPKernelApp").setLevel(logging.CRITICAL)
        app._configure_logging = lambda: None  # which would be done at every setting that is read
    app.initialize(list(request.arguments))
    _transform_once(app.shell)
    say_bound()
    atexit.unregister(app.close)
    app.start()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return 0
