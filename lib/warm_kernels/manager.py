"""The manager of kernels that are warm where they can be."""

from functools import cache
from uuid import uuid4

from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager
from traitlets import default

from warm_kernels.provisioner import WarmProvisioner


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

    async def _async_pre_start_kernel(self, **kwargs):
        if self.provisioner is None and "kernel_provisioner" not in self.kernel_spec.metadata:
            self.kernel_id = self.kernel_id or kwargs.pop("kernel_id", str(uuid4()))
            made = {"kernel_id": self.kernel_id, "kernel_spec": self.kernel_spec, "parent": self}
            self.provisioner = WarmProvisioner(**made)
        return await super()._async_pre_start_kernel(**kwargs)

    pre_start_kernel = _async_pre_start_kernel
