"""The boundary of a command: what escapes it becomes a Chinese sentence and a log, no traceback.

Of what is no `DudaoError` the user gets one sentence and the path of the log that holds the
traceback.
"""

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
from dudao.base.failures import MACHINE, PATH, cause_of, explain, file_of, words_of

LOGS = "logs"  # in the folder of outputs, else in the temporary one
_BEGINNING = 20  # letters of a name, of which what is written beside it keeps at least so many
_FEWEST_FILES = 256  # a worker with its kernel and sockets opens about a hundred


def few_files() -> str:
    """Return what to say where fewer files may be open than a run needs, else ""."""
    try:
        import resource

        limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    except (ImportError, OSError):
        return ""
    words = words_of(errno.EMFILE) if 0 <= limit < _FEWEST_FILES else None
    return f"{words[0]}（上限只有{limit}），{words[1]}" if words else ""


def of_machine(error: BaseException, text: str = "") -> str:
    """Return what the machine refused, or "": from an error, or from the text of a kernel's."""
    number = getattr(cause_of(error), "errno", None)
    if not isinstance(number, int):
        match = re.search(r"\[Errno (\d+)\]", text)
        number = int(match[1]) if match else 0
    text_of_error = text + str(error)
    if "Too many open files" in text_of_error:
        number = errno.EMFILE
    return "，".join(words_of(number, MACHINE) or ())


def of_paths(error: BaseException, given: Iterable[Path]) -> str:
    """Return what a path that a user gave cannot be used for, "" where it is not at fault.

    What a program writes first it writes beside the file that was asked for.
    """
    cause = cause_of(error)
    words = words_of(cause.errno, PATH) if isinstance(cause, OSError) else None
    if not words or not (named := file_of(cause)):
        return ""
    at = Path(named).absolute()
    for path in given:
        asked = path.absolute()
        is_beside = at.parent == asked.parent and asked.name[:_BEGINNING] in at.name
        if is_beside or at == asked or at in asked.parents or asked in at.parents:
            return f"{path}：{'。'.join(words)}。"
    return ""


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
