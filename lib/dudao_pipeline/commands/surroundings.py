"""What a command needs of the machine, made good before anything is loaded that would fail."""

import atexit
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_LONGEST = 107  # bytes of a local socket's address
_SOCKET = len("/pymp-12345678/listener-12345678")  # what multiprocessing adds to the folder
_SHORT = ("/tmp", "/var/tmp", "/run")


def give_home() -> None:
    """Give a user without a home (a container's arbitrary number) one that lasts a command."""
    try:
        Path.home()
    except RuntimeError:
        os.environ["HOME"] = tempfile.mkdtemp(prefix="dudao-home-")
        atexit.register(_remove, os.environ["HOME"], os.getpid())


def _remove(folder: str, owner: int) -> None:
    """Remove a folder at the end of its owner, not of a child that was forked from it."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


def shorten_temporary() -> None:
    """Use the system's temporary folder where the named one is too long for a local socket.

    The address counts bytes, of which a Chinese character takes three.
    """
    if len(os.fsencode(tempfile.gettempdir())) + _SOCKET <= _LONGEST:
        return
    for folder in _SHORT:
        if os.access(folder, os.W_OK | os.X_OK):
            os.environ["TMPDIR"] = tempfile.tempdir = folder
            return


def raise_file_limit() -> None:
    """Open as many files as the system allows; the usual soft limit may be lower."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard == resource.RLIM_INFINITY or soft < hard:
            wanted = 65_536 if hard == resource.RLIM_INFINITY else hard
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


@contextmanager
def terminated_as_interrupted() -> Iterator[None]:
    """Take SIGTERM, of a batch queue or a container's end, for Ctrl-C: what is done is kept."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGTERM, interrupt)
    except ValueError:  # not the main thread, which alone hears signals
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def return_memory() -> None:
    """Let pyarrow give back what it no longer needs: its usual allocator keeps it for later."""
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")


def prepare() -> None:
    """Make good what can be made good."""
    return_memory()
    give_home()
    shorten_temporary()
    raise_file_limit()
