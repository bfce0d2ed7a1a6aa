"""ipykernel's kernel over one socket instead of ZeroMQ: nothing is sent by another thread.

What a cell has put out has left its process before the next one begins, and a kernel that nobody
connects to needs no ports, no keys and no thread that sends, listens or beats.
"""

import asyncio
import contextvars
import multiprocessing
import os
import socket
from typing import Any

from ipykernel.iostream import IOPubThread
from ipykernel.iostream import OutStream as _OutStream
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.session import Session

from warm_kernels import channel


class ChannelSession(Session):
    """Jupyter's session whose messages go to the one client, as type, request and content.

    Processes that a cell has forked may send too: one at a time.
    """

    def __init__(self, end: socket.socket, **given: Any) -> None:
        super().__init__(**given)
        self._end, self._turn = end, multiprocessing.get_context("fork").Lock()

    def send(self, stream, msg_or_type, content=None, parent=None, **given: Any):
        """Send a message to the client, whatever socket it was meant for; return it."""
        message = msg_or_type
        if not isinstance(message, dict):
            made = {name: given.get(name) for name in ("header", "metadata")}
            message = self.msg(msg_or_type, content=content, parent=parent, **made)
        if message["content"].get("execution_state") == "busy":  # which the client knows
            return message
        self.tell(
            message["msg_type"],
            message["content"],
            request=message["parent_header"].get("msg_id", ""),
            metadata=message["metadata"],
            buffers=[bytes(part) for part in given.get("buffers") or ()],
        )
        return message

    def tell(self, kind: str, content: dict, *, request: str = "", metadata=None, buffers=()):
        """Send the client a message of a kind, about a request of its."""
        with self._turn:
            channel.send(self._end, [self.pack([kind, request, content, metadata or {}]), *buffers])

    def feed_identities(self, msg_list, copy=True):
        """Return a request as it is: only the client can have sent it."""
        return [], msg_list

    def deserialize(self, msg_list, content=True, copy=True):
        """Return a request as it is."""
        return msg_list


class NoThread(IOPubThread):
    """Stands where ipykernel has a thread that sends; what it should do is done at once."""

    closed = False

    def __init__(self) -> None:
        self.thread = self.io_loop = self.socket = None

    def schedule(self, f) -> None:
        """Do it."""
        f()


class OutStream(_OutStream):
    """ipykernel's stream, sent as it is written: the client keeps the text until it is flushed."""

    _is_unflushed = False

    def _schedule_flush(self) -> None:
        self._is_unflushed = True
        self._flush()

    def flush(self) -> None:
        """Tell the client that what it has of this stream is an output, if it has anything."""
        if self._is_unflushed:
            self._is_unflushed = False
            parent = self.parent_header.get("msg_id", "")
            self.session.tell("flush", {"name": self.name}, request=parent)


def connect(app: IPKernelApp, end: socket.socket) -> None:
    """Let an application have a channel to its client where it would open sockets."""
    app.outstream_class = "warm_kernels.cell_kernel.OutStream"
    app.session = ChannelSession(end, parent=app)
    app.iopub_thread = NoThread()

    def init_kernel() -> None:
        app.kernel = app.kernel_class.instance(
            parent=app,
            session=app.session,
            iopub_thread=app.iopub_thread,
            log=app.log,
            profile_dir=app.profile_dir,
            user_ns=app.user_ns,
        )
        app.displayhook.get_execution_count = lambda: app.kernel.execution_count

    app.init_kernel = init_kernel
    for part in ("connection_file", "poller", "sockets", "heartbeat"):
        setattr(app, f"init_{part}", lambda: None)
    app.write_connection_file = app.log_connection_info = lambda: None


def serve(app: IPKernelApp, end: socket.socket) -> None:
    """Run the cells that the client asks for, until it closes its end."""
    received, shared, tasks = channel.Received(end), contextvars.copy_context(), set()
    session, kernel = app.session, app.kernel

    def take() -> None:
        for (asked,) in received.read():
            number, content = session.unpack(asked)
            message = session.msg("execute_request", content)
            message["msg_id"] = message["header"]["msg_id"] = number
            tasks.add(task := loop.create_task(kernel.shell_main(None, message), context=shared))
            task.add_done_callback(tasks.discard)
        if received.is_over:
            app.io_loop.stop()

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.add_reader(end.fileno(), take)
    app.start()
    os.close(end.detach())
