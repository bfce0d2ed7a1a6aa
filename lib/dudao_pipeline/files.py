"""Writing so that a reader sees the old file or the new one; what a killed writer left is cleared.

A file is written beside its place under a hidden name that tells host and process, and renamed.
"""

import json
import os
import re
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

_PARTIAL = re.compile(r"\..*\.(?P<host>[^.]+)-(?P<process>\d+)\.partial", re.DOTALL)
_UNFIT = re.compile(r'[\\/:*?"<>|\s]+')
_ABANDONED = 86_400  # seconds after which another machine's leftover is nobody's
_LONGEST = 80  # bytes of a name that are kept in its partial's: names have room for 255


def fit_for_files(name: str) -> str:
    """Return a name without the signs that a file's name may not hold on every system."""
    return _UNFIT.sub("_", name)


@cache
def _host() -> str:
    return re.sub(r"[^A-Za-z0-9_]", "_", socket.gethostname())[:40] or "_"


def partial_of(path: Path) -> Path:
    """Return the hidden name beside a file or folder under which this process writes it."""
    short = path.name.encode()[:_LONGEST].decode(errors="ignore")
    return path.absolute().with_name(f".{short}.{_host()}-{os.getpid()}.partial")


@contextmanager
def replacing(path: Path, *, lasting: bool = False) -> Iterator[Path]:
    """Give a partial file to write; it takes the file's place at the end, or vanishes on error.

    lasting: what was written survives a loss of power once this returns.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = partial_of(path)
    try:
        yield partial
        if lasting:
            _sync(partial)
        partial.replace(path)
        if lasting:
            _sync(path.parent)
    except BaseException:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise


def _sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write(path: Path, content: str | bytes, *, lasting: bool = False) -> None:
    """Replace a file in one step; leave it alone if it already says the same."""
    data = content.encode() if isinstance(content, str) else content
    if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data:
        return
    with replacing(path, lasting=lasting) as partial:
        partial.write_bytes(data)


def write_json(path: Path, content: object, *, lasting: bool = False) -> None:
    """Write JSON in one step, keys sorted."""
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    write(path, text + "\n", lasting=lasting)


def copy_file(source: Path, target: Path) -> None:
    """Copy a file to where its folder may not be yet."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def write_folder(path: Path, fill: Callable[[Path], None]) -> None:
    """Make a folder in one step, which lasts: filled under a hidden name, brought to the disk."""
    partial = partial_of(path)
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        fill(partial)
        for inside in sorted(partial.rglob("*")):
            _sync(inside)
        partial.rename(path)
        _sync(path.parent)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


@contextmanager
def scratch_folder(kind: str) -> Iterator[Path]:
    """Give a temporary folder; those of the same kind whose processes were killed are removed.

    Its name tells host and process: `dudao-<kind>-<host>-<process>-…`.
    """
    start = f"dudao-{kind}-"
    owned = re.compile(rf"{start}(?P<host>[^-]+)-(?P<process>\d+)-\w+")
    for path in Path(tempfile.gettempdir()).glob(f"{start}*"):
        match = owned.fullmatch(path.name)
        if match and match["host"] == _host() and not _is_running(int(match["process"])):
            shutil.rmtree(path, ignore_errors=True)
    prefix = f"{start}{_host()}-{os.getpid()}-"
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as name:
        yield Path(name)


def clear_leftovers(folder: Path) -> None:
    """Remove what writers that are gone left half written, in a folder and all below it."""
    for at, folders, files in os.walk(folder):
        for name in (*folders, *files):
            if name.startswith(".") and _is_abandoned(Path(at) / name):
                _remove(Path(at) / name)


def _is_abandoned(path: Path) -> bool:
    match = _PARTIAL.fullmatch(path.name)
    if match is None:
        return False
    if match["host"] == _host():
        return not _is_running(int(match["process"]))
    with suppress(OSError):
        return time.time() - path.lstat().st_mtime > _ABANDONED
    return False


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is another user's
        return True
    return True


def _remove(path: Path) -> None:
    with suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()


def is_lock(path: Path) -> bool:
    """Say whether a program left a file beside the one it opened: Excel ~$, WPS .~, macOS ._."""
    return path.name.startswith(("~$", ".~", "._"))


def is_folder(path: Path) -> bool:
    """Say whether a path is a folder; one that nobody may look into, or look up, is none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def is_file(path: Path) -> bool:
    """Say whether a path is a file; one that nobody may look into, or look up, is none."""
    try:
        return path.is_file()
    except OSError:
        return False
