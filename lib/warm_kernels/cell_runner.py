"""Kernels that are forked to run cells for this process, started and ended in the background."""

import json
import os
import select
import socket
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from warm_kernels import channel, zygotes
from warm_kernels.forked import ForkedKernel, limit_memory

# No log, no file of what was typed, no pause after a cell for outputs to arrive: they come first.
SETTINGS = (
    "--log-level=CRITICAL",
    "--HistoryManager.hist_file=:memory:",
    "--IPythonKernel._execute_sleep=0",
)
_END_SECONDS = 10  # for what is registered for the end of a kernel
_LAST_SECONDS = 5  # in which the end of a kernel is told that has closed its channel


class KernelEndedError(Exception):
    """The kernel has ended; nothing more will come from it."""


class CellKernel:
    """A kernel that runs cells for the process that has forked it, one after the other.

    language: what it runs, as a notebook's metadata tell.
    """

    def __init__(self, process: ForkedKernel, end: socket.socket) -> None:
        self.process, self.language = process, {}
        self._end, self._received, self._asked = end, channel.Received(end), 0
        self._waiting = select.poll()
        for source in (end, process):
            self._waiting.register(source, select.POLLIN)

    def ask(self, code: str) -> str:
        """Ask for a cell to be run; return the number of the request."""
        self._asked += 1
        content = {"code": code, "silent": False, "store_history": True, "stop_on_error": False}
        with suppress(OSError):  # who has ended is heard below
            channel.send(self._end, [json.dumps([str(self._asked), content]).encode()])
        return str(self._asked)

    def hear(self, request: str, seconds: float | None) -> list[dict[str, Any]]:
        """Wait for messages about a request, at most so long; return them as Jupyter has them.

        Raises TimeoutError, and KernelEndedError once an ended kernel has been heard out.
        """
        if seconds is not None and seconds <= 0:
            raise TimeoutError
        if self.process.returncode is None and not self._waiting.poll(
            None if seconds is None else seconds * 1000
        ):
            raise TimeoutError
        messages = [self._message(*parts) for parts in self._received.read()]
        mine = [one for one in messages if one["parent_header"]["msg_id"] == request]
        if self._received.is_empty and self._has_ended():
            raise KernelEndedError
        return mine

    def _has_ended(self) -> bool:
        return self._received.is_over or self.process.poll() is not None

    def _message(self, packed: bytes, *buffers: bytes) -> dict[str, Any]:
        kind, request, content, metadata = json.loads(packed)
        if kind == "ready":
            self.language = content
        return {
            "msg_type": kind,
            "header": {"msg_type": kind},
            "parent_header": {"msg_id": request},
            "content": content,
            "metadata": metadata,
            "buffers": list(buffers),
            "size": len(packed) + sum(map(len, buffers)),
        }

    def exit_code(self) -> int | None:
        """Return the exit code of a kernel that has ended or has closed its channel."""
        return self.process.wait(_LAST_SECONDS)

    def end(self, *, at_once: bool = False) -> None:
        """End the kernel; what it has registered for its end is done, unless it is at once."""
        self._end.close()
        if at_once or self.process.wait(_END_SECONDS) is None:
            self.process.kill()
            self.process.wait()


def fork(
    environment: Mapping[str, str], folder: Path, *, settings: tuple[str, ...] = (), megabytes=0
) -> CellKernel | None:
    """Fork a kernel of this interpreter; None where only one that is started by itself will do.

    settings: of ipykernel, beside our own. megabytes: its address space; 0 is no limit.
    """
    command = [sys.executable, *zygotes.LAUNCHER, *SETTINGS, *settings]
    ours, theirs = socket.socketpair()
    with theirs:
        process = zygotes.fork(command, environment, str(folder), [1, 2, theirs.fileno()])
    if process is None:
        ours.close()
        return None
    limit_memory(process.pid, megabytes)
    return CellKernel(process, ours)


@cache
def _background(process: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(2)


class KernelAhead:
    """A kernel that is started before a notebook is there for it, and ended after it has gone.

    environment, folder: of the kernel. megabytes: its address space; 0 is no limit.
    """

    def __init__(self, environment: Mapping[str, str], folder: Path, megabytes: int = 0) -> None:
        start = _background(os.getpid()).submit
        self._started = start(fork, dict(environment), folder, megabytes=megabytes)

    def wait_started(self) -> CellKernel | None:
        """Return the kernel; None where only one that is started by itself will do."""
        return self._started.result()

    def has_failed(self) -> bool:
        """Say whether it did not start, or has ended since."""
        if not self._started.done():
            return False
        if self._started.exception():
            return True
        kernel = self._started.result()
        return kernel is not None and kernel.process.poll() is not None

    def end(self, then: Callable[[], None], *, is_idle: bool = False) -> Future[None]:
        """End the kernel as soon as it has started, then do something; return when that is done.

        is_idle: nothing runs in it that would have to be broken off.
        """
        return _background(os.getpid()).submit(self._end, then, is_idle)

    def _end(self, then: Callable[[], None], is_idle: bool) -> None:
        try:
            if kernel := self._started.result():
                kernel.end(at_once=not is_idle)
        finally:
            with suppress(OSError):
                then()
