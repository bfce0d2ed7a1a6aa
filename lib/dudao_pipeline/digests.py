"""sha256 of files, remembered for as long as a file is untouched.

A remembered digest holds while device, inode, size, time of change and time of the inode's change
(ctime) are those of the file that was read. A program can set the time of change back, but not
ctime: a figure changed in a file of the same size and time is read again.
"""

import atexit
import hashlib
import json
import os
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

from dudao_pipeline.files import write

_SETTLED = 50_000_000  # nanoseconds; two changes within one tick of the clock have one time
_LOCKED = 0o700


def sha256(path: Path) -> str:
    """Return the sha256 of a file, read whole."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def of_text(text: str) -> str:
    """Return the sha256 of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def remembered(path: Path) -> str:
    """Return the sha256 of a file; read only if it was touched since it was read last."""
    state = path.stat()
    touched = max(state.st_ctime_ns, state.st_mtime_ns)
    seal = [state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns]
    before = _memory().get(str(path))
    if before and before[0] == seal:
        return before[1]
    digest = sha256(path)
    if time.time_ns() - touched > _SETTLED:
        _memory()[str(path)] = (seal, digest)
        _register()
    return digest


def is_as_recorded(path: Path, digest: str, *, fully: bool = False) -> bool:
    """Say whether a file is there with this sha256. fully: read it, whatever is remembered."""
    try:
        return (sha256 if fully else remembered)(path) == digest
    except OSError:
        return False


@cache
def _file() -> Path | None:
    """Return where digests are kept between commands: the user's cache, None where there is none.

    Never among the results, which hold nothing that varies.
    """
    try:
        home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    except RuntimeError:  # a user without a home
        return None
    return Path(home) / "dudao" / "digests.json"


@cache
def _memory() -> dict[str, tuple[list[int], str]]:
    path = _file()
    try:
        read = json.loads(path.read_text(encoding="utf-8")) if path else {}
        return {str(name): (list(seal), str(digest)) for name, (seal, digest) in read.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


@cache
def _register() -> None:
    """Keep what was read new, once, when this process ends."""
    owner = os.getpid()
    atexit.register(lambda: _save() if os.getpid() == owner else None)


def _save() -> None:
    """Write what is remembered of files that still exist; without room for it nothing is kept."""
    path = _file()
    if path is None:
        return
    lasting = {name: entry for name, entry in sorted(_memory().items()) if Path(name).exists()}
    with suppress(OSError):
        path.parent.mkdir(mode=_LOCKED, parents=True, exist_ok=True)
        write(path, json.dumps(lasting))
