"""How a job ended, and where what it made lies."""

from dataclasses import dataclass
from pathlib import Path

from dudao_pipeline.runner.plan import Job


@dataclass(frozen=True)
class Outcome:
    """How a job ended: empty error for done; otherwise what was raised and in which cell.

    `cells` holds the seconds of each code cell; `attempts` counts the workers it took.
    """

    job: Job
    seconds: float
    error: str = ""
    cells: tuple[float, ...] = ()
    attempts: int = 1

    @property
    def is_done(self) -> bool:
        """Say whether the notebook ran to its end."""
        return not self.error


def output_path(job: Job) -> Path:
    """Return where the executed notebook of a job goes."""
    return job.folder / f"{job.notebook}.ipynb"


def failed_path(job: Job) -> Path:
    """Return where the evidence of a failed job goes; never the place of a finished one."""
    return output_path(job).with_suffix(".failed.ipynb")


def discard_result(job: Job) -> None:
    """Remove what a job made before: what failed must not look done."""
    for path in (output_path(job), output_path(job).with_suffix(".html")):
        path.unlink(missing_ok=True)
