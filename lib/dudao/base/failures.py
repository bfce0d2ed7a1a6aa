"""What an error means to a user, in Chinese: what, where, and what to do next.

A `DudaoError` says so itself; of an error of the operating system its number tells.
"""

import csv
import errno
import os
import traceback
from pathlib import Path

from dudao.base.errors import DudaoError

EXHAUSTED, MACHINE, PATH = "exhausted", "machine", "path"  # marks of errors, as below


def _read_errors() -> dict[int, tuple[str, str, frozenset[str]]]:
    """Read system_errors.csv: what an error says, what to do, and whose fault it is, by number.

    exhausted: the machine has no more to give. machine: the machine refuses. path: a path that
    was given cannot be used. An error that this system does not know is left out.
    """
    lines = Path(__file__).with_name("system_errors.csv").read_text(encoding="utf-8").splitlines()
    return {
        getattr(errno, row["errno"]): (row["what"], row["advice"], frozenset(row["marks"].split()))
        for row in csv.DictReader(lines)
        if hasattr(errno, row["errno"])
    }


_ERRORS = _read_errors()  # at once: a process without a file left could not open it
_OTHER = ("读写失败", "请检查该位置后重试", frozenset[str]())


def words_of(number: int | None, mark: str = "") -> tuple[str, str] | None:
    """Return what an error of the system says and what to do; None where it lacks the mark."""
    what, advice, marks = _ERRORS.get(number or 0, _OTHER)
    return (what, advice) if not mark or mark in marks else None


def cause_of(error: BaseException) -> BaseException:
    """Return the error of the operating system behind another, or the error itself."""
    seen: BaseException | None = error
    while seen is not None and not isinstance(seen, (OSError, MemoryError)):
        seen = seen.__cause__ or seen.__context__
    return seen or error


def is_of_machine(error: BaseException) -> bool:
    """Say whether the machine had no more to give: the file that was asked for is not at fault."""
    number = getattr(error, "errno", None)
    return isinstance(error, MemoryError) or words_of(number, EXHAUSTED) is not None


def explain(error: BaseException) -> str:
    """Return one Chinese sentence on an error: what, where, and what to do next."""
    if isinstance(error, DudaoError):
        return str(error)
    cause = cause_of(error)
    if isinstance(cause, MemoryError):
        return "内存不足。请关闭其他程序，或用 --workers 1 减少并行后重试。"
    if not isinstance(cause, OSError) or cause.errno is None:
        return f"程序出错（{type(error).__name__}），未能完成。"
    what, advice, _ = _ERRORS.get(cause.errno, _OTHER)
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
