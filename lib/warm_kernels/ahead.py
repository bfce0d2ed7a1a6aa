"""Kernels that start, and end, while their owner does something else."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Future
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from traitlets.config import Config

from warm_kernels.manager import WarmManager
from warm_kernels.requests import FOR_ONE_CLIENT

# No log, no file of what was typed, no pause after a cell for outputs to arrive: who runs a
# notebook waits for the kernel to say that it is idle.
SETTINGS = (
    "--log-level=CRITICAL",
    "--HistoryManager.hist_file=:memory:",
    "--IPythonKernel._execute_sleep=0",
    FOR_ONE_CLIENT,
)


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """Return the event loop of this process that starts and ends kernels, in a thread."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    return loop


def _begin(task: Coroutine[Any, Any, None]) -> Future[None]:
    return asyncio.run_coroutine_threadsafe(task, _loop())


class KernelAhead:
    """A kernel that is started before a notebook is there for it, and ended after it has gone.

    environment, folder: of the kernel. config: of its manager and provisioner.
    """

    def __init__(self, environment: Mapping[str, str], folder: Path, config: Config) -> None:
        self._manager = WarmManager(config=config)
        if self._manager.transport == "ipc":  # whoever can open the sockets could read the key too
            self._manager.session.key = b""
        self._started = _begin(self._start(dict(environment), str(folder)))

    async def _start(self, environment: dict[str, str], folder: str) -> None:
        given = {"env": environment, "cwd": folder, "extra_arguments": list(SETTINGS)}
        await self._manager.start_kernel(**given)

    def wait_started(self) -> WarmManager:
        """Return the manager of the running kernel; raises what kept it from starting."""
        self._started.result()
        return self._manager

    def has_failed(self) -> bool:
        """Say whether it did not start, or has ended since."""
        if not self._started.done():
            return False
        manager = self._manager
        return not manager.has_kernel or manager.provisioner.process.poll() is not None

    def end(self, then: Callable[[], None], *, is_idle: bool = False) -> Future[None]:
        """End the kernel as soon as it has started, then do something; return when that is done.

        is_idle: nothing runs in it that would have to be interrupted.
        """
        return _begin(self._end(then, is_idle))

    async def _end(self, then: Callable[[], None], is_idle: bool) -> None:
        manager = self._manager
        try:
            await asyncio.wait([asyncio.wrap_future(self._started)])
            if await manager.is_alive():
                if is_idle:  # as shutdown_kernel does, which interrupts the kernel and pauses
                    await manager.request_shutdown()
                    await manager.finish_shutdown()
                else:
                    await manager.shutdown_kernel()
            await manager.cleanup_resources()
        finally:
            with suppress(OSError):
                then()
