"""The provisioner that Jupyter sees: forks a kernel where it can, starts one where it cannot."""

import asyncio
import os
import subprocess
from pathlib import Path

from jupyter_client.provisioning import LocalProvisioner
from traitlets import Int

from warm_kernels import zygotes
from warm_kernels.forked import ForkedKernel, limit_memory

NAME = "warm"


def _descriptor(stream, inherited: int) -> int | None:
    """Return the descriptor of an output stream; None for a pipe, which a fork cannot make."""
    if stream is None:
        return inherited
    if stream in (subprocess.PIPE, subprocess.DEVNULL, subprocess.STDOUT):
        return None
    return stream if isinstance(stream, int) else stream.fileno()


class WarmProvisioner(LocalProvisioner):
    """Launch kernels by fork; anything a fork cannot do falls to the standard way."""

    memory_megabytes = Int(0, help="address space of a kernel; 0: no limit").tag(config=True)

    async def launch_kernel(self, cmd: list[str], **kwargs):
        """Return the connection of a kernel, forked or started by command, within its limit."""
        connection = await self._launch(cmd, **kwargs)
        limit_memory(self.pid, self.memory_megabytes)
        return connection

    async def _launch(self, cmd: list[str], **kwargs):
        streams = [_descriptor(kwargs.get("stdout"), 1), _descriptor(kwargs.get("stderr"), 2)]
        environment = kwargs.get("env") or os.environ.copy()
        folder = str(kwargs.get("cwd") or Path.cwd())
        kernel = None
        if None not in streams and kwargs.get("stdin") is None:
            arguments = (cmd, environment, folder, streams)
            kernel = await asyncio.to_thread(zygotes.fork, *arguments)
        if kernel is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process, self.pid, self.pgid, self.cwd = kernel, kernel.pid, kernel.pid, folder
        return self.connection_info

    async def ended(self) -> None:
        """Return when a forked kernel has ended: its socket says so, nobody polls."""
        if not isinstance(self.process, ForkedKernel) or self.process.poll() is not None:
            return
        has_ended, loop = asyncio.Event(), asyncio.get_running_loop()
        descriptor = self.process.fileno()
        loop.add_reader(descriptor, has_ended.set)
        try:
            while self.process.poll() is None:
                await has_ended.wait()
                has_ended.clear()
        finally:
            loop.remove_reader(descriptor)

    async def wait(self) -> int | None:
        """Wait for the end of the kernel and return its exit code."""
        await self.ended()
        return await super().wait()
