"""Kernel managers without fixed waits: a client that is ready at once, an end that is told."""

import time
from functools import cache
from queue import Empty
from uuid import uuid4

from jupyter_client import AsyncKernelClient, AsyncKernelManager
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager
from traitlets import default

from warm_kernels.provisioner import WarmProvisioner

_SUBSCRIBED_SECONDS = 0.2


class PromptClient(AsyncKernelClient):
    """A client that is ready as soon as the kernel says idle on the channel of outputs.

    The stock client then listens for another 0.2 s; what it waits for has arrived by then.
    """

    def start_channels(self, *, hb: bool = False, **others: bool) -> None:
        """Start the channels without a heartbeat: whether a kernel lives, its process says."""
        super().start_channels(hb=hb, **others)

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


@cache
def _native_kernel() -> KernelSpec:
    return KernelSpecManager(kernel_dirs=[]).get_kernel_spec(NATIVE_KERNEL_NAME)


class OwnKernels(KernelSpecManager):
    """Kernel specifications; `python3` is always this interpreter, whatever JUPYTER_PATH holds.

    A specification of another interpreter would compute in an environment that nobody recorded.
    """

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the specification of a name; the native kernel's is not looked for in folders."""
        if kernel_name == NATIVE_KERNEL_NAME:
            return _native_kernel()
        return super().get_kernel_spec(kernel_name)


class WarmManager(AsyncKernelManager):
    """A manager of warm kernels, unless the kernel's specification names another provisioner."""

    @default("kernel_spec_manager")
    def _own_kernels(self) -> OwnKernels:
        return OwnKernels(parent=self)

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
