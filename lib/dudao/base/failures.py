"""What an error means to a user, in Chinese: what, where, and what to do next.

A `DudaoError` says so itself; of an error of the operating system its number tells.
"""

from __future__ import annotations

import errno
import os
import traceback

from dudao.base.errors import DudaoError

_SPACE = ("磁盘空间不足", "请清理磁盘或换一个位置后重试")
_RIGHTS = ("没有读写权限", "请换一个可写的位置，或请管理员授权后重试")
_BROKEN = ("读写出错", "请检查磁盘、U盘或网络盘的连接后重试")
_TAKEN = ("这里应是文件夹，却是一个文件", "请移走该文件，或换一个文件夹")
WORDS = {
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
EXHAUSTED = (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOSPC, errno.EDQUOT)
_OTHER = ("读写失败", "请检查该位置后重试")


def cause_of(error: BaseException) -> BaseException:
    """Return the error of the operating system behind another, or the error itself."""
    seen: BaseException | None = error
    while seen is not None and not isinstance(seen, (OSError, MemoryError)):
        seen = seen.__cause__ or seen.__context__
    return seen or error


def is_of_machine(error: BaseException) -> bool:
    """Say whether the machine had no more to give: the file that was asked for is not at fault."""
    return isinstance(error, MemoryError) or getattr(error, "errno", None) in EXHAUSTED


def explain(error: BaseException) -> str:
    """Return one Chinese sentence on an error: what, where, and what to do next."""
    if isinstance(error, DudaoError):
        return str(error)
    cause = cause_of(error)
    if isinstance(cause, MemoryError):
        return "内存不足。请关闭其他程序，或用 --workers 1 减少并行后重试。"
    if not isinstance(cause, OSError) or cause.errno is None:
        return f"程序出错（{type(error).__name__}），未能完成。"
    what, advice = WORDS.get(cause.errno, _OTHER)
    where = file_of(cause)
    if not where and _in_shared_memory(cause):
        where, what = "/dev/shm", "共享内存不可用"
        advice = "请让管理员使 /dev/shm 可写后重试"
    return f"{where}：{what}。{advice}。" if where else f"{what}。{advice}。"


def file_of(error: OSError) -> str:
    """Return the file that an error names; of two the one that was to be written."""
    named = error.filename2 or error.filename
    return os.fsdecode(named) if isinstance(named, (str, bytes)) else ""


def _in_shared_memory(error: OSError) -> bool:
    """Say whether a lock of the processes could not be made: such an error names no file."""
    frames = traceback.extract_tb(error.__traceback__)
    return bool(frames) and frames[-1].filename.endswith("synchronize.py")
