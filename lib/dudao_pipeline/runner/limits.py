"""How long and how large a job may be: each limit is declared here, as an option of `dudao run`."""

from __future__ import annotations

from dataclasses import dataclass, field, fields


def _limit(default: int, option: str, text: str) -> int:
    """Declare a limit: its default, the option that sets it, and what its help says."""
    return field(default=default, metadata={"option": option, "help": text})


@dataclass(frozen=True)
class Limits:
    """Seconds per cell, notebook and run (0: none), megabytes per kernel, jobs per worker."""

    cell_seconds: int = _limit(120, "--cell-timeout", "每个单元格的时限（秒）")
    notebook_seconds: int = _limit(600, "--notebook-timeout", "每册的时限（秒）")
    run_seconds: int = _limit(0, "--run-timeout", "全部任务的时限（秒），0为不限")
    memory_megabytes: int = _limit(4096, "--memory", "每个内核的内存上限（MB），0为不限")
    jobs_per_worker: int = _limit(500, "--recycle", "每个工作进程运行多少册后更换，0为不换")

    @classmethod
    def of(cls, options: object) -> Limits:
        """Return the limits that the options of the command line set."""
        return cls(**{limit.name: getattr(options, limit.name) for limit in fields(cls)})
