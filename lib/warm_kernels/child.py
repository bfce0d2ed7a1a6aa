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

if TYPE_CHECKING:
    import socket

    from ipykernel.kernelapp import IPKernelApp
    from IPython.core.interactiveshell import InteractiveShell

    from warm_kernels.requests import KernelRequest

_RARELY = (50_000, 20, 50)  # a kernel lives for seconds; what it drops is mostly gone at once


# A setting on a command line: of a class, or the one of the log that has a short name.
_SETTING = re.compile(r"--(?:([A-Z]\w*)\.(\w+)|log-level)=(.+)")


def _reset(request: KernelRequest) -> None:
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
    settings = arguments[2:] if arguments[:1] == ["-f"] else arguments
    given = [_SETTING.fullmatch(setting) for setting in settings]
    if not all(given):
        type(app).parse_command_line(app, arguments)
        return
    app.argv, app.extra_args, config = arguments, [], Config()
    if settings is not arguments:
        config.IPKernelApp.connection_file = arguments[1]
    for owner, trait, value in (setting.groups() for setting in given if setting):
        config[owner or "Application"][trait or "log_level"] = DeferredConfigString(value)
    app.cli_config = config
    app.update_config(config)


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


def _init_code(app: IPKernelApp) -> None:
    """Run what comes before the first cell; forget no import when a cell resets everything."""
    from IPython.core import shellapp

    with _without_modules(shellapp):
        type(app).init_code(app)
    del app.shell._sys_modules_keys


def _application(request: KernelRequest) -> IPKernelApp:
    """Return ipykernel's application in a process that knows nothing but what was asked for."""
    from ipykernel.kernelapp import IPKernelApp

    _reset(request)
    sys.argv = [find_spec("ipykernel_launcher").origin, *request.arguments]
    app = IPKernelApp.instance(parent_handle=os.getppid())
    app.parse_command_line = partial(_take_arguments, app)
    return app


def _end() -> int:
    """Do what was registered for the end; return the exit code."""
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return 0


def run_kernel(request: KernelRequest, say_bound: Callable[[], None]) -> int:
    """Run ipykernel's application to its end; return the exit code.

    The owner connects once the sockets are bound: ZeroMQ tries again only after 0.1 s.

    The kernel's own `close` at exit can wait forever for a thread that is already gone, so it is
    taken back; everything else that was registered runs.
    """
    app = _application(request)
    app.outstream_class = "warm_kernels.streams.OutStream"
    app.initialize(list(request.arguments))
    _transform_once(app.shell)
    say_bound()
    atexit.unregister(app.close)
    app.start()
    return _end()


def run_cells(request: KernelRequest, say_bound: Callable[[], None], end: socket.socket) -> int:
    """Run ipykernel's application for the client at the other end; return the exit code.

    A client that runs cell after cell never asks for a debugger, for which the files of all
    modules would be listed, nor for a log, which would be configured at every setting.
    """
    from ipykernel import debugger, ipkernel

    from warm_kernels import cell_kernel

    app = _application(request)
    app.init_code = partial(_init_code, app)
    app._configure_logging = lambda: None
    logging.getLogger("IPKernelApp").setLevel(logging.CRITICAL)
    debugger._is_debugpy_available = False
    cell_kernel.connect(app, end)
    with _without_modules(ipkernel):
        app.initialize(list(request.arguments))
    _transform_once(app.shell)
    app.session.tell("ready", app.kernel.language_info)
    say_bound()
    cell_kernel.serve(app, end)
    return _end()
