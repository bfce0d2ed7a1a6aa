"""The boundary of a command: what escapes it becomes a Chinese sentence and a log, no traceback.

A `DudaoError` says itself what, where, and what to do next. Of anything else the user gets one
sentence and the path of the log that holds the traceback.
"""

from __future__ import annotations

import errno
import os
import re
import sys
import tempfile
import traceback
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from dudao.base import workspace
from dudao.base.errors import DudaoError

LOGS = "logs"  # in the folder of outputs, else in the temporary one
_SPACE = ("磁盘空间不足", "请清理磁盘或换一个位置后重试")
_RIGHTS = ("没有读写权限", "请换一个可写的位置，或请管理员授权后重试")
_BROKEN = ("读写出错", "请检查磁盘、U盘或网络盘的连接后重试")
_TAKEN = ("这里应是文件夹，却是一个文件", "请移走该文件，或换一个文件夹")
_WORDS = {
    errno.ENOSPC: _SPACE,
    errno.EDQUOT: ("磁盘配额已用完", "请清理磁盘或换一个位置后重试"),
    errno.EFBIG: ("文件超出大小限制", "请换一个位置后重试"),
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
    errno.EROFS: ("所在的磁盘是只读的", "请换一个可写的位置后重试"),
    errno.EMFILE: ("打开的文件过多", "请用 ulimit -n 4096 放宽限制后重试"),
    errno.ENFILE: ("系统打开的文件过多", "请关闭其他程序后重试"),
    errno.ENAMETOOLONG: ("文件名或路径过长", "请缩短文件名（汉字每个占三个字节，最多255字节）"),
    errno.ENOTDIR: _TAKEN,
    errno.EEXIST: _TAKEN,
    errno.EISDIR: ("这里应是文件，却是一个文件夹", "请给出文件名"),
    errno.ENOENT: ("找不到", "请检查路径是否存在"),
    errno.ENOTEMPTY: ("文件夹不为空", "请换一个文件夹"),
    errno.EBUSY: ("正被其他程序占用", "请关闭打开它的程序后重试"),
    errno.ETXTBSY: ("正被其他程序占用", "请关闭打开它的程序后重试"),
    errno.EIO: _BROKEN,
    errno.ESTALE: _BROKEN,
    errno.ELOOP: ("链接循环", "请检查路径中的链接"),
    errno.ENOMEM: ("内存不足", "请关闭其他程序，或用 --workers 1 减少并行后重试"),
    errno.EAGAIN: ("系统不允许再启动进程", "请用 --workers 1 减少并行后重试"),
}
_EXHAUSTED = (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOSPC, errno.EDQUOT)
_OF_MACHINE = (*_EXHAUSTED, errno.EROFS, errno.EACCES, errno.EIO, errno.ESTALE, errno.EAGAIN)
_FEWEST_FILES = 256  # a worker with its kernel and sockets opens about a hundred
_OF_PATHS = (
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENAMETOOLONG, errno.ENOTDIR, errno.EEXIST),
    *(errno.EISDIR, errno.ENOENT, errno.ENOTEMPTY, errno.ELOOP, errno.ETXTBSY, errno.EBUSY),
)
_OTHER = ("读写失败", "请检查该位置后重试")


def _cause(error: BaseException) -> BaseException:
    """Return the error of the operating system behind another, or the error itself."""
    seen: BaseException | None = error
    while seen is not None and not isinstance(seen, (OSError, MemoryError)):
        seen = seen.__cause__ or seen.__context__
    return seen or error


def few_files() -> str:
    """Return what to say where fewer files may be open than a run needs, else ""."""
    try:
        import resource

        limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    except (ImportError, OSError):
        return ""
    if not 0 <= limit < _FEWEST_FILES:
        return ""
    what, advice = _WORDS[errno.EMFILE]
    return f"{what}（上限只有{limit}），{advice}"


def is_of_machine(error: BaseException) -> bool:
    """Say whether the machine had no more to give: the file that was asked for is not at fault."""
    return isinstance(error, MemoryError) or getattr(error, "errno", None) in _EXHAUSTED


def of_machine(error: BaseException, text: str = "") -> str:
    """Return what the machine refused, or "": from an error, or from the text of a kernel's."""
    number = getattr(_cause(error), "errno", None)
    if not isinstance(number, int):
        match = re.search(r"\[Errno (\d+)\]", text)
        number = int(match[1]) if match else 0
    text_of_error = text + str(error)
    if "Too many open files" in text_of_error:
        number = errno.EMFILE
    if number not in _OF_MACHINE:
        return ""
    what, advice = _WORDS[number]
    return f"{what}，{advice}"


def explain(error: BaseException) -> str:
    """Return one Chinese sentence on an error: what, where, and what to do next."""
    if isinstance(error, DudaoError):
        return str(error)
    cause = _cause(error)
    if isinstance(cause, MemoryError):
        return "内存不足。请关闭其他程序，或用 --workers 1 减少并行后重试。"
    if not isinstance(cause, OSError) or cause.errno is None:
        return f"程序出错（{type(error).__name__}），未能完成。"
    what, advice = _WORDS.get(cause.errno, _OTHER)
    where = _file_of(cause)
    if not where and _in_shared_memory(cause):
        where, what = "/dev/shm", "共享内存不可用"
        advice = "请让管理员使 /dev/shm 可写后重试"
    return f"{where}：{what}。{advice}。" if where else f"{what}。{advice}。"


def of_paths(error: BaseException, given: Iterable[Path]) -> str:
    """Return what a path that a user gave cannot be used for, "" where it is not at fault.

    What a program writes first it writes beside the file that was asked for.
    """
    cause = _cause(error)
    named = _file_of(cause) if isinstance(cause, OSError) else ""
    if not named or cause.errno not in _OF_PATHS:
        return ""
    at = Path(named).absolute()
    for path in given:
        asked = path.absolute()
        is_beside = at.parent == asked.parent and asked.name in at.name
        if is_beside or at == asked or at in asked.parents or asked in at.parents:
            what, advice = _WORDS[cause.errno]
            return f"{path}：{what}。{advice}。"
    return ""


def _file_of(error: OSError) -> str:
    """Return the file that an error names; of two the one that was to be written."""
    named = error.filename2 or error.filename
    return os.fsdecode(named) if isinstance(named, (str, bytes)) else ""


def _in_shared_memory(error: OSError) -> bool:
    """Say whether a lock of the processes could not be made: such an error names no file."""
    frames = traceback.extract_tb(error.__traceback__)
    return bool(frames) and frames[-1].filename.endswith("synchronize.py")


def write_log(error: BaseException) -> Path | None:
    """Write the traceback to a log of its own; return its path, None where none can be written."""
    text = "".join(traceback.format_exception(error))
    name = f"{datetime.now():%Y%m%d-%H%M%S}-{os.getpid()}"
    for folder in (workspace.outputs() / LOGS, Path(tempfile.gettempdir()) / "dudao-logs"):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = next(p for at in range(1000) if not (p := folder / f"{name}-{at}.log").exists())
            path.write_text(f"dudao {' '.join(sys.argv[1:])}\n{text}", encoding="utf-8")
        except (OSError, StopIteration):
            continue
        return path
    return None


def report(error: BaseException, subject: str = "") -> str:
    """Return the sentence on an error, after its subject; with the path of its log if it has one.

    Only an error that says nothing of itself to a user is logged.
    """
    message = explain(error)
    if not isinstance(error, DudaoError):
        log = write_log(error)
        message += f"详情见 {log}。" if log else "详情无处可写。"
    return f"{subject}：{message}" if subject else message
