"""How long and how large a job may be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Seconds per cell, notebook and run (0: none), megabytes per kernel, jobs per worker."""

    cell_seconds: int = 120
    notebook_seconds: int = 600
    run_seconds: int = 0
    memory_megabytes: int = 4096
    jobs_per_worker: int = 500
