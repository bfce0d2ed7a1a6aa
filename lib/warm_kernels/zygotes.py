"""The owner's side: zygotes by what they were started with, and the kernels they fork."""

import atexit
import hashlib
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from select import select

from warm_kernels import preload
from warm_kernels.forked import START_SECONDS, ForkedKernel
from warm_kernels.requests import READY, KernelRequest

LAUNCHER = ("-m", "ipykernel_launcher")
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "ARROW_NUM_THREADS")
# Read by the interpreter or a library when it is loaded: a zygote serves one value of each.
LOADED_WITH = (
    *("PYTHONPATH", "PYTHONHASHSEED", "PYTHONWARNINGS", "PYTHONUTF8", "PYTHONIOENCODING"),
    *("PYTHONOPTIMIZE", "PYTHONDEVMODE", "PYTHONSAFEPATH", "PYTHONHOME", "LD_PRELOAD"),
    *("LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "TZ", "MPLBACKEND", "HOME"),
    *THREADS,
)


@dataclass(frozen=True)
class Elder:
    """A zygote from which other processes have theirs forked, where they need one like it."""

    key: tuple[object, ...]
    control: socket.socket


class _Owned:
    """A running zygote and this process's end of its socket.

    elder: what to fork it from; without one a process is started that loads everything.
    """

    process: subprocess.Popen[bytes] | None = None

    def __init__(
        self, interpreter: str, environment: Mapping[str, str], elder: Elder | None = None
    ) -> None:
        self.kernels: list[ForkedKernel] = []
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            if elder:
                KernelRequest((), {}, "").send(elder.control, [theirs.fileno()])
            else:
                self._start(interpreter, environment, theirs)
        self.control.settimeout(START_SECONDS)

    def _start(
        self, interpreter: str, environment: Mapping[str, str], theirs: socket.socket
    ) -> None:
        self.config = tempfile.TemporaryDirectory(prefix="warm-kernels-")
        # A thread of BLAS would not survive the fork; a kernel that wants several starts cold.
        single = dict.fromkeys(THREADS, "1") | {"MPLCONFIGDIR": self.config.name}
        self.process = subprocess.Popen(
            [interpreter, "-m", "warm_kernels.zygote", str(theirs.fileno())],
            env={**environment, **single},
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def wait_ready(self) -> None:
        try:
            answer = self.control.recv(len(READY))
        except OSError:
            answer = b""
        if answer != READY:
            self.close(at_once=True)
            raise OSError("the zygote ended while it loaded")

    def fork(self, request: KernelRequest, descriptors: list[int]) -> ForkedKernel:
        ours, theirs = socket.socketpair()
        try:
            request.send(self.control, [theirs.fileno(), *descriptors])
        finally:
            theirs.close()
        kernel = ForkedKernel(ours)
        self.kernels = [*(k for k in self.kernels if k.poll() is None), kernel]
        return kernel

    def is_idle(self) -> bool:
        return all(kernel.poll() is not None for kernel in self.kernels)

    def has_ended(self) -> bool:
        """Say whether it is gone: a zygote that is ready says nothing more, so this is the end."""
        return bool(select([self.control], [], [], 0)[0])

    def close(self, *, at_once: bool = False) -> None:
        self.control.close()
        if self.process:
            if at_once:
                self.process.kill()
            self.process.wait()
            self.config.cleanup()


_zygotes: dict[tuple, _Owned] = {}
_lock = threading.Lock()
_elder: Elder | None = None


def _files_state() -> str:
    """Return a digest of size and time of every file that a zygote has loaded."""
    watched = (folder for module in preload.loaders() for folder in module.watched())
    states = sorted(state for folder in watched for state in _states(folder))
    return hashlib.sha256("\n".join(states).encode()).hexdigest()


def _states(folder: str | Path) -> Iterator[str]:
    """Yield path, size and time of every file of a folder: each kernel asks, so not by pathlib."""
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _states(entry.path)
            elif not entry.name.endswith(".pyc"):
                status = entry.stat()
                yield f"{entry.path} {status.st_size} {status.st_mtime_ns}"


def _rc_state(environment: Mapping[str, str]) -> str:
    folder = environment.get("MPLCONFIGDIR", "")
    path = Path(folder) / "matplotlibrc"
    return path.read_text(encoding="utf-8") if folder and path.is_file() else ""


def _key(interpreter: str, environment: Mapping[str, str]) -> tuple:
    ours = (name for module in preload.loaders() for name in module.VARIABLES)
    loaded = tuple(environment.get(name) for name in (*LOADED_WITH, *ours))
    return os.getpid(), interpreter, loaded, _rc_state(environment), _files_state()


def _serves(command: list[str], environment: Mapping[str, str]) -> bool:
    """Say whether a zygote can stand in for this command and environment."""
    wants_threads = any(environment.get(name, "1") != "1" for name in THREADS)
    return (
        sys.platform == "linux"
        and tuple(command[1:3]) == LAUNCHER
        and "WARM_KERNELS_OFF" not in environment
        and not wants_threads
    )


def _zygote(interpreter: str, environment: Mapping[str, str]) -> _Owned:
    """Return the zygote for this environment, starting it; retire those that serve nobody."""
    key = _key(interpreter, environment)
    for old in [k for k in _zygotes if k != key and k[0] == key[0] and _zygotes[k].is_idle()]:
        _zygotes.pop(old).close()
    if key in _zygotes and _zygotes[key].has_ended():
        _zygotes.pop(key).close()
    if key not in _zygotes:
        _zygotes[key] = _ready(interpreter, environment, key)
    return _zygotes[key]


def _ready(interpreter: str, environment: Mapping[str, str], key: tuple[object, ...]) -> _Owned:
    """Return a new zygote that is ready: forked from the elder, if it is like it and there."""
    if _elder and _elder.key == key[1:]:
        with suppress(OSError):
            forked = _Owned(interpreter, environment, _elder)
            forked.wait_ready()
            return forked
    started = _Owned(interpreter, environment)
    started.wait_ready()
    return started


def start_elder() -> Elder:
    """Start a zygote that further processes may have theirs forked from; do not wait for it."""
    started = _Owned(sys.executable, os.environ)
    atexit.register(started.close, at_once=True)
    return Elder(_key(sys.executable, os.environ)[1:], started.control)


def follow(elder: Elder) -> None:
    """Have the zygotes of this process forked from an elder of another process."""
    global _elder
    _elder = elder


def fork(
    command: list[str], environment: Mapping[str, str], folder: str, descriptors: list[int]
) -> ForkedKernel | None:
    """Fork a kernel for a launch command, or return None where only a cold one will do.

    descriptors: of its two output streams, and of the channel to its client where it has one.
    """
    if not _serves(command, environment):
        return None
    request = KernelRequest(tuple(command[3:]), dict(environment), folder)
    with _lock:
        try:
            return _zygote(command[0], environment).fork(request, descriptors)
        except OSError:
            return None


@atexit.register
def close() -> None:
    """End the zygotes of this process, and with them every kernel they forked."""
    for key in [key for key in _zygotes if key[0] == os.getpid()]:
        _zygotes.pop(key).close()
