"""The process that forks kernels: single-threaded, started by its owner, gone with its owner.

Run as `python -m warm_kernels.zygote DESCRIPTOR`, where the descriptor is one end of a socket pair.
"""

import contextlib
import ctypes
import gc
import os
import selectors
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Collection, Iterator
from functools import partial
from pathlib import Path

from warm_kernels import preload

_DIE_WITH_PARENT, _ADOPT_ORPHANS = 1, 36  # PR_SET_PDEATHSIG, _CHILD_SUBREAPER in linux/prctl.h


class Zygote:
    """Fork on request, tell every child's end over its own socket, leave nobody behind.

    is_prepared: forked from another zygote for kernels that share a preparation. When its owner
    wants no more of them it waits for those that run; another one ends them.
    """

    def __init__(
        self, control: socket.socket, set_by_imports: dict[str, str], *, is_prepared: bool = False
    ) -> None:
        self.control, self.set_by_imports = control, set_by_imports
        self.is_prepared, self.is_retired = is_prepared, False
        self.children: dict[int, socket.socket] = {}
        self.prepared: dict[str, socket.socket] = {}  # by what was prepared: the latest only
        self.preparing: set[int] = set()
        _adopt_orphans()
        self.wakeup, wake = socket.socketpair()
        for end in (self.wakeup, wake):
            end.setblocking(False)
        self._wake = wake
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)

    def serve(self) -> None:
        """Answer requests until the owner is gone, then end what it left running."""
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.control, selectors.EVENT_READ, self._answer)
        self.selector.register(self.wakeup, selectors.EVENT_READ, self._reap)
        serving = True
        while serving:
            for key, _ in self.selector.select():
                serving = key.data() and serving
        for pid in self.children:
            _kill_group(pid)
        _end_children()

    def _answer(self) -> bool:
        from warm_kernels.requests import receive

        try:
            received = receive(self.control)
        except ConnectionError:
            received = None
        if received is None:
            return self._retire()
        request, descriptors = received
        if len(descriptors) == 1:
            self._fork_zygote(socket.socket(fileno=descriptors[0]))
            return True
        if not self.is_prepared and (wanted := preload.preparation(request.environment)):
            self._pass_on(request, descriptors, wanted)
            return True
        status, *given = descriptors
        connection = socket.socket(fileno=status)
        request.environment.update(self.set_by_imports)
        pid = self._fork(partial(_become, request, connection, given))
        for descriptor in given:
            os.close(descriptor)
        self.children[pid] = connection
        return True

    def _fork(self, work: Callable[[], int]) -> int:
        """Let a child do some work; return its number.

        It gives up everything that belongs to the zygote, and ends when the zygote does.
        """
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                self._leave()
                os.setsid()
                ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
                code = work()
            except SystemExit as left:
                code = left.code if isinstance(left.code, int) else int(left.code is not None)
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(code)
        return pid

    def _fork_zygote(self, control: socket.socket) -> None:
        """Fork a zygote like this one for another owner, who is told that it is ready."""
        self.preparing.add(self._fork(partial(_serve, control, self.set_by_imports)))
        control.close()

    def _retire(self) -> bool:
        """Say whether to go on without an owner: only for kernels that still run."""
        if not self.is_prepared:
            return False
        self.selector.unregister(self.control)
        self.is_retired = True
        return bool(self.children)

    def _pass_on(self, request, descriptors: list[int], wanted: str) -> None:
        """Let a process that has prepared what the kernel needs fork it; the latest is kept."""
        if wanted not in self.prepared:
            for control in self.prepared.values():
                control.close()
            self.prepared = {wanted: self._fork_prepared(request.environment, descriptors)}
        try:
            request.send(self.prepared[wanted], descriptors)
        except OSError:  # it has ended: the kernel's owner is told by the closed socket
            self.prepared.pop(wanted).close()
        for descriptor in descriptors:
            os.close(descriptor)

    def _fork_prepared(self, environment: dict[str, str], descriptors: list[int]) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)

        def serve() -> int:
            ours.close()
            for descriptor in descriptors:
                os.close(descriptor)
            return _serve_prepared(theirs, environment, self.set_by_imports)

        self.preparing.add(self._fork(serve))
        theirs.close()
        return ours

    def _reap(self) -> bool:
        while self.wakeup.recv(4096) == b"\0" * 4096:
            pass
        for pid, status in _ended():
            self.preparing.discard(pid)
            if pid in self.children:
                _kill_group(pid)
                connection = self.children.pop(pid)
                # The kernels that still run have what their own processes left behind.
                _end_children({*self.children, *self.preparing})
                _tell(connection, os.waitstatus_to_exitcode(status))
        return bool(self.children) or not self.is_retired

    def _leave(self) -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        kept = (*self.children.values(), *self.prepared.values())
        for end in (self.control, self.wakeup, self._wake, *kept):
            end.close()


def _adopt_orphans() -> None:
    """Let what the processes below leave behind become this process's, wherever it moved to."""
    ctypes.CDLL(None).prctl(_ADOPT_ORPHANS, 1)


def _tell(connection: socket.socket, code: int) -> None:
    with contextlib.suppress(OSError):  # its owner may no longer listen
        connection.sendall(f"exit {code}\n".encode())
    connection.close()


def _ended() -> Iterator[tuple[int, int]]:
    """Yield process and status of every child that has ended, adopted ones included."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        yield pid, status


def _end_children(but: Collection[int] = ()) -> None:
    """End every child but some, and theirs, which come to this process one by one."""
    while children := set(_children()) - set(but):
        for pid in children:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def _children() -> list[int]:
    """Return the children of this process; none where the system does not tell."""
    try:
        text = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(pid) for pid in text.split()]


def _kill_group(pid: int) -> None:
    with contextlib.suppress(OSError):
        os.killpg(pid, signal.SIGKILL)


def _serve(control: socket.socket, set_by_imports: dict[str, str]) -> int:
    """Say that this process is ready and serve an owner to the end."""
    from warm_kernels.requests import READY

    with contextlib.suppress(ConnectionError):  # whoever started this process is gone
        control.sendall(READY)
        Zygote(control, set_by_imports).serve()
    return 0


def _serve_prepared(
    control: socket.socket, environment: dict[str, str], set_by_imports: dict[str, str]
) -> int:
    """Prepare what kernels share and serve them.

    What was prepared is of no use where it has started a thread, which no fork takes along.
    """
    os.environ.clear()
    os.environ.update(environment | set_by_imports)
    preload.prepare()
    gc.freeze()
    if _threads() > 1:
        return 1
    Zygote(control, set_by_imports, is_prepared=True).serve()
    return 0


def _threads() -> int:
    try:
        return len(os.listdir("/proc/self/task"))  # noqa: PTH208
    except OSError:
        return 1


def _become(request, connection: socket.socket, given: list[int]) -> int:
    """Turn the forked child into the kernel that was asked for; return its exit code.

    given: its output streams, and the channel to its client where it has one.
    """
    _adopt_orphans()  # until its end, when they become the zygote's, which ends them
    streams, channel = given[:2], given[2:]
    _redirect(streams)
    from warm_kernels.child import run_cells, run_kernel

    if channel:
        return run_cells(request, lambda: _say_bound(connection), socket.socket(fileno=channel[0]))
    return run_kernel(request, lambda: _say_bound(connection))


def _say_bound(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):  # who asked for it may be gone
        connection.sendall(f"pid {os.getpid()}\n".encode())
    connection.close()


def _redirect(streams: list[int]) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (streams[0], 1), (streams[1], 2)):
        os.dup2(source, target)
    for descriptor in (nothing, *streams):
        if descriptor > 2:
            os.close(descriptor)


def main() -> None:
    """Load everything, say so, serve."""
    if sys.path[0] in ("", str(Path.cwd())):
        del sys.path[0]  # as ipykernel_launcher does
    control = socket.socket(fileno=int(sys.argv[1]))
    _serve(control, preload.load())


if __name__ == "__main__":
    main()
