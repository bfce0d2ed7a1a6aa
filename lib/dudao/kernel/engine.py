"""The papermill engine: warm kernels, limits per cell and notebook, and no fixed wait."""

from __future__ import annotations

import time
from collections.abc import Callable
from queue import Empty
from uuid import uuid4

from jupyter_client import AsyncKernelClient, AsyncKernelManager
from papermill.engines import NBClientEngine
from papermill.iorw import write_ipynb
from traitlets import default

from dudao.kernel.provisioner import WarmProvisioner

_SUBSCRIBED_SECONDS = 0.2


class PromptClient(AsyncKernelClient):
    """A client that is ready as soon as the kernel says idle on the channel of outputs.

    The stock client then listens for another 0.2 s; what it waits for has arrived by then.
    """

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        deadline = time.monotonic() + (timeout or 60)
        while time.monotonic() < deadline:
            wanted = self.kernel_info()
            if await self._idle_after(wanted):
                self._handle_kernel_info_reply(await self._reply_to(wanted))
                return
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
        raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")

    wait_for_ready = _async_wait_for_ready

    async def _idle_after(self, wanted: str) -> bool:
        """Read outputs up to the end of a request; False when the request was not heard."""
        patience = _SUBSCRIBED_SECONDS
        while True:
            try:
                message = await self.iopub_channel.get_msg(timeout=patience)
            except Empty:
                return False
            state = message["content"].get("execution_state")
            if message["parent_header"].get("msg_id") == wanted and state == "idle":
                return True

    async def _reply_to(self, wanted: str) -> dict:
        while True:
            message = await self.shell_channel.get_msg(timeout=_SUBSCRIBED_SECONDS * 5)
            if message["parent_header"].get("msg_id") == wanted:
                return message


class WarmManager(AsyncKernelManager):
    """A manager of warm kernels, unless the kernel's specification names another provisioner."""

    @default("client_factory")
    def _prompt_client(self) -> type:
        return PromptClient

    async def _async_pre_start_kernel(self, **kwargs):
        if self.provisioner is None and "kernel_provisioner" not in self.kernel_spec.metadata:
            self.kernel_id = self.kernel_id or kwargs.pop("kernel_id", str(uuid4()))
            made = {"kernel_id": self.kernel_id, "kernel_spec": self.kernel_spec, "parent": self}
            self.provisioner = WarmProvisioner(**made)
        return await super()._async_pre_start_kernel(**kwargs)

    pre_start_kernel = _async_pre_start_kernel

    async def _async_wait(self, pollinterval: float = 0.1) -> None:
        """Wait for the kernel's end; a forked one says so and need not be asked again and again."""
        if isinstance(self.provisioner, WarmProvisioner):
            await self.provisioner.ended()
        await super()._async_wait(pollinterval)


class WarmEngine(NBClientEngine):
    """Papermill's own engine on warm kernels: one save at the end, a limit for the whole notebook.

    `notebook_timeout` is in seconds; a cell has what is left of it, at most `execution_timeout`.
    """

    @classmethod
    def execute_notebook(cls, nb, kernel_name, output_path=None, **kwargs):
        """Execute without a save per cell; what was reached when it breaks off is kept."""
        try:
            return super().execute_notebook(nb, kernel_name, **kwargs | {"autosave_cell_every": 0})
        except BaseException:
            if output_path:
                write_ipynb(nb, output_path)
            raise

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, notebook_timeout=None, **kwargs):
        """Run the cells in a kernel of a warm manager."""
        kwargs["kernel_manager_class"] = WarmManager
        if notebook_timeout:
            kwargs["timeout_func"] = _remaining(notebook_timeout, kwargs.get("execution_timeout"))
        return super().execute_managed_notebook(nb_man, kernel_name, **kwargs)


def _remaining(notebook_timeout: float, cell_timeout: float | None) -> Callable[[object], float]:
    """Return what a cell may take: its own limit, or what is left for the notebook."""
    deadline = time.monotonic() + notebook_timeout

    def seconds(cell: object) -> float:
        left = max(deadline - time.monotonic(), 0.001)
        return min(left, cell_timeout) if cell_timeout else left

    return seconds
