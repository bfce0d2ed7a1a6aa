"""A kernel that a zygote has forked, as Jupyter wants to see it."""

import os
import select
import signal
import socket

START_SECONDS = 60


def limit_memory(pid: int, megabytes: int) -> None:
    """Limit the address space of a process; 0 is no limit."""
    if megabytes:
        import resource  # not on every system

        most = megabytes * 2**20
        resource.prlimit(pid, resource.RLIMIT_AS, (most, most))


class ForkedKernel:
    """A kernel forked by a zygote, with the methods of `subprocess.Popen` that Jupyter uses."""

    stdin = stdout = stderr = None

    def __init__(self, status: socket.socket) -> None:
        self.status = status
        self.returncode: int | None = None
        self._said = b""
        self.pid = self._read_pid()

    def _read_pid(self) -> int:
        self.status.settimeout(START_SECONDS)
        while b"\n" not in self._said:
            answer = self.status.recv(64)
            if not answer:
                raise OSError("the zygote ended before it forked")
            self._said += answer
        line, _, self._said = self._said.partition(b"\n")
        if not line.startswith(b"pid "):
            raise OSError("the kernel ended before it listened")
        self.status.setblocking(False)
        return int(line.removeprefix(b"pid "))

    def fileno(self) -> int:
        """Return the descriptor that becomes readable when the kernel has ended."""
        return self.status.fileno()

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs; a lost zygote takes its kernels along."""
        while self.returncode is None:
            try:
                answer = self.status.recv(64)
            except BlockingIOError:
                return None
            except OSError:
                answer = b""
            self._said += answer
            if not answer or self._said.endswith(b"\n"):
                word, _, code = self._said.decode().strip().partition(" ")
                self.returncode = int(code) if word == "exit" else -signal.SIGKILL
                self.status.close()
        return self.returncode

    def wait(self, seconds: float | None = None) -> int | None:
        """Wait for the end and return the exit code; None where it takes longer."""
        if self.returncode is None:
            ended = select.poll()
            ended.register(self.status, select.POLLIN)
            ended.poll(None if seconds is None else seconds * 1000)
        return self.poll()

    def send_signal(self, number: int) -> None:
        """Signal the kernel, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)
