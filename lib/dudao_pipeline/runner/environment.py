"""With what a notebook is run: interpreter, packages, engine; with the library, one program."""

import platform
import sys
from functools import cache
from pathlib import Path

from dudao.base.versions import digest, library

ENGINE = "papermill+warm 3"  # raise the number when a run would write other bytes


@cache
def packages() -> str:
    """Return the digest of the interpreter's version and of every installed package's.

    A package's folder of metadata is named after it and its version; reading the files within
    would take longer than everything else that a run with nothing to do does.
    """
    paths = {Path(folder) for folder in sys.path}
    installed = {
        entry.name.lower()
        for folder in paths
        if folder.is_dir()
        for entry in folder.iterdir()
        if entry.suffix in (".dist-info", ".egg-info")
    }
    return digest([platform.python_version(), *sorted(installed)])


def program_version() -> str:
    """Return one digest of library and packages: nodes that differ would write other bytes."""
    return digest([library(), packages(), ENGINE])
