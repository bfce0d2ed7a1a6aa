"""papermill's client, hearing a forked kernel directly: one wait per message, no task per cell.

The stock client gives each cell three tasks of an event loop and polls whether the kernel lives.
What is done with a message stays nbclient's; only how messages are awaited is ours.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

import zmq
from nbclient.exceptions import (
    CellExecutionComplete,
    CellExecutionError,
    CellTimeoutError,
    DeadKernelError,
)
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from traitlets import Int

from warm_kernels.forked import ForkedKernel

_PARTS = {  # of an output, by its kind
    "stream": ("name", "text"),
    "display_data": ("data", "metadata"),
    "execute_result": ("data", "metadata", "execution_count"),
}
_AT_ONCE = 100  # messages that are processed before time and size are looked at again
_LAST_WORDS = 0.05  # seconds in which the outputs of a kernel that has ended still arrive


def _messages(socket: zmq.Socket, session) -> Iterator[dict]:
    """Yield the messages that have arrived; one with a wrong signature is passed over."""
    while socket.poll(0):
        _, (signature, *parts) = session.feed_identities(socket.recv_multipart())
        if not hmac.compare_digest(signature, session.sign(parts[:4])):
            continue
        header, parent, metadata, content = map(session.unpack, parts[:4])
        yield {
            "header": header,
            "msg_id": header["msg_id"],
            "msg_type": header["msg_type"],
            "parent_header": parent,
            "metadata": metadata,
            "content": content,
            "buffers": parts[4:],
            "size": sum(map(len, parts)),
        }


class _Exchange:
    """One request and what answers it: the reply, and outputs up to idle.

    process: what is done with an output; raises CellExecutionComplete at idle.
    """

    def __init__(self, client: DirectClient, request: str, process: Callable) -> None:
        channels, self.session = client.kc, client.kc.session
        self.request, self.process = request, process
        self.reply, self.is_idle = None, False
        self.size, self.most = 0, client.most_output
        self.outputs = zmq.Socket.shadow(channels.iopub_channel.socket)
        self.replies = zmq.Socket.shadow(channels.shell_channel.socket)
        self.kernel = client.km.provisioner.process
        self.poller = zmq.Poller()
        for source in (self.outputs, self.replies, self.kernel.fileno()):
            self.poller.register(source, zmq.POLLIN)

    @property
    def is_over(self) -> bool:
        """Say whether the kernel has replied and is idle again."""
        return self.reply is not None and self.is_idle

    def hear(self, seconds: float | None) -> None:
        """Wait for something, at most so long; keep the reply, process outputs that belong here.

        Raises TimeoutError, and DeadKernelError once an ended kernel has been heard out.
        """
        is_late = seconds is not None and seconds <= 0
        if is_late or not self.poller.poll(None if seconds is None else seconds * 1000):
            raise TimeoutError
        self._take()
        if self.kernel.poll() is None:
            return
        while not self.is_over and self.outputs.poll(_LAST_WORDS * 1000):
            self._take()
        if not self.is_over:
            died = DeadKernelError("Kernel died")
            died.exit_code = self.kernel.returncode
            raise died

    def _take(self) -> None:
        """Take what is there: the reply, and outputs up to idle."""
        if self.reply is None:
            self.reply = next(self._own(self.replies), None)
        if not self.is_idle:
            self._process_outputs()

    def _process_outputs(self) -> None:
        for message in islice(self._own(self.outputs), _AT_ONCE):
            self.size += message["size"]
            if self.size > self.most:
                raise TooMuchOutputError(f"more than {self.most} bytes of output")
            try:
                self.process(message)
            except CellExecutionComplete:
                self.is_idle = True
                return

    def _own(self, source: zmq.Socket) -> Iterator[dict]:
        for message in _messages(source, self.session):
            if message["parent_header"].get("msg_id") == self.request:
                yield message


class TooMuchOutputError(Exception):
    """A cell has put out more than a notebook should hold."""


class DirectClient(PapermillNotebookClient):
    """papermill's client for forked kernels; for any other kernel it is papermill's own."""

    most_output = Int(20 * 2**20, help="bytes that a cell may put out").tag(config=True)

    @property
    def _hears_directly(self) -> bool:
        return isinstance(self.km.provisioner.process, ForkedKernel)

    def execute(self, **kwargs):
        """Execute the notebook; a kernel that was lent is left running, without our channels."""
        try:
            return super().execute(**kwargs)
        finally:
            if not self.owns_km and self.kc:
                self.kc.stop_channels()

    def papermill_execute_cells(self) -> None:
        """Execute the cells of code; papermill's own loop also clocks those of text."""
        for index, cell in enumerate(self.nb.cells):
            if cell.cell_type != "code":
                continue
            try:
                self.nb_man.cell_start(cell, index)
                self.execute_cell(cell, index)
            except CellExecutionError as error:
                self.nb_man.cell_exception(cell, cell_index=index, exception=error)
                break
            finally:
                self.nb_man.cell_complete(cell, cell_index=index)

    def output(self, outs, msg, display_id, cell_index):
        """Keep a plain output as it came; nbformat would validate what ipykernel has made."""
        parts = _PARTS.get(msg["msg_type"])
        hooks = self.output_hook_stack[msg["parent_header"].get("msg_id")]
        if parts is None or display_id or hooks or self.clear_before_next_output:
            return super().output(outs, msg, display_id, cell_index)
        made = NotebookNode(output_type=msg["msg_type"])
        dict.update(made, {name: msg["content"][name] for name in parts})  # as they are, within
        outs.append(made)
        return made

    async def _async_poll_kernel_alive(self) -> None:
        if not self._hears_directly:  # a forked kernel's socket says so
            await super()._async_poll_kernel_alive()

    async def _async_poll_output_msg(self, parent_msg_id, cell, cell_index) -> None:
        if not self._hears_directly:
            await super()._async_poll_output_msg(parent_msg_id, cell, cell_index)
            return
        process = partial(self.process_message, cell=cell, cell_index=cell_index)
        exchange = self._exchange = _Exchange(self, parent_msg_id, process)
        timeout = self._get_timeout(cell)
        left = _clock(timeout)
        while exchange.reply is None:
            try:
                exchange.hear(left())
            except TimeoutError:
                exchange.reply = await self._async_handle_timeout(timeout, cell)
        while not exchange.is_over:
            try:
                exchange.hear(self.iopub_timeout)
            except TimeoutError:
                raise CellTimeoutError.error_from_timeout_and_cell(
                    "Timeout waiting for IOPub output", self.iopub_timeout, cell
                ) from None

    async def _async_poll_for_reply(self, msg_id, cell, timeout, *tasks) -> dict:
        if not self._hears_directly:
            return await super()._async_poll_for_reply(msg_id, cell, timeout, *tasks)
        await tasks[0]  # which reads outputs, and the reply with them
        return self._exchange.reply


def _clock(seconds: float | None) -> Callable[[], float | None]:
    """Return a function that says what is left of a time; None is no limit."""
    began = time.monotonic()
    return lambda: None if seconds is None else began + seconds - time.monotonic()
